"""Which processes are alive: each says so in its row, and the others read it."""

from sqlalchemy import Connection, bindparam, delete, select, text

from storage.tables import replicas

_BEAT = text(
    "INSERT INTO replicas (id, seen_at) VALUES (:id, :now)"
    " ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at"
)
_SEEN = select(replicas.c.id, replicas.c.seen_at)
_OTHERS = select(replicas.c.id, replicas.c.seen_at).where(replicas.c.id != bindparam("me"))
_BURY = delete(replicas).where(
    replicas.c.id == bindparam("i"), replicas.c.seen_at == bindparam("seen")
)


def beat(connection: Connection, replica: str, now: int) -> None:
    """Say that a replica is alive."""
    connection.execute(_BEAT, {"id": replica, "now": now})


def others(connection: Connection, me: str) -> dict[str, int]:
    """When each other replica was seen last, by its own clock."""
    return {row.id: row.seen_at for row in connection.execute(_OTHERS, {"me": me})}


def seen(connection: Connection) -> dict[str, int]:
    """When each replica was last seen; 0 for one that has left in good order."""
    return {row.id: row.seen_at for row in connection.execute(_SEEN)}


def bury(connection: Connection, replica: str, seen_at: int) -> bool:
    """Strike off a replica that was not seen since; True for the one that did."""
    return connection.execute(_BURY, {"i": replica, "seen": seen_at}).rowcount == 1
