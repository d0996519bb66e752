"""Exactly one person leads, everybody knows who, and it is switched when both are ready."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows import events as e
from flows.effects import Kind
from flows.happened import CLOCK
from flows.passing import due_at
from flows.schedule.timeline import make_plan
from flows.side_by_side.lead import lead_now, led_on
from flows.side_by_side.overlap import Before, before_switch, to_debrief
from flows.taking_over.teach_back import asked_back, is_passed
from flows.tasks import Todo, all_tasks
from flows.terms import DateIs, Reason, Segment
from tests.flows.make import IVAN, KIM, LENA, MONDAY, OLGA, PLAYBOOK, Story, party, posts
from tests.flows.test_letters import approved


def taught(**change: object) -> Story:
    """Texts are approved, and Olga has told in her words what is in the pack."""
    story = approved(**change)
    asked = asked_back(story.handover, PLAYBOOK)
    story.does(OLGA, e.TaughtBack, answers={topic.topic: "It is so" for topic in asked})
    for item in story.handover.teach_back.items if story.handover.teach_back else ():
        story.does(IVAN, e.TaughtMarked, topic=item.topic)
    assert is_passed(story.handover)
    return story


def hurdles(story: Story) -> list[Before]:
    return [hurdle.what for hurdle in before_switch(story.handover, PLAYBOOK)]


def held(story: Story, kind: str, number: int) -> str:
    key = f"{kind}{number}"
    story.does(IVAN, e.SessionLogged, id=key, kind=kind, on=story.at.date())
    return key


def owed(story: Story, todo: Todo) -> set[tuple[str, str]]:
    tasks = all_tasks(story.handover, PLAYBOOK)
    return {(task.owner, task.subject) for task in tasks if task.todo is todo}


def test_the_outgoing_csm_leads_until_it_is_switched() -> None:
    story = taught()
    assert lead_now(story.handover) == (IVAN, story.handover.day)
    assert hurdles(story) == [Before.READINESS]
    assert story.refuses(OLGA, e.LeadSwitched) == "before_the_switch"
    story.does(OLGA, e.ReadinessGiven, score=4)
    assert hurdles(story) == []
    assert owed(story, Todo.SWITCH_LEAD) == {(OLGA, "")}
    story.does(OLGA, e.LeadSwitched)
    assert lead_now(story.handover) == (OLGA, None)
    assert posts(story.effects, IVAN) == [(Kind.LEAD, "2")]
    assert posts(story.effects, LENA) == [(Kind.LEAD, "2")]
    assert next(m for m in make_plan(story.handover, PLAYBOOK).milestones if m.key == "switch").done
    story.ignores(IVAN, e.LeadSwitched)


def test_who_led_on_a_day_has_one_answer() -> None:
    story = taught()
    first = story.at.date()
    story.waits(days=3)
    story.does(OLGA, e.ReadinessGiven, score=5)
    story.does(IVAN, e.LeadSwitched)
    second = story.at.date()
    assert led_on(story.handover, first) == IVAN
    assert led_on(story.handover, second - timedelta(days=1)) == IVAN
    assert led_on(story.handover, second) == OLGA
    assert led_on(story.handover, date(2026, 3, 12)) == ""
    assert [span.who for span in story.handover.leading.spans] == [IVAN, OLGA]


def test_the_ladder_stands_before_the_switch() -> None:
    story = taught(segment=Segment.ENTERPRISE, day=date(2027, 3, 1))
    story.does(OLGA, e.ReadinessGiven, score=4)
    assert hurdles(story) == [Before.SHADOW, Before.REVERSE]
    for number in (1, 2):
        held(story, "shadow", number)
    assert hurdles(story) == [Before.REVERSE]
    held(story, "reverse", 1)
    [hurdle] = before_switch(story.handover, PLAYBOOK)
    assert (hurdle.done, hurdle.of, hurdle.owner) == (1, 2, IVAN)
    assert story.refuses(OLGA, e.LeadSwitched) == "before_the_switch"
    held(story, "reverse", 2)
    story.does(OLGA, e.LeadSwitched)


def test_a_session_is_led_by_one_and_watched_by_the_other_and_both_tell() -> None:
    story = taught()
    key = held(story, "reverse", 1)
    session = story.handover.leading.sessions[0]
    assert (session.lead, session.observer) == (OLGA, IVAN)
    assert posts(story.effects) == [(Kind.DEBRIEF, key), (Kind.DEBRIEF, key)]
    assert owed(story, Todo.DEBRIEF) == {(OLGA, key), (IVAN, key)}
    story.does(OLGA, e.SessionDebriefed, session=key, went="so_so", note="Too fast")
    assert [user for _, user in to_debrief(story.handover)] == [IVAN]
    assert story.refuses(LENA, e.SessionDebriefed, session=key, went="well") == "no_such_session"
    ahead = {"id": "S9", "kind": "shadow", "on": story.at.date() + timedelta(days=2)}
    assert story.refuses(IVAN, e.SessionLogged, **ahead) == "date_to_come"


def test_a_note_on_a_session_outlives_another_tap() -> None:
    story = taught()
    key = held(story, "shadow", 1)
    story.does(OLGA, e.SessionDebriefed, session=key, went="so_so", note="Too fast")
    story.does(OLGA, e.SessionDebriefed, session=key, went="well")
    debrief = story.handover.leading.sessions[0].debriefs[OLGA]
    assert (debrief.went, debrief.note) == ("well", "Too fast")
    story.does(OLGA, e.SessionDebriefed, session=key, went="well", note="")
    assert story.handover.leading.sessions[0].debriefs[OLGA].note == ""


def test_a_leader_asks_again_how_ready_they_are() -> None:
    story = taught()
    story.ignores(LENA, e.ReadinessAsked)
    story.does(OLGA, e.ReadinessGiven, score=2, missing="I have not met their IT")
    assert story.refuses(IVAN, e.ReadinessAsked) == "not_yours"
    story.does(LENA, e.ReadinessAsked)
    assert hurdles(story) == [Before.READINESS]
    assert owed(story, Todo.SAY_READY) == {(OLGA, "")}
    assert owed(story, Todo.DECIDE_READY) == set()
    story.does(OLGA, e.ReadinessGiven, score=2, missing="Still not")
    assert posts(story.effects, LENA) == [(Kind.NOT_READY, "2")]
    story.does(OLGA, e.ReadinessGiven, score=4)
    assert hurdles(story) == []


def test_who_is_not_ready_says_what_is_missing_and_the_leader_decides() -> None:
    story = taught()
    assert story.refuses(OLGA, e.ReadinessGiven, score=2) == "missing"
    story.does(OLGA, e.ReadinessGiven, score=2, missing="I have not met their IT")
    assert posts(story.effects, LENA) == [(Kind.NOT_READY, "1")]
    assert hurdles(story) == [Before.NOT_READY]
    assert owed(story, Todo.DECIDE_READY) == {(LENA, "1")}
    assert story.refuses(LENA, e.LeadSwitched) == "missing"
    story.does(LENA, e.LeadSwitched, why="Their IT is away until May")
    assert story.handover.leading.why == "Their IT is away until May"
    assert story.handover.leading.spans[-1].by == LENA


def test_a_leavers_lead_passes_at_noon_of_the_last_day_whatever_is_open() -> None:
    leaving = {"day_is": DateIs.LAST_DAY, "day": date(2026, 12, 18), "reason": Reason.ATTRITION}
    story = approved(**leaving)
    noon = datetime(2026, 12, 18, 12, tzinfo=UTC)
    assert lead_now(story.handover)[0] == IVAN
    story.at = noon - timedelta(minutes=3)
    story.waits(minutes=1)
    assert lead_now(story.handover)[0] == IVAN
    assert due_at(story.handover, PLAYBOOK) == noon
    story.waits(minutes=1)
    assert lead_now(story.handover) == (OLGA, None)
    assert story.handover.leading.spans[-1].by == CLOCK
    assert (Kind.LEAD, "2") in posts(story.effects, OLGA)


def test_whoever_is_gone_leads_no_more() -> None:
    story = taught()
    story.does(OLGA, e.ReadinessGiven, score=5)
    story.does(OLGA, e.LeadSwitched)
    story.does(CLOCK, e.PersonGone, user=OLGA)
    assert lead_now(story.handover)[0] == IVAN
    story.does(CLOCK, e.PersonGone, user=IVAN)
    assert lead_now(story.handover)[0] == LENA
    assert [span.who for span in story.handover.leading.spans] == [IVAN, OLGA, IVAN, LENA]


def test_somebody_new_climbs_their_own_ladder() -> None:
    story = taught()
    held(story, "shadow", 1)
    story.does(OLGA, e.ReadinessGiven, score=5)
    story.does(LENA, e.IncomingNamed, incoming=party(KIM))
    assert hurdles(story) == [Before.NOT_ACCEPTED]
    assert story.handover.leading.sessions == ()
    assert [span.who for span in story.handover.leading.spans] == [IVAN]


@settings(max_examples=25)
@given(st.lists(st.sampled_from(["switch", "gone", "new", "day"]), max_size=6))
def test_there_is_one_lead_at_any_moment_and_never_somebody_gone(steps: list[str]) -> None:
    story = taught()
    story.does(OLGA, e.ReadinessGiven, score=5)
    for step in steps:
        incoming = story.handover.incoming
        match step:
            case "switch" if incoming and not before_switch(story.handover, PLAYBOOK):
                if incoming.user and not incoming.gone:
                    story.does(LENA, e.LeadSwitched, why="It is time")
            case "gone" if incoming and incoming.user:
                story.does(CLOCK, e.PersonGone, user=incoming.user)
            case "new" if incoming and incoming.user != KIM:
                story.does(LENA, e.IncomingNamed, incoming=party(KIM))
            case "day":
                story.waits(days=1)
            case _:
                pass
        who = lead_now(story.handover)[0]
        gone = [p.user for p in (story.handover.outgoing, incoming) if p and p.gone]
        assert who not in gone
        assert story.handover.leading.spans[-1].who == who
    moments = [span.since for span in story.handover.leading.spans]
    assert moments == sorted(moments)


@pytest.mark.parametrize("score", [0, 6])
def test_readiness_is_one_to_five(score: int) -> None:
    with pytest.raises(ValueError, match="score"):
        e.ReadinessGiven.model_validate({"at": MONDAY, "by": OLGA, "score": score})
