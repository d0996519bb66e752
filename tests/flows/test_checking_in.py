"""Once a week the outgoing CSM says how the overlap goes, until somebody else leads."""

from datetime import timedelta

from flows import events as e
from flows.nudges.reminders import About, Hours, Reminder, Wishes, next_day
from flows.nudges.rhythm import Rhythm
from flows.saying import Kind
from flows.schedule.calendars import USUAL
from flows.side_by_side.check_ins import CheckIn
from flows.tasks import Task, Todo, all_tasks
from tests.flows.make import IVAN, LENA, MONDAY, OLGA, PLAYBOOK, ZOE, Story, posts

DAY = timedelta(days=1)
WEEK = 7 * DAY


def weekly(story: Story) -> Task | None:
    owed = all_tasks(story.handover, PLAYBOOK)
    return next((task for task in owed if task.todo is Todo.CHECK_IN), None)


def side_by_side() -> Story:
    """Olga has taken Ivan's pack over."""
    story = Story()
    story.does(OLGA, e.Accepted)
    story.answers_everything(IVAN)
    assert weekly(story) is None
    story.handover = story.handover.model_copy(
        update={"reading": story.handover.reading.model_copy(update={"accepted_at": story.at})}
    )
    return story


def test_the_outgoing_csm_is_asked_a_week_after_the_last_time() -> None:
    story = side_by_side()
    first = weekly(story)
    assert first
    assert (first.owner, first.due) == (IVAN, story.at.date() + WEEK)
    story.waits(days=10)
    assert posts(story.does(IVAN, e.CheckedIn, week=0)) == []
    assert story.handover.check_ins == (CheckIn(by=IVAN, at=story.at),)
    second = weekly(story)
    assert second
    assert (second.subject, second.due) == ("1", story.at.date() + WEEK)
    story.ignores(IVAN, e.CheckedIn, week=0)
    assert story.refuses(IVAN, e.CheckedIn, week=3) == "no_check_in"


def test_who_needs_help_says_what_with_and_the_leader_hears_it() -> None:
    story = side_by_side()
    assert story.refuses(IVAN, e.CheckedIn, week=0, needs_help=True, help=" ") == "missing"
    effects = story.does(IVAN, e.CheckedIn, week=0, needs_help=True, help="No time for the call")
    assert posts(effects, LENA) == [(Kind.HELP, "0")]
    for other in (OLGA, LENA, ZOE):
        assert story.refuses(other, e.CheckedIn, week=1) == "not_yours"


def test_nobody_is_asked_once_somebody_else_leads() -> None:
    story = side_by_side()
    leading = story.handover.leading.model_copy(update={"switched_at": story.at})
    story.handover = story.handover.model_copy(update={"leading": leading})
    assert weekly(story) is None
    assert story.refuses(IVAN, e.CheckedIn, week=0) == "no_check_in"


def test_it_is_asked_on_its_day_and_not_before() -> None:
    day = MONDAY.date()
    asked = Reminder("H", "k", Todo.CHECK_IN, day + WEEK, About.OWN, since=day)
    hours = Hours(USUAL, Wishes(), Rhythm())
    assert next_day(asked, hours) == day + WEEK
    again = asked._replace(since=day + WEEK, told=True)
    assert next_day(again, hours) == day + WEEK + DAY
