"""Scenes of a book for tests: many accounts alike, for one reader."""

from collections.abc import Mapping, Sequence

from bot.views.books.scene import BookScene
from bot.views.rows import Row
from flows.books.book import Book, BookStage, Order, handover_of
from flows.handover import Handover
from flows.happened import Happened
from flows.privacy import as_read_by, may_know
from tests.flows.books import BookStory, made_row
from tests.flows.make import MONDAY, PLAYBOOK, Story
from tests.make import NOW, name_of


def made_handovers(count: int, like: Handover | None = None) -> list[Handover]:
    """So many accounts of one book, each named by its number and otherwise alike."""
    like = like or Story(book="B1").handover
    numbers = range(1, count + 1)
    return [
        like.model_copy(
            update={"id": handover_of("B1", str(n)), "account": f"Account {n}", "book": "B1"}
        )
        for n in numbers
    ]


def book_of(
    handovers: Sequence[Handover],
    *,
    by: str = "",
    event: type[Happened] | None = None,
    refused: Mapping[str, str] | None = None,
) -> Book:
    """The book of some accounts; somebody may have ordered something that is carried out."""
    rows = [made_row(n, account=h.account) for n, h in enumerate(handovers, start=1)]
    book = BookStory(*(rows or [made_row(1)])).book
    orders: tuple[Order, ...] = ()
    if event:
        orders = (
            Order.model_validate(
                {
                    "id": "O2",
                    "by": by,
                    "at": MONDAY,
                    "rows": [row.key for row in rows],
                    "event": event(at=MONDAY, by=by),
                    "refused": refused or {},
                    "carried": True,
                }
            ),
        )
    return book.model_copy(update={"stage": BookStage.STARTED, "orders": orders})


def scene_of_book(
    handovers: Sequence[Handover],
    viewer: str,
    book: Book | None = None,
    *,
    passed_on: tuple[str, ...] = (),
) -> BookScene:
    """A book as somebody sees it."""
    seen = [handover for handover in handovers if may_know(handover, viewer)]
    return BookScene(
        book=book or book_of(handovers),
        rows=tuple(Row(as_read_by(h, PLAYBOOK, viewer), PLAYBOOK) for h in seen),
        playbooks={"p": PLAYBOOK},
        viewer=viewer,
        names=name_of,
        now=NOW,
        others=3,
        passed_on=passed_on,
    )
