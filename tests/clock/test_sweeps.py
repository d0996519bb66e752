"""What is due comes about, whatever stands in its way elsewhere."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import insert, select, update

from bot.custody.retention import Retention
from bot.desk import Desk, Receipt
from bot.playbooks import Playbooks, playbook_text
from bot.sweeps import Sweeps
from flows.handover import Said, Telling, When
from flows.terms import Role
from storage import handovers, strays, tables
from storage.engine import Database
from storage.moments import to_stored
from storage.outbox import Job
from tests.clocks import HandClock
from tests.make import NOW, make_started

HOUR = timedelta(hours=1)


def forget_jobs(jobs: Iterable[Job], *, marked: bool) -> None:
    """Nothing is delivered here."""


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    database, numbers = Database(database_url), count(1)
    books = Playbooks(playbook_text(None))
    yield Desk(database, books, HandClock(NOW), lambda: f"{next(numbers):020}", forget_jobs)
    database.close()


def prepare(desk: Desk, handover: str, hours: int) -> None:
    """A handover of which the incoming CSM is told so many hours later."""
    later = Telling(when=When.LATER, at=NOW + hours * HOUR)
    tellings = {Role.OUTGOING: Telling(), Role.INCOMING: later}
    playbook = desk.playbooks.name
    event = make_started(id=handover, account=handover, playbook=playbook, tellings=tellings)
    desk.start(Receipt("T1", f"start-{handover}"), event, None)


def is_told(desk: Desk, handover: str) -> bool:
    with desk.database.read() as connection:
        stored = handovers.load(connection, "T1", handover)
    return bool(stored and stored.value.tellings[Role.INCOMING].told_at)


def test_whatever_comes_about_shows_that_the_sweep_gets_on(desk: Desk) -> None:
    """Of a whole morning's it takes long, and must not be taken for one that hangs."""
    for hours, handover in enumerate(("H1", "H2", "H3"), start=1):
        prepare(desk, handover, hours)
    assert isinstance(desk.clock, HandClock)
    desk.clock.advance(2 * HOUR.total_seconds())
    told: list[tuple[bool, ...]] = []
    told_of = ("H1", "H2", "H3")
    Sweeps(desk).due(lambda: told.append(tuple(is_told(desk, one) for one in told_of)))
    assert told == [(True, False, False), (True, True, False)]


def test_a_damaged_document_holds_up_no_other(desk: Desk) -> None:
    for hours, handover in enumerate(("H1", "H2", "H3"), start=1):
        prepare(desk, handover, hours)
    with desk.database.write() as connection:
        row = tables.handovers
        connection.execute(update(row).where(row.c.id == "H1").values(document="{}"))
    assert isinstance(desk.clock, HandClock)
    desk.clock.advance(2 * HOUR.total_seconds())
    Sweeps(desk).due()
    assert (is_told(desk, "H2"), is_told(desk, "H3")) == (True, False)


def test_however_many_cannot_be_read_what_is_due_behind_them_comes_about(desk: Desk) -> None:
    """More than are looked at in a piece: each stays due, and is passed by."""
    prepare(desk, "H1", 1)
    row = tables.handovers
    with desk.database.write() as connection:
        (good,) = connection.execute(select(row)).mappings()
        broken = dict(good) | {"document": "{}", "account_key": "x", "due_at": good["due_at"] - 1}
        connection.execute(insert(row), [broken | {"id": f"H0-{n}"} for n in range(120)])
    assert isinstance(desk.clock, HandClock)
    desk.clock.advance(HOUR.total_seconds())
    Sweeps(desk).due()
    assert is_told(desk, "H1")
    with desk.database.read() as connection:
        left = handovers.due(connection, to_stored(desk.clock.now()), most=1000)
    assert {one.handover for one in left} == {f"H0-{n}" for n in range(120)}


def test_a_reply_that_found_its_place_is_forgotten(desk: Desk) -> None:
    replies = ("1.000001", "1.000002")
    with desk.database.write() as connection:
        for ts in replies:
            said = Said(source=ts, text="They left")
            strays.keep(connection, "T1", "D1", "U1", said, to_stored(NOW - timedelta(days=8)))
        strays.file(connection, "T1", "D1", replies[0], "H1")
    Retention(desk.database, desk.clock).tidy()
    with desk.database.read() as connection:
        left = connection.execute(select(tables.strays.c.ts)).scalars().all()
    assert left == [replies[1]]
