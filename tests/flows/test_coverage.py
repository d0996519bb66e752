"""Who of the customer's people knows, has met whoever comes, and was reassured."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows import events as e
from flows.customer import covering
from flows.customer.coverage import coverage, covered_days, introduced_of, key_missing
from flows.customer.coverage_events import Intended
from flows.customer.covering import introduced_late
from flows.customer.introductions import Channel, Step
from flows.errors import FlowError
from flows.handover import Handover
from flows.privacy import as_read_by
from flows.saying import Kind, Refresh
from flows.schedule.numbering import plan_days
from flows.schedule.planning import milestone_done
from flows.schedule.timeline import make_plan
from flows.schedule.workdays import add_workdays
from flows.tasks import Todo, _milestones, all_tasks
from flows.terms import RecordKind, Segment
from tests.flows.make import BORIS, IVAN, KIM, LENA, OLGA, PLAYBOOK, Story, party

SIX = {
    "ana": "champion",
    "ben": "sponsor",
    "cleo": "day_to_day",
    "dan": "technical",
    "eva": "procurement",
    "finn": "",
}
CALL, MAIL, MEETING = Channel
TODAY = date(2026, 11, 23)


def told(segment: Segment = Segment.MID_MARKET, people: dict[str, str] = SIX) -> Story:
    """Ivan has named six people at the customer's, three of them key; Kim started it for others."""
    story = Story(segment=segment, by=KIM)
    for key, part in people.items():
        details = {"name": key.title()} | ({"type": part} if part else {})
        known = {"id": key, "question": "SK1", "kind": RecordKind.STAKEHOLDER}
        story.does(IVAN, e.RecordAdded, **known, details=details)
    return story


def ticked(
    story: Story, key: str, *steps: Step, by: str = IVAN, on: date = TODAY, **more: object
) -> None:
    """The customer may hear of it, and somebody takes steps with one of them."""
    for step in steps:
        event = story.event(e.StakeholderTicked, by, id=key, step=step, on=on, **more)
        story.handover = covering.stakeholder_ticked(
            story.handover, event, PLAYBOOK, approved=lambda _handover: True
        )


def refused(story: Story, key: str, step: Step, by: str = IVAN, **more: object) -> tuple[str, str]:
    """Somebody is refused a step, though the customer may hear of it; code and field."""
    before = story.handover
    with pytest.raises(FlowError) as error:
        ticked(story, key, step, by=by, **({"on": TODAY, "channel": CALL} | more))  # type: ignore[arg-type]
    assert story.handover is before
    return error.value.code, error.value.field


def plans(story: Story, by: str, why: str = "", **people: Intended) -> None:
    story.does(by, e.IntroductionsPlanned, people=people, why=why)


def test_four_of_six_are_introduced_and_the_two_are_named() -> None:
    story = told()
    for key in ("ana", "ben", "dan", "finn"):
        ticked(story, key, Step.HEADS_UP, Step.INTRODUCED)
    ticked(story, "cleo", Step.HEADS_UP)
    count = introduced_of(story.handover, PLAYBOOK)
    assert (count.done, count.total) == (4, 6)
    assert [one.name for one in count.missing] == ["Cleo", "Eva"]
    assert [one.name for one in key_missing(story.handover, PLAYBOOK, Step.INTRODUCED)] == ["Cleo"]
    missing = key_missing(story.handover, PLAYBOOK, Step.REASSURED)
    assert [one.name for one in missing] == ["Ben", "Ana", "Cleo"]


def test_a_tick_tells_who_when_and_how() -> None:
    story = told()
    ticked(story, "ana", Step.HEADS_UP, channel=MAIL)
    ticked(story, "ana", Step.INTRODUCED, by=LENA, who=OLGA, on=TODAY + timedelta(days=1))
    ana = next(one for one in coverage(story.handover, PLAYBOOK) if one.record.id == "ana")
    heads_up, introduced = ana.ticks[Step.HEADS_UP], ana.ticks[Step.INTRODUCED]
    assert (heads_up.by, heads_up.on, heads_up.channel) == (IVAN, TODAY, MAIL)
    assert (introduced.by, introduced.on, introduced.channel) == (OLGA, date(2026, 11, 24), CALL)
    assert ana.ways == (Step.REASSURED,)


def test_a_tick_said_twice_changes_nothing_and_can_be_taken_back() -> None:
    story = told()
    ticked(story, "ana", Step.HEADS_UP, Step.INTRODUCED)
    before = story.handover
    ticked(story, "ana", Step.INTRODUCED, by=OLGA)
    assert story.handover is before
    assert story.refuses(OLGA, e.TickTakenBack, id="ana", step=Step.HEADS_UP) == "ticked_since"
    story.does(OLGA, e.TickTakenBack, id="ana", step=Step.INTRODUCED)
    assert introduced_of(story.handover, PLAYBOOK).done == 0
    story.ignores(OLGA, e.TickTakenBack, id="ana", step=Step.INTRODUCED)
    story.does(IVAN, e.TickTakenBack, id="ana", step=Step.HEADS_UP)
    assert not any(one.ticks for one in coverage(story.handover, PLAYBOOK))


