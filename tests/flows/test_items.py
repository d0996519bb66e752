"""Promises and issues: accepted, renegotiated or declined one by one, and always somebody's."""

from datetime import date

import pytest

from flows import events as e
from flows.effects import Kind, Post, Refresh
from flows.handover import Party, Record, Standing
from flows.taking_over.items import due_day, open_items, owner, undecided, unsettled
from flows.taking_over.receiving_events import ItemOutcome
from flows.tasks import Todo, all_tasks
from flows.terms import DateIs, RecordKind, Role, Segment
from tests.flows.make import (
    BORIS,
    IVAN,
    KIM,
    LENA,
    NEVER,
    OLGA,
    PLAYBOOK,
    TOLD,
    ZOE,
    Story,
    posts,
)
from tests.flows.make import party as named

SOON, SWITCH, LATE = "2026-12-10", date(2026, 12, 31), "2027-02-01"


def promise(story: Story, key: str = "P1", kind: str = "commitment", **details: str) -> Record:
    question = "CM1" if kind == "commitment" else "OI1"
    known = {"what": f"The training {key}"} | details
    story.does(IVAN, e.RecordAdded, id=key, question=question, kind=kind, details=known)
    return item(story, key)


def item(story: Story, key: str = "P1") -> Record:
    return next(record for record in story.handover.records if record.id == key)


def taken(by: str = IVAN) -> Story:
    """A handover that Olga has accepted, with one promise due after the switch."""
    story = Story(segment=Segment.ENTERPRISE, by=by)
    story.does(OLGA, e.Accepted)
    promise(story, due=LATE)
    return story


def who(story: Story, key: str = "P1") -> str:
    return owner(story.handover, item(story, key))


def todos(story: Story, key: str = "P1") -> dict[Todo, str]:
    return {t.todo: t.owner for t in all_tasks(story.handover, PLAYBOOK) if t.subject == key}


def test_an_accepted_promise_is_the_incoming_csms_from_the_switch_on() -> None:
    story = taken()
    assert who(story) == OLGA
    assert undecided(story.handover) == [item(story)]
    assert todos(story) == {}
    assert posts(story.does(OLGA, e.ItemsAccepted, ids=["P1"])) == []
    assert item(story).decision.standing is Standing.ACCEPTED
    assert not unsettled(story.handover)
    assert todos(story) == {Todo.DO_ITEM: OLGA}
    story.ignores(OLGA, e.ItemsAccepted, ids=["P1"])


def test_what_falls_due_before_the_switch_stays_with_the_outgoing_csm() -> None:
    story = taken()
    promise(story, "P2", due=SOON)
    # It is asked of them whether or not anybody has accepted it (A23).
    assert (who(story, "P2"), todos(story, "P2")) == (IVAN, {Todo.DO_ITEM: IVAN})
    story.does(OLGA, e.ItemsAccepted, ids=["P1", "P2"])
    assert (who(story, "P1"), who(story, "P2")) == (OLGA, IVAN)


def test_until_somebody_takes_the_account_over_everything_is_the_outgoing_csms() -> None:
    story = Story(segment=Segment.ENTERPRISE)
    promise(story, due=LATE)
    assert who(story) == IVAN
    story.waits(days=3)
    story.does(OLGA, e.Declined)
    assert who(story) == IVAN


def test_whoever_is_gone_owns_nothing() -> None:
    story = taken()
    promise(story, "P2", due=SOON)
    story.does(e.CLOCK, e.PersonGone, user=IVAN)
    assert (who(story, "P1"), who(story, "P2")) == (OLGA, OLGA)
    story.does(e.CLOCK, e.PersonGone, user=OLGA)
    assert (who(story, "P1"), who(story, "P2")) == (LENA, LENA)


