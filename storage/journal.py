"""The journal: what happened to each aggregate, line after line, chained.

A line is a header, chained per aggregate, and a payload that can be erased: the header holds only a
salted digest of the payload, so a chain stays whole after something was forgotten. It also holds a
salted digest of the document that the line led to, so that none can be changed without a line.
`storage.chains` reads all this again.
"""

import hashlib
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select, text

from flows.audit.acts import FORGOTTEN, Act, Forgotten
from flows.books.events import BookEvent
from flows.confidential.vault import VAULT_EVENTS, VaultEvent
from flows.events import EVENTS, Event
from flows.handover import DOCUMENT_VERSION
from storage.moments import to_stored
from storage.prepared import Later, Prepared
from storage.reading import read
from storage.tables import journal

HANDOVER = "handover"
VAULT = "vault"
BOOK = "book"
WORKSPACE = "workspace"
FIRST_LINK = "0" * 64

_ADD = Prepared(
    text(
        'INSERT INTO journal (team, aggregate, handover, seq, at, "by", type, shape, salt,'
        " digest, chain, payload, state)"
        " VALUES (:team, :aggregate, :handover, :seq, :at, :by, :type, :shape, :salt,"
        " :digest, :chain, :payload, :state)"
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

    event: Event | VaultEvent | BookEvent | Act | Forgotten
    salt: str


def written(
    aggregate: str,
    team: str,
    handover: str,
    seq: int,
    before: str,
    line: Line,
    document: str = "",
) -> dict[str, str | int]:
    """A line as it is to be stored; `before` is the link that it follows, `chain` is its own,
    `document` what its event led to.
    """
    payload = line.event.model_dump_json(exclude_defaults=False)
    at = to_stored(line.event.at)
    digest, state = digest_of(line.salt, payload), digest_of(line.salt, document)
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
        "chain": link_of(before, seq, at, line.event.by, line.event.type, digest, state),
        "payload": payload,
        "state": state,
    }


def adding(connection: Connection, row: dict[str, str | int]) -> Later[bool]:
    """Store a line; False when somebody else wrote the line of this number."""
    added = _ADD.run(connection, row)
    return lambda: bool(added.rowcount == 1)


def add(connection: Connection, row: dict[str, str | int]) -> bool:
    """Store a line by itself."""
    return adding(connection, row)()


def events_of(connection: Connection, team: str, handover: str) -> list[Event]:
    """The journal of a handover, oldest first, without what was erased; a forgetting is no event
    of its own, for what it left is what would have happened to somebody else.
    """
    kept = _payloads(connection, team, handover, HANDOVER)
    return [read(EVENTS.validate_json, one) for one in kept]


def vault_events_of(connection: Connection, team: str, handover: str) -> list[VaultEvent]:
    """The same of a vault."""
    kept = _payloads(connection, team, handover, VAULT)
    return [read(VAULT_EVENTS.validate_json, one) for one in kept]


def _payloads(connection: Connection, team: str, handover: str, aggregate: str) -> list[str]:
    lines = connection.execute(_LINES, {"t": team, "i": handover, "a": aggregate}).mappings()
    kept = (line for line in lines if line["type"] != FORGOTTEN)
    return [line["payload"] for line in kept if line["payload"]]


def digest_of(salt: str, text: str) -> str:
    """What a header says of a text; nothing of none."""
    return hashlib.sha256(f"{salt}{text}".encode()).hexdigest() if text else ""


def link_of(before: str, seq: int, at: int, by: str, kind: str, digest: str, state: str) -> str:
    """The link of a line that follows another's; earlier lines know of no state."""
    header = f"{before}|{seq}|{at}|{by}|{kind}|{digest}"
    return hashlib.sha256((f"{header}|{state}" if state else header).encode()).hexdigest()
