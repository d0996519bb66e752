"""A book: many accounts that change hands at once (N9, G3, G7).

A book is what its handovers have in common: who hands over, why and by when, which accounts, and
what somebody ordered for several of them. Each account is a handover of its own, with every right
and rule that one has; the book only tells the same thing to many. What stands in a handover is
never kept here a second time.
"""

import hashlib
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, PlainSerializer

from flows.books.rows import Fault, Row, faults, takeable
from flows.books.sharing_out import NOT_SHARED, Sharing
from flows.books.sheets import Sheet
from flows.events import CLOCK, Event
from flows.frozen import Frozen, Moment
from flows.handover import Handover, Party, Telling
from flows.parts import Part
from flows.privacy import may_know
from flows.remembering import Remembering
from flows.terms import Confidential, DateIs, Reason, Role
from flows.who_may import Do, granted

BOOK_SHAPE = 1
"""The shape of a stored book; an older one is upcast when it is loaded."""


class BookStage(StrEnum):
    """How far a book is; what became of a started one is told by its handovers."""

    PREPARING = "preparing"
    STARTED = "started"
    UNDONE = "undone"
    DISCARDED = "discarded"


class Shared(Frozen):
    """What all accounts of a book have in common. `leader` and `backup` are Slack user ids."""

    outgoing: Party
    reason: Reason
    day: date
    day_is: DateIs
    leader: str = Field(min_length=1)
    backup: str | None = None


class Beginning(Frozen):
    """How a book was started: who is told when, the calendar day where whoever started it is, and
    the confidential reason until each vault has it.
    """

    today: date
    tellings: dict[Role, Telling]
    confidential: Confidential | None = None


def _whole(event: Event) -> dict[str, Any]:
    return event.model_dump(mode="json")


Wanted = Annotated[Event, Field(discriminator="type"), PlainSerializer(_whole)]
"""What is to happen to a handover; stored with its type, which is a default of every event."""


class Order(Frozen):
    """One thing that somebody wants done with several accounts, named by the keys of their rows.

    It is carried out account by account, each in a transaction of its own and at most once, as an
    act of whoever gave it: `event` is told to each, `each` differs by row, `begins` starts them.
    `refused` says by row what did not fit (a FlowError's code), once it is `carried` out.
    """

    id: str
    by: str
    at: Moment
    rows: tuple[str, ...] = Field(min_length=1)
    event: Wanted | None = None
    each: dict[str, Wanted] = {}
    begins: Beginning | None = None
    refused: dict[str, str] = {}
    carried: bool = False

    def event_for(self, row: str, now: Moment) -> Event | None:
        """What happens to a row's handover because of it, now; nothing where it only starts."""
        wanted = self.each.get(row, self.event)
        return wanted.model_copy(update={"at": now, "by": self.by}) if wanted else None


class Book(Remembering):
    """Accounts on their way from one CSM, with what was ordered for them, oldest first.

    `shown_to_leader` tells that whoever prepares it asked its leader to start it. `acknowledged`
    are the rows of each kind of fault that somebody has read about and goes on without. `sheet` is
    a list that was handed in while it is not said yet what its columns are. `sharing` tells who was
    thought of to take them over. `hours_a_day` are what the outgoing CSM has for it, once they said
    so.
    """

    id: str
    team: str
    created_by: str
    created_at: Moment
    stage: BookStage = BookStage.PREPARING
    shared: Shared | None = None
    rows: tuple[Row, ...] = ()
    sheet: Sheet | None = None
    acknowledged: dict[Fault, frozenset[str]] = {}
    sharing: Sharing = NOT_SHARED
    shown_to_leader: bool = False
    orders: tuple[Order, ...] = ()
    hours_a_day: float | None = None
    seq: int = 0

    @property
    def outgoing(self) -> Party | None:
        """Who hands over, once that is said."""
        return self.shared.outgoing if self.shared else None

    @property
    def begun(self) -> Order | None:
        """The order that started it."""
        return next((order for order in self.orders if order.begins), None)

    @property
    def name(self) -> str:
        """Whose book it is, as a heading."""
        return self.outgoing.name if self.outgoing else ""


def handover_of(book: str, row: str) -> str:
    """The id of the handover that a row becomes: the same whenever it is asked."""
    return hashlib.sha256(f"{book}|{row}".encode()).hexdigest()[:20]


def row_of(book: Book, handover: str) -> Row | None:
    """The row that became this handover."""
    return next((row for row in book.rows if handover_of(book.id, row.key) == handover), None)


def rows_by_handover(book: Book) -> dict[str, Row]:
    """Every row by the id of the handover that it becomes."""
    return {handover_of(book.id, row.key): row for row in book.rows}


def to_carry(book: Book) -> Order | None:
    """The oldest order that is not carried out."""
    return next((order for order in book.orders if not order.carried), None)


def started_rows(book: Book) -> tuple[Row, ...]:
    """The accounts that are handovers by now, or will be as soon as the start is carried out."""
    begun = book.begun
    if begun is None or book.stage is BookStage.UNDONE:
        return ()
    wanted = frozenset(begun.rows) - frozenset(begun.refused)
    return tuple(row for row in book.rows if row.key in wanted)


def can_be_taken(book: Book) -> tuple[Row, ...]:
    """The accounts that a start would take."""
    return takeable(book.rows, book.outgoing)


def unacknowledged(book: Book) -> dict[Fault, tuple[Row, ...]]:
    """The faults, by kind, that nobody has read about yet."""
    return {
        fault: rows
        for fault, rows in faults(book.rows, book.outgoing).items()
        if not {row.key for row in rows} <= book.acknowledged.get(fault, frozenset())
    }


def book_parts(book: Book, user: str) -> frozenset[Part]:
    """What somebody is to a book as a whole. Its outgoing CSM never decides as its leader."""
    if user == CLOCK:
        return frozenset({Part.CLOCK})
    shared = book.shared
    found = {Part.CREATOR} if user == book.created_by else set()
    if shared and user == shared.outgoing.user:
        return frozenset(found | {Part.OUTGOING})
    if shared and user == shared.leader:
        found.add(Part.LEADER)
    if shared and user == shared.backup:
        found.add(Part.BACKUP)
    return frozenset(found)


def may_prepare(book: Book, viewer: str) -> bool:
    """Whether somebody may see and change a book before it is started: whoever made it, and its
    leaders once they were asked to start it. It is a draft until then.
    """
    return granted(Do.BOOK, book_parts(book, viewer), theirs=book.shown_to_leader)


def leads_book(book: Book, viewer: str) -> bool:
    """Whether somebody decides for the whole book."""
    return granted(Do.DECIDE, book_parts(book, viewer))


def seen_in(handovers: Iterable[Handover], viewer: str) -> list[Handover]:
    """The accounts of a book that somebody may know of; to whom none is shown, it is not there."""
    return [handover for handover in handovers if may_know(handover, viewer)]
