"""A renewal close by: before it, after it, or with a name; the dates follow the leader's word."""

from datetime import date

import pytest

from flows.events import MilestoneMoved, WarningAnswered
from flows.handover import Choice, Warn
from flows.schedule.milestones import Notice
from flows.schedule.numbering import plan_days
from flows.schedule.plan_warnings import open_warnings
from flows.schedule.timeline import Plan, Planned, make_plan
from flows.side_by_side.lead import lead_now
from flows.taking_over.brief import make_brief
from flows.tasks import Todo, all_tasks
from flows.terms import DateIs, Segment
from tests.flows.make import IVAN, LENA, PLAYBOOK, Story, party

RENEWAL = date(2027, 1, 9)
"""A Saturday, 47 days after the start."""


def made(story: Story) -> Plan:
    return make_plan(story.handover, PLAYBOOK)


def switch(story: Story) -> Planned:
    found = made(story).find("switch")
    assert found
    return found


def decide(story: Story, choice: Choice, **more: object) -> None:
    usual = {"warning": Warn.RENEWAL, "choice": choice, "why": "They wish it so."}
    story.does(LENA, WarningAnswered, **(usual | more))


def is_open(story: Story) -> bool:
    """Whether the leader is asked about the renewal, in the list and as a task."""
    kinds = {warning.kind for warning in open_warnings(story.handover, PLAYBOOK)}
    tasks = {
        t.subject for t in all_tasks(story.handover, PLAYBOOK) if t.todo is Todo.ANSWER_WARNING
    }
    assert (Warn.RENEWAL in kinds) == (Warn.RENEWAL in tasks)
    return Warn.RENEWAL in kinds


def test_before_puts_the_switch_before_it_and_shortens_the_plan_where_it_must() -> None:
    story = Story(segment=Segment.MID_MARKET, day=date(2027, 2, 26), renewal=RENEWAL)
    assert is_open(story)
    decide(story, Choice.BEFORE)
    assert switch(story).day == date(2027, 1, 8)
    assert made(story).notice is Notice.FULL
    assert not is_open(story)
    closer = Story(segment=Segment.MID_MARKET, day=date(2027, 2, 26), renewal=date(2026, 12, 10))
    decide(closer, Choice.BEFORE)
    assert switch(closer).day == date(2026, 12, 9)
    assert made(closer).notice is Notice.SHORT
    assert Warn.NOTICE in {warning.kind for warning in open_warnings(closer.handover, PLAYBOOK)}


def test_before_is_refused_where_no_day_is_left() -> None:
    story = Story(day=date(2027, 2, 26), renewal=date(2026, 11, 23))
    known = {"warning": Warn.RENEWAL, "choice": Choice.BEFORE, "why": "x"}
    assert story.refuses(LENA, WarningAnswered, **known) == "renewal_too_close"
    late = Story(day=date(2027, 2, 26), renewal=date(2026, 12, 10))
    late.waits(days=20)
    assert late.refuses(LENA, WarningAnswered, **known) == "renewal_too_close"


def test_after_moves_the_switch_past_it_and_what_the_customer_sees_with_it() -> None:
    story = Story(day=date(2026, 12, 18), renewal=RENEWAL)
    before = plan_days(story.handover, PLAYBOOK)
    decide(story, Choice.AFTER)
    assert switch(story).day == date(2027, 1, 11)
    after = plan_days(story.handover, PLAYBOOK)
    assert after["heads_up"] > before["heads_up"]
    assert after["accept"] == before["accept"]
    decide(story, Choice.NAMED, person=party("UKIM"))
    assert switch(story).day == date(2026, 12, 18)


def test_who_leads_does_so_until_then() -> None:
    story = Story(day=date(2027, 2, 26), renewal=RENEWAL)
    assert lead_now(story.handover) == (IVAN, date(2027, 2, 26))
    decide(story, Choice.BEFORE)
    assert lead_now(story.handover) == (IVAN, date(2027, 1, 8))
    decide(story, Choice.AFTER)
    assert lead_now(story.handover) == (IVAN, None)


def test_a_switch_that_is_late_enough_stays() -> None:
    story = Story(day=date(2027, 2, 26), renewal=RENEWAL)
    decide(story, Choice.AFTER)
    assert switch(story).day == date(2027, 2, 26)
    for number, key in enumerate(("heads_up", "introduction", "reassured")):
        story.does(IVAN, MilestoneMoved, key=key, day=date(2026, 12, 14 + 4 * number))
    wish = {"key": "switch", "day": date(2027, 1, 8)}
    assert story.refuses(IVAN, MilestoneMoved, **wish) == "too_close"
    story.does(IVAN, MilestoneMoved, key="switch", day=date(2027, 1, 11))
    assert switch(story).day == date(2027, 1, 11)


def test_no_move_undoes_the_leaders_word_but_a_leader_who_insists_is_asked_again() -> None:
    story = Story(segment=Segment.MID_MARKET, day=date(2027, 2, 26), renewal=RENEWAL)
    decide(story, Choice.BEFORE)
    wish = {"key": "switch", "day": date(2027, 1, 12)}
    assert story.refuses(IVAN, MilestoneMoved, **wish) == "renewal_broken"
    story.does(LENA, MilestoneMoved, **wish, insist=True, why="Their buyer is away.")
    assert is_open(story)
    known = {"warning": Warn.RENEWAL, "choice": Choice.BEFORE, "why": "x"}
    assert story.refuses(LENA, WarningAnswered, **known) == "renewal_too_close"
    decide(story, Choice.AFTER)
    assert not is_open(story)
    early = {"key": "switch", "day": date(2027, 1, 8)}
    story.does(LENA, MilestoneMoved, **early, insist=True, why="They sign on Friday.")
    assert is_open(story)
    known = {"warning": Warn.RENEWAL, "choice": Choice.AFTER, "why": "x"}
    assert story.refuses(LENA, WarningAnswered, **known) == "switch_is_set"


def test_the_dates_follow_a_renewal_that_is_corrected() -> None:
    story = Story(day=date(2026, 12, 18), renewal=RENEWAL)
    decide(story, Choice.AFTER)
    story.gives(IVAN, "renewal", "2027-01-14", question="S5")
    assert switch(story).day == date(2027, 1, 15)
    # One that is far away holds nothing up.
    story.gives(IVAN, "renewal", "2028-01-14", question="S5")
    assert switch(story).day == date(2026, 12, 18)
    assert not is_open(story)


@pytest.mark.parametrize("choice", [Choice.BEFORE, Choice.AFTER])
def test_for_a_leaver_only_a_name_helps(choice: Choice) -> None:
    story = Story(day=date(2027, 1, 29), day_is=DateIs.LAST_DAY, renewal=RENEWAL)
    known = {"warning": Warn.RENEWAL, "choice": choice, "why": "x"}
    assert story.refuses(LENA, WarningAnswered, **known) == "not_a_choice"
    before = switch(story)
    decide(story, Choice.NAMED, person=party("UKIM"))
    assert switch(story) == before


def test_the_brief_names_who_leads_the_renewal() -> None:
    story = Story(day=date(2026, 12, 18), renewal=RENEWAL)
    for _ in range(5):
        story.answers(IVAN)
    assert make_brief(story.handover, PLAYBOOK, LENA, story.at).renewal_lead == ""
    decide(story, Choice.NAMED, person=party("UKIM"))
    assert make_brief(story.handover, PLAYBOOK, LENA, story.at).renewal_lead == "UKIM"