def test_another_date_is_confirmed_by_the_outgoing_csm() -> None:
    story = taken()
    said = story.does(
        OLGA, e.ItemProposed, id="P1", proposal={"due": "2027-03-01"}, why="Busy in February"
    )
    assert posts(said) == [(Kind.PROPOSAL, "P1")]
    assert said[0] == Post(to=IVAN, kind=Kind.PROPOSAL, subject="P1")
    assert todos(story) == {Todo.SETTLE_PROPOSAL: IVAN}
    assert due_day(item(story)) == date(2027, 2, 1)
    said = story.does(IVAN, e.ProposalSettled, id="P1", agreed=True)
    assert Refresh(to=IVAN, kind=Kind.PROPOSAL, subject="P1") in said
    assert due_day(item(story)) == date(2027, 3, 1)
    assert item(story).decision.standing is Standing.ACCEPTED
    assert story.refuses(LENA, e.ProposalSettled, id="P1", agreed=True) == "not_yours"


def test_a_proposal_that_cannot_be_goes_to_the_leader() -> None:
    story = taken()
    story.does(OLGA, e.ItemProposed, id="P1", proposal={"what": "Half a training"})
    said = story.does(IVAN, e.ProposalSettled, id="P1", agreed=False, why="They paid for it all")
    assert posts(said, LENA) == [(Kind.ITEM_DECLINED, "P1")]
    assert item(story).details["what"] == "The training P1"
    assert todos(story) == {Todo.SETTLE_DECLINED: LENA}


def test_a_proposal_passes_to_the_leader_when_the_outgoing_csm_goes() -> None:
    story = taken()
    story.does(OLGA, e.ItemProposed, id="P1", proposal={"due": "2027-03-01"})
    assert (Kind.PROPOSAL, "P1") in posts(story.does(e.CLOCK, e.PersonGone, user=IVAN), LENA)
    story.does(LENA, e.ProposalSettled, id="P1", agreed=True)
    assert due_day(item(story)) == date(2027, 3, 1)


@pytest.mark.parametrize(
    ("proposal", "refused"),
    [
        ({"due": "someday"}, "not_a_date"),
        ({"what": " "}, "missing"),
        ({"due": LATE}, "nothing_changed"),
        ({}, "nothing_changed"),
        ({"colour": "red"}, "nothing_changed"),
    ],
)
def test_a_proposal_is_a_real_change(proposal: dict[str, str], refused: str) -> None:
    assert taken().refuses(OLGA, e.ItemProposed, id="P1", proposal=proposal) == refused


@pytest.mark.parametrize(
    ("outcome", "fields", "standing", "has_it"),
    [
        (ItemOutcome.KEEP, {"until": "2027-03-15"}, Standing.KEPT, IVAN),
        (ItemOutcome.HAND_ON, {"keeper": named(BORIS)}, Standing.PASSED, BORIS),
        (ItemOutcome.HAND_ON, {"keeper": named(KIM)}, Standing.PASSED, LENA),
        (ItemOutcome.HAND_ON, {"keeper": Party(user=None, name="Ann")}, Standing.PASSED, LENA),
        (ItemOutcome.CHANGE, {"changes": {"what": "Less"}}, Standing.UNDECIDED, OLGA),
        (ItemOutcome.WITHDRAW, {}, Standing.WITHDRAWN, OLGA),
    ],
)
def test_the_leader_decides_about_what_was_declined(
    outcome: ItemOutcome, fields: dict[str, object], standing: Standing, has_it: str
) -> None:
    story = taken()
    said = story.does(OLGA, e.ItemDeclined, id="P1", why="Not my field")
    assert posts(said) == [(Kind.ITEM_DECLINED, "P1")]
    assert who(story) == IVAN
    assert story.refuses(IVAN, e.ItemSettled, id="P1", outcome=outcome, **fields) == "not_yours"
    said = story.does(LENA, e.ItemSettled, id="P1", outcome=outcome, **fields)
    assert Refresh(to=LENA, kind=Kind.ITEM_DECLINED, subject="P1") in said
    decision = item(story).decision
    assert (decision.standing, decision.why, who(story)) == (standing, "Not my field", has_it)


