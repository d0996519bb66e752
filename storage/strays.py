"""Replies that could belong to several handovers: kept until their author says which."""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, select, text, update

from flows.handover import Said
from storage.pieces import some_of
from storage.reading import read
from storage.tables import strays

_KEEP = text(
    "INSERT INTO strays (team, channel, ts, person, at, said)"
    " VALUES (:team, :channel, :ts, :person, :at, :said) ON CONFLICT DO NOTHING"
)
_THAT = (
    strays.c.team == bindparam("t"),
    strays.c.channel == bindparam("c"),
    strays.c.ts == bindparam("s"),
)
_FIND = select(strays.c.said, strays.c.handover).where(*_THAT, strays.c.person == bindparam("p"))
_FILE = update(strays).where(*_THAT).values(handover=bindparam("h"))
_EDIT = update(strays).where(*_THAT).values(said=bindparam("what"))
_REMOVE = delete(strays).where(*_THAT)
_FORGET = some_of(strays, strays.c.handover.is_not(None), strays.c.at < bindparam("before"))
_FORGET_UNFILED = some_of(strays, strays.c.at < bindparam("before"))


@dataclass(frozen=True, slots=True)
class Stray:
    """A kept reply, and the handover that it was filed to, none while that is not known."""

    said: Said
    handover: str | None


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


def find(connection: Connection, team: str, channel: str, ts: str, person: str) -> Stray | None:
    """A kept reply of this person."""
    key = {"t": team, "c": channel, "s": ts, "p": person}
    found = connection.execute(_FIND, key).first()
    return found and Stray(read(Said.model_validate_json, found[0]), found[1])


def edit(connection: Connection, team: str, channel: str, said: Said) -> None:
    """Keep a reply as it was edited."""
    key = {"t": team, "c": channel, "s": said.source}
    connection.execute(_EDIT, key | {"what": said.model_dump_json()})


def remove(connection: Connection, team: str, channel: str, ts: str) -> None:
    """Forget a reply that was deleted."""
    connection.execute(_REMOVE, {"t": team, "c": channel, "s": ts})


def file(connection: Connection, team: str, channel: str, ts: str, handover: str) -> None:
    """Note where a reply went."""
    connection.execute(_FILE, {"t": team, "c": channel, "s": ts, "h": handover})


def forget(connection: Connection, before: int, most: int = 1000) -> int:
    """Delete some replies that came before a moment and have found their place; how many."""
    return connection.execute(_FORGET, {"before": before, "n": most}).rowcount


def forget_unfiled(connection: Connection, before: int, most: int = 1000) -> int:
    """Delete some replies that nobody has given a place since a moment; how many."""
    return connection.execute(_FORGET_UNFILED, {"before": before, "n": most}).rowcount
