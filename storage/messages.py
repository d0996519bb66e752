"""Slack messages on their way into a pack: kept while their form is open, for it holds too little.

A modal carries 3,000 characters, a message has up to 40,000.
"""

from sqlalchemy import Connection, bindparam, select, text, update

from flows.handover import Unsorted
from storage.pieces import some_of
from storage.reading import read
from storage.tables import messages

_KEEP = text(
    "INSERT INTO messages (team, id, person, at, piece)"
    " VALUES (:team, :id, :person, :at, :piece) ON CONFLICT DO NOTHING"
)
_OWN = (
    messages.c.team == bindparam("t"),
    messages.c.id == bindparam("i"),
    messages.c.person == bindparam("p"),
)
_FIND = select(messages.c.piece).where(*_OWN)
_CHANGE = update(messages).where(*_OWN).values(piece=bindparam("piece"))
_FORGET = some_of(messages, messages.c.at < bindparam("before"))


def keep(connection: Connection, team: str, piece: Unsorted, now: int) -> None:
    """Keep a message for whoever (`piece.by`) is about to add it; the same id again is the same."""
    row = {"team": team, "id": piece.id, "person": piece.by, "at": now}
    connection.execute(_KEEP, row | {"piece": piece.model_dump_json()})


def find(connection: Connection, team: str, message: str, person: str) -> Unsorted | None:
    """A message that this person is about to add."""
    found = connection.execute(_FIND, {"t": team, "i": message, "p": person}).scalar()
    return read(Unsorted.model_validate_json, found) if found else None


def change(connection: Connection, team: str, piece: Unsorted) -> None:
    """Note what was found out about a message meanwhile."""
    key = {"t": team, "i": piece.id, "p": piece.by}
    connection.execute(_CHANGE, key | {"piece": piece.model_dump_json()})


def forget(connection: Connection, before: int, most: int = 1000) -> int:
    """Delete some messages that were kept before a moment; how many."""
    return connection.execute(_FORGET, {"before": before, "n": most}).rowcount