@pytest.mark.parametrize(
    ("outcome", "fields", "refused"),
    [
        (ItemOutcome.KEEP, {}, "missing"),
        (ItemOutcome.KEEP, {"until": "2026-11-01"}, "date_past"),
        (ItemOutcome.HAND_ON, {}, "missing"),
        (ItemOutcome.CHANGE, {}, "nothing_changed"),
    ],
)
def test_the_leader_says_what_the_outcome_needs(
    outcome: ItemOutcome, fields: dict[str, object], refused: str
) -> None:
    story = taken()
    story.does(OLGA, e.ItemDeclined, id="P1", why="No")
    assert story.refuses(LENA, e.ItemSettled, id="P1", outcome=outcome, **fields) == refused


def test_the_leaders_word_stands_until_it_is_opened_again() -> None:
    story = taken()
    story.does(OLGA, e.ItemDeclined, id="P1", why="No")
    story.does(LENA, e.ItemSettled, id="P1", outcome=ItemOutcome.WITHDRAW)
    for kind, fields in (
        (e.ItemsAccepted, {"ids": ["P1"]}),
        (e.ItemDeclined, {"id": "P1", "why": "Still no"}),
        (e.ItemProposed, {"id": "P1", "proposal": {"what": "Less"}}),
    ):
        assert story.refuses(OLGA, kind, **fields) == "item_settled"
    assert (
        story.refuses(LENA, e.ItemSettled, id="P1", outcome=ItemOutcome.WITHDRAW) == "item_settled"
    )
    assert story.refuses(IVAN, e.ProposalSettled, id="P1", agreed=True) == "item_settled"
    story.does(LENA, e.ItemReopened, id="P1")
    story.does(OLGA, e.ItemsAccepted, ids=["P1"])
    assert who(story) == OLGA


def test_the_incoming_csm_may_think_again_until_the_leader_has_decided() -> None:
    story = taken()
    story.does(OLGA, e.ItemDeclined, id="P1", why="No")
    said = story.does(OLGA, e.ItemsAccepted, ids=["P1"])
    assert posts(said) == []
    assert Refresh(to=LENA, kind=Kind.ITEM_DECLINED, subject="P1") in said
    assert item(story).decision.why == ""
    assert story.refuses(OLGA, e.ItemDeclined, id="P1", why=" ") == "missing"


def test_done_is_done_and_can_be_opened_again() -> None:
    story = taken()
    story.does(OLGA, e.ItemsAccepted, ids=["P1"])
    story.does(OLGA, e.ItemDone, id="P1")
    story.ignores(IVAN, e.ItemDone, id="P1")
    assert open_items(story.handover) == ()
    assert todos(story) == {}
    assert story.refuses(OLGA, e.ItemsAccepted, ids=["P1"]) == "item_done"
    story.does(LENA, e.ItemReopened, id="P1")
    assert todos(story) == {Todo.DO_ITEM: OLGA}
    story.does(OLGA, e.ItemReopened, id="P1")
    assert undecided(story.handover) == [item(story)]
    for kind in (e.ItemDone, e.ItemReopened, e.ItemsAccepted):
        fields = {"ids": ["P9"]} if kind is e.ItemsAccepted else {"id": "P9"}
        assert story.refuses(OLGA, kind, **fields) == "no_such_record"


def test_a_change_by_the_outgoing_csm_is_asked_about_again() -> None:
    story = taken()
    story.does(OLGA, e.ItemsAccepted, ids=["P1"])
    known = item(story).details
    story.ignores(IVAN, e.RecordChanged, id="P1", details=known)
    story.does(IVAN, e.RecordChanged, id="P1", details=known | {"due": "2027-01-11"})
    assert undecided(story.handover) == [item(story)]


