"""Taking one person out of documents and their journals, each in a transaction of its own.

What is to be written is worked out before, from a look that holds up nobody: the transaction only
finds out that nothing has happened meanwhile. Every piece can be repeated, so whoever is stopped
goes on where it was; the alias is kept until all is done, and who it was is known nowhere
afterwards. `storage.taking_out` does the same for rows beside the documents.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from sqlalchemy import (
    Connection,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from flows.account_names import account_key
from flows.audit.acts import ACTS, FORGOTTEN, ForgettingBegun, ForgettingDone, Forgotten
from flows.audit.forgetting import Forgetting
from flows.books.book import Book
from flows.books.events import BOOK_EVENTS
from flows.confidential.vault import VAULT_EVENTS, Vault
from flows.events import EVENTS
from flows.frozen import Moment
from flows.handover import Handover
from flows.texts.leaks import name_key
from storage import journal, people, workspaces
from storage.auditing import ROWS
from storage.documents import document_of
from storage.journal import BOOK, FIRST_LINK, HANDOVER, VAULT, WORKSPACE, Line, digest_of, link_of
from storage.moments import to_stored
from storage.naming import says
from storage.people import NAMELESS, Person
from storage.reading import read
from storage.tables import forgettings, handovers, installations, org_teams, participants
from storage.tables import journal as lines
from storage.tables import people as rows_of_people
from storage.workspaces import Workspace

_DOCUMENTS: Mapping[str, Callable[[str], object]] = {
    HANDOVER: Handover.model_validate_json,
    VAULT: Vault.model_validate_json,
    BOOK: Book.model_validate_json,
    WORKSPACE: Workspace.model_validate_json,
}
_EVENTS: Mapping[str, Callable[[str], object]] = {
    HANDOVER: EVENTS.validate_json,
    VAULT: VAULT_EVENTS.validate_json,
    BOOK: BOOK_EVENTS.validate_json,
    WORKSPACE: ACTS.validate_json,
}
_AT_ONCE = 100
_FIND = select(forgettings).where(
    forgettings.c.team == bindparam("t"), forgettings.c.person == bindparam("p")
)
_REWRITE = (
    update(lines)
    .where(
        lines.c.team == bindparam("b_team"),
        lines.c.aggregate == bindparam("b_aggregate"),
        lines.c.handover == bindparam("b_handover"),
        lines.c.seq == bindparam("b_seq"),
    )
    .values({name: bindparam(name) for name in ("by", "payload", "salt", "digest", "state")})
)
_KEEP_NAMES = (
    update(forgettings)
    .where(forgettings.c.team == bindparam("t"), forgettings.c.person == bindparam("p"))
    .values(names=bindparam("n"))
)
_OPEN = (
    select(handovers.c.id, handovers.c.account)
    .join(
        participants,
        (participants.c.team == handovers.c.team) & (participants.c.handover == handovers.c.id),
    )
    .where(
        participants.c.team == bindparam("t"),
        participants.c.person == bindparam("p"),
        handovers.c.stage.in_(("draft", "in_flight")),
    )
    .order_by(handovers.c.account_key)
)


def still_at(connection: Connection, team: str, person: str) -> list[tuple[str, str]]:
    """Id and account of the handovers that are not over in which somebody has a part."""
    return [(row[0], row[1]) for row in connection.execute(_OPEN, {"t": team, "p": person})]


def begin(
    connection: Connection, team: str, person: str, names: tuple[str, ...], by: str, at: Moment
) -> Forgetting:
    """Give somebody the alias that they have from now on; the same one if this was begun before.

    `names` are what else they are called. From here on they lead nothing and count as gone.
    """
    known = people.find(connection, team, person)
    begun = connection.execute(_FIND, {"t": team, "p": person}).one_or_none()
    kept = json.loads(begun.names) if begun else ()
    told = [name.strip() for name in (*kept, *names, *([known.name] if known else ()))]
    # Somebody else's id is nobody's name.
    ids = people.find_all(connection, team, set(told))
    names = tuple(dict.fromkeys(name for name in told if name not in {"", NAMELESS, *ids}))
    alias = begun.alias if begun else f"Former colleague {token_hex(4)}"
    this = {"team": team, "person": person}
    if begun is None:
        row = this | {"alias": alias, "by": by, "since": to_stored(at), "names": "[]"}
        connection.execute(insert(forgettings), row)
        workspaces.note(connection, team, ForgettingBegun(by=by, at=at, alias=alias))
        people.keep(connection, Person(team, alias, alias, is_gone=True), to_stored(at))
    connection.execute(_KEEP_NAMES, {"t": team, "p": person, "n": json.dumps(names)})
    chosen = workspaces.find(connection, team)
    if person in chosen.leaders:
        others = tuple(leader for leader in chosen.leaders if leader != person)
        workspaces.keep(connection, chosen.model_copy(update={"leaders": others}), by, at)
    return Forgetting(person=person, alias=alias, names=names)


def is_begun(connection: Connection, team: str, person: str) -> bool:
    """Whether somebody was about to be forgotten when it was stopped."""
    return connection.execute(_FIND, {"t": team, "p": person}).first() is not None


@dataclass(frozen=True, slots=True)
class Piece:
    """The ids of those in which somebody may stand, among some; `looked_at` is how many texts these
    have, `last` the last of them, none where there are no more.
    """

    found: list[str]
    looked_at: int
    last: str | None


def journals_with(
    connection: Connection, team: str, aggregate: str, after: str, who: Forgetting
) -> Piece:
    """In which documents and journals of a kind somebody may stand, some at a time, by id."""
    table, key = ROWS[aggregate]
    some = select(key).where(table.c.team == team, key > after).order_by(key).limit(_AT_ONCE)
    ids = list(connection.execute(some).scalars())
    if not ids:
        return Piece([], 0, None)
    texts = [table.c.document, *([table.c.account] if aggregate == HANDOVER else [])]
    named = (table.c.team == team, key > after, key <= ids[-1], says((), texts, who))
    found = set(connection.execute(select(key).where(*named)).scalars())
    of_kind = (lines.c.team == team, lines.c.aggregate == aggregate)
    told = (
        select(
            lines.c.handover,
            func.count(),
            func.max(case((says((), (lines.c.by, lines.c.payload), who), 1), else_=0)),
        )
        .where(*of_kind, lines.c.handover > after, lines.c.handover <= ids[-1])
        .group_by(lines.c.handover)
    )
    rows = connection.execute(told).all()
    found |= {row[0] for row in rows if row[2]}
    looked_at = len(ids) + sum(row[1] for row in rows)
    last = ids[-1] if len(ids) == _AT_ONCE else None
    return Piece([name for name in ids if name in found], looked_at, last)


@dataclass(frozen=True, slots=True)
class Anew:
    """What is to be written of a document and its journal; `changed` is how many of their texts
    are others now, `seen` the version and link from which it was worked out.
    """

    team: str
    aggregate: str
    id: str
    seen: tuple[int, str]
    changed: int
    columns: Mapping[str, str]
    lines: Sequence[dict[str, Any]]
    digest: str


def anew(
    connection: Connection, team: str, aggregate: str, name: str, who: Forgetting
) -> Anew | None:
    """A document and its journal without somebody; none where they do not stand in it.

    Raises ValidationError and NewerReleaseError where what is stored could not be read any more.
    """
    table, key = ROWS[aggregate]
    this = (table.c.team == team, key == name)
    row = connection.execute(select(table).where(*this)).mappings().one_or_none()
    here = (lines.c.team == team, lines.c.aggregate == aggregate, lines.c.handover == name)
    if row is None:
        return None
    columns = _document(aggregate, row, who)
    changed, written, digest = 0, list[dict[str, Any]](), hashlib.sha256()
    before = FIRST_LINK
    for line in connection.execute(select(lines).where(*here).order_by(lines.c.seq)).mappings():
        after = _line(aggregate, line, before, who)
        digest.update(after["state"].encode())
        changed += (after["by"], after["payload"]) != (line["by"], line["payload"])
        if any(after[name] != line[name] for name in after):
            written.append(after | {"b_seq": line["seq"]})
        before = line["chain"]
    changed += any(columns[name] != row[name] for name in columns)
    if not changed:
        return None
    seen = (row["version"], row["chain"])
    return Anew(team, aggregate, name, seen, changed, columns, written, digest.hexdigest())


def rewrite(connection: Connection, what: Anew, who: Forgetting, by: str, at: Moment) -> bool:
    """Write it, vouched for in a last line; False where something has happened meanwhile."""
    table, key = ROWS[what.aggregate]
    this = and_(table.c.team == what.team, key == what.id)
    held = select(table.c.version, table.c.chain).where(this).with_for_update()
    row = connection.execute(held).one_or_none()
    if row is None or tuple(row) != what.seen:
        return False
    if what.lines:
        named = {"b_team": what.team, "b_aggregate": what.aggregate, "b_handover": what.id}
        connection.execute(_REWRITE, [named | line for line in what.lines])
    told = Forgotten(by=by, at=at, alias=who.alias, lines=what.digest)
    version, before = row.version + 1, row.chain or FIRST_LINK
    line, document = Line(told, token_hex(16)), what.columns["document"]
    where = (what.aggregate, what.team, what.id, version, before)
    entry = journal.written(*where, line, document)
    changed = dict(what.columns) | {"version": version, "chain": entry["chain"]}
    connection.execute(update(table).where(this).values(**changed))
    journal.add(connection, entry)
    return True


def _document(aggregate: str, row: Mapping[Any, Any], who: Forgetting) -> dict[str, str]:
    """The columns that hold it."""
    parse = _DOCUMENTS[aggregate]
    document = who.document(row["document"], lambda text: read(parse, text))
    if aggregate != HANDOVER:
        return {"document": document}
    account = who.text(row["account"])
    if document != row["document"]:
        # As it is always stored, so that it stays what its line says.
        document = document_of(Handover.model_validate_json(document))
    return {
        "document": document,
        "account": account,
        "account_key": account_key(account),
        "name_key": name_key(account),
    }


def _line(aggregate: str, line: Mapping[Any, Any], before: str, who: Forgetting) -> dict[str, Any]:
    """A line as it says in its state what it would be chained to."""
    kind, payload = line["type"], line["payload"]
    parse = Forgotten.model_validate_json if kind == FORGOTTEN else _EVENTS[aggregate]
    by = who.text(line["by"])
    without = payload and who.document(payload, lambda text: read(parse, text))
    salt, digest = line["salt"], line["digest"]
    if (by, without) != (line["by"], payload):
        # The former digest would tell whether a guess at who it was is right.
        salt = token_hex(16)
        digest = digest_of(salt, without or token_hex(16))
    # So would the digest of the document that it led to.
    state = link_of(before, line["seq"], line["at"], by, kind, digest, "")
    return {"by": by, "payload": without, "salt": salt, "digest": digest, "state": state}


def end(
    connection: Connection, team: str, who: Forgetting, by: str, at: Moment, told: tuple[int, int]
) -> None:
    """Let go of who the alias was; the journal keeps what was `told` of how it was done."""
    teams = select(org_teams.c.owner).where(org_teams.c.team == team)
    theirs = or_(installations.c.owner == team, installations.c.owner.in_(teams))
    installed = and_(theirs, installations.c.installed_by == who.person)
    connection.execute(update(installations).where(installed).values(installed_by=who.alias))
    own = and_(rows_of_people.c.team == team, rows_of_people.c.user == who.person)
    connection.execute(delete(rows_of_people).where(own))
    this = (forgettings.c.team == team, forgettings.c.person == who.person)
    connection.execute(delete(forgettings).where(*this))
    looked_at, changed = told
    act = ForgettingDone(by=by, at=at, alias=who.alias, looked_at=looked_at, changed=changed)
    workspaces.note(connection, team, act)
