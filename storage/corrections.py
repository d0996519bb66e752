"""Edits and deletions that came before the message that they are about (Slack keeps no order)."""

from sqlalchemy import Connection, bindparam, select, text

from flows.events import EVENTS, Event, SaidEdited, SaidWithdrawn
from storage.moments import to_stored
from storage.pieces import some_of
from storage.reading import read
from storage.tables import corrections

_KEEP = text(
    "INSERT INTO corrections (team, channel, ts, edited, person, at, event)"
    " VALUES (:team, :channel, :ts, :edited, :person, :at, :event) ON CONFLICT DO NOTHING"
)
_FIND = (
    select(corrections.c.event)
    .where(
        corrections.c.team == bindparam("t"),
        corrections.c.channel == bindparam("c"),
        corrections.c.ts == bindparam("s"),
        corrections.c.person == bindparam("p"),
    )
    .order_by(corrections.c.at)
)
_FORGET = some_of(corrections, corrections.c.at < bindparam("before"))


def keep(
    connection: Connection, team: str, channel: str, event: SaidEdited | SaidWithdrawn
) -> None:
    """Keep what became of a message that is not known (yet); the same again changes nothing."""
    connection.execute(
        _KEEP,
        {
            "team": team,
            "channel": channel,
            "ts": event.source,
            "edited": event.edited if isinstance(event, SaidEdited) else "",
            "person": event.by,
            "at": to_stored(event.at),
            "event": event.model_dump_json(),
        },
    )


def find(connection: Connection, team: str, channel: str, ts: str, person: str) -> list[Event]:
    """What became of a person's message before it was known, in the order in which it came."""
    key = {"t": team, "c": channel, "s": ts, "p": person}
    return [read(EVENTS.validate_json, row) for row in connection.execute(_FIND, key).scalars()]


def forget(connection: Connection, before: int, most: int = 1000) -> int:
    """Delete some of what came before a moment: the message it is about does not come any more."""
    return connection.execute(_FORGET, {"before": before, "n": most}).rowcount
