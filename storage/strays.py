"""Replies that could belong to several handovers: kept until their author says which."""

from sqlalchemy import Connection, bindparam, delete, select, text, update

from flows.handover import Said
from storage.tables import strays

_KEEP = text(
    "INSERT INTO strays (team, channel, ts, person, at, said)"
    " VALUES (:team, :channel, :ts, :person, :at, :said) ON CONFLICT DO NOTHING"
)
_FIND = select(strays.c.said).where(
    strays.c.team == bindparam("t"),
    strays.c.channel == bindparam("c"),
    strays.c.ts == bindparam("s"),
    strays.c.person == bindparam("p"),
    strays.c.handover.is_(None),
)
_FILE = (
    update(strays)
    .where(
        strays.c.team == bindparam("t"),
        strays.c.channel == bindparam("c"),
        strays.c.ts == bindparam("s"),
    )
    .values(handover=bindparam("h"))
)
_FORGET = delete(strays).where(strays.c.handover.is_not(None), strays.c.at < bindparam("before"))


def keep(
    connection: Connection, team: str, channel: str, person: str, said: Said, now: int
) -> None:
    """Keep a reply; `said.source` is its message's ts."""
    connection.execute(
        _KEEP,
        {
            "team": team,
            "channel": channel,
            "ts": said.source,
            "person": person,
            "at": now,
            "said": said.model_dump_json(),
        },
    )


def find(connection: Connection, team: str, channel: str, ts: str, person: str) -> Said | None:
    """A kept reply of this person that is not filed yet."""
    key = {"t": team, "c": channel, "s": ts, "p": person}
    found = connection.execute(_FIND, key).scalar()
    return Said.model_validate_json(found) if found else None


def file(connection: Connection, team: str, channel: str, ts: str, handover: str) -> None:
    """Note where a reply went."""
    connection.execute(_FILE, {"t": team, "c": channel, "s": ts, "h": handover})


def forget(connection: Connection, before: int) -> int:
    """Delete replies that came before a moment and have found their place."""
    return connection.execute(_FORGET, {"before": before}).rowcount
