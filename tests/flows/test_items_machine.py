"""Promises and issues, played at random: none is ever lost, and none is ever without an owner."""

from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from flows import events as e
from flows.advance import advance, replay
from flows.errors import FlowError
from flows.handover import Acceptance, Handover, Standing
from flows.privacy import is_led, may_know
from flows.taking_over.items import ITEM_KINDS, decider, items, open_items, owner, unsettled
from flows.taking_over.receiving_events import ItemOutcome
from flows.tasks import ADMINS, Todo, all_tasks
from flows.terms import Role, Segment
from tests.flows.make import (
    BORIS,
    IVAN,
    KIM,
    LENA,
    NEVER,
    NOW,
    OLGA,
    PLAYBOOK,
    ZOE,
    Story,
    later,
    party,
)

pytestmark = pytest.mark.timeout(300)

EVERYBODY = (IVAN, OLGA, LENA, BORIS, KIM, ZOE)
people = st.sampled_from((IVAN, OLGA, OLGA, OLGA, LENA, LENA, BORIS, KIM, ZOE))
days = st.sampled_from(("2026-12-01", "2026-12-31", "2027-02-01", ""))
numbers = st.integers(min_value=0, max_value=7)
tellings = st.sampled_from((NOW, NOW, NOW, later(1), NEVER))
keepers = st.sampled_from((IVAN, OLGA, BORIS, ZOE, None)).map(lambda user: party(user, "Ann"))


