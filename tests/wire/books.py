"""Arranges a book on the stage, for what comes after its start."""

from datetime import timedelta
from itertools import count

from bot.desk import Receipt
from bot.sandbox import Person
from flows.books import events as e
from flows.books.book import Shared
from flows.books.rows import Row
from flows.handover import Party, Telling
from flows.terms import Confidential, DateIs, Reason, Role
from tests.wire.stage import Stage

_NUMBERS = count(1)


def prepare_book(
    stage: Stage,
    rows: list[Row],
    reason: Reason = Reason.LOAD_BALANCING,
    day_is: DateIs = DateIs.SWITCH_BY,
    days: int = 25,
    *,
    named: str = "",
    outgoing: Person | None = None,
) -> str:
    """Lena puts a book of Olga's accounts, or somebody else's, together; gives its id."""
    now, lena, book = stage.bot.clock.now(), stage.lena.id, named or f"B{next(_NUMBERS)}"
    giver = outgoing or stage.olga
    shared = Shared(
        outgoing=Party(user=giver.id, name=giver.name),
        reason=reason,
        day=now.date() + timedelta(days=days),
        day_is=day_is,
        leader=lena,
    )
    _does(stage, book, e.BookOpened(at=now, by=lena, id=book, team=stage.slack.team_id))
    _does(stage, book, e.SharedSet(at=now, by=lena, shared=shared))
    _does(stage, book, e.RowsRead(at=now, by=lena, rows=tuple(rows)))
    return book


def begin_book(
    stage: Stage,
    rows: list[Row],
    reason: Reason = Reason.LOAD_BALANCING,
    day_is: DateIs = DateIs.SWITCH_BY,
    days: int = 25,
    *,
    told: dict[Role, Telling] | None = None,
    confidential: Confidential | None = None,
    named: str = "",
) -> str:
    """Lena starts a book of Olga's accounts, and everybody is told at once if not otherwise."""
    book = prepare_book(stage, rows, reason, day_is, days, named=named)
    now = stage.bot.clock.now()
    begun = e.BookBegun(
        at=now,
        by=stage.lena.id,
        order="begin",
        today=now.date(),
        tellings=told or {Role.OUTGOING: Telling(), Role.INCOMING: Telling()},
        confidential=confidential,
    )
    _does(stage, book, begun)
    stage.bot.books.carry(stage.slack.team_id, book)
    return book


def _does(stage: Stage, book: str, event: e.BookEvent) -> None:
    receipt = Receipt(stage.slack.team_id, f"{book}-{event.type}")
    if isinstance(event, e.BookOpened):
        stage.bot.books.open(receipt, event)
    else:
        stage.bot.books.record(receipt, book, event)
