"""Taking one person out of everything that is stored of a workspace, a piece at a time.

What is theirs alone goes. What is also about others is written anew without them, each journal with
its document in one transaction. Every piece can be repeated, so whoever is stopped goes on where it
was; the alias is kept until all is done, and who it was is known nowhere afterwards.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from secrets import token_hex
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    String,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    text,
    update,
)

from flows.account_names import account_key
from flows.audit.acts import ForgettingBegun, ForgettingDone, Forgotten
from flows.audit.forgetting import Forgetting
from flows.books.book import Book
from flows.confidential.vault import Vault
from flows.frozen import Frozen, Moment
from flows.handover import Handover
from flows.texts.leaks import name_key
from storage import journal, people, workspaces
from storage.auditing import ROWS
from storage.documents import document_of
from storage.journal import BOOK, FIRST_LINK, HANDOVER, VAULT, WORKSPACE, Line, digest_of, link_of
from storage.moments import to_stored
from storage.people import NAMELESS, Person
from storage.reading import read
from storage.tables import (
    absences,
    book_people,
    canvas_readers,
    corrections,
    digest_readers,
    disturbances,
    forgettings,
    handovers,
    installations,
    messages,
    metadata,
    org_teams,
    outbox,
    participants,
    playbooks,
    posts,
    reminders,
    strays,
    wishes,
)
from storage.tables import journal as lines
from storage.tables import people as rows_of_people
from storage.workspaces import Workspace

PERSONAL = {
    table: table.c.person
    for table in (
        *(absences, book_people, canvas_readers, corrections, digest_readers, disturbances),
        *(messages, outbox, participants, posts, reminders, strays, wishes),
    )
} | {rows_of_people: rows_of_people.c.user}
"""What is somebody's own, and goes with them; messages to them have nobody to be read by."""

