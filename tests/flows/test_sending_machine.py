"""Sending played at random: what must hold whoever marks, takes back and answers what."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from typing_extensions import override

from flows import events as e
from flows.advance import advance
from flows.customer.sent import UNSENT, Outcome, Says, Sent, Way
from flows.customer.to_send import to_send
from flows.errors import FlowError
from flows.handover import Done, Handover
from flows.passing import due_at
from flows.privacy import leads, may_know
from flows.schedule.numbering import plan_days
from flows.schedule.timeline import make_plan
from flows.tasks import all_tasks
from flows.terms import Segment
from flows.texts.composing import letter_specs, sender
from flows.texts.letter_specs import MARKS, Letter
from flows.texts.pieces import approved_text, pending
from tests.flows.make import BORIS, IVAN, KIM, LENA, OLGA, PLAYBOOK, ZOE, Story
from tests.flows.test_letters import approved

# A failure is shrunk to a short story, which takes a while.
pytestmark = pytest.mark.timeout(300)

_START: dict[Segment, Story] = {}
NEXT = "whoever sends it"
people = st.sampled_from((NEXT,) * 6 + (LENA, LENA, IVAN, OLGA, BORIS, KIM, ZOE))
any_letter = st.sampled_from((None,) * 8 + tuple(Letter))
"""None for the one whose turn it is: the next to be sent, or the one that was sent last."""
ages = st.sampled_from((0,) * 8 + (-2, -1, 1, 2, 5))
ahead = st.integers(min_value=-1, max_value=30)


def beginning(segment: Segment) -> Story:
    """Everything is approved; played once, for it is the same every time."""
    if segment not in _START:
        _START[segment] = approved(segment=segment)
    story = Story.__new__(Story)
    story.__dict__ |= _START[segment].__dict__ | {"journal": list(_START[segment].journal)}
    return story


def is_wish(sent: Sent) -> bool:
    return sent.answer is not None and sent.answer.says is Says.ASKS_FOR


class Sendings(RuleBasedStateMachine):
    """One handover whose texts are approved."""

    def __init__(self) -> None:
        super().__init__()
        self.start(Segment.SMB)

    @initialize(segment=st.sampled_from((Segment.SMB, Segment.ENTERPRISE)))
    def start(self, segment: Segment) -> None:
        self.story = beginning(segment)
        self.begun, self.known = self.story.handover, len(self.story.journal)

    @property
    def handover(self) -> Handover:
        return self.story.handover

    def happens(self, kind: type[e.Happened], by: str, /, **fields: object) -> bool:
        """Try it; whether it was done. Refused, nothing has changed; said again, it is silent."""
        story = self.story
        story.at += timedelta(minutes=7)
        by = self.whoever(str(fields["key"])) if by == NEXT else by
        event, before = story.event(kind, by, **fields), story.handover
        try:
            step = advance(before, event, PLAYBOOK)
        except FlowError as error:
            self.refused(by, error)
            return False
        story.journal.append(event)
        story.handover, story.effects = step.handover, step.effects
        for effect in step.effects:
            assert may_know(story.handover, effect.to)
        return True

    def refused(self, by: str, error: FlowError) -> None:
        """Whoever may not know reads the same whatever they try."""
        assert may_know(self.handover, by) or error.code == "not_yours"

    def whoever(self, key: str) -> str:
        specs = letter_specs(self.handover, PLAYBOOK)
        spec = next((spec for spec in specs if spec.key == key), None)
        return sender(self.handover, spec) if spec else LENA

    def sent_last(self, letter: Letter | None) -> str:
        if letter:
            return self.key(letter)
        sent = self.handover.sending.sent
        return sent[-1].key if sent else "none"

    def key(self, letter: Letter | None) -> str:
        if letter is None:
            found = to_send(self.handover, PLAYBOOK)
            free = next((text for text in found if not text.held), None)
            return free.spec.key if free else "none"
        specs = letter_specs(self.handover, PLAYBOOK)
        return next((spec.key for spec in specs if spec.letter is letter), "none")

    @rule(by=people, letter=any_letter, way=st.sampled_from(Way), age=ages, why=st.booleans())
    def sends(self, by: str, letter: Letter | None, way: Way, age: int, why: bool) -> None:
        key = self.key(letter)
        text = approved_text(self.handover, key)
        on = self.story.at.date() - timedelta(days=age)
        fields: dict[str, Any] = {"key": key, "version": text.number if text else 1, "on": on}
        fields |= {"way": way, "why": "So they wish" if why else ""}
        spec = next((s for s in letter_specs(self.handover, PLAYBOOK) if s.key == key), None)
        before = self.handover
        by = self.whoever(key) if by == NEXT else by
        if not self.happens(e.LetterSent, by, **fields) or self.handover is before:
            return
        assert spec
        assert text
        assert by == sender(before, spec) or leads(before, by)
        call_due = spec.letter is Letter.INTRODUCTION and before.segment is not Segment.SMB
        if call_due and way is Way.MAIL:
            assert leads(before, by)
            assert why
        self.story.ignores(by, e.LetterSent, **fields)

    @precondition(lambda self: self.handover.sending.sent)
    @rule(by=people, letter=any_letter, stale=st.sampled_from((False, False, True)))
    def takes_back(self, by: str, letter: Letter | None, stale: bool) -> None:
        key = self.sent_last(letter)
        marks = self.handover.sending.marks(key)
        self.happens(e.SendingTakenBack, by, key=key, marks=marks - stale)

    @precondition(lambda self: self.handover.sending.sent)
    @rule(
        by=people,
        letter=any_letter,
        says=st.sampled_from(Says),
        days=ages,
        who=st.sampled_from(("", "Ana Ruiz", "Ana Ruiz")),
        milestone=st.sampled_from(("introduction", "hello", "switch", "heads_up", "none")),
        insist=st.booleans(),
    )
    def answers(self, by: str, letter: Letter | None, days: int, **fields: Any) -> None:  # noqa: ANN401
        key, on = self.sent_last(letter), self.story.at.date() - timedelta(days=days)
        if fields["says"] is Says.ANOTHER_DATE:
            milestone = make_plan(self.handover, PLAYBOOK).find(fields["milestone"])
            on = milestone.day + timedelta(days=days) if milestone else on
        marks = self.handover.sending.marks(key)
        known = fields | {"key": key, "marks": marks, "on": on, "why": "So"}
        by = self.whoever(key) if by == NEXT else by
        if self.happens(e.CustomerAnswered, by, **known):
            self.story.ignores(by, e.CustomerAnswered, **known)

    @precondition(lambda self: any(map(is_wish, self.handover.sending.sent)))
    @rule(
        by=st.sampled_from((LENA, LENA, BORIS, IVAN)), outcome=st.sampled_from(Outcome), days=ahead
    )
    def decides(self, by: str, outcome: Outcome, days: int) -> None:
        until = self.story.at.date() + timedelta(days=days)
        key = next((s.key for s in self.handover.sending.sent if is_wish(s)), "none")
        if self.happens(e.OldContactDecided, by, key=key, outcome=outcome, until=until):
            assert leads(self.handover, by)

    @rule(by=st.sampled_from((LENA, BORIS)))
    def approves(self, by: str) -> None:
        if pieces := pending(self.handover):
            self.happens(e.PiecesApproved, by, pieces=pieces)

    @rule(days=st.integers(min_value=1, max_value=4))
    def waits(self, days: int) -> None:
        self.story.waits(days=days)
        due = due_at(self.handover, PLAYBOOK)
        assert due is None or due > self.story.at

    @invariant()
    def nobody_is_introduced_before_they_know(self) -> None:
        days: dict[Letter, Any] = {}
        for sent in self.handover.sending.sent:
            days.setdefault(sent.letter, sent.on)
        for letter, first in (
            *((later, Letter.HEADS_UP) for later in Letter if later is not Letter.HEADS_UP),
            (Letter.HELLO, Letter.INTRODUCTION),
        ):
            assert letter not in days or first in days
        if Letter.INTRODUCTION in days:
            assert days[Letter.HEADS_UP] <= days[Letter.INTRODUCTION]

    @invariant()
    def the_plan_says_what_was_sent_and_nothing_else(self) -> None:
        sending, done = self.handover.sending, self.handover.schedule.done
        for letter, milestone in MARKS.items():
            first = next(iter(sending.of(letter)), None)
            assert done.get(milestone) == (first and Done(by=first.by, at=first.at, on=first.on))
        agreed = any(sent.answer and sent.answer.who for sent in sending.sent)
        assert "agreed" not in done or agreed

    @invariant()
    def what_may_be_sent_is_approved_and_tasks_have_days(self) -> None:
        days = set(plan_days(self.handover, PLAYBOOK).values())
        for text in to_send(self.handover, PLAYBOOK):
            assert text.held or approved_text(self.handover, text.spec.key)
            assert text.spec.letter in {Letter.REPLY, Letter.TALK} or text.due in days
        for task in all_tasks(self.handover, PLAYBOOK):
            assert may_know(self.handover, task.owner)

    @override
    def teardown(self) -> None:
        """The journal tells it again."""
        again = self.begun
        for event in self.story.journal[self.known :]:
            again = advance(again, event, PLAYBOOK).handover
        assert again == self.handover


Sendings.TestCase.settings = settings(max_examples=30, stateful_step_count=40)
TestSendings = Sendings.TestCase


def test_nothing_is_sent_at_first() -> None:
    assert beginning(Segment.SMB).handover.sending == UNSENT
