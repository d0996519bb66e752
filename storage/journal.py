"""The journal: what happened to each aggregate, line after line, chained.

A line is a header, chained per aggregate, and a payload that can be erased: the header holds only a
salted digest of the payload, so a chain stays whole after something was forgotten.
"""

import hashlib
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select, text

from flows.book_events import BookEvent
from flows.events import EVENTS, Event
from flows.handover import DOCUMENT_VERSION
from flows.vault import VAULT_EVENTS, VaultEvent
from storage.moments import to_stored
from storage.prepared import Later, Prepared
from storage.reading import read
from storage.tables import journal

HANDOVER = "handover"
VAULT = "vault"
BOOK = "book"
FIRST_LINK = "0" * 64

_ADD = Prepared(
    text(
        'INSERT INTO journal (team, aggregate, handover, seq, at, "by", type, shape, salt,'
        " digest, chain, payload)"
        " VALUES (:team, :aggregate, :handover, :seq, :at, :by, :type, :shape, :salt,"
        " :digest, :chain, :payload)"
        " ON CONFLICT DO NOTHING"
    )
)
_LINES = (
    select(journal)
    .where(
        journal.c.team == bindparam("t"),
        journal.c.handover == bindparam("i"),
        journal.c.aggregate == bindparam("a"),
    )
    .order_by(journal.c.seq)
)


@dataclass(frozen=True, slots=True)
class Line:
    """What an event adds to a journal: its payload and a salt that makes the digest say nothing."""

    event: Event | VaultEvent | BookEvent
    salt: str


def written(
    aggregate: str, team: str, handover: str, seq: int, before: str, line: Line
) -> dict[str, str | int]:
    """A line as it is to be stored; `before` is the link that it follows, `chain` is its own."""
    payload = line.event.model_dump_json(exclude_defaults=False)
    at = to_stored(line.event.at)
    digest = _digest(line.salt, payload)
    return {
        "team": team,
        "aggregate": aggregate,
        "handover": handover,
        "seq": seq,
        "at": at,
        "by": line.event.by,
        "type": line.event.type,
        "shape": DOCUMENT_VERSION,
        "salt": line.salt,
        "digest": digest,
        "chain": _link(before, seq, at, line.event.by, line.event.type, digest),
        "payload": payload,
    }


def adding(connection: Connection, row: dict[str, str | int]) -> Later[bool]:
    """Store a line; False when somebody else wrote the line of this number."""
    added = _ADD.run(connection, row)
    return lambda: bool(added.rowcount == 1)


def add(connection: Connection, row: dict[str, str | int]) -> bool:
    """Store a line by itself."""
    return adding(connection, row)()


def events_of(connection: Connection, team: str, handover: str) -> list[Event]:
    """The journal of a handover, oldest first. Erased lines are left out."""
    lines = connection.execute(_LINES, {"t": team, "i": handover, "a": HANDOVER}).mappings()
    return [read(EVENTS.validate_json, line["payload"]) for line in lines if line["payload"]]


def vault_events_of(connection: Connection, team: str, handover: str) -> list[VaultEvent]:
    """The journal of a vault, oldest first. Erased lines are left out."""
    lines = connection.execute(_LINES, {"t": team, "i": handover, "a": VAULT}).mappings()
    return [read(VAULT_EVENTS.validate_json, line["payload"]) for line in lines if line["payload"]]


def chain_is_whole(connection: Connection, team: str, handover: str, aggregate: str) -> bool:
    """Whether no line of a journal was changed, taken out or put in."""
    link = FIRST_LINK
    lines = connection.execute(_LINES, {"t": team, "i": handover, "a": aggregate}).mappings()
    for seq, line in enumerate(lines, start=1):
        payload = line["payload"]
        if line["seq"] != seq or (payload and _digest(line["salt"], payload) != line["digest"]):
            return False
        link = _link(link, seq, line["at"], line["by"], line["type"], line["digest"])
        if link != line["chain"]:
            return False
    return True


def _digest(salt: str, payload: str) -> str:
    return hashlib.sha256(f"{salt}{payload}".encode()).hexdigest()


def _link(before: str, seq: int, at: int, by: str, kind: str, digest: str) -> str:
    return hashlib.sha256(f"{before}|{seq}|{at}|{by}|{kind}|{digest}".encode()).hexdigest()
