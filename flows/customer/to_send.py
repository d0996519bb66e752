"""What is to be sent to the customer next, by whom and by when, and what still holds it up.

Read from the handover as it stands. The customer is not blindsided: the heads-up comes first, then
the introduction (A14). Rows A14, A18, G32, N18.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from flows.customer.sent import CustomerAnswer, Outcome, Sent
from flows.frozen import Moment
from flows.handover import Handover
from flows.playbook import Playbook
from flows.privacy import leads, may_know
from flows.schedule.numbering import plan_days
from flows.schedule.timeline import message_approved
from flows.schedule.workdays import workdays_after
from flows.texts.composing import letter_specs, medium_for, sender
from flows.texts.letter_specs import AGREED, MARKS, Letter, LetterSpec, Medium
from flows.texts.letters import slots_in
from flows.texts.pieces import approved_text

_DUE = MARKS | {
    Letter.CHANGE: "introduction",
    Letter.REASSURANCE: "reassured",
    Letter.TIMELINE: AGREED,
}
"""The milestone by whose day a text is sent."""
_ANSWERING = frozenset({Letter.REPLY, Letter.TALK})
"""What answers the customer: it waits for no other text."""


EVERYTHING = "everything"
"""The subject of the message about all texts, for who looks after more than their own."""


class ToSend(NamedTuple):
    """A text that was not sent yet: who sends it by when, and the code of what holds it up."""

    spec: LetterSpec
    sender: str
    due: date
    held: str


def to_send(handover: Handover, playbook: Playbook) -> tuple[ToSend, ...]:
    """Every text that is still to be sent, what comes first at first."""
    days = plan_days(handover, playbook)
    found = [
        ToSend(spec, sender(handover, spec), _due(handover, spec, days), held_up(handover, spec))
        for spec in letter_specs(handover, playbook)
        if not handover.sending.newest(spec.letter)
    ]
    order = list(Letter)
    return tuple(sorted(found, key=lambda one: (one.due, order.index(one.spec.letter))))


def find_spec(handover: Handover, playbook: Playbook, key: str) -> LetterSpec | None:
    """One of the texts that this customer gets."""
    return next((spec for spec in letter_specs(handover, playbook) if spec.key == key), None)


def may_send(handover: Handover, spec: LetterSpec, user: str) -> bool:
    """Whether somebody sends a text: its sender, or a leader."""
    return may_know(handover, user) and (user == sender(handover, spec) or leads(handover, user))


def held_up(handover: Handover, spec: LetterSpec) -> str:
    """The code of what comes before a text may be sent; empty where nothing does."""
    if not message_approved(handover):
        return "locked"
    if not _is_approved(handover, spec.key):
        return "not_approved"
    if spec.letter in _ANSWERING:
        return ""
    return _leaders_word(handover.sending.asks_for) or _comes_first(handover, spec.letter)


def needs_call(handover: Handover, letter: Letter) -> bool:
    """Whether a mail alone is not enough for it, unless a leader says why (A18)."""
    return letter is Letter.INTRODUCTION and medium_for(handover) is Medium.CALL


def silent(handover: Handover, playbook: Playbook) -> Iterator[tuple[Sent, Moment]]:
    """The sendings of which nobody noted what the customer said, and when their sender is asked."""
    answered = {spec.key for spec in playbook.letters if spec.answered}
    sending = handover.sending
    went_on = sending.changed or sending.newest(Letter.INTRODUCTION)
    for sent in sending.last:
        overtaken = sent.letter is Letter.HEADS_UP and went_on
        if sent.key in answered and not (sent.answers or overtaken):
            yield sent, workdays_after(sent.at, playbook.milestones.silent_customer)


def follows_up(handover: Handover, playbook: Playbook, sent: Sent) -> str:
    """Who sees to what becomes of a sending: whoever sent it, as long as they are there."""
    if handover.roles(sent.by) and may_know(handover, sent.by):
        return sent.by
    spec = next((spec for spec in playbook.letters if spec.key == sent.key), None)
    return sender(handover, spec) if spec else handover.leader


def _leaders_word(wish: CustomerAnswer | None) -> str:
    """What a leader's word on a customer who asks for the old contact means for all texts."""
    if wish is None:
        return ""
    if wish.decided is None:
        return "leader_decides"
    return "called_off" if wish.decided.outcome is Outcome.CANCEL else ""


def _comes_first(handover: Handover, letter: Letter) -> str:
    """What the customer has to hear before this."""
    sending, done = handover.sending, handover.schedule.done
    if letter is not Letter.HEADS_UP and MARKS[Letter.HEADS_UP] not in done:
        return "heads_up_first"
    changed = sending.changed and not sending.changed.why
    if changed and letter is not Letter.CHANGE and not sending.newest(Letter.CHANGE):
        return "change_first"
    if letter is Letter.HELLO and MARKS[Letter.INTRODUCTION] not in done:
        return "introduction_first"
    return ""


def _is_approved(handover: Handover, key: str) -> bool:
    """Whether the newest words are approved, and the days in them as the plan has them now."""
    text, plan = approved_text(handover, key), handover.letters.plan
    if text is None or not plan:
        return False
    approved = next((version for version in reversed(plan) if version.approved), None)
    return approved is not None and all(
        approved.days.get(name) == plan[-1].days.get(name) for name in slots_in(text.text)
    )


def _due(handover: Handover, spec: LetterSpec, days: dict[str, date]) -> date:
    sending = handover.sending
    if spec.letter is Letter.TALK and sending.talk and sending.talk.on:
        return sending.talk.on
    if spec.letter is Letter.REPLY and sending.asks_for and sending.asks_for.decided:
        return workdays_after(sending.asks_for.decided.at, 1).date()
    return days.get(_DUE.get(spec.letter, ""), days["switch"])
