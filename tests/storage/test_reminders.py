"""Reminders as they are stored, on both databases."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from flows.handover import Handover
from flows.nudges.reminders import About, Frequency, Wishes
from flows.saying import Kind
from flows.schedule.calendars import Absence
from flows.tasks import Task, Todo
from storage import absences, handovers, outbox, posts, reminders, tables, tasks, wishes
from storage.engine import Database
from storage.journal import HANDOVER
from storage.moments import to_stored
from storage.posts import Said
from storage.prepared import together
from storage.reminders import Again, Kept, Wanted
from tests.make import LENA, NOW, OLGA
from tests.storage.test_handovers import ID, TEAM, begin

MONDAY = NOW.date()
TUESDAY = MONDAY + timedelta(days=1)
AT = to_stored(NOW)
HOUR = 3_600_000_000


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    begin(opened)
    yield opened
    opened.close()


def task(name: str, due: date = TUESDAY) -> Task:
    return Task(key=f"{name}:{OLGA}", owner=OLGA, todo=Todo.ANSWER_QUESTIONS, due=due)


def owes(database: Database, *owed: Task) -> None:
    """Tasks change as an event would change them."""
    with database.write() as connection, together(connection) as block:
        tasks.sync(block, TEAM, ID, HANDOVER, owed, AT)


def takes_up(database: Database) -> int:
    """What is new is taken up, for Olga and for Lena; how many tasks that were."""
    with database.write() as connection:
        found = reminders.new_tasks(connection, TEAM, ID)
        wanted = [
            Wanted(new, person, about, MONDAY)
            for new in found
            for person, about in ((OLGA, About.OWN), (LENA, About.OTHERS))
        ]
        reminders.add(connection, TEAM, ID, wanted)
    return len(found)


def looks(database: Database, person: str = OLGA, at: int = AT) -> list[Kept]:
    with database.read() as connection:
        return reminders.to_look_at(connection, TEAM, [person], at)


def tells(database: Database, day: date = TUESDAY, person: str = OLGA) -> int:
    """Everything that is looked at goes into an agenda; how many messages are to be sent."""
    found = [
        Again(kept, kept.reminder._replace(day=day), AT + 24 * HOUR)
        for kept in looks(database, person)
    ]
    with database.write() as connection:
        return len(reminders.tell(connection, TEAM, {(person, day): found}, AT))


def listed(database: Database, day: date = TUESDAY) -> list[str]:
    with database.read() as connection:
        found = reminders.listed(connection, TEAM, OLGA, day.isoformat())
    return [one.key for one in found]


def lands(database: Database, shown: int) -> None:
    """Olga's agenda of Tuesday is posted, and says so many tasks."""
    with database.write() as connection:
        number = connection.execute(select(tables.outbox.c.id)).scalar_one()
        row = outbox.claim(connection, number, 1, "here", AT)
        assert row
        reminders.landed(connection, TEAM, OLGA, TUESDAY.isoformat())
        posts.stand(connection, row, ("D1", "1.1", "1.1"), Said(shown), AT)


def stale(database: Database) -> bool:
    with database.read() as connection:
        found = posts.standing(connection, TEAM, "", OLGA, Kind.AGENDA, TUESDAY.isoformat())
    assert found
    return found.stale_since is not None


def test_a_new_task_is_taken_up_once(database: Database) -> None:
    owes(database, task("a"), task("b"))
    with database.read() as connection:
        assert reminders.with_new_tasks(connection, TEAM) == [ID]
        assert reminders.with_new_tasks(connection, "T2") == []
    assert takes_up(database) == 2
    with database.read() as connection:
        assert reminders.with_new_tasks(connection, TEAM) == []
        assert set(reminders.due(connection, TEAM, AT)) == {OLGA, LENA}
        assert reminders.due(connection, "T2", AT) == []
    assert takes_up(database) == 0
    found = looks(database)[0].reminder
    assert (found.todo, found.due, found.since) == (Todo.ANSWER_QUESTIONS, TUESDAY, MONDAY)
    assert (found.about, found.day, found.told) == (About.OWN, None, False)


def test_what_is_looked_at_later_is_not_due_before(database: Database) -> None:
    owes(database, task("a"))
    takes_up(database)
    [kept] = looks(database)
    planned = kept.reminder._replace(day=TUESDAY)
    with database.write() as connection:
        reminders.later(connection, TEAM, [Again(kept, planned, AT + HOUR)])
        # Seen before the other one wrote, so it changes nothing.
        reminders.later(connection, TEAM, [Again(kept, kept.reminder, None)])
    assert looks(database) == []
    assert [one.reminder.day for one in looks(database, at=AT + HOUR)] == [TUESDAY]


def test_there_is_one_agenda_for_a_person_and_day(database: Database) -> None:
    owes(database, task("a"))
    takes_up(database)
    with database.read() as connection:
        assert not reminders.are_told(connection, TEAM, {OLGA: TUESDAY})
    assert tells(database) == 1
    with database.write() as connection:
        reminders.look_again(connection, TEAM, OLGA)
        days = {OLGA: TUESDAY, LENA: TUESDAY}
        assert reminders.are_told(connection, TEAM, days) == {OLGA}
    assert tells(database) == 0
    with database.read() as connection:
        count = connection.execute(select(func.count()).select_from(tables.outbox)).scalar()
    assert count == 1
    assert listed(database) == [task("a").key]


