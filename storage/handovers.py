"""Handovers and their vaults: one document each, version-checked; a line for each change."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Table,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    select,
    text,
    tuple_,
    update,
)

from flows.account_names import account_key
from flows.confidential.vault import Vault
from flows.frozen import Frozen
from flows.handover import DOCUMENT_VERSION, Handover, Stage
from flows.knowledge.interview import progress
from flows.knowledge.thin import short_answers
from flows.often import ANSWERING
from flows.passing import due_at
from flows.playbook import Playbook
from flows.remembering import unmoved_by
from flows.terms import Role
from flows.texts.leaks import name_key
from storage import journal
from storage.documents import document_of
from storage.journal import FIRST_LINK, HANDOVER, VAULT, Line
from storage.moments import to_stored
from storage.prepared import Later, Prepared, Together
from storage.reading import read, readable
from storage.recent import Recent
from storage.tables import (
    absences,
    canvas_readers,
    canvases,
    departures,
    digest_lines,
    digest_readers,
    gaps,
    handovers,
    outbox,
    participants,
    posts,
    strays,
    tasks,
    vaults,
)
from storage.tables import journal as journal_lines

_UNLESS_KNOWN = case((handovers.c.chain == bindparam("known"), None), else_=handovers.c.document)
_PLAIN = select(_UNLESS_KNOWN, handovers.c.version, handovers.c.chain).where(
    handovers.c.team == bindparam("t"), handovers.c.id == bindparam("i")
)
_LOAD, _LOAD_LOCKED = Prepared(_PLAIN), Prepared(_PLAIN.with_for_update())
_INSERT = insert(handovers)
_UPDATE = Prepared(
    update(handovers)
    .where(
        handovers.c.team == bindparam("t"),
        handovers.c.id == bindparam("i"),
        handovers.c.version == bindparam("v"),
    )
    .values(
        stage=bindparam("stage"),
        version=bindparam("version"),
        due_at=bindparam("due_at"),
        answered=bindparam("answered"),
        required=bindparam("required"),
        short=bindparam("short"),
        chain=bindparam("chain"),
        updated_at=bindparam("updated_at"),
        document=bindparam("document"),
    )
)
_RENAME = (
    update(handovers)
    .where(handovers.c.team == bindparam("t"), handovers.c.id == bindparam("i"))
    .values(
        account=bindparam("account"),
        account_key=bindparam("account_key"),
        name_key=bindparam("name_key"),
    )
)
_TAKE_PART = insert(participants)
_LEAVE = delete(participants).where(
    participants.c.team == bindparam("t"),
    participants.c.handover == bindparam("i"),
    participants.c.person == bindparam("p"),
)
_PLAIN_VAULT = select(vaults.c.document, vaults.c.version, vaults.c.chain).where(
    vaults.c.team == bindparam("t"), vaults.c.handover == bindparam("i")
)
_LOAD_VAULT, _LOAD_VAULT_LOCKED = Prepared(_PLAIN_VAULT), Prepared(_PLAIN_VAULT.with_for_update())
_INSERT_VAULT = insert(vaults)
_UPDATE_VAULT = (
    update(vaults)
    .where(
        vaults.c.team == bindparam("t"),
        vaults.c.handover == bindparam("i"),
        vaults.c.version == bindparam("v"),
    )
    .values(version=bindparam("version"), chain=bindparam("chain"), document=bindparam("document"))
)
_MINE = (
    select(handovers.c.document)
    .join(
        participants,
        (participants.c.team == handovers.c.team) & (participants.c.handover == handovers.c.id),
    )
    .where(participants.c.team == bindparam("t"), participants.c.person == bindparam("p"))
    .order_by(handovers.c.account_key, handovers.c.id)
)
_SAYING = (
    select(participants.c.handover)
    .join(
        handovers,
        (participants.c.team == handovers.c.team) & (participants.c.handover == handovers.c.id),
    )
    .where(
        participants.c.team == bindparam("t"),
        participants.c.person == bindparam("p"),
        handovers.c.document.contains(bindparam("s"), autoescape=False),
    )
)
_PARTS = select(participants.c.handover).where(
    participants.c.team == bindparam("t"), participants.c.person == bindparam("p")
)
_SAME_ACCOUNT = select(handovers.c.document).where(
    handovers.c.team == bindparam("t"), handovers.c.account_key == bindparam("k")
)
_AT_ONCE = 200
_IN_FLIGHT = select(handovers.c.document).where(
    handovers.c.team == bindparam("t"),
    handovers.c.account_key.in_(bindparam("keys", expanding=True)),
    handovers.c.stage == bindparam("stage"),
)
_OF_BOOK = (
    select(handovers.c.document)
    .where(handovers.c.team == bindparam("t"), handovers.c.book == bindparam("b"))
    .order_by(handovers.c.account_key, handovers.c.id)
)
_PLACE_IN_BOOK = select(
    func.count(),
    func.sum(case((handovers.c.answered >= handovers.c.required, 1), else_=0)),
).where(
    handovers.c.team == bindparam("t"),
    handovers.c.book == bindparam("b"),
    handovers.c.stage.in_((Stage.IN_FLIGHT.value, Stage.COMPLETE.value)),
)
_NAMED = (
    select(handovers.c.document)
    .where(
        handovers.c.team == bindparam("t"),
        handovers.c.name_key.in_(bindparam("keys", expanding=True)),
        handovers.c.account_key != bindparam("own"),
    )
    .order_by(handovers.c.updated_at.desc())
    .limit(bindparam("n"))
)
_ALONE = text("SELECT pg_advisory_xact_lock(:number)")
_DUE_ORDER = (handovers.c.due_at, handovers.c.team, handovers.c.id)
_DUE = (
    select(*_DUE_ORDER)
    .where(
        handovers.c.due_at <= bindparam("now"),
        # Said apart as well, so that the index is entered where the last piece ended.
        handovers.c.due_at >= bindparam("at"),
        tuple_(*_DUE_ORDER) > tuple_(bindparam("at"), bindparam("t"), bindparam("i")),
        # Where the bot was taken out, time stands still.
        handovers.c.team.not_in(select(departures.c.team)),
    )
    .order_by(*_DUE_ORDER)
    .limit(bindparam("n"))
)

_BESIDE = (
    *(canvases, outbox, posts, strays, tasks, absences, gaps, participants),
    *(digest_readers, digest_lines, vaults),
)
"""What stands beside a handover and names it."""


class Due(NamedTuple):
    """A stored moment at which something comes about on a handover."""

    at: int
    team: str
    handover: str


EARLIEST = Due(0, "", "")


class StaleWriteError(Exception):
    """Somebody else changed the same handover in between; nothing was written."""


T = TypeVar("T", bound=Frozen)


@dataclass(frozen=True, slots=True)
class Stored(Generic[T]):
    """An aggregate as it stands, with what is needed to write the next version of it."""

    value: T
    version: int
    chain: str


def loading(
    connection: Connection, team: str, handover: str, *, lock: bool = False
) -> Later[Stored[Handover] | None]:
    """A handover as it stands; `lock` keeps other writers away until the transaction ends."""
    statement, recent = _LOAD_LOCKED if lock else _LOAD, _recent(connection)
    known = recent.find(team, handover)
    here = {"t": team, "i": handover, "known": known.link if known else None}
    found = statement.run(connection, here)

    def loaded() -> Stored[Handover] | None:
        row = found.fetchone()
        if row is None:
            return None
        document, version, chain = row
        if known and known.link == chain:
            return Stored(known.handover, version, chain)
        value = read(Handover.model_validate_json, document)
        recent.keep(value, chain)
        return Stored(value, version, chain)

    return loaded


def load(
    connection: Connection, team: str, handover: str, *, lock: bool = False
) -> Stored[Handover] | None:
    """A handover by itself."""
    return loading(connection, team, handover, lock=lock)()


def load_vault(
    connection: Connection, team: str, handover: str, *, lock: bool = False
) -> Stored[Vault] | None:
    """The vault of a handover as it stands."""
    statement = _LOAD_VAULT_LOCKED if lock else _LOAD_VAULT
    row = statement.run(connection, {"t": team, "i": handover}).fetchone()
    return row and Stored(read(Vault.model_validate_json, row[0]), row[1], row[2])


def add(connection: Connection, handover: Handover, playbook: Playbook, line: Line) -> None:
    """Store a new handover with the first line of its journal."""
    row = _columns(handover, playbook, line) | _named(handover)
    document = str(row["document"])
    entry = journal.written(HANDOVER, handover.team, handover.id, 1, FIRST_LINK, line, document)
    row |= {
        "book": handover.book or None,
        "chain": entry["chain"],
        "team": handover.team,
        "id": handover.id,
        "playbook": handover.playbook,
        "shape": DOCUMENT_VERSION,
        "version": 1,
    }
    connection.execute(_INSERT, row)
    _note(connection, entry)
    _participate(connection, handover, frozenset(), _people(handover))


def save(
    block: Together, before: Stored[Handover], after: Handover, playbook: Playbook, line: Line
) -> None:
    """Store what became of a handover; the block raises StaleWriteError at its end when it was
    changed in between.
    """
    connection, version = block.connection, before.version + 1
    columns = _columns(after, playbook, line)
    document = str(columns["document"])
    entry = journal.written(HANDOVER, after.team, after.id, version, before.chain, line, document)
    chain = str(entry["chain"])
    row = columns | {"version": version, "chain": chain}
    updated = _UPDATE.run(connection, row | {"t": after.team, "i": after.id, "v": before.version})
    noted = journal.adding(connection, entry)

    def settle() -> None:
        if updated.rowcount != 1 or not noted():
            raise StaleWriteError(after.id)
        if after.account != before.value.account:
            connection.execute(_RENAME, _named(after) | {"t": after.team, "i": after.id})
        _participate(connection, after, _people(before.value), _people(after))
        _recent(connection).keep(after, chain)

    block.then(settle)


def add_vault(connection: Connection, vault: Vault, line: Line) -> None:
    """Store the vault of a new handover."""
    document = vault.model_dump_json(exclude_defaults=True)
    entry = journal.written(VAULT, vault.team, vault.handover, 1, FIRST_LINK, line, document)
    connection.execute(
        _INSERT_VAULT,
        {
            "team": vault.team,
            "handover": vault.handover,
            "version": 1,
            "shape": DOCUMENT_VERSION,
            "chain": entry["chain"],
            "document": document,
        },
    )
    _note(connection, entry)


def save_vault(connection: Connection, before: Stored[Vault], after: Vault, line: Line) -> None:
    """Store what became of a vault. Raises StaleWriteError when it was changed in between."""
    version = before.version + 1
    document = after.model_dump_json(exclude_defaults=True)
    where = (VAULT, after.team, after.handover)
    entry = journal.written(*where, version, before.chain, line, document)
    row = {
        "t": after.team,
        "i": after.handover,
        "v": before.version,
        "version": version,
        "chain": entry["chain"],
        "document": document,
    }
    if connection.execute(_UPDATE_VAULT, row).rowcount != 1:
        raise StaleWriteError(after.handover)
    _note(connection, entry)


def erase(connection: Connection, team: str, handover: str) -> None:
    """Take every row of a handover out, as if it had never been; what else names it goes first."""
    erase_all(connection, team, [handover])


def erase_all(connection: Connection, team: str, ids: Sequence[str]) -> None:
    """The same of some: where there is no index by handover, all are found in one go."""
    for handover in ids:
        _recent(connection).forget(team, handover)
    here = {"t": team, "ids": list(ids)}
    held = select(canvases.c.canvas).where(_are(canvases))
    read = (canvas_readers.c.team == bindparam("t"), canvas_readers.c.canvas.in_(held))
    connection.execute(delete(canvas_readers).where(*read), here)
    # Its key has the kind before the handover.
    kind = journal_lines.c.aggregate.in_((HANDOVER, VAULT))
    connection.execute(delete(journal_lines).where(_are(journal_lines), kind), here)
    for table in _BESIDE:
        connection.execute(delete(table).where(_are(table)), here)
    connection.execute(delete(handovers).where(_of_team_and_in(handovers, handovers.c.id)), here)


def _are(table: Table) -> ColumnElement[bool]:
    return _of_team_and_in(table, table.c.handover)


def _of_team_and_in(table: Table, ids: Column[str]) -> ColumnElement[bool]:
    return and_(table.c.team == bindparam("t"), ids.in_(bindparam("ids", expanding=True)))


def taking_part(connection: Connection, team: str, person: str) -> list[Handover]:
    """All handovers that a person has a part in, by account; whether they know is for flows."""
    rows = connection.execute(_MINE, {"t": team, "p": person}).scalars()
    return [read(Handover.model_validate_json, row) for row in rows]


def readable_of(connection: Connection, team: str, person: str) -> list[Handover]:
    """Those of them that this release can read, to be shown while another one takes over."""
    rows = connection.execute(_MINE, {"t": team, "p": person}).scalars()
    return list(readable(Handover.model_validate_json, rows))


def mentioning(connection: Connection, team: str, person: str, ts: str) -> list[str]:
    """The ids of a person's handovers in whose documents a message's ts stands."""
    found = connection.execute(_SAYING, {"t": team, "p": person, "s": f'"{ts}"'})
    return list(found.scalars())


def parts_of(connection: Connection, team: str, person: str) -> list[str]:
    """The ids of all handovers that a person has a part in, however many."""
    return list(connection.execute(_PARTS, {"t": team, "p": person}).scalars())


def of_account(connection: Connection, team: str, account: str) -> list[Handover]:
    """The handovers of an account, however its name is typed."""
    rows = connection.execute(_SAME_ACCOUNT, {"t": team, "k": account_key(account)})
    return [read(Handover.model_validate_json, row[0]) for row in rows]


def in_flight_of(connection: Connection, team: str, accounts: Iterable[str]) -> Iterator[Handover]:
    """The handovers under way of these accounts, however their names are typed."""
    keys = sorted({account_key(account) for account in accounts})
    for start in range(0, len(keys), _AT_ONCE):
        about = {"t": team, "keys": keys[start : start + _AT_ONCE], "stage": Stage.IN_FLIGHT.value}
        for row in connection.execute(_IN_FLIGHT, about):
            yield read(Handover.model_validate_json, row[0])


def named(
    connection: Connection, team: str, keys: frozenset[str], own: str, most: int = 50
) -> list[Handover]:
    """The newest handovers of the accounts that a text names, but for its `own`.

    `keys` are the text's `flows.leaks.name_keys`; who may know of what is found is for flows.
    """
    about = {"t": team, "keys": sorted(keys), "own": account_key(own), "n": most}
    rows = connection.execute(_NAMED, about)
    return [read(Handover.model_validate_json, row[0]) for row in rows]


def of_book(connection: Connection, team: str, book: str) -> list[Handover]:
    """The handovers of a book, by account; who may know of which is for flows."""
    rows = connection.execute(_OF_BOOK, {"t": team, "b": book})
    return [read(Handover.model_validate_json, row[0]) for row in rows]


def place_in_book(connection: Connection, team: str, book: str) -> tuple[int, int]:
    """How many accounts of a book are answered, and of how many."""
    count, through = connection.execute(_PLACE_IN_BOOK, {"t": team, "b": book}).one()
    return through or 0, count


def hold_account(connection: Connection, team: str, account: str) -> None:
    """Let nobody else look at an account's handovers this way until the transaction ends.

    Of two that are written at once, the second then sees the first; SQLite has one writer anyway.
    """
    if connection.dialect.name == "postgresql":
        name = f"{team}|{account_key(account)}".encode()
        digest = hashlib.blake2b(name, digest_size=8).digest()
        connection.execute(_ALONE, {"number": int.from_bytes(digest, signed=True)})


def due(connection: Connection, now: int, after: Due = EARLIEST, most: int = 100) -> list[Due]:
    """The handovers at which time itself brings something about, oldest first, a piece at a time:
    those that come to nothing stay due, and stand in the way of none behind them.
    """
    here = {"now": now, "at": after.at, "t": after.team, "i": after.handover, "n": most}
    return [Due(*row) for row in connection.execute(_DUE, here)]


def _note(connection: Connection, entry: dict[str, str | int]) -> None:
    if not journal.add(connection, entry):
        raise StaleWriteError(entry["handover"])


def _recent(connection: Connection) -> Recent:
    recent: Recent = connection.get_execution_options()["recent"]
    return recent


def _columns(handover: Handover, playbook: Playbook, line: Line) -> dict[str, str | int | None]:
    done = progress(handover, playbook, Role.OUTGOING)
    due_moment = due_at(handover, playbook)
    return {
        "stage": handover.stage.value,
        "due_at": to_stored(due_moment) if due_moment else None,
        "answered": done.answered,
        "required": done.required,
        "short": len(short_answers(handover, playbook)),
        "updated_at": to_stored(line.event.at),
        "document": document_of(handover),
    }


def _named(handover: Handover) -> dict[str, str]:
    return {
        "account": handover.account,
        "account_key": account_key(handover.account),
        "name_key": name_key(handover.account),
    }


@unmoved_by(ANSWERING - {"asks"})
def _people(handover: Handover) -> frozenset[str]:
    """Whose lists it may stand in, and who is asked for an answer; a discarded draft: nobody."""
    if handover.stage is Stage.DISCARDED:
        return frozenset()
    users = {handover.user(role) for role in Role}
    users |= {ask.to for ask in handover.asks if ask.fills}
    users |= {guest.user for guest in handover.guests.admitted}
    # Whoever was switched off may be back one day.
    users |= set(handover.changes.gone)
    return frozenset([user for user in users if user])


def _participate(
    connection: Connection, handover: Handover, before: frozenset[str], after: frozenset[str]
) -> None:
    if came := after - before:
        connection.execute(
            _TAKE_PART,
            [{"team": handover.team, "handover": handover.id, "person": p} for p in sorted(came)],
        )
    for person in before - after:
        connection.execute(_LEAVE, {"t": handover.team, "i": handover.id, "p": person})
