"""Many leaders press at the same moment: one decision each, and every table says the same."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier

import pytest

from bot.desk import Desk, Receipt
from bot.playbooks import Playbooks, playbook_text
from flows.events import PiecesApproved
from flows.handover import Handover
from flows.schedule.timeline import message_approved
from flows.texts.pieces import pending
from storage import handovers, journal
from storage.engine import Database
from storage.journal import Line
from storage.outbox import Job
from tests.audit.faults import faults
from tests.clocks import HandClock
from tests.flows.make import BORIS, LENA, made_start
from tests.flows.test_letters import asked

CLICKERS = (LENA, BORIS, LENA, BORIS)


def forget_jobs(jobs: Iterable[Job], *, marked: bool) -> None:
    """Nothing is delivered here."""


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    database, numbers = Database(database_url), count(1)
    books = Playbooks(playbook_text(None))
    yield Desk(database, books, HandClock(), lambda: f"{next(numbers):020}", forget_jobs)
    database.close()


def waiting(desk: Desk, many: int) -> list[Handover]:
    """So many handovers whose texts wait for a leader's word."""
    ready, playbook = asked().handover, desk.playbooks.current
    found = [
        ready.model_copy(update={"id": f"H{number}", "playbook": desk.playbooks.name})
        for number in range(many)
    ]
    with desk.database.write() as connection:
        desk.playbooks.keep(connection, ready.team)
        for handover in found:
            line = Line(made_start(id=handover.id), desk.new_id())
            handovers.add(connection, handover, playbook, line)
    return found


def all_press(desk: Desk, handover: Handover, clickers: ThreadPoolExecutor) -> list[bool]:
    """Both leaders press Approve all twice, all four at the same moment; who changed something."""
    together = Barrier(len(CLICKERS))

    def press(number: int) -> bool:
        together.wait()
        by, at = CLICKERS[number], desk.clock.now()
        event = PiecesApproved(at=at, by=by, pieces=pending(handover))
        receipt = Receipt(handover.team, f"{handover.id}-{by}-{number}")
        return desk.record(receipt, handover.id, event).changed

    return list(clickers.map(press, range(len(CLICKERS))))


@pytest.mark.parametrize("many", [40, pytest.param(300, marks=pytest.mark.campaign)])
def test_each_approval_is_decided_once_however_many_press(desk: Desk, many: int) -> None:
    everything = waiting(desk, many)
    with ThreadPoolExecutor(len(CLICKERS)) as clickers:
        for handover in everything:
            assert sum(all_press(desk, handover, clickers)) == 1
    assert faults(desk.database) == []
    with desk.database.read() as connection:
        for handover in everything:
            stored = handovers.load(connection, handover.team, handover.id)
            events = journal.events_of(connection, handover.team, handover.id)
            assert sum(event.type == "pieces_approved" for event in events) == 1
            assert stored
            assert message_approved(stored.value)
            deciders = {
                v[-1].approved.by for v in stored.value.letters.drafts.values() if v[-1].approved
            }
            assert len(deciders) == 1