def test_nobody_is_told_before_message_and_plan_are_approved() -> None:
    story = told()
    event = story.event(e.StakeholderTicked, IVAN, id="ana", step=Step.HEADS_UP, on=TODAY)
    with pytest.raises(FlowError, match="locked"):
        covering.stakeholder_ticked(story.handover, event, PLAYBOOK, lambda _handover: False)


@pytest.mark.parametrize("step", [Step.INTRODUCED, Step.REASSURED])
def test_nobody_is_introduced_or_reassured_before_the_heads_up(step: Step) -> None:
    story = told()
    assert refused(story, "ana", step) == ("heads_up_first", "")
    ticked(story, "ben", Step.HEADS_UP)
    assert refused(story, "ana", step) == ("heads_up_first", "")
    ticked(story, "ana", Step.HEADS_UP)
    earlier = TODAY - timedelta(days=1)
    assert refused(story, "ana", step, on=earlier) == ("heads_up_first", "on")
    ticked(story, "ana", step)


def test_what_is_to_come_and_whoever_has_no_part_is_not_ticked() -> None:
    story = told()
    assert refused(story, "ana", Step.HEADS_UP, on=date(2026, 11, 25)) == ("date_to_come", "on")
    assert refused(story, "ana", Step.HEADS_UP, who="UZOE") == ("not_a_choice", "who")
    assert refused(story, "zed", Step.HEADS_UP) == ("no_such_record", "")


@pytest.mark.parametrize(
    ("segment", "channel"),
    [(Segment.SMB, MAIL), (Segment.MID_MARKET, CALL), (Segment.ENTERPRISE, CALL)],
)
def test_the_segment_says_how_somebody_is_usually_introduced(
    segment: Segment, channel: Channel
) -> None:
    assert {one.channel for one in coverage(told(segment).handover, PLAYBOOK)} == {channel}


@pytest.mark.parametrize("segment", [Segment.MID_MARKET, Segment.ENTERPRISE])
def test_a_key_stakeholder_is_introduced_by_more_than_a_mail(segment: Segment) -> None:
    story, mail = told(segment), Intended(channel=MAIL)
    for key in ("ana", "ben", "cleo"):
        refusal = {"people": {key: mail}}
        assert story.refuses(IVAN, e.IntroductionsPlanned, **refusal) == "by_call"
        assert story.refuses(LENA, e.IntroductionsPlanned, **refusal) == "by_call"
        assert story.refuses(IVAN, e.IntroductionsPlanned, **refusal, why="So!") == "not_yours"
    plans(story, IVAN, dan=mail, eva=mail, finn=mail)
    plans(story, LENA, "  They write only. ", ana=mail)
    ana = next(one for one in coverage(story.handover, PLAYBOOK) if one.record.id == "ana")
    assert ana.channel is MAIL
    assert ana.introduction.by_mail
    assert (ana.introduction.by_mail.by, ana.introduction.by_mail.why) == (
        LENA,
        "They write only.",
    )
    plans(story, IVAN, ana=Intended(channel=MAIL, place=1))
    ticked(story, "ana", Step.HEADS_UP, Step.INTRODUCED)
    ticked(story, "ben", Step.HEADS_UP, channel=MAIL)
    assert refused(story, "ben", Step.INTRODUCED, channel=MAIL) == ("by_call", "channel")
    ticked(story, "ben", Step.INTRODUCED, by=LENA, channel=MAIL, why="He is at sea.")
    plans(story, IVAN, ana=Intended(channel=CALL))
    assert story.refuses(IVAN, e.IntroductionsPlanned, people={"ana": mail}) == "by_call"


def test_a_small_account_may_be_written_to() -> None:
    story = told(Segment.SMB)
    plans(story, IVAN, ana=Intended(channel=MAIL, email="ana@northwind.example"))
    ticked(story, "ana", Step.HEADS_UP, Step.INTRODUCED, channel=MAIL)
    assert introduced_of(story.handover, PLAYBOOK).done == 1


def test_while_nobody_is_known_to_play_a_key_part_everybody_counts() -> None:
    story = told(people={"dan": "technical", "finn": ""})
    assert all(one.is_key for one in coverage(story.handover, PLAYBOOK))
    story.does(IVAN, e.RecordChanged, id="dan", details={"name": "Dan", "type": "sponsor"})
    assert [one.name for one in coverage(story.handover, PLAYBOOK) if one.is_key] == ["Dan"]


