"""The only place where a book changes."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

from flows.books import events as e
from flows.books.book import (
    Beginning,
    Book,
    BookStage,
    Order,
    Shared,
    book_parts,
    can_be_taken,
    handover_of,
    may_prepare,
    started_rows,
    unacknowledged,
)
from flows.books.intake import notes_known
from flows.books.rows import MOST_ROWS, Row, faults
from flows.books.sharing_out import Sharing
from flows.errors import FlowError, FormError
from flows.events import Started, StartUndone, Told
from flows.frozen import Moment
from flows.handover import Party, Telling, When
from flows.staffing.joining import day_faults, people_faults
from flows.who_may import Do, granted

UNDO_TAKES = timedelta(seconds=20)
"""How long before somebody is told a start is no longer taken back: every account has its turn."""


def open_book(event: e.BookOpened) -> Book:
    """A new book, seen by whoever makes it alone."""
    return Book(id=event.id, team=event.team, created_by=event.by, created_at=event.at, seq=1)


def advance_book(book: Book, event: e.BookEvent) -> Book:
    """What an event makes of a book; the very same where it changes nothing.

    Raises FlowError: `not_found` for whoever may not know of it, else the rule that refuses.
    """
    if not _may(book, event):
        raise FlowError("not_found")
    after = _HANDLERS[type(event)](book, event)
    return book if after == book else after.model_copy(update={"seq": book.seq + 1})


def started_of(book: Book, order: Order, row: Row, at: Moment, playbook: str) -> Started:
    """The start of one account of a book, as an act of whoever started the book.

    Raises FlowError `no_segment` for a row that should never have been ordered.
    """
    shared, begins = book.shared, order.begins
    if shared is None or begins is None or row.segment is None:
        raise FlowError("no_segment")
    return Started(
        at=at,
        by=order.by,
        id=handover_of(book.id, row.key),
        team=book.team,
        playbook=playbook,
        book=book.id,
        tellings=begins.tellings,
        today=begins.today,
        account=row.account,
        segment=row.segment,
        incoming=row.incoming,
        arr=row.arr,
        renewal=row.renewal,
        crm_link=row.crm_link,
        known=notes_known(row),
        **shared.model_dump(),
    )


def can_be_undone(book: Book, now: Moment) -> bool:
    """Whether nobody was told of a started book, nor will be while its start is taken back."""
    begun = book.begun
    if book.stage is not BookStage.STARTED or begun is None or begun.begins is None:
        return False
    if any(isinstance(order.event, Told) for order in book.orders):
        return False
    return not any(_is_near(telling, now) for telling in begun.begins.tellings.values())


def _may(book: Book, event: e.BookEvent) -> bool:
    """Before the start whoever prepares it, and nobody else. Who orders something afterwards was
    found to know of one of its accounts, and each account judges it again.
    """
    do = BOOK_RIGHTS.get(type(event))
    if do is None or (book.stage is BookStage.DISCARDED and do is not Do.TIME):
        return False
    if do is Do.TIME:
        return granted(do, book_parts(book, event.by))
    if book.stage is BookStage.PREPARING:
        return may_prepare(book, event.by)
    if isinstance(event, e.Ordered | e.BookBegun):
        return True
    return do is not Do.BOOK and granted(do, book_parts(book, event.by))


def _preparing(book: Book) -> None:
    if book.stage is not BookStage.PREPARING:
        raise FlowError("already_started")


def _shared_set(book: Book, event: e.SharedSet) -> Book:
    _preparing(book)
    shared = event.shared
    if found := list(people_faults(shared.outgoing, None, shared.leader, shared.backup)):
        raise FormError(found)
    return book.model_copy(update={"shared": shared})


def _sheet_given(book: Book, event: e.SheetGiven) -> Book:
    """The newest list counts; it is done with once rows were read."""
    _preparing(book)
    return book.model_copy(update={"sheet": event.sheet})


def _rows_read(book: Book, event: e.RowsRead) -> Book:
    """Rows get the next free keys, so that a key is never another account's later."""
    _preparing(book)
    kept = () if event.instead else book.rows
    if len(kept) + len(event.rows) > MOST_ROWS:
        raise FlowError("too_many_rows")
    after = max((int(row.key) for row in book.rows), default=0) + 1
    new = (
        row.model_copy(update={"key": str(number)})
        for number, row in enumerate(event.rows, start=after)
    )
    return _with_rows(book, (*kept, *new)).model_copy(update={"sheet": None})


