"""Books: what happens to one, and its orders, carried out account by account.

An order is one row of a table until it is done. Every account has a transaction of its own with a
receipt made of order and row, so whoever dies in between leaves the rest to the next tick, here or
on another replica, and nothing happens twice.
"""

import logging
from collections.abc import Callable, Iterable

from sqlalchemy import Connection

from bot.crash import crash_point
from bot.desk import Committed, Desk, Receipt
from bot.payloads import key_of
from bot.transactions import written
from flows.books.book import Book, Order, handover_of, to_carry
from flows.books.events import BookEvent, BookOpened, Carried
from flows.books.keeping import advance_book, open_book, started_of
from flows.books.rows import Row
from flows.errors import FlowError
from flows.events import CLOCK
from flows.saying import Post
from storage import books, outbox, posts, receipts
from storage.engine import StorageBusyError
from storage.handovers import Stored
from storage.journal import Line
from storage.moments import to_stored
from storage.outbox import Job
from storage.reading import NewerReleaseError

log = logging.getLogger(__name__)


class Books:
    """Keeps books; `committed` hears of every commit and must not wait."""

    def __init__(self, desk: Desk, new_id: Callable[[], str], committed: Committed) -> None:
        self._desk = desk
        self._new_id = new_id
        self._committed = committed

    def open(self, receipt: Receipt, event: BookOpened) -> Book:
        """A new book. Opened twice by the same delivery it is the same one."""
        with self._desk.database.write() as connection:
            if receipts.take(connection, receipt.team, receipt.key, self._now()):
                books.add(connection, open_book(event), Line(event, self._new_id()))
            found = books.load(connection, event.team, event.id)
        return _there(found).value

    def find(self, team: str, book: str) -> Book:
        """A book as it stands. Raises FlowError `not_found`."""
        with self._desk.database.read() as connection:
            return _there(books.load(connection, team, book)).value

    def record(
        self, receipt: Receipt, book: str, event: BookEvent, says: Iterable[Post] = ()
    ) -> Book:
        """Record what happened to a book, with messages that it asks for. Raises FlowError."""

        def write(connection: Connection) -> tuple[Book, tuple[Job, ...]]:
            before = _there(books.load(connection, receipt.team, book, lock=True))
            if not receipts.take(connection, receipt.team, receipt.key, self._now()):
                return before.value, ()
            after = advance_book(before.value, event)
            if after is before.value:
                return after, ()
            books.save(connection, before, after, Line(event, self._new_id()))
            seq = f"b{after.seq}"
            jobs = outbox.add(connection, receipt.team, book, seq, says, self._now())
            self._refresh(connection, receipt.team, book)
            return after, tuple(jobs)

        after, jobs = written(self._desk.database, write)
        crash_point("book.committed")
        self._committed(jobs, marked=True)
        return after

    def carry(self, team: str, book: str) -> None:
        """Carry out what is ordered for a book, oldest order first. Raises StorageBusyError."""
        while order := to_carry(known := self.find(team, book)):
            refused: dict[str, str] = {}
            by_key = {row.key: row for row in known.rows}
            for key in order.rows:
                if code := self._carry_to(known, order, by_key[key]):
                    refused[key] = code
                crash_point("book.carried_row")
            done = Carried(at=self._desk.clock.now(), by=CLOCK, order=order.id, refused=refused)
            self.record(Receipt(team, key_of("carried", book, order.id)), book, done)

    def sweep(self, got_on: Callable[[], object] = lambda: None) -> None:
        """Go on with every order that somebody left behind; `got_on` is told after each book's.

        Raises StorageBusyError.
        """
        found = self._pending(("", ""))
        while found:
            for team, book in found:
                self._carry_on(team, book)
                got_on()
            found = self._pending(found[-1])

    def _pending(self, after: tuple[str, str]) -> list[tuple[str, str]]:
        with self._desk.database.read() as connection:
            return books.pending(connection, after)

    def _carry_on(self, team: str, book: str) -> None:
        try:
            self.carry(team, book)
        except StorageBusyError:
            raise
        except NewerReleaseError:
            log.info("book %s is left to a newer release", book)
        except Exception:
            log.exception("an order of book %s was not carried out", book)

    def _carry_to(self, book: Book, order: Order, row: Row) -> str:
        """Do to one account what was ordered; the code of what refuses, empty where it is done."""
        receipt = Receipt(book.team, key_of("order", book.id, order.id, row.key))
        now = self._desk.clock.now()
        try:
            if order.begins:
                name = self._desk.playbooks.name
                started = started_of(book, order, row, now, name)
                self._desk.start(receipt, started, order.begins.confidential)
            elif event := order.event_for(row.key, now):
                self._desk.record(receipt, handover_of(book.id, row.key), event)
        except FlowError as error:
            return error.code
        return ""

    def _refresh(self, connection: Connection, team: str, book: str) -> None:
        """Everything that stands about a book is brought up to date when the book changes."""
        posts.mark_all(connection, team, book, self._now())

    def _now(self) -> int:
        return to_stored(self._desk.clock.now())


def _there(found: Stored[Book] | None) -> Stored[Book]:
    if found is None:
        raise FlowError("not_found")
    return found
