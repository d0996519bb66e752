"""Receipts: what Slack delivered and we already handled."""

from sqlalchemy import Connection, bindparam, delete, select, text, tuple_

from storage.prepared import Later, Prepared
from storage.tables import receipts

_TAKE = Prepared(
    text("INSERT INTO receipts (team, key, at) VALUES (:team, :key, :at) ON CONFLICT DO NOTHING")
)
_KEY = tuple_(receipts.c.team, receipts.c.key)
_FORGET = delete(receipts).where(
    _KEY.in_(
        select(receipts.c.team, receipts.c.key)
        .where(receipts.c.at < bindparam("before"))
        .order_by(receipts.c.at)
        .limit(bindparam("n"))
    )
)


def taking(connection: Connection, team: str, key: str, at: int) -> Later[bool]:
    """Note a delivery; False when it was handled before. `key` is at most 64 characters."""
    taken = _TAKE.run(connection, {"team": team, "key": key, "at": at})
    return lambda: bool(taken.rowcount == 1)


def take(connection: Connection, team: str, key: str, at: int) -> bool:
    """Note a delivery by itself."""
    return taking(connection, team, key, at)()


def forget(connection: Connection, before: int, most: int = 5000) -> int:
    """Delete at most `most` receipts older than `before`, when Slack's retries are long over; how
    many it were.
    """
    return connection.execute(_FORGET, {"before": before, "n": most}).rowcount