def _rows_changed(book: Book, event: e.RowsChanged) -> Book:
    _preparing(book)
    changed = {row.key: row for row in event.rows}
    _known(book, changed)
    return _with_rows(book, (changed.get(row.key, row) for row in book.rows))


def _rows_put(book: Book, event: e.RowsPut) -> Book:
    _preparing(book)
    _known(book, event.rows)
    put = frozenset(event.rows)
    rows = (r.model_copy(update={"out": event.out}) if r.key in put else r for r in book.rows)
    return _with_rows(book, rows)


def _acknowledged(book: Book, event: e.FaultsAcknowledged) -> Book:
    _preparing(book)
    standing = faults(book.rows, book.outgoing)
    read = {kind: frozenset(row.key for row in standing.get(kind, ())) for kind in event.kinds}
    return book.model_copy(update={"acknowledged": book.acknowledged | read})


def _shared_out(book: Book, event: e.SharedOut) -> Book:
    _preparing(book)
    _known(book, event.incoming)
    _check_incoming(book.shared, event.incoming.values())
    rows = (
        row.model_copy(update={"incoming": event.incoming[row.key], "incoming_typed": ""})
        if row.key in event.incoming
        else row
        for row in book.rows
    )
    known = book.sharing
    why = {row: why for row, why in known.why.items() if row not in event.incoming}
    thought_of = known.candidates if event.candidates is None else event.candidates
    sharing = Sharing(candidates=thought_of, why=why | event.why)
    return _with_rows(book, rows).model_copy(update={"sharing": sharing})


def _leader_asked(book: Book, _event: e.LeaderAsked) -> Book:
    _preparing(book)
    if book.shared is None:
        raise FlowError("no_shared")
    return book.model_copy(update={"shown_to_leader": True})


def _begun(book: Book, event: e.BookBegun) -> Book:
    """What is proposed for a book is approved by starting it, so none of its CSMs does.

    Raises FlowError `no_shared`, `no_rows`, `leader_starts`, `faults_unread`, FormError for people
    and date.
    """
    if book.begun and book.begun.id == event.order:
        return book
    _preparing(book)
    shared = book.shared
    if shared is None:
        raise FlowError("no_shared")
    rows = can_be_taken(book)
    if not rows:
        raise FlowError("no_rows")
    if event.by in {shared.outgoing.user, *(r.incoming.user for r in rows if r.incoming)}:
        raise FlowError("leader_starts")
    if unacknowledged(book):
        raise FlowError("faults_unread")
    _check_incoming(shared, (row.incoming for row in rows))
    if found := list(day_faults(shared.day, shared.day_is, event.today)):
        raise FormError(found)
    begins = Beginning(today=event.today, tellings=event.tellings, confidential=event.confidential)
    keys = tuple(row.key for row in rows)
    order = Order(id=event.order, by=event.by, at=event.at, rows=keys, begins=begins)
    return book.model_copy(update={"stage": BookStage.STARTED, "orders": (order,)})


def _undone(book: Book, event: e.BookUndone) -> Book:
    """Raises FlowError `already_told` once anybody was told, `not_started`."""
    begun = book.begun
    if book.stage is BookStage.UNDONE:
        return book
    if begun is None or begun.begins is None:
        raise FlowError("not_started")
    if not can_be_undone(book, event.at):
        raise FlowError("already_told")
    rows = tuple(row.key for row in started_rows(book))
    undo = StartUndone(at=event.at, by=event.by)
    order = Order(id=event.order, by=event.by, at=event.at, rows=rows or begun.rows, event=undo)
    orders = (*book.orders, order)
    return book.model_copy(update={"stage": BookStage.UNDONE, "orders": orders})


