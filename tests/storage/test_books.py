"""Orders of a book on a real database: each account once, whoever carries them and dies."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select

from bot.books.desk import Books
from bot.crash import set_crash
from bot.desk import Desk, Receipt
from bot.playbooks import Playbooks, playbook_text
from flows.books import events as e
from flows.books.book import Book, BookStage, handover_of, to_carry
from flows.books.rows import Row
from flows.events import Accepted, HandoverPaused
from flows.handover import Acceptance, Handover, Stage, Telling, When
from flows.happened import Happened
from flows.saying import Kind
from flows.tasks import Todo
from flows.terms import Role
from storage import books as stored_books
from storage import handovers, tasks
from storage.engine import Database
from storage.moments import to_stored
from storage.outbox import Job
from storage.tables import outbox
from tests.audit.faults import faults
from tests.clocks import HandClock
from tests.flows.books import made_row, made_shared
from tests.flows.make import IVAN, LENA, OLGA, TOLD, party

TEAM = "T1"


def forget_jobs(jobs: Iterable[Job], *, marked: bool) -> None:
    """Nothing is delivered here."""


class Shelf:
    """A desk with books, and what Lena does with one."""

    def __init__(self, url: str) -> None:
        self.database, numbers = Database(url), count(1)
        self.clock = HandClock()
        make: Callable[[], str] = lambda: f"{next(numbers):020}"  # noqa: E731
        playbooks = Playbooks(playbook_text(None))
        self.desk = Desk(self.database, playbooks, self.clock, make, forget_jobs)
        self.books = Books(self.desk, make, forget_jobs)
        self.numbers = count(1)

    def does(self, kind: type[Happened], by: str = LENA, /, **fields: object) -> Book:
        event: Any = kind.model_validate({"at": self.clock.now(), "by": by} | fields)
        receipt = Receipt(TEAM, f"act-{next(self.numbers)}")
        if isinstance(event, e.BookOpened):
            return self.books.open(receipt, event)
        return self.books.record(receipt, "B1", event)

    def prepared(self, rows: Iterable[Row]) -> Book:
        self.does(e.BookOpened, id="B1", team=TEAM)
        # Nobody is told in the past: the start reads the clock of the test.
        self.does(e.SharedSet, shared=made_shared(day=self.clock.now().date().replace(year=2027)))
        return self.does(e.RowsRead, rows=tuple(rows))

    def begun(self, rows: Iterable[Row], tellings: dict[Role, Telling] | None = None) -> Book:
        self.prepared(rows)
        today = self.clock.now().date()
        return self.does(e.BookBegun, order="O1", today=today, tellings=tellings or TOLD)

    def said(self) -> list[tuple[str, str]]:
        with self.database.read() as connection:
            rows = connection.execute(select(outbox.c.kind, outbox.c.person))
            return sorted((row[0], row[1]) for row in rows)

    def accounts(self) -> dict[str, Stage]:
        return {h.account: h.stage for h in self.handovers()}

    def handovers(self) -> list[Handover]:
        with self.database.read() as connection:
            return handovers.of_book(connection, TEAM, "B1")


@pytest.fixture
def shelf(database_url: str) -> Iterator[Shelf]:
    shelf = Shelf(database_url)
    yield shelf
    shelf.database.close()


def rows(many: int) -> list[Row]:
    return [made_row(number, incoming=party(OLGA)) for number in range(1, many + 1)]


def test_a_start_takes_every_account_and_gives_each_person_one_message(shelf: Shelf) -> None:
    shelf.begun(rows(5))
    shelf.books.carry(TEAM, "B1")
    assert list(shelf.accounts().values()) == [Stage.IN_FLIGHT] * 5
    assert shelf.said() == [
        (Kind.BOOK_CARD, IVAN),
        (Kind.BOOK_NOTICE, LENA),
        (Kind.BOOK_OFFER, OLGA),
    ]
    assert to_carry(shelf.books.find(TEAM, "B1")) is None


@pytest.mark.parametrize("dies_after", [1, 3, 5])
def test_who_dies_in_the_middle_leaves_the_rest_to_the_next_tick(
    shelf: Shelf, dies_after: int
) -> None:
    shelf.begun(rows(5))

    def die() -> None:
        raise SystemExit

    set_crash(f"book.carried_row:{dies_after}", die)
    with pytest.raises(SystemExit):
        shelf.books.carry(TEAM, "B1")
    set_crash("")
    assert len(shelf.accounts()) == dies_after
    shelf.books.sweep()
    assert len(shelf.accounts()) == 5
    assert len(shelf.said()) == 3
    with shelf.database.read() as connection:
        assert stored_books.pending(connection) == []
    assert faults(shelf.database) == []


def test_two_replicas_that_carry_the_same_order_do_each_thing_once(shelf: Shelf) -> None:
    shelf.begun(rows(6))
    with ThreadPoolExecutor(2) as both:
        for done in [both.submit(shelf.books.carry, TEAM, "B1") for _ in range(2)]:
            done.result()
    assert len(shelf.accounts()) == 6
    assert len(shelf.said()) == 3


def test_one_order_is_an_act_of_its_giver_on_every_account(shelf: Shelf) -> None:
    shelf.begun(rows(3))
    shelf.books.carry(TEAM, "B1")
    now = shelf.clock.now()
    accept = Accepted(at=now, by=OLGA)
    shelf.does(e.Ordered, OLGA, order="O2", rows=("1", "2", "3"), event=accept)
    shelf.books.carry(TEAM, "B1")
    found = shelf.handovers()
    assert {h.acceptance for h in found} == {Acceptance.ACCEPTED}


def test_what_is_owed_on_a_book_names_its_owners_and_what_only_leaders_may_know(
    shelf: Shelf,
) -> None:
    shelf.begun(rows(2))
    shelf.books.carry(TEAM, "B1")
    with shelf.database.read() as connection:
        found = tasks.of_book(connection, TEAM, "B1")
        assert tasks.of_book(connection, "T2", "B1") == tasks.of_book(connection, TEAM, "B2") == []
    assert [task.due for task in found] == sorted(task.due for task in found)
    accepts = [task for task in found if task.todo == Todo.ACCEPT]
    assert [(task.account, task.owner, task.close) for task in accepts] == [
        ("Account 1", OLGA, False),
        ("Account 2", OLGA, False),
    ]
    assert {task.owner for task in found if task.close} == {LENA}


def test_what_somebody_may_not_do_is_refused_account_by_account(shelf: Shelf) -> None:
    shelf.begun(rows(2))
    shelf.books.carry(TEAM, "B1")
    with shelf.database.read() as connection:
        assert handovers.load(connection, TEAM, handover_of("B1", "1")) is not None
    pause = HandoverPaused.model_validate(
        {"at": shelf.clock.now(), "by": OLGA, "why": "x", "until": "2027-01-04"}
    )
    shelf.does(e.Ordered, OLGA, order="O2", rows=("1", "2"), event=pause)
    shelf.books.carry(TEAM, "B1")
    order = shelf.books.find(TEAM, "B1").orders[-1]
    assert order.carried
    assert order.refused == {"1": "not_yours", "2": "not_yours"}


def test_an_undone_start_leaves_nothing_and_was_told_to_nobody_but_its_leader(shelf: Shelf) -> None:
    never = Telling(when=When.NEVER)
    shelf.begun(rows(3), {Role.OUTGOING: never, Role.INCOMING: never})
    shelf.books.carry(TEAM, "B1")
    shelf.does(e.BookUndone, order="O2")
    shelf.books.carry(TEAM, "B1")
    assert set(shelf.accounts().values()) == {Stage.DISCARDED}
    assert shelf.said() == [(Kind.BOOK_NOTICE, LENA)]
    assert shelf.books.find(TEAM, "B1").stage is BookStage.UNDONE


def test_who_is_told_later_hears_of_all_accounts_at_once(shelf: Shelf) -> None:
    soon = Telling(when=When.LATER, at=shelf.clock.now() + timedelta(minutes=2))
    shelf.begun(rows(20), {Role.OUTGOING: soon, Role.INCOMING: soon})
    shelf.books.carry(TEAM, "B1")
    assert shelf.said() == [(Kind.BOOK_NOTICE, LENA)]
    shelf.clock.advance(121)
    with shelf.database.read() as connection:
        due = handovers.due(connection, to_stored(shelf.clock.now()))
    assert len(due) == 20
    for _, team, handover in due:
        shelf.desk.pass_time(team, handover)
    assert shelf.said() == [
        (Kind.BOOK_CARD, IVAN),
        (Kind.BOOK_NOTICE, LENA),
        (Kind.BOOK_OFFER, OLGA),
    ]


def test_accounts_under_way_are_found_however_they_are_typed(shelf: Shelf) -> None:
    shelf.begun(rows(3))
    shelf.books.carry(TEAM, "B1")
    with shelf.database.read() as connection:
        typed = ["ACCOUNT  1", "Account 3", "Account 9", *(f"Other {n}" for n in range(500))]
        found = list(handovers.in_flight_of(connection, TEAM, typed))
        assert sorted(one.account for one in found) == ["Account 1", "Account 3"]
        assert not list(handovers.in_flight_of(connection, "T2", typed))
