"""Much is verified, exported and searched for a person in little memory; figures are printed."""

import time
import tracemalloc
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Table, insert, select

from bot.custody.exporting import exported
from bot.custody.forgetting import forget_person
from storage import journal, tables
from storage.auditing import Seen, verify
from storage.engine import Database
from storage.journal import FIRST_LINK, HANDOVER, Line
from tests.make import OLGA, make_started
from tests.storage.test_books import TEAM, Shelf, rows

HANDOVERS, LINES = 10_000, 10
MOST_BYTES = 40_000_000


@pytest.fixture
def full(database_url: str) -> Iterator[Shelf]:
    """Ten thousand handovers with ten lines each, copies of a real one."""
    shelf = Shelf(database_url)
    shelf.begun(rows(1))
    shelf.books.carry(TEAM, "B1")
    with shelf.database.read() as connection:
        (model,) = connection.execute(select(tables.handovers)).mappings()
    made: dict[Table, list[dict[str, object]]] = {tables.handovers: [], tables.journal: []}
    for number in range(HANDOVERS):
        name, link = f"{model['id']}-{number}", FIRST_LINK
        document = str(model["document"]).replace(str(model["id"]), name)
        for seq in range(1, LINES + 1):
            line = Line(make_started(id=name, by=OLGA), f"salt-{number}-{seq}")
            told = journal.written(HANDOVER, TEAM, name, seq, link, line, document)
            link = str(told["chain"])
            made[tables.journal].append({**told})
        changed = {"id": name, "document": document, "chain": link, "version": LINES}
        made[tables.handovers].append(dict(model) | changed)
    for table, new in made.items():
        for start in range(0, len(new), 1000):
            with shelf.database.write() as connection:
                connection.execute(insert(table), new[start : start + 1000])
    yield shelf
    shelf.database.close()


def measured(what: str, do: Callable[[], object]) -> None:
    tracemalloc.start()
    do()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    began = time.perf_counter()
    do()
    print(f"{what}: {time.perf_counter() - began:.1f} s, {peak / 1e6:.1f} MB")  # noqa: T201
    assert peak < MOST_BYTES


def verified(database: Database) -> None:
    seen = Seen()
    assert list(verify(database, seen)) == []
    assert seen.lines > HANDOVERS * LINES


def taken(database: Database) -> None:
    assert sum(1 for _ in exported(database, TEAM, "", "operator", with_vault=True)) > HANDOVERS


@pytest.mark.campaign
@pytest.mark.timeout(1800)
def test_a_hundred_thousand_lines(full: Shelf) -> None:
    measured("verify 100,000 lines", lambda: verified(full.database))
    measured("export 10,000 handovers", lambda: taken(full.database))
    began = time.perf_counter()
    forget_person(full.desk, TEAM, OLGA, (), "operator")
    print(f"forget a person of 10,000 handovers: {time.perf_counter() - began:.0f} s")  # noqa: T201
    verified(full.database)
