"""A book of as many accounts as one holds: its list read, checked and shown, and all of it started.

On both databases, with everything a start writes; what is said of it is not sent here.
"""

import time
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path

from bot.books.desk import Books
from bot.desk import Desk, Receipt
from bot.imports.sheet import read_sheet
from bot.playbooks import Playbooks, playbook_text
from bot.views.books.intake import accounts_view
from bot.views.slack_text import from_form
from flows.account_names import account_key
from flows.books import events as e
from flows.books.book import to_carry
from flows.books.intake import Reader, looked_up, rows_of, with_columns
from flows.books.rows import MOST_ROWS
from flows.known.namesakes import Directory
from storage import handovers
from storage.engine import Database
from storage.outbox import Job
from tests.bench.clicks import still
from tests.bench.figures import Figure
from tests.clocks import HandClock
from tests.databases import Postgresql, Sqlite, postgresql_server
from tests.flows.books import made_shared
from tests.flows.make import IVAN, LENA, TOLD, party

_TEAM, _CSMS, _COLLEAGUES = "T1", 12, 2_000
_READ_GOAL, _START_GOAL = 2.0, 10.0
_NOTE = "They use it in three teams, and the one in Porto grows. " * 4


def figures(folder: Path) -> Iterator[Figure]:
    """How long a full book takes."""
    place = folder / "sqlite"
    place.mkdir()
    yield from _on(Sqlite(folder).make(place), "SQLite")
    with postgresql_server("bench") as server:
        databases = Postgresql(server)
        with databases.make() as url:
            yield from _on(url, "PostgreSQL")
        databases.close()


def _on(url: str, where: str) -> Iterator[Figure]:
    database, numbers = Database(url), count(1)
    clock = HandClock()

    def new_id() -> str:
        return f"{next(numbers):020}"

    def forget(jobs: Iterable[Job], *, marked: bool) -> None:
        """Nothing is delivered here."""

    desk = Desk(database, Playbooks(playbook_text(None)), clock, new_id, forget)
    books = Books(desk, new_id, forget)
    now, today = clock.now(), clock.now().date()

    def does(event: e.BookEvent) -> None:
        books.record(Receipt(_TEAM, new_id()), "B1", event)

    books.open(Receipt(_TEAM, "open"), e.BookOpened(at=now, by=LENA, id="B1", team=_TEAM))
    shared = made_shared(day=today.replace(year=today.year + 1, month=6, day=1))
    does(e.SharedSet(at=now, by=LENA, shared=shared))
    content = _list()
    still()
    began = time.perf_counter()
    _read(desk, books, content)
    read = time.perf_counter() - began
    yield Figure(
        f"a CSV of {MOST_ROWS} accounts read, checked and shown, {where}",
        f"≤ {_READ_GOAL:.0f} s",
        f"{read:.2f} s",
        read <= _READ_GOAL,
        {"KB": len(content) // 1024},
    )
    does(e.BookBegun(at=now, by=LENA, order="begin", today=today, tellings=TOLD))
    still()
    began = time.perf_counter()
    books.carry(_TEAM, "B1")
    started = time.perf_counter() - began
    with database.read() as connection:
        whole = len(handovers.of_book(connection, _TEAM, "B1")) == MOST_ROWS
    yield Figure(
        f"a book of {MOST_ROWS} accounts started, {where}",
        f"≤ {_START_GOAL:.0f} s",
        f"{started:.1f} s",
        started <= _START_GOAL and whole and to_carry(books.find(_TEAM, "B1")) is None,
        {"ms each": round(started / MOST_ROWS * 1000, 1)},
    )
    database.close()


def _read(desk: Desk, books: Books, content: bytes) -> None:
    """What happens between a file's bytes and its accounts on the screen."""
    sheet = with_columns(read_sheet("list.csv", content), desk.playbooks.current)
    now = desk.clock.now()
    given = e.SheetGiven(at=now, by=LENA, sheet=sheet)
    books.record(Receipt(_TEAM, "given"), "B1", given)
    names = {f"U{at}": f"Person{at} Somebody{at}" for at in range(_COLLEAGUES)}
    people = Directory(names | {IVAN: "Ivan Petrov"})
    rows = rows_of(sheet, Reader(people=people, today=now.date(), stored=from_form))
    with desk.database.read() as connection:
        named = [row.account for row in rows]
        found = handovers.in_flight_of(connection, _TEAM, named)
        under_way = frozenset(account_key(one.account) for one in found)
    seen = looked_up(rows, party(IVAN, "Ivan Petrov"), people, under_way)
    book = books.record(Receipt(_TEAM, "read"), "B1", e.RowsRead(at=now, by=LENA, rows=seen))
    accounts_view(book, lambda user: user)


def _list() -> bytes:
    """A list as a CRM exports it, with two questions answered on each line."""
    lines = ["Account;Segment;New CSM;ARR;Renewal;Owner;CRM link;S1;S3"]
    segments = ("SMB", "Mid-market", "Enterprise")
    for at in range(MOST_ROWS):
        who = f"Person{at % _CSMS} Somebody{at % _CSMS}"
        cells = (
            f"Müller & Söhne {at}",
            segments[at % 3],
            who,
            f"{at + 1},500.00",
            f"2027-0{at % 9 + 1}-15",
            "Petrov, Ivan",
            f"https://crm.example.com/{at}",
            _NOTE,
            _NOTE,
        )
        lines.append(";".join(cells))
    return "\n".join(lines).encode("cp1252")