def test_an_edit_of_a_typed_list_keeps_what_was_decided_about_other_lines() -> None:
    story = Story(segment=Segment.ENTERPRISE)
    story.does(OLGA, e.Accepted)
    source = story.says(IVAN, "A training\nA report", question="CM1")
    ids = [record.id for record in story.handover.records]
    story.does(OLGA, e.ItemsAccepted, ids=ids)
    text = "A first call\nA training\nA longer report"
    story.does(IVAN, e.SaidEdited, source=source, text=text, edited="2")
    assert [record.details["what"] for record in undecided(story.handover)] == [
        "A first call",
        "A longer report",
    ]


def test_a_new_incoming_csm_decides_for_themselves() -> None:
    story = taken()
    for key in ("P2", "P3", "P4"):
        promise(story, key)
    story.does(OLGA, e.ItemsAccepted, ids=["P1", "P2"])
    story.does(OLGA, e.ItemDone, id="P2")
    for key in ("P3", "P4"):
        story.does(OLGA, e.ItemDeclined, id=key, why="No")
    story.does(LENA, e.ItemSettled, id="P4", outcome=ItemOutcome.KEEP, until=SOON)
    story.does(LENA, e.IncomingNamed, incoming=named(KIM))
    assert [i.id for i in undecided(story.handover)] == ["P1", "P3"]
    assert item(story, "P2").done
    assert who(story, "P4") == IVAN


def test_only_promises_and_issues_are_decided_one_by_one() -> None:
    story = taken()
    assert promise(story, "I1", "issue", what="It hangs").kind is RecordKind.ISSUE
    details = {"what": "Their sponsor leaves"}
    story.does(IVAN, e.RecordAdded, id="K1", question="RK1", kind="risk", details=details)
    assert {i.id for i in open_items(story.handover)} == {"P1", "I1"}
    assert story.refuses(OLGA, e.ItemsAccepted, ids=["K1"]) == "no_such_record"


def test_nobody_who_is_not_told_is_asked_anything() -> None:
    story = Story(
        segment=Segment.ENTERPRISE,
        by=LENA,
        day=SWITCH,
        day_is=DateIs.SWITCH_BY,
        outgoing=Party(user=None, name="Bob"),
        tellings=TOLD | {key: NEVER for key in TOLD if key.value == "incoming"},
    )
    details = {"what": "A call", "due": SOON}
    story.does(LENA, e.RecordAdded, id="P1", question="CM1", kind="commitment", details=details)
    assert who(story) == LENA
    assert todos(story) == {Todo.DO_ITEM: LENA}


def test_what_is_passed_to_somebody_untold_gives_nothing_away() -> None:
    story = taken(by=LENA)
    story.does(OLGA, e.ItemDeclined, id="P1", why="Not my field")
    never = story.handover.tellings | {Role.OUTGOING: NEVER}
    story.handover = story.handover.model_copy(update={"tellings": never})
    story.does(LENA, e.ItemSettled, id="P1", outcome=ItemOutcome.HAND_ON, keeper=named(IVAN))
    assert {task.owner for task in all_tasks(story.handover, PLAYBOOK)} <= {OLGA, LENA}
    assert todos(story) == {Todo.DO_ITEM: LENA}
    story.does(LENA, e.Told, role=Role.OUTGOING)
    assert todos(story) == {Todo.DO_ITEM: IVAN}


def test_whoever_has_an_item_may_say_that_it_is_done() -> None:
    """Zoe only started the handover: what is passed to her is the leader's to chase."""
    story = Story(segment=Segment.ENTERPRISE, by=ZOE)
    story.does(OLGA, e.Accepted)
    promise(story, due=LATE)
    story.does(OLGA, e.ItemDeclined, id="P1", why="Not my field")
    story.does(LENA, e.ItemSettled, id="P1", outcome=ItemOutcome.HAND_ON, keeper=named(ZOE))
    story.does(todos(story)[Todo.DO_ITEM], e.ItemDone, id="P1")


