"""The plan: days forward from the start, and back from a last day; nobody acts on a day off."""

from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.events import DaysOffLearned, MarkedSensitive, PersonGone
from flows.handover import Handover
from flows.happened import CLOCK
from flows.schedule.away import days_off_of
from flows.schedule.calendars import Absence, Calendar, DaysOff
from flows.schedule.milestones import Notice
from flows.schedule.numbering import OverlapRule, calendar_of, plan_days
from flows.schedule.timeline import Plan, make_plan
from flows.terms import DateIs, Reason, RecordKind, Role, Segment
from tests.flows.make import IVAN, LENA, MONDAY, OLGA, PLAYBOOK, Story

FAR = date(2027, 2, 26)
TITLES = {milestone.key: milestone for milestone in PLAYBOOK.plan}


def leaver(segment: Segment, day: date) -> Story:
    """Ivan leaves on a day; Olga takes over, Lena leads."""
    return Story(segment=segment, reason=Reason.ATTRITION, day=day, day_is=DateIs.LAST_DAY)


def numbers(handover: Handover) -> dict[str, int]:
    """The working day of every milestone, counted from the start."""
    calendar = calendar_of(handover)
    return {key: calendar.before(day) for key, day in plan_days(handover, PLAYBOOK).items()}


def on(found: dict[str, int], day: int) -> set[str]:
    return {key for key, number in found.items() if number == day}


def test_twelve_days_of_an_enterprise_account() -> None:
    """Pack and message on day 4 ... complete on day 25, as the decision has it."""
    story = leaver(Segment.ENTERPRISE, date(2026, 12, 9))
    plan, found = make_plan(story.handover, PLAYBOOK), numbers(story.handover)
    assert (plan.notice, plan.left, plan.needed) == (Notice.SHORT, 12, 35)
    assert on(found, 4) == {"pack", "approved"}
    assert on(found, 5) == {"read", "call", "heads_up", "sentiment_1"}
    assert on(found, 8) == {"introduction", "agreed", "shadow_1"}
    assert on(found, 10) == {"reverse_1", "reassured", "switch", "sentiment_2", "hello"}
    assert on(found, 11) == {"systems", "signed"}
    assert on(found, 12) == {"thanks"}
    assert on(found, 15) == {"sentiment_3"}
    assert on(found, 20) == {"sentiment_4", "others"}
    assert on(found, 25) == {"complete"}
    introduction, reassured = (plan.find(key) for key in ("introduction", "reassured"))
    assert introduction
    assert introduction.owners == (IVAN, OLGA, LENA)
    assert reassured
    assert reassured.title == "Sponsor and champion reassured"


@pytest.mark.parametrize(
    ("segment", "working_days", "notice"),
    [
        (Segment.ENTERPRISE, 35, Notice.FULL),
        (Segment.ENTERPRISE, 34, Notice.SHORT),
        (Segment.MID_MARKET, 22, Notice.FULL),
        (Segment.MID_MARKET, 8, Notice.SHORT),
        (Segment.SMB, 13, Notice.FULL),
        (Segment.SMB, 12, Notice.SHORT),
        (Segment.SMB, 7, Notice.ARTICLES),
        (Segment.ENTERPRISE, 3, Notice.ARTICLES),
        (Segment.ENTERPRISE, 2, Notice.EIGHT),
        (Segment.SMB, 0, Notice.EIGHT),
    ],
)
def test_the_ladder_of_notice(segment: Segment, working_days: int, notice: Notice) -> None:
    day = Calendar(MONDAY.date(), []).day(working_days)
    plan = make_plan(leaver(segment, day).handover, PLAYBOOK)
    assert plan.notice is notice
    assert plan.left == working_days
    sessions = {m.key for m in plan.milestones if m.key.startswith(("shadow", "reverse"))}
    if notice is Notice.SHORT:
        assert sessions == {"shadow_1", "reverse_1"}
    elif notice is not Notice.FULL:
        assert not sessions


@pytest.mark.parametrize(
    ("segment", "heads_up", "introduction", "switch", "complete"),
    [
        (Segment.SMB, 5, 8, 11, 15),
        (Segment.MID_MARKET, 10, 15, 20, 24),
        (Segment.ENTERPRISE, 14, 22, 33, 42),
    ],
)
def test_the_full_plan_keeps_its_distances(
    segment: Segment, heads_up: int, introduction: int, switch: int, complete: int
) -> None:
    found = PLAYBOOK.usual_days[segment, Reason.PROMOTION, segment is Segment.ENTERPRISE]
    told = [found[key] for key in ("heads_up", "introduction", "switch", "complete")]
    assert told == [heads_up, introduction, switch, complete]


def test_with_more_time_only_what_the_customer_sees_comes_later() -> None:
    story = Story(segment=Segment.MID_MARKET, day=FAR)
    plan, found = make_plan(story.handover, PLAYBOOK), numbers(story.handover)
    switch = plan.find("switch")
    assert switch
    assert switch.day == FAR
    assert [found[key] for key in ("pack", "read", "call", "approved")] == [5, 8, 8, 9]
    assert found["switch"] - found["heads_up"] == 20 - 10


def test_a_change_of_segment_takes_the_stricter_one() -> None:
    story = Story(segment=Segment.SMB, reason=Reason.SEGMENT_CHANGE, day=FAR)
    assert make_plan(story.handover, PLAYBOOK).needed == 11
    story.gives(IVAN, "segment", "enterprise", question="SG0")
    assert make_plan(story.handover, PLAYBOOK).needed == 33