class Items(RuleBasedStateMachine):
    """Some promises, and everybody who may have a word about them."""

    def __init__(self) -> None:
        super().__init__()
        self.story = Story()
        self.added: set[str] = set()

    @initialize(incoming=tellings, outgoing=tellings, on_slack=st.booleans())
    def start(self, incoming: object, outgoing: object, on_slack: bool) -> None:
        self.story = Story(
            segment=Segment.ENTERPRISE,
            outgoing=party(IVAN if on_slack else None, "Bob"),
            tellings={Role.INCOMING: incoming, Role.OUTGOING: outgoing},
        )
        self.happens(OLGA, e.Accepted)
        for day in ("2026-12-01", "2027-02-01"):
            self.add(IVAN if on_slack else LENA, "commitment", day)

    def happens(self, by: str, event_type: type[e.Happened], /, **fields: object) -> bool:
        story = self.story
        story.at += timedelta(hours=1)
        event = story.event(event_type, by, **fields)
        try:
            step = advance(story.handover, event, PLAYBOOK)
        except FlowError:
            return False
        assert all(
            may_know(step.handover, x.to) or may_know(story.handover, x.to) for x in step.effects
        )
        story.journal.append(event)
        story.handover = step.handover
        return True

    def one(self, number: int) -> str:
        known = items(self.story.handover)
        return known[number % len(known)].id if known else "none"

    @rule(by=people, kind=st.sampled_from(("commitment", "issue")), day=days)
    def add(self, by: str, kind: str, day: str) -> None:
        key = f"R{len(self.added)}"
        question = {"commitment": "CM1", "issue": "OI1"}[kind]
        details = {"what": key, "due": day}
        if self.happens(by, e.RecordAdded, id=key, question=question, kind=kind, details=details):
            self.added.add(key)

    @rule(by=people, number=numbers, day=days)
    def change(self, by: str, number: int, day: str) -> None:
        key = self.one(number)
        self.happens(by, e.RecordChanged, id=key, details={"what": key, "due": day})

    @rule(by=people, number=numbers)
    def remove(self, by: str, number: int) -> None:
        key = self.one(number)
        if self.happens(by, e.RecordRemoved, id=key):
            self.added.remove(key)

    @rule(by=people, number=numbers, every=st.booleans())
    def accept(self, by: str, number: int, every: bool) -> None:
        ids = [i.id for i in open_items(self.story.handover)] if every else [self.one(number)]
        if ids:
            self.happens(by, e.ItemsAccepted, ids=ids)

    @rule(by=people, number=numbers, day=days, keeper=keepers)
    def give(self, by: str, number: int, day: str, keeper: object) -> None:
        """A leader's action is an item like any other."""
        key, due = f"L{number}", day or "2026-12-15"
        if self.happens(by, e.ActionAdded, id=key, text="Call", owner=keeper, due=due):
            self.added.add(key)

    @rule(by=people, without=st.booleans())
    def arrange_calls(self, by: str, without: bool) -> None:
        self.happens(by, e.CallsArranged, without_outgoing=without)

    @rule(by=people, number=numbers, day=days)
    def propose(self, by: str, number: int, day: str) -> None:
        self.happens(by, e.ItemProposed, id=self.one(number), proposal={"due": day})

    @rule(by=people, number=numbers, agreed=st.booleans())
    def answer_proposal(self, by: str, number: int, agreed: bool) -> None:
        self.happens(by, e.ProposalSettled, id=self.one(number), agreed=agreed)

    @rule(by=people, number=numbers)
    def decline(self, by: str, number: int) -> None:
        self.happens(by, e.ItemDeclined, id=self.one(number), why="No")

    @rule(by=people, number=numbers, outcome=st.sampled_from(ItemOutcome), keeper=keepers)
    def settle(self, by: str, number: int, outcome: ItemOutcome, keeper: object) -> None:
        fields = {"until": "2027-01-15", "keeper": keeper, "changes": {"what": f"Less {number}"}}
        self.happens(by, e.ItemSettled, id=self.one(number), outcome=outcome, **fields)

    @rule(by=people, number=numbers, kind=st.sampled_from((e.ItemDone, e.ItemReopened)))
    def finish(self, by: str, number: int, kind: type[e.Happened]) -> None:
        self.happens(by, kind, id=self.one(number))

    @rule(user=st.sampled_from(EVERYBODY))
    def leave(self, user: str) -> None:
        self.happens(e.CLOCK, e.PersonGone, user=user)

    @rule(by=st.sampled_from((LENA, BORIS)), user=st.sampled_from((OLGA, KIM, ZOE)))
    def name_another(self, by: str, user: str) -> None:
        if self.happens(by, e.IncomingNamed, incoming=party(user)):
            self.happens(user, e.Accepted)

    @rule()
    def wait(self) -> None:
        self.story.at += timedelta(days=1)
        self.happens(e.CLOCK, e.TimePassed)

    @invariant()
    def nothing_is_lost_and_everything_has_an_owner(self) -> None:
        handover = self.story.handover
        assert {record.id for record in handover.records if record.kind in ITEM_KINDS} == self.added
        tasks = all_tasks(handover, PLAYBOOK)
        for item in open_items(handover):
            who = owner(handover, item)
            assert self.is_there(handover, who), (who, item)
            waits_for = decider(handover, item)
            assert waits_for is None or self.is_there(handover, waits_for)
            standing = item.decision.standing
            if not is_led(handover) and handover.leader in {who, waits_for}:
                # It waits until an admin has named somebody who leads.
                assert any(task.todo is Todo.NAME_LEADER for task in tasks)
                continue
            if standing is Standing.DECLINED and not is_led(handover):
                assert waits_for is None
            elif standing in {Standing.PROPOSED, Standing.DECLINED}:
                assert waits_for in {task.owner for task in tasks if task.subject == item.id}
            elif standing is not Standing.UNDECIDED:
                todo = Todo.TELL_WITHDRAWN if standing is Standing.WITHDRAWN else Todo.DO_ITEM
                theirs = [t for t in tasks if (t.todo, t.subject) == (todo, item.id)]
                assert [task.owner for task in theirs] == [who]
            elif handover.acceptance is Acceptance.ACCEPTED:
                assert waits_for
        assert all(item.done is None for item in unsettled(handover))
        assert all(self.is_there(handover, task.owner) or task.owner == ADMINS for task in tasks)

    @staticmethod
    def is_there(handover: Handover, user: str) -> bool:
        """Whether somebody can be asked; a leader who is gone stays, for nobody else is left."""
        return may_know(handover, user) or user == handover.leader

    def teardown(self) -> None:
        assert replay(self.story.journal, PLAYBOOK) == self.story.handover


Items.TestCase.settings = settings(max_examples=60, stateful_step_count=25)
TestItems = Items.TestCase