_WHOLE = {table for table, _ in ROWS.values()} | {lines}
_LEFT_ALONE = {rows_of_people, forgettings, playbooks}
"""Other people of the same name, and what no person writes."""
_TEXTS = {
    table: [c for c in table.columns if isinstance(c.type, String) and c.name != "team"]
    for table in metadata.sorted_tables
    if "team" in table.c and table not in _WHOLE | _LEFT_ALONE
}
_SHARED = [table for table, texts in _TEXTS.items() if texts]
_READ: Mapping[str, Callable[[str], Frozen | Workspace]] = {
    HANDOVER: Handover.model_validate_json,
    VAULT: Vault.model_validate_json,
    BOOK: Book.model_validate_json,
    WORKSPACE: Workspace.model_validate_json,
}
_AT_ONCE = 200
_FIND = select(forgettings).where(
    forgettings.c.team == bindparam("t"), forgettings.c.person == bindparam("p")
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
    told = (name.strip() for name in (*kept, *names, *([known.name] if known else ())))
    names = tuple(dict.fromkeys(name for name in told if name not in {"", NAMELESS}))
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


def is_known(connection: Connection, team: str, person: str) -> bool:
    """Whether anything is stored of somebody."""
    who = Forgetting(person=person, alias="")
    if people.find(connection, team, person) or journals_with(connection, team, who):
        return True
    return any(_some(connection, table, team, who) for table in _SHARED)


def journals_with(connection: Connection, team: str, who: Forgetting) -> list[tuple[str, str]]:
    """Aggregate and id of everything in whose document or journal somebody may still stand."""
    patiently(connection)
    here = {"t": team}
    found = select(lines.c.aggregate, lines.c.handover).where(lines.c.team == bindparam("t"))
    told = found.where(_says((lines.c.by, lines.c.payload), who)).distinct()
    known = {(row[0], row[1]) for row in connection.execute(told, here)}
    for aggregate, (table, key) in ROWS.items():
        texts = (
            (table.c.account, table.c.document) if aggregate == HANDOVER else (table.c.document,)
        )
        of_team = select(key).where(table.c.team == bindparam("t"), _says(texts, who))
        known |= {(aggregate, row[0]) for row in connection.execute(of_team, here)}
    return sorted(known)


def rewrite(
    connection: Connection, team: str, which: tuple[str, str], who: Forgetting, by: str, at: Moment
) -> bool:
    """Write one document and its journal anew without somebody, vouched for in a last line.

    False where they do not stand in it. Raises as `_without` does; then nothing is changed.
    """
    aggregate, name = which
    table, key = ROWS[aggregate]
    this = and_(table.c.team == team, key == name)
    row = connection.execute(select(table).where(this).with_for_update()).mappings().one_or_none()
    here = and_(lines.c.team == team, lines.c.aggregate == aggregate, lines.c.handover == name)
    found = connection.execute(select(lines).where(here).order_by(lines.c.seq)).mappings().all()
    if row is None or not (_is_in(row, who) or any(_is_in(line, who) for line in found)):
        return False
    digest = _rewrite_lines(connection, here, found, who)
    document = _without(aggregate, row["document"], who)
    told = Forgotten(by=by, at=at, alias=who.alias, lines=digest)
    version, before = row["version"] + 1, row["chain"] or FIRST_LINK
    line = Line(told, token_hex(16))
    entry = journal.written(aggregate, team, name, version, before, line, document)
    changed = {"document": document, "version": version, "chain": entry["chain"]}
    if aggregate == HANDOVER:
        account = who.text(row["account"])
        keys = {"account_key": account_key(account), "name_key": name_key(account)}
        changed |= {"account": account} | keys
    connection.execute(update(table).where(this).values(**changed))
    journal.add(connection, entry)
    return True


def _is_in(row: Mapping[Any, Any], who: Forgetting) -> bool:
    told = ("account", "document", "by", "payload")
    return any(who.stored(row[name]) != row[name] for name in told if row.get(name))


def _rewrite_lines(
    connection: Connection,
    here: ColumnElement[bool],
    found: Sequence[Mapping[Any, Any]],
    who: Forgetting,
) -> str:
    """Each line says in its state what it would be chained to; a digest over all of them."""
    before, anew = FIRST_LINK, hashlib.sha256()
    for line in found:
        by, payload = who.text(line["by"]), line["payload"]
        without = payload and who.stored(payload)
        salt, digest = line["salt"], line["digest"]
        if (by, without) != (line["by"], payload):
            # The former digest would tell whether a guess at who it was is right.
            salt = token_hex(16)
            digest = digest_of(salt, without or token_hex(16))
        # So would the digest of the document that it led to.
        state = link_of(before, line["seq"], line["at"], by, line["type"], digest, "")
        anew.update(state.encode())
        values = {"by": by, "payload": without, "salt": salt, "digest": digest, "state": state}
        connection.execute(update(lines).where(here, lines.c.seq == line["seq"]).values(**values))
        before = line["chain"]
    return anew.hexdigest()


def _without(aggregate: str, document: str, who: Forgetting) -> str:
    """Raises ValidationError and NewerReleaseError where what is stored could not be read any more:
    somebody is called like a word that is no name.
    """
    without = read(_READ[aggregate], who.stored(document))
    # As it is always stored, so that it stays what its line says.
    return document_of(without) if isinstance(without, Handover) else who.stored(document)


def sweep(connection: Connection, team: str, who: Forgetting) -> bool:
    """Take somebody out of some rows beside the documents; whether to go on in another
    transaction.
    """
    patiently(connection)
    for table in _SHARED:
        found = _some(connection, table, team, who)
        if found:
            _sweep(connection, table, found, who)
            return True
    teams = select(org_teams.c.owner).where(org_teams.c.team == team)
    theirs = or_(installations.c.owner == team, installations.c.owner.in_(teams))
    installed = and_(theirs, installations.c.installed_by == who.person)
    connection.execute(update(installations).where(installed).values(installed_by=who.alias))
    own = and_(rows_of_people.c.team == team, rows_of_people.c.user == who.person)
    connection.execute(delete(rows_of_people).where(own))
    return False


def _some(connection: Connection, table: Table, team: str, who: Forgetting) -> list[dict[str, Any]]:
    """Rows in which somebody stands; SQL alone would also find "U1" in "U12"."""
    rows = select(table).where(table.c.team == team, _says(_TEXTS[table], who))
    streamed = connection.execute(rows, execution_options={"yield_per": _AT_ONCE})
    with streamed:
        found = (dict(row) for row in streamed.mappings())
        return list(islice((row for row in found if _cleaned(table, row, who) != row), _AT_ONCE))


def _sweep(
    connection: Connection, table: Table, found: list[dict[str, Any]], who: Forgetting
) -> None:
    """Whatever the bot changed meanwhile is left as it is now, and found again the next time."""
    personal = PERSONAL.get(table)
    keys = [column.name for column in table.primary_key.columns]
    for row in found:
        after = _cleaned(table, row, who)
        changed = {name: after[name] for name in row if after[name] != row[name]}
        if personal is not None and row[personal.name] == who.person:
            connection.execute(delete(table).where(_has(table, row, keys)))
        elif changed.keys().isdisjoint(keys):
            as_seen = _has(table, row, [*keys, *changed])
            connection.execute(update(table).where(as_seen).values(**changed))
        elif connection.execute(delete(table).where(_has(table, row, row))).rowcount:
            # What hangs on a task is found out again for the new one.
            there = _has(table, after, keys)
            if connection.execute(select(table).where(there)).first() is None:
                connection.execute(insert(table).values(**after))


def _has(table: Table, row: Mapping[str, Any], names: Iterable[str]) -> ColumnElement[bool]:
    columns = (table.c[name] for name in names)
    return and_(
        # No index of PostgreSQL's serves where there may be nothing.
        *(
            c == row[c.name] if c.primary_key else c.is_not_distinct_from(row[c.name])
            for c in columns
        )
    )


def _cleaned(table: Table, row: dict[str, Any], who: Forgetting) -> dict[str, Any]:
    """Names stand in what people say; elsewhere the same word says what a message or a task is."""
    only_id = Forgetting(person=who.person, alias=who.alias)
    texts = {
        column.name: who if isinstance(column.type, Text) else only_id for column in _TEXTS[table]
    }
    return row | {name: texts[name].stored(row[name]) for name in texts if row[name]}


def end(connection: Connection, team: str, who: Forgetting, by: str, at: Moment) -> None:
    """Let go of who the alias was."""
    this = (forgettings.c.team == team, forgettings.c.person == who.person)
    connection.execute(delete(forgettings).where(*this))
    workspaces.note(connection, team, ForgettingDone(by=by, at=at, alias=who.alias))


def patiently(connection: Connection) -> None:
    """Nobody waits for this at a click: it may take its time."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = '60s'"))


def _says(columns: Iterable[Any], who: Forgetting) -> ColumnElement[bool]:
    return or_(*_each(columns, who))


def _each(columns: Iterable[Any], who: Forgetting) -> Iterator[ColumnElement[bool]]:
    for column in columns:
        yield column.contains(who.person, autoescape=True)
        for sign in who.signs[1:]:
            # PostgreSQL tells capitals apart, and SQLite's lower() knows only ASCII.
            yield column.contains(sign, autoescape=True)
            yield func.lower(column).contains(sign.lower(), autoescape=True)
        for name in who.names:
            yield func.lower(column) == name.lower()