def _discarded(book: Book, _event: e.BookDiscarded) -> Book:
    _preparing(book)
    return book.model_copy(update={"stage": BookStage.DISCARDED})


def _hours_said(book: Book, event: e.HoursSaid) -> Book:
    return book.model_copy(update={"hours_a_day": event.hours})


def _ordered(book: Book, event: e.Ordered) -> Book:
    """The same order again is silent. Raises FlowError `not_started`, `not_found`."""
    if any(order.id == event.order for order in book.orders):
        return book
    if book.stage is not BookStage.STARTED:
        raise FlowError("not_started")
    _known(book, event.rows)
    order = Order(
        id=event.order,
        by=event.by,
        at=event.at,
        rows=event.rows,
        event=event.event,
        each=event.each,
    )
    return book.model_copy(update={"orders": (*book.orders, order)})


def _carried(book: Book, event: e.Carried) -> Book:
    """What a confidential reason was for is done: each vault has it, so the book forgets it."""

    def after(order: Order) -> Order:
        if order.id != event.order or order.carried:
            return order
        begins = order.begins and order.begins.model_copy(update={"confidential": None})
        done = {"carried": True, "refused": event.refused, "begins": begins}
        return order.model_copy(update=done)

    return book.model_copy(update={"orders": tuple(after(order) for order in book.orders)})


def _is_near(telling: Telling, now: Moment) -> bool:
    soon = now + UNDO_TAKES
    return telling.when is When.NOW or (telling.at is not None and telling.at <= soon)


def _check_incoming(shared: Shared | None, incoming: Iterable[Party | None]) -> None:
    """Raises FormError where somebody cannot take over because of what they are in the book."""
    if shared is None:
        return
    for party in {party.key: party for party in incoming if party}.values():
        found = list(people_faults(shared.outgoing, party, shared.leader, shared.backup))
        if found:
            raise FormError(found)


def _known(book: Book, keys: Iterable[str]) -> None:
    if not set(keys) <= {row.key for row in book.rows}:
        raise FlowError("not_found")


def _with_rows(book: Book, rows: Iterable[Row]) -> Book:
    return book.model_copy(update={"rows": tuple(rows)})


_HANDLERS: Mapping[type[e.BookEvent], Callable[[Book, Any], Book]] = {
    e.SharedSet: _shared_set,
    e.SheetGiven: _sheet_given,
    e.RowsRead: _rows_read,
    e.RowsChanged: _rows_changed,
    e.RowsPut: _rows_put,
    e.FaultsAcknowledged: _acknowledged,
    e.SharedOut: _shared_out,
    e.LeaderAsked: _leader_asked,
    e.BookBegun: _begun,
    e.BookUndone: _undone,
    e.BookDiscarded: _discarded,
    e.HoursSaid: _hours_said,
    e.Ordered: _ordered,
    e.Carried: _carried,
}

BOOK_RIGHTS: Mapping[type[e.BookEvent], Do] = {
    e.BookOpened: Do.START,
    e.SharedSet: Do.BOOK,
    e.SheetGiven: Do.BOOK,
    e.RowsRead: Do.BOOK,
    e.RowsChanged: Do.BOOK,
    e.RowsPut: Do.BOOK,
    e.FaultsAcknowledged: Do.BOOK,
    e.SharedOut: Do.BOOK,
    e.LeaderAsked: Do.BOOK,
    e.BookBegun: Do.BOOK,
    e.BookUndone: Do.UNDO,
    e.BookDiscarded: Do.BOOK,
    e.HoursSaid: Do.HOURS,
    e.Ordered: Do.ORDER,
    e.Carried: Do.TIME,
}
"""The row of each event in the table of rights."""
