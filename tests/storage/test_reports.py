"""What reports and lessons are read from, on both databases."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from flows.end.endings import Ended, Ending, Visit
from flows.end.endings import Gap as Missing
from flows.handover import Handover, Stage
from flows.reports.lessons import Gap
from flows.tasks import Task, Todo
from flows.terms import Role, Segment
from storage import gaps, handovers, reports, tasks
from storage.engine import Database
from storage.journal import HANDOVER, VAULT
from storage.moments import to_stored
from storage.prepared import together
from tests.make import KIM, LENA, NOW, OLGA
from tests.storage.test_handovers import ID, TEAM, begin, change_journal

TODAY = NOW.date()
AT = to_stored(NOW)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    begin(opened)
    yield opened
    opened.close()


def owes(database: Database, aggregate: str, *dues: date) -> None:
    owed = [
        Task(key=f"{aggregate}:{number}", owner=OLGA, todo=Todo.ANSWER_QUESTIONS, due=due)
        for number, due in enumerate(dues)
    ]
    with database.write() as connection, together(connection) as block:
        tasks.sync(block, TEAM, ID, aggregate, owed, AT)


def touched(database: Database, person: str, since: int, team: str = TEAM) -> list[str]:
    with database.read() as connection:
        return [handover.id for handover in reports.touched(connection, team, person, since)]


def followed_up(handover: Handover, *missing: str) -> Handover:
    """Complete, announced to both CSMs, and something was missing."""
    found = tuple(Missing(question=key) for key in missing)
    visit = Visit(key="follow_up", by=LENA, at=NOW, explained_again=True, gaps=found)
    ending = Ending(completed=Ended(by=LENA, at=NOW), visits=(visit,))
    assert {Role.OUTGOING, Role.INCOMING} <= set(handover.tellings)
    return handover.model_copy(update={"ending": ending, "stage": Stage.COMPLETE})


def test_a_report_reads_what_is_under_way_or_changed_since(database: Database) -> None:
    assert touched(database, LENA, AT + 1) == [ID]
    change_journal(database, "UPDATE handovers SET stage = 'complete'")
    assert touched(database, LENA, AT) == [ID]
    assert touched(database, LENA, AT + 1) == []


def test_a_report_reads_only_what_somebody_has_a_part_in(database: Database) -> None:
    assert touched(database, KIM, 0) == []
    assert touched(database, LENA, 0, team="T2") == []


def test_late_tasks_are_counted_but_not_what_only_leaders_know(database: Database) -> None:
    days = (timedelta(days=-2), timedelta(days=-1), timedelta(), timedelta(days=1))
    owes(database, HANDOVER, *(TODAY + day for day in days))
    owes(database, VAULT, TODAY - timedelta(days=9))
    with database.read() as connection:
        assert reports.late(connection, TEAM, LENA, TODAY) == {ID: 2}
        assert reports.late(connection, TEAM, KIM, TODAY) == {}


def test_gaps_follow_what_follow_ups_say(database: Database) -> None:
    with database.write() as connection:
        stored = handovers.load(connection, TEAM, ID)
        assert stored is not None
        before = stored.value
        one, two = followed_up(before, "S1"), followed_up(before, "S1", "S7")
        assert not gaps.sync(connection, before, before)
        assert gaps.sync(connection, before, two)
        assert {gap.question for gap in gaps.of_team(connection, TEAM)} == {"S1", "S7"}
        assert not gaps.sync(connection, two, one)
        only = Gap(question="S1", handover=ID, segment=Segment.SMB)
        assert gaps.of_team(connection, TEAM) == [only]
        assert gaps.of_team(connection, "T2") == []
        handovers.erase(connection, TEAM, ID)
        assert gaps.of_team(connection, TEAM) == []
