"""What sending to the customer asks of whom by when, and what each of their answers does (N18)."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from flows.customer.sent import Says
from flows.customer.to_send import follows_up, silent, to_send
from flows.handover import Handover
from flows.playbook import Playbook
from flows.schedule.workdays import add_workdays
from flows.texts.letter_specs import Letter


class What(StrEnum):
    """What is to be done; the same words as in `flows.tasks.Todo`."""

    SEND_TEXT = "send_text"
    NOTE_ANSWER = "note_answer"
    CALL_CUSTOMER = "call_customer"
    TRY_ANOTHER = "try_another"
    DECIDE_CONTACT = "decide_contact"
    TALK = "talk"


class NextStep(NamedTuple):
    """One step: whose it is, by when, and the key of the text that it is about."""

    what: What
    owner: str
    due: date
    subject: str = ""


def next_steps(handover: Handover, playbook: Playbook) -> Iterator[NextStep]:
    """What is to be sent, and what came of it that somebody sees to."""
    if not (handover.letters.opened_at or handover.sending.sent):
        return
    for text in to_send(handover, playbook):
        if not text.held and text.spec.letter is not Letter.TALK:
            yield NextStep(What.SEND_TEXT, text.sender, text.due, text.spec.key)
    for sent, due in silent(handover, playbook):
        if sent.asked:
            who = follows_up(handover, playbook, sent)
            yield NextStep(What.NOTE_ANSWER, who, due.date(), sent.key)
    yield from _without_reply(handover, playbook)
    yield from _of_the_leader(handover, playbook)


def _without_reply(handover: Handover, playbook: Playbook) -> Iterator[NextStep]:
    """Whoever does not reply in time is called; then another of their people is tried."""
    for sent in handover.sending.last:
        if (answer := sent.answer) and sent.unanswered:
            what = What.CALL_CUSTOMER if sent.unanswered == 1 else What.TRY_ANOTHER
            soonest = add_workdays(sent.at.date(), playbook.milestones.silent_customer)
            due = max(soonest, add_workdays(answer.at.date(), 1))
            yield NextStep(what, follows_up(handover, playbook, sent), due, sent.key)


def _of_the_leader(handover: Handover, playbook: Playbook) -> Iterator[NextStep]:
    leader, talk = handover.leader, handover.sending.talk
    if talk and talk.on and not handover.sending.newest(Letter.TALK):
        yield NextStep(What.TALK, leader, talk.on)
    for sent in handover.sending.sent:
        if (wish := sent.answer) and wish.says is Says.ASKS_FOR and not wish.decided:
            due = add_workdays(wish.at.date(), playbook.milestones.leader_on_old_contact)
            yield NextStep(What.DECIDE_CONTACT, leader, due, sent.key)