def test_only_the_leader_opens_again_what_the_leader_decided() -> None:
    story = taken()
    story.does(OLGA, e.ItemDeclined, id="P1", why="No")
    assert story.refuses(IVAN, e.ItemReopened, id="P1") == "not_yours"
    story.does(LENA, e.ItemSettled, id="P1", outcome=ItemOutcome.WITHDRAW)
    for user in (IVAN, OLGA):
        assert story.refuses(user, e.ItemReopened, id="P1") == "not_yours"
    story.does(BORIS, e.ItemReopened, id="P1")
    assert item(story).decision.standing is Standing.UNDECIDED
    story.does(OLGA, e.ItemsAccepted, ids=["P1"])
    story.does(OLGA, e.ItemReopened, id="P1")
    # What is done with can be opened by whoever works on it, and stays decided.
    story.does(OLGA, e.ItemsAccepted, ids=["P1"])
    story.does(OLGA, e.ItemDone, id="P1")
    story.does(IVAN, e.ItemReopened, id="P1")
    assert item(story).decision.standing is Standing.ACCEPTED
    assert story.refuses(IVAN, e.ItemReopened, id="XX") == "no_such_record"


def test_accepting_all_leaves_alone_what_was_said_of_one_of_them() -> None:
    story = taken()
    for key in ("P2", "P3", "P4"):
        promise(story, key, due=LATE)
    story.does(OLGA, e.ItemProposed, id="P1", proposal={"what": "Less"})
    story.does(OLGA, e.ItemDeclined, id="P2", why="No")
    story.does(IVAN, e.ItemDone, id="P3")
    story.does(IVAN, e.RecordRemoved, id="P4")
    promise(story, "P5", due=LATE)
    story.does(OLGA, e.ItemsAccepted, ids=["P1", "P2", "P3", "P4", "P5"])
    standings = {i.id: i.decision.standing for i in story.handover.records}
    assert standings == {
        "P1": Standing.PROPOSED,
        "P2": Standing.DECLINED,
        "P3": Standing.UNDECIDED,
        "P5": Standing.ACCEPTED,
    }
    # One alone is meant as it is: the wish for a change is taken back.
    story.does(OLGA, e.ItemsAccepted, ids=["P1"])
    assert item(story, "P1").decision.standing is Standing.ACCEPTED


def test_the_customer_is_told_of_what_was_withdrawn() -> None:
    story = taken()
    story.does(OLGA, e.ItemDeclined, id="P1", why="No")
    story.does(LENA, e.ItemSettled, id="P1", outcome=ItemOutcome.WITHDRAW)
    assert todos(story) == {Todo.TELL_WITHDRAWN: OLGA}
    story.does(OLGA, e.ItemDone, id="P1")
    assert todos(story) == {}


def test_nobody_is_asked_to_decide_who_could_not() -> None:
    """The leader is gone and the outgoing CSM, who started it, stands in by name only."""
    story = Story(segment=Segment.ENTERPRISE, backup=None)
    story.does(OLGA, e.Accepted)
    promise(story, due=LATE)
    story.does(e.CLOCK, e.PersonGone, user=LENA)
    story.does(OLGA, e.ItemDeclined, id="P1", why="No")
    assert todos(story) == {}
    said = story.does(KIM, e.LeaderNamed, leader=KIM)
    assert (Kind.ITEM_DECLINED, "P1") in posts(said, KIM)
    assert todos(story) == {Todo.SETTLE_DECLINED: KIM}


def test_opening_again_twice_takes_back_no_more_than_what_was_meant() -> None:
    story = taken()
    story.does(OLGA, e.ItemsAccepted, ids=("P1",))
    story.does(OLGA, e.ItemDone, id="P1")
    story.does(OLGA, e.ItemReopened, id="P1", done=True)
    story.ignores(OLGA, e.ItemReopened, id="P1", done=True)
    assert item(story).decision.standing is Standing.ACCEPTED
    story.does(OLGA, e.ItemReopened, id="P1", done=False)
    story.ignores(OLGA, e.ItemReopened, id="P1", done=False)
    assert undecided(story.handover) == [item(story)]
