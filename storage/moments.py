"""Moments as the tables keep them: whole microseconds since 1970, UTC."""

from datetime import UTC, datetime, timedelta

_START = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


def to_stored(moment: datetime) -> int:
    """A moment with a zone, as microseconds."""
    return (moment - _START) // _TICK


def from_stored(moment: int) -> datetime:
    """The moment, in UTC."""
    return _START + moment * _TICK
