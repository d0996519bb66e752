"""Time as the bot takes it: from a clock that is handed in, so that tests can move it."""

import time
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_LAST_ON_EARTH = timezone(timedelta(hours=-12))


class Clock(Protocol):
    """Two clocks: one says what time it is, the other how much has passed."""

    def now(self) -> datetime:
        """The moment, in UTC. It can jump, forward and back."""
        ...

    def monotonic(self) -> float:
        """Seconds since some start; never goes back."""
        ...


class SystemClock:
    """The operating system's clocks."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


def today_in(at: datetime, zone: str) -> date:
    """The calendar day where a person is; where their zone is not known, the earliest anywhere."""
    try:
        return at.astimezone(ZoneInfo(zone)).date()
    except (ZoneInfoNotFoundError, ValueError):
        return at.astimezone(_LAST_ON_EARTH).date()


def in_zone(at: datetime, zone: str) -> datetime:
    """A moment where a person is; in UTC where their zone is not known here."""
    return at.astimezone(zone_named(zone))


def zone_named(zone: str) -> tzinfo:
    """A zone by its IANA name; UTC where it is not known here."""
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
