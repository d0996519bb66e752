"""What somebody lists becomes the rows of a book: columns told apart, values read.

Everything here forgives: a value that nobody can read is left away and told as a fault of its line,
never guessed.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from flows.account_names import account_key
from flows.books.rows import Fault, Row
from flows.books.sheets import Line, Sheet, read_table
from flows.errors import FlowError
from flows.folding import folded
from flows.handover import Known, Party
from flows.knowledge.ledger import number
from flows.known.namesakes import Directory, words_of
from flows.known.written_days import read_days
from flows.playbook import Part, Playbook, Question
from flows.terms import PartKind, Role, Segment

_CSMS = frozenset({Role.OUTGOING, Role.INCOMING})
_MOST_NAME = 200
_MOST_NOTE = 3000
_MOST_SKILLS = 20
_MOST_SKILL = 50
_ARR = Part(key="arr", kind=PartKind.NUMBER, label="ARR")
_WEB = re.compile(r"https?://\S{3,490}$")
_CLOCK = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2})?(\.\d+)?Z?$")
_SLASHED = re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})$")
_DASHES = re.compile(r"\s+[-–—]+\s+")
_MARKS = ("\t", ";", "|", ", ", ",")
_SKILLS = re.compile(r"[,;/|+&]")


class Column(StrEnum):
    """What a column of a list can be, beside an answer to a question."""

    ACCOUNT = "account"
    SEGMENT = "segment"
    INCOMING = "incoming"
    ARR = "arr"
    RENEWAL = "renewal"
    CRM_LINK = "crm_link"
    OWNER = "owner"
    SKILLS = "skills"


_CALLED = {
    Column.ACCOUNT: "account, account name, customer, customer name, company, company name,"
    " client, name, organisation, organization, kunde, firma",
    Column.SEGMENT: "segment, tier, size, customer segment, account segment, account tier",
    Column.INCOMING: "incoming, incoming csm, new owner, new csm, successor, takes over, to,"
    " to csm, next owner, next csm, new account owner, new account manager",
    Column.ARR: "arr, annual revenue, annual recurring revenue, revenue, mrr x 12, contract value,"
    " acv, umsatz",
    Column.RENEWAL: "renewal, renewal date, renews, renews on, contract end, contract end date,"
    " end of contract",
    Column.CRM_LINK: "crm link, crm, crm url, link, url, salesforce, hubspot, salesforce link,"
    " account link, record link",
    Column.OWNER: "owner, csm, account owner, current owner, current csm, account manager,"
    " outgoing, outgoing csm, customer success manager, csm name, from",
    Column.SKILLS: "skills, skill, language, languages, speaks, sprache",
}
_COLUMNS = {
    words_of(called): column for column, names in _CALLED.items() for called in names.split(",")
}
_SEGMENTS = {
    Segment.SMB: "smb, small, small business, s, sb",
    Segment.MID_MARKET: "mid market, midmarket, mid, mm, medium, m",
    Segment.ENTERPRISE: "enterprise, ent, large, e, l, strategic, key account",
}
_SEGMENT = {
    words_of(called): segment for segment, names in _SEGMENTS.items() for called in names.split(",")
}


@dataclass(frozen=True)
class Reader:
    """What reading needs: who is who, the day it is read on, and a text as it is stored."""

    people: Directory
    today: date
    stored: Callable[[str], str]


def with_columns(sheet: Sheet, playbook: Playbook) -> Sheet:
    """A sheet with its columns told apart by their names, as far as they say.

    A first line in which nothing says so is a line like the others; the columns are then for
    somebody to tell.
    """
    columns = _columns(sheet.head, playbook)
    if any(columns):
        return sheet.model_copy(update={"columns": columns, "lines": sheet.lines[1:]})
    head = tuple(f"Column {at}" for at in range(1, len(sheet.head) + 1))
    return sheet.model_copy(update={"head": head, "columns": columns})


def answerable(playbook: Playbook) -> tuple[Question, ...]:
    """The questions that a column can answer: what one of the CSMs is asked, and nothing that only
    leaders are, for both CSMs read what is listed.
    """
    return tuple(
        question
        for question in playbook.questions
        if question.asked_of in _CSMS and question.confidential is None
    )


def is_table(text: str, playbook: Playbook) -> bool:
    """Whether pasted lines have a head that names the accounts and something else."""
    try:
        columns = _columns(read_table(text).head, playbook)
    except FlowError:
        return False
    return Column.ACCOUNT in columns and len([name for name in columns if name]) > 1


def rows_of(sheet: Sheet, reader: Reader) -> tuple[Row, ...]:
    """The accounts of a sheet whose columns are known."""
    return tuple(_row(line, _told(sheet, line), reader) for line in sheet.lines)


def rows_typed(text: str, reader: Reader) -> tuple[Row, ...]:
    """Accounts that were typed, one a line: "Account – segment – incoming – ARR – renewal".

    Of what follows the account each piece is told by what it looks like, so order does not matter.
    """
    lines = (
        Line(number=at, cells=_pieces(line))
        for at, line in enumerate(text.split("\n"), start=1)
        if line.strip()
    )
    return tuple(_row(line, _guessed(line, reader), reader) for line in lines)


def notes_known(row: Row) -> dict[str, Known]:
    """What was listed of an account, by the question that it answers."""
    return {key: Known(text=text, raw=text) for key, text in row.notes.items()}


def looked_up(
    rows: Iterable[Row], outgoing: Party | None, people: Directory, in_flight: frozenset[str]
) -> tuple[Row, ...]:
    """The rows with what is told from beyond the list: whose an account is, and whether a handover
    of it (by `account_key`) is under way.
    """

    def marks(row: Row) -> Iterator[Fault]:
        yield from row.marks - {Fault.IN_FLIGHT, Fault.OTHER_OWNER}
        if account_key(row.account) in in_flight:
            yield Fault.IN_FLIGHT
        if row.owner and outgoing and not _is(outgoing, row.owner, people):
            yield Fault.OTHER_OWNER

    return tuple(row.model_copy(update={"marks": frozenset(marks(row))}) for row in rows)


def _is(party: Party, typed: str, people: Directory) -> bool:
    found = people.find(typed)
    if found:
        return found == party.user
    return Directory({party.key: party.name}).find(typed) is not None


def _columns(head: Iterable[str], playbook: Playbook) -> tuple[str, ...]:
    """What each column is; of two that are called the same the first one."""
    asked = answerable(playbook)
    questions = {words_of(question.id): question.id for question in asked}
    for question in asked:
        labels = (question.text, *(part.label for part in question.parts[:1]))
        for label in labels:
            questions.setdefault(words_of(label), question.id)
    found: list[str] = []
    for title in head:
        words = words_of(title)
        bare = words_of(re.sub(r"\(.*?\)|\[.*?\]", "", title))
        meant = (_COLUMNS.get(words) or _COLUMNS.get(bare)) or questions.get(words, "")
        found.append("" if meant in found else str(meant))
    return tuple(found)


def _told(sheet: Sheet, line: Line) -> dict[str, str]:
    pairs = zip(sheet.columns, line.cells, strict=True)
    return {column: cell for column, cell in pairs if column and cell}


def _pieces(line: str) -> tuple[str, ...]:
    if "\t" not in line and _DASHES.search(line):
        return tuple(piece.strip() for piece in _DASHES.split(line))
    mark = next((mark for mark in _MARKS if mark in line), "")
    return tuple(piece.strip() for piece in (line.split(mark) if mark else [line]))


def _guessed(line: Line, reader: Reader) -> dict[str, str]:
    first, *rest = line.cells
    told = {Column.ACCOUNT.value: first}
    for piece in filter(None, rest):
        told.setdefault(_looks_like(piece, told, reader), piece)
    return told


def _looks_like(piece: str, told: Mapping[str, str], reader: Reader) -> str:
    """A Column; what looks like nothing else is who takes the account over."""
    tried: tuple[tuple[Column, Callable[[str], object]], ...] = (
        (Column.SEGMENT, lambda text: _SEGMENT.get(words_of(text))),
        (Column.CRM_LINK, _WEB.match),
        (Column.ARR, _amount),
        (Column.RENEWAL, lambda text: _day(text, reader.today)),
    )
    for column, reads in tried:
        if column not in told and reads(piece) is not None:
            return column
    return next(
        (c for c in (Column.INCOMING, Column.SEGMENT, Column.ARR, Column.RENEWAL) if c not in told),
        Column.SKILLS,
    )


def _row(line: Line, told: Mapping[str, str], reader: Reader) -> Row:
    """One account; a value that cannot be read marks it, and is left away."""
    account = reader.stored(_in_a_line(told, Column.ACCOUNT))
    values: dict[str, Any] = {
        "segment": _SEGMENT.get(words_of(told.get(Column.SEGMENT, ""))),
        "arr": _amount(told.get(Column.ARR, "")),
        "renewal": _day(told.get(Column.RENEWAL, ""), reader.today),
        "crm_link": link if _WEB.match(link := told.get(Column.CRM_LINK, "")) else None,
    }
    notes = {
        key: reader.stored(text)
        for key, text in told.items()
        if key not in Column.__members__.values()
    }
    typed = reader.stored(_in_a_line(told, Column.INCOMING))
    owner = reader.stored(_in_a_line(told, Column.OWNER))
    unread = (
        any(told.get(name) and value is None for name, value in values.items())
        or max(len(account), len(typed), len(owner)) > _MOST_NAME
        or any(len(text) > _MOST_NOTE for text in notes.values())
    )
    incoming = reader.people.find(told.get(Column.INCOMING, ""))
    return Row(
        key="1",
        line=line.number,
        account=account if len(account) <= _MOST_NAME else "",
        incoming=Party(user=incoming, name=reader.people[incoming]) if incoming else None,
        incoming_typed="" if incoming else _short(typed),
        owner=_short(owner),
        skills=skills_in(told.get(Column.SKILLS, "")),
        notes={key: text for key, text in notes.items() if len(text) <= _MOST_NOTE},
        marks=frozenset({Fault.UNREADABLE_VALUE} if unread else ()),
        **{name: value for name, value in values.items() if value is not None},
    )


def skills_in(text: str) -> tuple[str, ...]:
    """What a cell asks of whoever takes the account over, each skill once, in small letters."""
    found = (folded(piece).strip()[:_MOST_SKILL] for piece in _SKILLS.split(text))
    return tuple(dict.fromkeys(filter(None, found)))[:_MOST_SKILLS]


def _in_a_line(told: Mapping[str, str], column: Column) -> str:
    return " ".join(told.get(column, "").split())


def _short(stored: str) -> str:
    return stored if len(stored) <= _MOST_NAME else ""


def _amount(text: str) -> Decimal | None:
    try:
        found = number(_ARR, text)
    except FlowError:
        return None
    return Decimal(f"{found.normalize():f}")


def _day(text: str, today: date) -> date | None:
    """A single day, as a person or a spreadsheet writes it."""
    bare = _SLASHED.sub(r"\1-\2-\3", _CLOCK.sub("", text.strip()))
    try:
        found = read_days(bare, today) if bare else ()
    except FlowError:
        return None
    one = found[0] if len(found) == 1 else None
    return one.first if one and one.first == one.last else None
