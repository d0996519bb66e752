"""Receipts: what Slack delivered and we already handled."""

from sqlalchemy import Connection, bindparam, text

from storage.pieces import some_of
from storage.prepared import Later, Prepared
from storage.tables import receipts

_TAKE = Prepared(
    text("INSERT INTO receipts (team, key, at) VALUES (:team, :key, :at) ON CONFLICT DO NOTHING")
)
_FORGET = some_of(receipts, receipts.c.at < bindparam("before"))


def taking(connection: Connection, team: str, key: str, at: int) -> Later[bool]:
    """Note a delivery; False when it was handled before. `key` is at most 64 characters."""
    taken = _TAKE.run(connection, {"team": team, "key": key, "at": at})
    return lambda: bool(taken.rowcount == 1)


def take(connection: Connection, team: str, key: str, at: int) -> bool:
    """Note a delivery by itself."""
    return taking(connection, team, key, at)()


def forget(connection: Connection, before: int, most: int = 1000) -> int:
    """Delete at most `most` receipts older than `before`, when Slack's retries are long over; how
    many it were.
    """
    return connection.execute(_FORGET, {"before": before, "n": most}).rowcount
