"""The internal call comes some working days after the pack was really complete (A4)."""

from datetime import date

import pytest

from flows.events import Accepted, MilestoneMoved, PackReturned
from flows.schedule.calendars import Calendar
from flows.schedule.milestones import Notice
from flows.schedule.numbering import first_day, plan_days
from flows.schedule.timeline import make_plan
from flows.terms import DateIs, Reason, Segment
from tests.flows.make import IVAN, LENA, MONDAY, OLGA, PLAYBOOK, Story

FAR = date(2027, 2, 26)
DAYS = {Segment.SMB: 1, Segment.MID_MARKET: 2, Segment.ENTERPRISE: 2}


def on(number: int) -> date:
    """A working day, counted from the start."""
    return Calendar(MONDAY.date(), []).day(number)


def packed(story: Story, number: int) -> Story:
    """Ivan answers everything; the last of it on this working day."""
    story.does(OLGA, Accepted)
    story.waits(days=(on(number) - story.at.date()).days)
    story.answers_everything(IVAN)
    assert story.handover.schedule.pack_at == story.at
    return story


@pytest.mark.parametrize("segment", Segment)
@pytest.mark.parametrize("number", [1, 14])
def test_the_days_are_counted_from_when_it_was_complete(segment: Segment, number: int) -> None:
    story = packed(Story(segment=segment, day=FAR), number)
    days = plan_days(story.handover, PLAYBOOK)
    assert days["pack"] == on(number)
    soonest = on(number + DAYS[segment])
    assert days["call"] >= soonest
    assert days["heads_up"] >= days["call"]
    assert first_day(story.handover, PLAYBOOK, "call", story.at.date()) == soonest
    wish = {"key": "call", "day": on(number + DAYS[segment] - 1)}
    assert story.refuses(IVAN, MilestoneMoved, **wish) == "too_close"
    if soonest != days["call"]:
        story.does(IVAN, MilestoneMoved, key="call", day=soonest)
        assert plan_days(story.handover, PLAYBOOK)["call"] == soonest


def test_only_a_leaders_typed_word_sets_it_earlier() -> None:
    story = packed(Story(segment=Segment.MID_MARKET, day=FAR), 6)
    wish = {"key": "call", "day": on(7)}
    assert story.refuses(LENA, MilestoneMoved, **wish) == "too_close"
    assert story.refuses(LENA, MilestoneMoved, **wish, insist=True) == "missing"
    story.does(LENA, MilestoneMoved, **wish, insist=True, why="Olga has read it all.")
    assert plan_days(story.handover, PLAYBOOK)["call"] == on(7)


def test_while_it_is_not_complete_it_may_be_today_at_the_earliest() -> None:
    story = Story(segment=Segment.MID_MARKET, day=FAR)
    story.waits(days=(on(9) - story.at.date()).days)
    assert plan_days(story.handover, PLAYBOOK)["pack"] == on(5)
    assert story.refuses(IVAN, MilestoneMoved, key="call", day=on(10)) == "too_close"
    story.does(IVAN, MilestoneMoved, key="call", day=on(11))


def test_a_pack_that_is_asked_about_was_complete_all_the_same() -> None:
    story = packed(Story(day=FAR), 2)
    first = story.handover.schedule.pack_at
    story.does(OLGA, PackReturned, questions=("S1",), text="Why amber?")
    story.waits(days=3)
    story.answers(IVAN, "S1")
    assert story.handover.schedule.pack_at == first


def test_where_there_is_little_time_as_many_days_stay_as_were_planned() -> None:
    story = Story(
        segment=Segment.ENTERPRISE,
        reason=Reason.ATTRITION,
        day=on(12),
        day_is=DateIs.LAST_DAY,
    )
    assert make_plan(story.handover, PLAYBOOK).notice is Notice.SHORT
    before = plan_days(story.handover, PLAYBOOK)
    assert (before["pack"], before["call"]) == (on(4), on(5))
    packed(story, 6)
    after = plan_days(story.handover, PLAYBOOK)
    assert (after["pack"], after["call"]) == (on(6), on(7))


@pytest.mark.parametrize("segment", Segment)
def test_a_late_pack_keeps_a_leavers_plan_within_their_last_day(segment: Segment) -> None:
    natural = PLAYBOOK.usual_days[segment, Reason.ATTRITION, segment is Segment.ENTERPRISE]
    last = natural["switch"] + 2
    story = Story(segment=segment, reason=Reason.ATTRITION, day=on(last), day_is=DateIs.LAST_DAY)
    waits = {milestone.key: milestone.waits_for for milestone in PLAYBOOK.plan}
    for late in range(natural["pack"], last + 1):
        at = MONDAY.replace(hour=17) + (on(late) - MONDAY.date())
        schedule = story.handover.schedule.model_copy(update={"pack_at": at})
        days = plan_days(story.handover.model_copy(update={"schedule": schedule}), PLAYBOOK)
        for key, day in days.items():
            assert all(days[other] <= day for other in waits[key] if other in days), (late, key)
        assert days["switch"] <= on(last)
        assert days["thanks"] == on(last)
        if late + DAYS[segment] <= last:
            assert days["call"] >= on(late + DAYS[segment])