def test_key_stakeholders_come_first_unless_somebody_says_who_does() -> None:
    story = told()
    names = [one.name for one in coverage(story.handover, PLAYBOOK)]
    assert names == ["Ben", "Ana", "Cleo", "Dan", "Eva", "Finn"]
    plans(story, OLGA, finn=Intended(channel=CALL, place=1), dan=Intended(channel=MEETING, place=2))
    names = [one.name for one in coverage(story.handover, PLAYBOOK)]
    assert names == ["Finn", "Dan", "Ben", "Ana", "Cleo", "Eva"]


def test_an_address_is_checked_and_one_that_was_noted_is_known() -> None:
    story = told(people={})
    noted = {"name": "Ana", "contact": "<mailto:ana@x.example|ana@x.example>, never before 10"}
    known = {"question": "SK1", "kind": RecordKind.STAKEHOLDER}
    story.does(IVAN, e.RecordAdded, id="ana", **known, details=noted)
    assert coverage(story.handover, PLAYBOOK)[0].email == "ana@x.example"
    for text, address in (("Mail bo@x.example.", "bo@x.example"), ("a@" * 1500, ""), ("@ana", "")):
        story.does(IVAN, e.RecordChanged, id="ana", details={"name": "Ana", "contact": text})
        assert coverage(story.handover, PLAYBOOK)[0].email == address
    for wrong in ("ana", "ana@x", "ana @x.example", "ana@x.example\nBcc: me@x.example", "<a@x.y>"):
        intended = {"ana": {"channel": CALL, "email": wrong}}
        assert story.refuses(IVAN, e.IntroductionsPlanned, people=intended) == "not_an_email"
    plans(story, IVAN, ana=Intended(channel=CALL, email=" a.silva+cs@x.example "))
    assert coverage(story.handover, PLAYBOOK)[0].email == "a.silva+cs@x.example"
    story.ignores(
        IVAN,
        e.IntroductionsPlanned,
        people={"ana": {"channel": CALL, "email": "a.silva+cs@x.example"}},
    )


def test_stakeholders_decide_about_their_milestones() -> None:
    story = told()
    plan = make_plan(story.handover, PLAYBOOK)
    reassured = plan.find("reassured")
    assert reassured
    assert reassured.derived
    assert not reassured.done
    ticked(story, "dan", Step.HEADS_UP, Step.INTRODUCED)
    for key in ("ana", "ben", "cleo"):
        assert covered_days(story.handover, PLAYBOOK) == {"reassured": None, "others": None}
        ticked(story, key, Step.HEADS_UP, Step.INTRODUCED, Step.REASSURED)
    assert covered_days(story.handover, PLAYBOOK) == {"reassured": TODAY, "others": None}
    reassured = make_plan(story.handover, PLAYBOOK).find("reassured")
    assert reassured
    assert reassured.done
    assert reassured.done_on == TODAY
    last = date(2026, 11, 24)
    ticked(story, "eva", Step.HEADS_UP, Step.INTRODUCED)
    ticked(story, "finn", Step.HEADS_UP, Step.INTRODUCED, on=last)
    assert covered_days(story.handover, PLAYBOOK) == {"reassured": TODAY, "others": last}
    event = story.event(e.MilestoneDone, IVAN, key="reassured")
    with pytest.raises(FlowError, match="derived"):
        milestone_done(story.handover, event, PLAYBOOK)
    story.does(OLGA, e.TickTakenBack, id="ana", step=Step.REASSURED)
    assert covered_days(story.handover, PLAYBOOK)["reassured"] is None
    assert Refresh(to=LENA, kind=Kind.PLAN) in story.effects


def test_without_stakeholders_somebody_marks_them() -> None:
    bare = make_plan(told(people={}).handover, PLAYBOOK).find("reassured")
    assert bare
    assert not bare.derived
    assert covered_days(told(people={}).handover, PLAYBOOK) == {}


def test_a_sponsor_whom_nobody_introduces_is_missed_some_days_after_the_plan() -> None:
    story = told()
    planned = plan_days(story.handover, PLAYBOOK)["introduction"]
    last = add_workdays(planned, PLAYBOOK.coverage.sponsor_days)
    late, missed = introduced_late(story.handover, PLAYBOOK)
    assert late == last + timedelta(days=1)
    assert [one.name for one in missed] == ["Ben"]
    ticked(story, "ben", Step.HEADS_UP, Step.INTRODUCED)
    assert introduced_late(story.handover, PLAYBOOK) == (late, ())


