"""The accounts of a book as somebody listed them, and what keeps one from being taken over.

Nothing is dropped in silence: a line that cannot be taken over, or only in part, has a fault of a
kind that is told by line, and somebody acknowledges each kind before the book is started.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from flows.account_names import account_key
from flows.frozen import Frozen
from flows.handover import Party
from flows.terms import Segment

MOST_ROWS = 500
"""How many accounts a book holds; more of them are another book."""

Cell = Annotated[str, Field(max_length=3000)]


class Fault(StrEnum):
    """What is wrong with a line. Those of LEFT_OUT keep its account out of the book; of the others
    only the value that could not be read is left away.
    """

    NO_ACCOUNT = "no_account"
    NO_SEGMENT = "no_segment"
    TWICE = "twice"
    IN_FLIGHT = "in_flight"
    OTHER_OWNER = "other_owner"
    UNKNOWN_INCOMING = "unknown_incoming"
    SAME_PERSON = "same_person"
    UNREADABLE_VALUE = "unreadable_value"


LEFT_OUT = frozenset(
    {
        Fault.NO_ACCOUNT,
        Fault.NO_SEGMENT,
        Fault.TWICE,
        Fault.IN_FLIGHT,
        Fault.OTHER_OWNER,
        Fault.SAME_PERSON,
    }
)
_LOOKED_UP = frozenset({Fault.IN_FLIGHT, Fault.OTHER_OWNER, Fault.UNREADABLE_VALUE})


class Row(Frozen):
    """One account. `line` is where it stood in what was given, `key` names it in its book.

    `incoming_typed` and `owner` are names as they were written; `notes` are what else was known of
    it, by question of the playbook; `skills` what it asks of whoever takes it over, such as a
    language. `marks` are the faults that were found when it was read or looked up; the others are
    told from the book itself. `out` was taken out by hand.
    """

    key: str = Field(min_length=1, max_length=12)
    line: int = Field(ge=1)
    account: Annotated[str, Field(max_length=200)]
    segment: Segment | None = None
    arr: Annotated[Decimal, Field(ge=0)] | None = None
    renewal: date | None = None
    crm_link: str = ""
    incoming: Party | None = None
    incoming_typed: Annotated[str, Field(max_length=200)] = ""
    owner: Annotated[str, Field(max_length=200)] = ""
    skills: tuple[Annotated[str, Field(max_length=50)], ...] = ()
    notes: dict[str, Cell] = {}
    marks: frozenset[Fault] = frozenset()
    out: bool = False


def faults(rows: Iterable[Row], outgoing: Party | None) -> Mapping[Fault, tuple[Row, ...]]:
    """What is wrong, by kind, in the order of Fault; the lines of each kind as they were given."""
    found: dict[Fault, list[Row]] = {}
    kept = [row for row in rows if not row.out]
    seen: dict[str, Row] = {}
    for row in kept:
        for fault in _of(row, seen, outgoing):
            found.setdefault(fault, []).append(row)
        if Fault.OTHER_OWNER not in row.marks:
            seen.setdefault(account_key(row.account), row)
    return {fault: tuple(found[fault]) for fault in Fault if fault in found}


def takeable(rows: Iterable[Row], outgoing: Party | None) -> tuple[Row, ...]:
    """The accounts that can be taken over as they stand."""
    rows = tuple(rows)
    wrong = {
        row.key
        for fault, faulty in faults(rows, outgoing).items()
        if fault in LEFT_OUT
        for row in faulty
    }
    return tuple(row for row in rows if not row.out and row.key not in wrong)


def _of(row: Row, seen: Mapping[str, Row], outgoing: Party | None) -> Iterable[Fault]:
    """Of an account that stands twice the first line counts, unless it has another owner there."""
    if not row.account:
        yield Fault.NO_ACCOUNT
    elif account_key(row.account) in seen:
        yield Fault.TWICE
    if row.segment is None:
        yield Fault.NO_SEGMENT
    if row.incoming_typed and row.incoming is None:
        yield Fault.UNKNOWN_INCOMING
    if row.incoming and outgoing and row.incoming.key == outgoing.key:
        yield Fault.SAME_PERSON
    yield from sorted(row.marks & _LOOKED_UP)
