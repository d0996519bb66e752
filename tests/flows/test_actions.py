"""What a leader gives somebody to do, and who talks to the customer: alike on any handover."""

from datetime import date
from typing import Any

from flows import events as e
from flows.confidential.actions import find_action
from flows.effects import Kind, Post, Refresh
from flows.handover import Standing
from flows.knowledge.interview import progress
from flows.privacy import close_ones
from flows.schedule.milestones import LeftOut, plan_problems
from flows.schedule.timeline import make_plan
from flows.taking_over.items import owner
from flows.tasks import Todo, open_tasks
from flows.terms import RecordKind, Role, Segment
from tests.flows.make import BORIS, IVAN, KIM, LENA, NEVER, OLGA, PLAYBOOK, ZOE, Story, party

DAY = date(2026, 12, 4)


def gives(story: Story, to: str, **change: object) -> tuple[Any, ...]:
    given = {"id": "L1", "text": "Call the CFO", "owner": party(to), "due": DAY} | change
    return story.does(LENA, e.ActionAdded, **given)


def todos(story: Story, viewer: str) -> list[tuple[str, date]]:
    tasks = open_tasks(story.handover, PLAYBOOK, LENA)
    return [(t.owner, t.due) for t in tasks if t.todo is Todo.DO_ITEM and t.owner == viewer]


def test_an_action_is_an_open_issue_with_whoever_is_to_do_it() -> None:
    story = Story()
    before = progress(story.handover, PLAYBOOK, Role.OUTGOING)
    assert Post(to=IVAN, kind=Kind.ACTION, subject="L1") in gives(story, IVAN)
    action = find_action(story.handover, "L1")
    assert action
    assert (action.kind, action.decision.standing) == (RecordKind.ISSUE, Standing.PASSED)
    assert action.details == {"what": "Call the CFO", "due": "2026-12-04"}
    assert todos(story, IVAN) == [(IVAN, DAY)]
    # It is nobody's answer.
    assert progress(story.handover, PLAYBOOK, Role.OUTGOING) == before
    assert story.refuses(IVAN, e.RecordRemoved, id="L1") == "not_yours"
    story.ignores(LENA, e.ActionAdded, id="L1", text="Twice", owner=party(OLGA), due=DAY)


def test_its_owner_reads_what_becomes_of_it() -> None:
    story = Story()
    gives(story, OLGA)
    assert Refresh(to=OLGA, kind=Kind.ACTION, subject="L1") in story.does(OLGA, e.ItemDone, id="L1")
    assert todos(story, OLGA) == []
    again = story.does(OLGA, e.ItemReopened, id="L1")
    assert Refresh(to=OLGA, kind=Kind.ACTION, subject="L1") in again
    assert todos(story, OLGA) == [(OLGA, DAY)]


def test_who_gives_it_to_themselves_is_not_written_to() -> None:
    story = Story()
    assert not any(isinstance(effect, Post) for effect in gives(story, LENA))
    assert todos(story, LENA) == [(LENA, DAY)]


def test_only_those_who_work_on_it_and_know_can_have_one() -> None:
    story = Story(by=KIM, tellings={Role.OUTGOING: NEVER})
    assert close_ones(story.handover) == (LENA, BORIS)
    for user in (IVAN, OLGA, KIM, ZOE):
        assert (
            story.refuses(LENA, e.ActionAdded, id="L1", text="Call", owner=party(user), due=DAY)
            == "no_part"
        )
    blank = {"id": "L1", "text": "  ", "owner": party(LENA), "due": DAY}
    assert story.refuses(LENA, e.ActionAdded, **blank) == "missing"


def test_where_its_owner_leaves_the_leader_has_it() -> None:
    story = Story()
    gives(story, OLGA)
    effects = story.does(LENA, e.IncomingNamed, incoming=party(KIM))
    action = find_action(story.handover, "L1")
    assert action
    assert owner(story.handover, action) == LENA
    assert Post(to=LENA, kind=Kind.ACTION, subject="L1") in effects


def steps(story: Story) -> dict[str, tuple[str, ...]]:
    plan = make_plan(story.handover, PLAYBOOK)
    return {m.key: m.owners for m in plan.milestones if m.track == "customer"}


def test_without_the_outgoing_csm_their_steps_with_the_customer_pass_on_or_drop() -> None:
    story = Story(segment=Segment.ENTERPRISE, day=date(2027, 3, 5))
    usual = steps(story)
    assert usual["heads_up"] == (IVAN,)
    assert {"shadow_1", "reverse_1"} <= set(usual)
    story.does(LENA, e.CallsArranged, without_outgoing=True)
    now = steps(story)
    assert now["heads_up"] == (LENA,)
    assert now["introduction"] == (LENA, OLGA)
    assert now["hello"] == usual["hello"]
    dropped = {"shadow_1", "shadow_2", "reverse_1", "reverse_2"}
    assert set(usual) - set(now) == dropped
    assert not any(IVAN in owners for owners in now.values())
    story.ignores(LENA, e.CallsArranged, without_outgoing=True)
    story.does(BORIS, e.CallsArranged, without_outgoing=False)
    assert steps(story) == usual


def test_a_step_that_the_bot_needs_is_never_dropped() -> None:
    switch = next(spec for spec in PLAYBOOK.plan if spec.key == "switch")
    dropped = switch.model_copy(update={"left_out": LeftOut.DROP})
    plan = [dropped if spec.key == "switch" else spec for spec in PLAYBOOK.plan]
    assert list(plan_problems(plan)) == ["plan switch: it cannot be dropped"]
