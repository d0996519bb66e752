"""What a digest says of a handover, to whom, and when a channel gets it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows import events as e
from flows.customer.introductions import Step
from flows.customer.moods import Feeling, Signal
from flows.handover import Handover
from flows.reports.digest import (
    Phase,
    Who,
    is_listed,
    make_alarm,
    make_line,
    overdue,
    readers,
    sponsors_missing,
)
from flows.reports.weekly import ChannelDigest, first_day, last_day, next_moment, week_due, week_of
from flows.schedule.timeline import make_plan
from flows.schedule.workdays import add_workdays
from flows.tasks import all_tasks
from flows.terms import Role
from tests.flows.make import (
    BORIS,
    IVAN,
    KIM,
    LENA,
    MONDAY,
    NEVER,
    NOW,
    OLGA,
    PLAYBOOK,
    Story,
    party,
)
from tests.flows.test_coverage import ticked, told

DAY = timedelta(days=1)


def red(handover: Handover, **more: object) -> Handover:
    story = Story()
    story.handover = handover
    given_ = {"round": "sentiment_1", "feeling": Feeling.WORSE, "signals": (Signal.ESCALATION,)}
    story.does(IVAN, e.MoodGiven, **given_)
    return story.handover


def test_a_line_says_who_leads_until_when_what_is_next_and_what_is_owed() -> None:
    handover = Story().handover
    line = make_line(handover, PLAYBOOK)
    assert line
    assert (line.account, line.phase, line.lead) == ("Northwind", Phase.PACK, Who(user=IVAN))
    assert line.until == handover.day
    ahead = [m for m in make_plan(handover, PLAYBOOK).milestones if not m.done]
    assert line.steps[0].day == ahead[0].day
    assert not any("Sentiment" in step.title for step in line.steps)
    last = max(task.due for task in all_tasks(handover, PLAYBOOK))
    assert overdue(line, last + DAY) == len(all_tasks(handover, PLAYBOOK))
    assert overdue(line, min(line.owed)) == 0


def test_a_sponsor_counts_once_it_is_too_late() -> None:
    story = told()
    line = make_line(story.handover, PLAYBOOK)
    assert line
    assert line.sponsors_from
    assert sponsors_missing(line, line.sponsors_from - DAY) == 0
    assert sponsors_missing(line, line.sponsors_from) == 1
    planned = make_plan(story.handover, PLAYBOOK).find("introduction")
    assert planned
    assert line.sponsors_from == add_workdays(planned.day, 2) + DAY
    ticked(story, "ben", Step.HEADS_UP, Step.INTRODUCED)
    after = make_line(story.handover, PLAYBOOK)
    assert after
    assert sponsors_missing(after, line.sponsors_from + 99 * DAY) == 0


def test_somebody_who_is_not_on_slack_leads_by_name() -> None:
    line = make_line(Story(outgoing=party(None, "Ana Ruiz")).handover, PLAYBOOK)
    assert line
    assert line.lead == Who(name="Ana Ruiz")


def test_a_pause_asks_for_nothing_and_what_is_called_off_is_told_no_more() -> None:
    story = Story()
    until = MONDAY.date() + 9 * DAY
    story.does(LENA, e.HandoverPaused, why="Summer", until=until)
    line = make_line(story.handover, PLAYBOOK)
    assert line
    assert (line.phase, line.paused_until, line.steps) == (Phase.PAUSED, until, ())
    story.does(LENA, e.HandoverCancelled, why="They stay")
    assert make_line(story.handover, PLAYBOOK) is None


def test_channels_hear_only_of_what_everybody_on_it_knows() -> None:
    assert is_listed(Story().handover, PLAYBOOK)
    quiet = Story(by=LENA, tellings={Role.OUTGOING: NEVER, Role.INCOMING: NOW}).handover
    assert not is_listed(quiet, PLAYBOOK)
    example = Story().handover.model_copy(update={"example": True})
    assert not is_listed(example, PLAYBOOK)
    assert not is_listed(Story(account="Northwind, underperforming").handover, PLAYBOOK)
    assert readers(quiet) == {BORIS: True, LENA: True, OLGA: False}
    assert readers(Story().handover) == {BORIS: True, IVAN: False, LENA: True, OLGA: False}
    assert KIM not in readers(quiet)


def test_how_the_customer_seems_is_told_to_leaders_beside_the_line() -> None:
    calm = Story().handover
    hot = red(calm)
    line, before = make_line(hot, PLAYBOOK), make_line(calm, PLAYBOOK)
    assert line
    assert before
    assert line.model_copy(update={"owed": before.owed}) == before
    assert sum(line.owed.values()) <= sum(before.owed.values())
    assert make_alarm(calm).red is False
    assert (make_alarm(hot).red, make_alarm(hot).planned) == (True, None)
    story = Story()
    story.handover = hot
    due = MONDAY.date() + 4 * DAY
    story.does(LENA, e.ActionTaken, round="sentiment_1", what="Call them", due=due)
    assert make_alarm(story.handover).planned == due


def weekly(**changes: object) -> ChannelDigest:
    known: dict[str, object] = {
        "channel": "C1",
        "name": "c",
        "weekday": 4,
        "hour": 9,
        "zone": "UTC",
        "by": LENA,
        "since": datetime(2026, 11, 2, tzinfo=UTC),
    }
    return ChannelDigest.model_validate(known | changes)


@pytest.mark.parametrize(
    ("moment", "week"),
    [
        ("2026-11-27T08:59", ""),
        ("2026-11-27T09:00", "2026-W48"),
        ("2026-11-29T23:59", "2026-W48"),
        ("2026-11-30T00:00", ""),
        ("2027-01-01T09:00", "2026-W53"),
        ("2027-01-04T09:00", ""),
    ],
)
def test_a_weeks_digest_is_due_from_its_hour_to_the_end_of_its_week(moment: str, week: str) -> None:
    assert week_due(weekly(), datetime.fromisoformat(moment).replace(tzinfo=UTC)) == week


def test_what_fell_due_before_it_was_chosen_is_not_posted() -> None:
    friday = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
    assert week_due(weekly(since=friday), friday + DAY) == ""
    assert next_moment(weekly(since=friday), friday) == datetime(2026, 12, 4, 9, tzinfo=UTC)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)),  # noqa: DTZ001 - a zone follows
    st.integers(0, 6),
    st.integers(0, 23),
    st.sampled_from(["UTC", "Europe/Berlin", "America/Los_Angeles", "Pacific/Auckland"]),
)
def test_a_week_is_due_once_and_its_days_follow_its_moment(
    local: datetime, weekday: int, hour: int, zone: str
) -> None:
    digest = weekly(weekday=weekday, hour=hour, zone=zone, since=datetime(2020, 1, 1, tzinfo=UTC))
    now = local.replace(tzinfo=ZoneInfo(zone))
    moment = next_moment(digest, now)
    assert now < moment
    assert (moment.weekday(), moment.hour) == (weekday, hour)
    assert moment - now <= timedelta(days=7, hours=1)
    assert week_due(digest, moment) == week_of(moment.date())
    assert first_day(digest, week_of(moment.date())) == moment.date()
    assert last_day(moment.date()) == next_moment(digest, moment).date() - DAY
    assert week_due(digest, now) in {"", week_of(now.date())}
    assert date.fromisoformat("2026-11-27") == first_day(weekly(), "2026-W48")


def test_a_line_tells_whose_book_it_is_of_and_that_it_is_accepted() -> None:
    story = Story()
    alone = make_line(story.handover, PLAYBOOK)
    assert alone
    assert (alone.book, alone.of, alone.accepted) == ("", None, False)
    story.handover = story.handover.model_copy(update={"book": "B1"})
    story.does(OLGA, e.Accepted)
    made = make_line(story.handover, PLAYBOOK)
    assert made
    assert (made.book, made.of, made.accepted) == ("B1", Who(user=IVAN), True)