def test_whoever_is_kept_close_does_not_count_for_others() -> None:
    story = told()
    details = {"name": "Gus", "type": "sponsor"}
    known = {"id": "gus", "question": "S8", "kind": RecordKind.STAKEHOLDER}
    story.does(IVAN, e.RecordAdded, **known, details=details)
    story.does(IVAN, e.MarkedSensitive, question="S8", sensitive=True)
    plans(story, LENA, gus=Intended(channel=MEETING, place=1))
    ticked(story, "gus", Step.HEADS_UP)
    for key in SIX:
        ticked(story, key, Step.HEADS_UP, Step.INTRODUCED, Step.REASSURED)
    for reader in (IVAN, OLGA, LENA, BORIS):
        count = introduced_of(as_read_by(story.handover, PLAYBOOK, reader), PLAYBOOK)
        assert (count.done, count.total, [one.name for one in count.missing]) == (6, 7, ["Gus"])
    read = as_read_by(story.handover, PLAYBOOK, KIM)
    assert introduced_of(read, PLAYBOOK) == (6, 6, ())
    assert "gus" not in read.model_dump_json()
    assert make_plan(read, PLAYBOOK).milestones == make_plan(story.handover, PLAYBOOK).milestones
    assert covered_days(story.handover, PLAYBOOK) == {"reassured": TODAY, "others": TODAY}


def test_somebody_new_is_introduced_to_everybody_anew() -> None:
    story = told()
    plans(story, IVAN, ana=Intended(channel=MEETING, place=1, email="ana@x.example"))
    ticked(story, "ana", Step.HEADS_UP, Step.INTRODUCED)
    story.does(LENA, e.IncomingNamed, incoming=party("UNEW"))
    ana = coverage(story.handover, PLAYBOOK)[0]
    assert (ana.name, ana.channel, ana.email, ana.ticks) == ("Ana", MEETING, "ana@x.example", {})


def test_whoever_is_taken_out_counts_no_more() -> None:
    story = told()
    ticked(story, "ana", Step.HEADS_UP, Step.INTRODUCED)
    story.does(IVAN, e.RecordRemoved, id="ana")
    assert introduced_of(story.handover, PLAYBOOK)[:2] == (0, 5)


def test_once_it_is_their_turn_whoever_acts_has_a_task() -> None:
    story = told()
    plan = make_plan(story.handover, PLAYBOOK)
    assert Todo.COVER not in {task.todo for task in all_tasks(story.handover, PLAYBOOK)}
    approved = [
        one._replace(locked=False, done=one.key == "introduction") for one in plan.milestones
    ]
    tasks = list(_milestones(story.handover, PLAYBOOK, plan._replace(milestones=tuple(approved))))
    mine = [(task.owner, task.subject) for task in tasks if task.todo is Todo.COVER]
    assert mine == [(IVAN, "reassured"), (OLGA, "reassured")]


steps = st.fixed_dictionaries(
    {
        "id": st.sampled_from(sorted(SIX)),
        "step": st.sampled_from(Step),
        "on": st.integers(-3, 1).map(lambda ahead: TODAY + timedelta(days=ahead)),
        "channel": st.sampled_from(Channel),
        "by": st.sampled_from((IVAN, OLGA, LENA)),
    }
)
_BEFORE = {segment: told(segment) for segment in Segment}


@settings(max_examples=60)
@given(st.lists(st.tuples(steps, st.booleans()), max_size=25), st.sampled_from(Segment))
def test_whatever_is_ticked_nobody_was_blindsided(
    tried: list[tuple[dict[str, Any], bool]], segment: Segment
) -> None:
    """No step without, or before, a heads-up; no key stakeholder by mail alone; counts add up."""
    story = _BEFORE[segment]
    handover = story.handover
    for step, back in tried:
        handover = attempted(story, handover, dict(step), back=back)
    for one in coverage(handover, PLAYBOOK):
        heads_up = one.ticks.get(Step.HEADS_UP)
        assert all(heads_up and heads_up.on <= tick.on for tick in one.ticks.values())
        introduced = one.ticks.get(Step.INTRODUCED)
        if introduced and one.is_key and segment is not Segment.SMB:
            assert introduced.channel is not MAIL
    count = introduced_of(handover, PLAYBOOK)
    assert count.done + len(count.missing) == count.total == 6
    assert Handover.model_validate_json(handover.model_dump_json()) == handover


def attempted(story: Story, handover: Handover, step: dict[str, Any], *, back: bool) -> Handover:
    """The handover after a step, or its taking back; as it was where that is refused."""
    by = step.pop("by")
    try:
        if back:
            known = {"id": step["id"], "step": step["step"]}
            taken = story.event(e.TickTakenBack, by, **known)
            return covering.tick_taken_back(handover, taken, PLAYBOOK)
        event = story.event(e.StakeholderTicked, by, **step)
        return covering.stakeholder_ticked(handover, event, PLAYBOOK, lambda _handover: True)
    except FlowError as error:
        assert error.code in {"heads_up_first", "by_call", "ticked_since"}  # noqa: PT017
        return handover
