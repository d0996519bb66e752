"""Arranges a book on the stage, for what comes after its start."""

from datetime import timedelta
from itertools import count

from bot.desk import Receipt
from flows import book_events as e
from flows.book_rows import Row
from flows.books import Shared
from flows.handover import Party, Telling
from flows.terms import Confidential, DateIs, Reason, Role
from tests.wire.stage import Stage

_NUMBERS = count(1)


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
    books, now, lena = stage.bot.books, stage.bot.clock.now(), stage.lena.id
    team, book = stage.slack.team_id, named or f"B{next(_NUMBERS)}"

    def does(event: e.BookEvent) -> None:
        receipt = Receipt(team, f"{book}-{event.type}")
        if isinstance(event, e.BookOpened):
            books.open(receipt, event)
        else:
            books.record(receipt, book, event)

    olga = Party(user=stage.olga.id, name="Olga")
    shared = Shared(
        outgoing=olga,
        reason=reason,
        day=now.date() + timedelta(days=days),
        day_is=day_is,
        leader=lena,
    )
    does(e.BookOpened(at=now, by=lena, id=book, team=team))
    does(e.SharedSet(at=now, by=lena, shared=shared))
    does(e.RowsRead(at=now, by=lena, rows=tuple(rows)))
    tellings = told or {Role.OUTGOING: Telling(), Role.INCOMING: Telling()}
    whole = {"order": "begin", "today": now.date(), "tellings": tellings}
    does(e.BookBegun(at=now, by=lena, confidential=confidential, **whole))
    books.carry(team, book)
    return book