def test_what_was_told_is_planned_anew_from_that_day(database: Database) -> None:
    owes(database, task("a"))
    takes_up(database)
    tells(database)
    assert looks(database) == []
    lands(database, 1)
    [kept] = looks(database)
    assert (kept.reminder.since, kept.reminder.day, kept.reminder.told) == (TUESDAY, None, True)
    assert kept.told_on == TUESDAY.isoformat()


def test_an_agenda_is_out_of_date_once_a_task_in_it_is_done(database: Database) -> None:
    owes(database, task("a"), task("b"))
    takes_up(database)
    tells(database)
    lands(database, 2)
    assert not stale(database)
    owes(database, task("b"))
    assert stale(database)
    assert listed(database) == [task("b").key]


def test_what_was_done_while_the_message_went_out_is_noticed(database: Database) -> None:
    owes(database, task("a"), task("b"))
    takes_up(database)
    tells(database)
    owes(database, task("b"))
    lands(database, 2)
    assert stale(database)


def test_another_day_begins_anew(database: Database) -> None:
    owes(database, task("a"))
    takes_up(database)
    tells(database)
    owes(database, task("a", TUESDAY + timedelta(days=7)))
    assert listed(database) == []
    assert takes_up(database) == 1
    [kept] = looks(database)
    assert kept.told_on is None


def test_what_is_put_off_leaves_the_agenda(database: Database) -> None:
    owes(database, task("a"))
    takes_up(database)
    tells(database)
    with database.write() as connection:
        kept = reminders.find(connection, TEAM, OLGA, ID, task("a").key)
        assert kept
        reminders.snooze(connection, TEAM, OLGA, kept.reminder, MONDAY + timedelta(days=4))
        assert reminders.find(connection, TEAM, LENA, ID, task("a").key) is None
    assert listed(database) == []
    [kept] = looks(database)
    assert (kept.reminder.day, kept.reminder.snoozed) == (MONDAY + timedelta(days=4), 1)


def test_somebody_else_leads(database: Database) -> None:
    owes(database, task("a"))
    takes_up(database)
    with database.write() as connection:
        reminders.lead_passed(connection, TEAM, ID)
    assert looks(database, LENA) == []
    assert takes_up(database) == 1
    assert [kept.reminder.about for kept in looks(database, LENA)] == [About.OTHERS]
    assert len(looks(database)) == 1


def test_reminders_go_with_their_handover(database: Database) -> None:
    owes(database, task("a"))
    takes_up(database)
    with database.write() as connection:
        handovers.erase(connection, TEAM, ID)
        left = connection.execute(select(func.count()).select_from(tables.reminders)).scalar()
    assert left == 0


def test_a_person_that_cannot_be_reminded_now_is_put_off(database: Database) -> None:
    owes(database, task("a"))
    takes_up(database)
    with database.write() as connection:
        reminders.put_off(connection, TEAM, OLGA, AT, AT + HOUR)
        assert reminders.due(connection, TEAM, AT) == [LENA]


def test_wishes_are_kept(database: Database) -> None:
    monthly = Wishes(frequency=Frequency.MONDAYS, stopped_until=TUESDAY)
    with database.write() as connection:
        assert wishes.find(connection, TEAM, OLGA) == Wishes()
        wishes.keep(connection, TEAM, OLGA, monthly)
        assert wishes.find(connection, TEAM, OLGA) == monthly
        wishes.keep(connection, TEAM, OLGA, Wishes())
        assert wishes.find(connection, TEAM, OLGA) == Wishes()


def test_whoever_is_away_is_known_until_they_are_back(database: Database) -> None:
    def told(*days: tuple[int, int]) -> Handover:
        away = tuple(
            Absence(first=MONDAY + timedelta(days=first), last=MONDAY + timedelta(days=last))
            for first, last in days
        )
        schedule = before.schedule.model_copy(update={"away": {OLGA: away}})
        return before.model_copy(update={"schedule": schedule})

    def ahead(days: int = 0) -> list[tuple[int, int]]:
        with database.read() as connection:
            day = MONDAY + timedelta(days=days)
            found = absences.ahead(connection, TEAM, [OLGA, LENA], day)
        assert set(found) <= {OLGA}
        return [((a.first - MONDAY).days, (a.last - MONDAY).days) for a in found[OLGA]]

    with database.read() as connection:
        stored = handovers.load(connection, TEAM, ID)
    assert stored
    before = stored.value
    owes(database, task("a"))
    takes_up(database)
    [kept] = looks(database)
    with database.write() as connection:
        reminders.later(connection, TEAM, [Again(kept, kept.reminder, AT + HOUR)])
        absences.sync(connection, before, told((1, 2), (7, 9)))
    assert len(looks(database)) == 1
    assert sorted(ahead()) == [(1, 2), (7, 9)]
    assert ahead(3) == [(7, 9)]
    with database.write() as connection:
        absences.sync(connection, told((1, 2), (7, 9)), told((1, 1)))
    assert ahead() == [(1, 1)]
    with database.write() as connection:
        handovers.erase(connection, TEAM, ID)
    assert ahead() == []
