"""What can happen to a book."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from flows.books.book import Shared, Wanted
from flows.books.rows import Fault, Row
from flows.books.sharing_out import Candidate, Why
from flows.books.sheets import Sheet
from flows.handover import Party, Telling
from flows.happened import Happened
from flows.terms import Confidential, Role


class BookOpened(Happened):
    """Somebody began to put a book together."""

    type: Literal["book_opened"] = "book_opened"
    id: str
    team: str


class SharedSet(Happened):
    """What all accounts have in common was said, or changed."""

    type: Literal["shared_set"] = "shared_set"
    shared: Shared


class SheetGiven(Happened):
    """A list was handed in whose columns are still to be told apart."""

    type: Literal["sheet_given"] = "sheet_given"
    sheet: Sheet


class RowsRead(Happened):
    """Accounts were listed; they join those that stand, or take their place."""

    type: Literal["rows_read"] = "rows_read"
    rows: tuple[Row, ...]
    instead: bool = False


class RowsChanged(Happened):
    """Rows were corrected by hand; those with the same keys are replaced."""

    type: Literal["rows_changed"] = "rows_changed"
    rows: tuple[Row, ...]


class RowsPut(Happened):
    """Rows were taken out of the book, or put back."""

    type: Literal["rows_put"] = "rows_put"
    rows: tuple[str, ...]
    out: bool


class FaultsAcknowledged(Happened):
    """Somebody read what cannot be taken over, kind by kind, and goes on without."""

    type: Literal["faults_acknowledged"] = "faults_acknowledged"
    kinds: tuple[Fault, ...]


class SharedOut(Happened):
    """It was decided who takes which accounts over, by row; none is for later.

    `candidates` are those who were thought of, where that was asked; `why` says by row why somebody
    was proposed.
    """

    type: Literal["shared_out"] = "shared_out"
    incoming: dict[str, Party | None]
    candidates: tuple[Candidate, ...] | None = None
    why: dict[str, tuple[Why, ...]] = {}


class LeaderAsked(Happened):
    """Whoever prepares the book asks its leader to start it."""

    type: Literal["leader_asked"] = "leader_asked"


class BookBegun(Happened):
    """The book was started. `order` names what is to be carried out, `today` is the calendar day
    where whoever starts it is.
    """

    type: Literal["book_begun"] = "book_begun"
    order: str
    today: date
    tellings: dict[Role, Telling]
    confidential: Confidential | None = None


class BookUndone(Happened):
    """The start was taken back before anybody was told."""

    type: Literal["book_undone"] = "book_undone"
    order: str


class BookDiscarded(Happened):
    """A book that was never started is not wanted any more."""

    type: Literal["book_discarded"] = "book_discarded"


class HoursSaid(Happened):
    """The outgoing CSM says how many hours a working day they have for the handover."""

    type: Literal["hours_said"] = "hours_said"
    hours: float = Field(gt=0, le=12)


class Ordered(Happened):
    """Somebody wants the same thing done with several accounts: `event`, or `each` by row."""

    type: Literal["ordered"] = "ordered"
    order: str
    rows: tuple[str, ...] = Field(min_length=1)
    event: Wanted | None = None
    each: dict[str, Wanted] = {}


class Carried(Happened):
    """An order was carried out; `refused` says by row what did not fit."""

    type: Literal["carried"] = "carried"
    order: str
    refused: dict[str, str] = {}


BookEvent = (
    BookOpened
    | SharedSet
    | SheetGiven
    | RowsRead
    | RowsChanged
    | RowsPut
    | FaultsAcknowledged
    | SharedOut
    | LeaderAsked
    | BookBegun
    | BookUndone
    | BookDiscarded
    | HoursSaid
    | Ordered
    | Carried
)
BOOK_EVENTS: TypeAdapter[BookEvent] = TypeAdapter(Annotated[BookEvent, Field(discriminator="type")])
"""Reads an event back from the journal of a book."""
