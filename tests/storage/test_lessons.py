"""A lesson is told once to each reader, however long ago it was."""

from collections.abc import Iterator

import pytest

from bot.reports.lessons import proposals
from flows.effects import Kind
from flows.handover import Handover
from flows.reports.lessons import ENOUGH
from storage import handovers, outbox, people, posts, undelivered, workspaces
from storage.engine import Database
from storage.journal import Line
from storage.moments import to_stored
from storage.outbox import Job
from storage.people import Person
from storage.posts import Said
from storage.workspaces import Workspace
from tests.make import LENA, NOW, default_playbook, make_started
from tests.storage.test_handovers import ID, TEAM, begin
from tests.storage.test_reports import followed_up

AT = to_stored(NOW)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    begin(opened)
    with opened.write() as connection:
        people.keep(connection, Person(team=TEAM, user=LENA, name="Lena", home_team=TEAM), AT)
        workspaces.keep(connection, Workspace(team=TEAM, leaders=(LENA,)), LENA, NOW)
    yield opened
    opened.close()


def learn(database: Database, before: Handover, number: int) -> tuple[Job, ...]:
    """One more handover misses the same question."""
    other = before.model_copy(update={"id": f"H1{number}"})
    with database.write() as connection:
        handovers.add(connection, other, default_playbook(), Line(make_started(), "salt"))
        after = followed_up(other, "S1")
        return proposals(connection, other, after, default_playbook(), AT)


def test_a_lesson_is_not_told_again_once_its_delivery_is_forgotten(database: Database) -> None:
    with database.read() as connection:
        stored = handovers.load(connection, TEAM, ID)
    assert stored is not None
    told = [learn(database, stored.value, number) for number in range(ENOUGH)]
    assert [len(jobs) for jobs in told] == [0, 0, 1]
    [job] = told[-1]
    with database.write() as connection:
        row = outbox.claim(connection, job.id, job.attempt, "r1", AT)
        assert row is not None
        assert row.kind == Kind.LESSON
        assert row.quiet
        assert outbox.done(connection, row, "D1", "1.1", AT)
        posts.stand(connection, row, ("D1", "1.1", "1.1"), Said(0), AT)
        assert undelivered.forget(connection, AT + 1)
    assert learn(database, stored.value, ENOUGH) == ()