def test_which_rule_asks_for_a_longer_overlap_is_told() -> None:
    assert make_plan(Story(day=FAR).handover, PLAYBOOK).overlap == ()
    assert make_plan(Story(day=FAR, segment=Segment.ENTERPRISE).handover, PLAYBOOK).overlap == (
        OverlapRule.SEGMENT,
    )
    rich = Story(day=FAR, arr="250000")
    assert make_plan(rich.handover, PLAYBOOK).overlap == (OverlapRule.ARR,)
    assert make_plan(rich.handover, PLAYBOOK).find("shadow_1")
    many = Story(day=FAR)
    many.says(IVAN, "\n".join(f"Person {n} – support" for n in range(6)), question="S8")
    kinds = [record.kind for record in many.handover.records]
    assert kinds.count(RecordKind.STAKEHOLDER) == 6
    assert make_plan(many.handover, PLAYBOOK).overlap == (OverlapRule.STAKEHOLDERS,)


def test_what_is_kept_close_changes_no_plan() -> None:
    """Everybody has the same plan, so it tells nothing of what only some may read."""
    story = Story(day=FAR)
    story.says(IVAN, "\n".join(f"Person {n} – support" for n in range(6)), question="S8")
    story.does(IVAN, MarkedSensitive, question="S8", sensitive=True)
    assert make_plan(story.handover, PLAYBOOK).overlap == ()


def test_after_the_last_day_nothing_is_the_leavers() -> None:
    plan = make_plan(leaver(Segment.ENTERPRISE, date(2026, 12, 9)).handover, PLAYBOOK)
    for milestone in plan.milestones:
        assert (IVAN in milestone.owners) <= (milestone.day <= date(2026, 12, 9))
    sentiment = plan.find("sentiment_3")
    assert sentiment
    assert sentiment.owners == (OLGA,)


def test_where_somebody_is_gone_the_leader_acts_and_there_is_time_to() -> None:
    story = leaver(Segment.SMB, MONDAY.date())
    story.does(CLOCK, PersonGone, user=IVAN)
    plan = make_plan(story.handover, PLAYBOOK)
    heads_up, switch = plan.find("heads_up"), plan.find("switch")
    assert heads_up
    assert switch
    assert heads_up.owners == (LENA,)
    assert heads_up.day < switch.day


def test_days_off_of_whoever_acts_are_avoided() -> None:
    story = Story(day=FAR)
    off = DaysOff(days=(date(2026, 11, 24), date(2026, 11, 26)))
    story.does(CLOCK, DaysOffLearned, people={LENA: off})
    days = plan_days(story.handover, PLAYBOOK)
    assert days["accept"] == date(2026, 11, 25)
    assert not {date(2026, 11, 24), date(2026, 11, 26)} & set(days.values())


def between(first: date, length: int) -> Absence:
    """So many days away after the first one."""
    return Absence(first=first, last=first + timedelta(days=length))


WEEKENDS = ((5, 6), (4, 5), (6,), (4, 6))
starts = st.dates(date(2026, 1, 1), date(2028, 12, 31))


@st.composite
def situations(draw: st.DrawFn) -> Handover:
    """Any start with any date and reason, and days off of all who act, also very many."""
    start, days = draw(starts), draw(st.integers(0, 120))
    day_is = draw(st.sampled_from(DateIs))
    reason = draw(st.sampled_from(Reason))
    story = Story(segment=draw(st.sampled_from(Segment)), reason=reason, day=FAR, day_is=day_is)
    some = st.lists(st.integers(0, 200), max_size=40)
    off = {
        user: DaysOff(
            weekend=draw(st.sampled_from(WEEKENDS)),
            days=tuple(start + timedelta(days=n) for n in draw(some)),
        )
        for user in (IVAN, OLGA, LENA)
    }
    first, length = start + timedelta(days=draw(st.integers(0, 60))), draw(st.integers(0, 40))
    away = {draw(st.sampled_from((IVAN, OLGA, LENA))): (between(first, length),)}
    began = MONDAY.replace(year=start.year, month=start.month, day=start.day)
    schedule = story.handover.schedule.model_copy(update={"days_off": off, "away": away})
    change = {"day": start + timedelta(days=days), "started_at": began, "schedule": schedule}
    return story.handover.model_copy(update=change)


@settings(max_examples=150)
@given(situations())
def test_nobody_acts_on_a_day_off_and_the_order_is_kept(handover: Handover) -> None:
    plan = make_plan(handover, PLAYBOOK)
    assert_sound(handover, plan)


def assert_sound(handover: Handover, plan: Plan) -> None:
    """What holds for every plan."""
    off = {user: days_off_of(handover, user) for user in (IVAN, OLGA, LENA)}
    days = {milestone.key: milestone.day for milestone in plan.milestones}
    for milestone in plan.milestones:
        assert milestone.day >= plan.start
        for owner in milestone.owners:
            assert milestone.day not in off[owner].days
            assert milestone.day.weekday() not in off[owner].weekend
        assert_after(milestone.day, (days[k] for k in TITLES[milestone.key].waits_for if k in days))
    last = calendar_of(handover).before(handover.day)
    if handover.day_is is DateIs.LAST_DAY and last >= 0:
        end = calendar_of(handover).day(last)
        assert max(m.day for m in plan.milestones if IVAN in m.owners) == days["thanks"] == end
        assert days["switch"] <= end
    elif last >= 0:
        assert days["switch"] == calendar_of(handover).day(last)
    assert handover.user(Role.LEADER) == LENA


def assert_after(day: date, others: Iterable[date]) -> None:
    assert all(other <= day for other in others)
