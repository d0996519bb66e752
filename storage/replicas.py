"""Which processes are alive: each says so in its row, and the others read it."""

from sqlalchemy import Connection, bindparam, delete, func, select, text

from storage.tables import replicas

_BEAT = text(
    "INSERT INTO replicas (id, seen_at) VALUES (:id, :now)"
    " ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at"
)
_SILENT = (
    select(replicas.c.id)
    .where(replicas.c.seen_at < bindparam("before"), replicas.c.id != bindparam("me"))
    .order_by(replicas.c.id)
)
_SEEN = select(replicas.c.id, replicas.c.seen_at)
_LIVING = select(func.count()).where(replicas.c.seen_at >= bindparam("since"))
_BURY = delete(replicas).where(
    replicas.c.id == bindparam("i"), replicas.c.seen_at < bindparam("before")
)


def beat(connection: Connection, replica: str, now: int) -> None:
    """Say that a replica is alive."""
    connection.execute(_BEAT, {"id": replica, "now": now})


def silent(connection: Connection, before: int, me: str) -> list[str]:
    """The other replicas that have not been seen since a moment."""
    return list(connection.execute(_SILENT, {"before": before, "me": me}).scalars())


def seen(connection: Connection) -> dict[str, int]:
    """When each replica was last seen; 0 for one that has left in good order."""
    return {row.id: row.seen_at for row in connection.execute(_SEEN)}


def living(connection: Connection, since: int) -> int:
    """How many replicas have been seen since a moment."""
    return connection.execute(_LIVING, {"since": since}).scalar_one()


def bury(connection: Connection, replica: str, before: int) -> bool:
    """Strike off a replica that is still silent; True for the one that did."""
    return connection.execute(_BURY, {"i": replica, "before": before}).rowcount == 1
