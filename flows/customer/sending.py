"""Sending is human: people say what they sent, and what the customer answered (G32, N18).

What is noted here marks the plan: the heads-up, the introduction and the hello by being sent, the
plan as agreed by a customer who is fine with it (A14, G26). Each answer has a next step.
"""

from datetime import date

from flows.customer.reached import WRITTEN, may_be_written_to, ticked, unticked
from flows.customer.sending_events import (
    CustomerAnswered,
    LetterSent,
    OldContactDecided,
    SendingTakenBack,
)
from flows.customer.sent import Changed, CustomerAnswer, Decided, Outcome, Says, Sending, Sent
from flows.customer.to_send import find_spec, held_up, needs_call, silent
from flows.end.completing import cancelled, reversed_
from flows.end.ending_events import HandoverCancelled, Reversed
from flows.errors import FlowError
from flows.frozen import Moment
from flows.handover import Done, Handover
from flows.playbook import Playbook
from flows.privacy import leads
from flows.schedule.plan_events import MilestoneMoved
from flows.schedule.planning import milestone_moved, with_marks
from flows.schedule.timeline import make_plan
from flows.schedule.workdays import AHEAD
from flows.side_by_side.lead import has_switched
from flows.terms import DateIs, RecordKind
from flows.texts.letter_specs import AGREED, AGREED_BY, MARKS, Letter, LetterSpec, marked_by_texts
from flows.texts.pieces import approved_text

_BEFORE = {
    Letter.INTRODUCTION: Letter.HEADS_UP,
    Letter.HELLO: Letter.INTRODUCTION,
}
"""What was sent before a text, on the same day at the latest."""


def letter_sent(handover: Handover, event: LetterSent, playbook: Playbook) -> Handover:
    """Somebody sent a text; said twice it changes nothing, but for others who got it too.

    Whoever it reached by name is ticked (G17, G30). Raises FlowError `no_such_letter`, what
    `held_up` tells, `other_words`; with a field `no_such_record`, `date_to_come`, `heads_up_first`,
    `introduction_first`, `call_needed`, `missing`.
    """
    spec = _spec(handover, playbook, event.key)
    sending = handover.sending
    before = sending.of(spec.letter)
    others = set(event.to) - {key for sent in before for key in sent.to}
    if before and not others:
        return handover
    if held := held_up(handover, spec):
        raise FlowError(held)
    text = approved_text(handover, event.key)
    if text is None or text.number != event.version:
        raise FlowError("other_words")
    _check_people(handover, event)
    _check_day(handover, spec, event)
    _check_way(handover, spec, event)
    sent = Sent(
        letter=spec.letter, **event.model_dump(exclude={"type", "why"}), why=event.why.strip()
    )
    handover = ticked(handover, playbook, sent)
    return _with(handover, playbook, (*sending.sent, sent))


def taken_back(handover: Handover, event: SendingTakenBack, playbook: Playbook) -> Handover:
    """What was noted last about a text goes: what the customer said, else that it was sent.

    A plan that was moved stays so. Raises FlowError `not_marked`, `noted_meanwhile`, `later_sent`,
    `ticked_since`.
    """
    sending = handover.sending
    sent, marks = sending.by_key(event.key), sending.marks(event.key)
    if event.marks == marks + 1:
        return handover
    if sent is None:
        raise FlowError("not_marked")
    if event.marks != marks:
        raise FlowError("noted_meanwhile")
    if sent.answers:
        return _replaced(handover, playbook, sent, answers=sent.answers[:-1])
    alone = len(sending.of(sent.letter)) == 1
    if alone and any(sending.of(later) for later in Letter if _waits_for(later, sent.letter)):
        raise FlowError("later_sent")
    handover = unticked(handover, playbook, sent)
    return _with(handover, playbook, tuple(one for one in sending.sent if one is not sent))


def customer_answered(handover: Handover, event: CustomerAnswered, playbook: Playbook) -> Handover:
    """What the customer said; a later word stands beside an earlier one and counts instead.

    Another date moves the plan, by its own rules. Raises FlowError `not_marked`, `noted_meanwhile`,
    with a field `missing`, `date_to_come`, `date_past`, and as `milestone_moved` does.
    """
    sent, marks = handover.sending.by_key(event.key), handover.sending.marks(event.key)
    if sent is None:
        raise FlowError("not_marked")
    if event.marks != marks:
        last = sent.answer
        if event.marks == marks - 1 and last and (last.says, last.by) == (event.says, event.by):
            return handover
        raise FlowError("noted_meanwhile")
    _check_answer(sent, event)
    answer = CustomerAnswer(
        says=event.says,
        by=event.by,
        at=event.at,
        on=event.on,
        who=event.who.strip(),
        milestone=event.milestone,
    )
    if event.says is Says.ANOTHER_DATE:
        handover = _moved(handover, playbook, event)
    return _replaced(handover, playbook, sent, answers=(*sent.answers, answer))


def old_contact_decided(
    handover: Handover, event: OldContactDecided, playbook: Playbook
) -> Handover:
    """The leader decided; a reply is drafted, and until when somebody stays moves the lead switch.

    Raises FlowError `nothing_open`, with the field `until`: `missing`, `gone_by_then`, and as
    `milestone_moved` does.
    """
    sent = asking(handover, event.key)
    wish = sent.answer if sent else None
    if sent is None or wish is None:
        raise FlowError("nothing_open")
    keeps = event.outcome in {Outcome.KEEP, Outcome.HELPER}
    until = event.until if keeps else None
    known = wish.decided
    if known and (known.outcome, known.until) == (event.outcome, until):
        return handover
    if event.outcome is Outcome.KEEP:
        handover = _kept(handover, playbook, event)
    elif until and until < event.at.date():
        raise FlowError("date_past", field="until")
    decided = Decided(outcome=event.outcome, by=event.by, at=event.at, until=until)
    after = wish.model_copy(update={"decided": decided})
    return _replaced(handover, playbook, sent, answers=(*sent.answers[:-1], after))


def called_off(handover: Handover, event: HandoverCancelled, playbook: Playbook) -> Handover:
    """It is called off. Where the customer wishes it, that is decided, and whoever looked after
    them so far leads again (N18).

    Raises FlowError as `cancelled` does, `nothing_open`, and `outgoing_gone`.
    """
    if event.wish:
        decided = OldContactDecided(
            at=event.at, by=event.by, key=event.wish, outcome=Outcome.CANCEL
        )
        handover = old_contact_decided(handover, decided, playbook)
        if handover.outgoing.gone:
            raise FlowError("outgoing_gone")
        if has_switched(handover):
            back = Reversed(at=event.at, by=event.by, why=event.why)
            handover = reversed_(handover, back, playbook)
    return cancelled(handover, event, playbook)


def asking(handover: Handover, key: str, says: Says = Says.ASKS_FOR) -> Sent | None:
    """The sending of a text to which a customer answered so, and it stands."""
    wishes = (sent for sent in reversed(handover.sending.sent) if sent.key == key)
    return next((sent for sent in wishes if sent.answer and sent.answer.says is says), None)


def somebody_new(handover: Handover, playbook: Playbook, changed: Changed) -> Handover:
    """Another CSM takes over: the customer still knows that there is a change, and of it the name
    is to be put right unless a leader says why not. Whoever was introduced goes with it.
    """
    kept = handover.sending.of(Letter.HEADS_UP)
    return _with(handover, playbook, kept, changed)


def silent_until(handover: Handover, playbook: Playbook) -> Moment | None:
    """When the next sender is asked what the customer said; none while nobody is."""
    if handover.ending.pause:
        return None
    waiting = [due for sent, due in silent(handover, playbook) if not sent.asked]
    return min(waiting, default=None)


def waited(handover: Handover, at: Moment, playbook: Playbook) -> Handover:
    """Whoever has noted nothing by now is asked."""
    for sent, due in list(silent(handover, playbook)):
        if due <= at and not sent.asked:
            handover = _replaced(handover, playbook, sent, asked=True)
    return handover


def _spec(handover: Handover, playbook: Playbook, key: str) -> LetterSpec:
    spec = find_spec(handover, playbook, key)
    if spec is None:
        raise FlowError("no_such_letter")
    return spec


def _check_people(handover: Handover, event: LetterSent) -> None:
    known = {r.id for r in handover.records if r.kind is RecordKind.STAKEHOLDER}
    if not known.issuperset(event.to):
        raise FlowError("no_such_record", field="to")


def _check_day(handover: Handover, spec: LetterSpec, event: LetterSent) -> None:
    """Nothing is sent in days to come, and nobody is introduced before they know (A14)."""
    if event.on > event.at.date() + AHEAD:
        raise FlowError("date_to_come", field="on")
    earlier = _BEFORE.get(spec.letter)
    first = next(iter(handover.sending.of(earlier)), None) if earlier else None
    if first and event.on < first.on:
        raise FlowError(f"{first.letter}_first", field="on")


def _check_way(handover: Handover, spec: LetterSpec, event: LetterSent) -> None:
    if event.way not in WRITTEN or not needs_call(handover, spec.letter):
        return
    if may_be_written_to(handover, event.to):
        return
    if not leads(handover, event.by):
        raise FlowError("call_needed", field="way")
    if not event.why.strip():
        raise FlowError("missing", field="why")


def _check_answer(sent: Sent, event: CustomerAnswered) -> None:
    today = event.at.date()
    match event.says:
        case Says.FINE if sent.letter in AGREED_BY:
            if not event.who.strip():
                raise FlowError("missing", field="who")
            _check_given(event.on)
            if event.on and event.on > today + AHEAD:
                raise FlowError("date_to_come", field="on")
        case Says.ANOTHER_DATE:
            if not event.milestone:
                raise FlowError("missing", field="milestone")
            _check_given(event.on)
        case Says.TALK:
            _check_given(event.on)
            if event.on and event.on < today - AHEAD:
                raise FlowError("date_past", field="on")
        case _:
            pass


def _check_given(on: date | None) -> None:
    if on is None:
        raise FlowError("missing", field="on")


def _moved(handover: Handover, playbook: Playbook, event: CustomerAnswered) -> Handover:
    move = MilestoneMoved(
        at=event.at,
        by=event.by,
        key=event.milestone,
        day=event.on or event.at.date(),
        why=event.why.strip() or "The customer wants another date.",
        insist=event.insist,
    )
    return milestone_moved(handover, move, playbook)


def _kept(handover: Handover, playbook: Playbook, event: OldContactDecided) -> Handover:
    """Whoever stays leads until then: the switch moves to the day."""
    if event.until is None:
        raise FlowError("missing", field="until")
    leaves = handover.day_is is DateIs.LAST_DAY or handover.outgoing.gone
    if leaves and (handover.outgoing.gone or event.until > handover.day):
        raise FlowError("gone_by_then", field="until")
    switch = make_plan(handover, playbook).find("switch")
    if switch is None or switch.day == event.until:
        return handover
    why = f"The customer asks for {handover.outgoing.name}."
    move = MilestoneMoved(
        at=event.at, by=event.by, key="switch", day=event.until, why=why, insist=True
    )
    try:
        return milestone_moved(handover, move, playbook)
    except FlowError as error:
        raise FlowError(error.code, field="until") from error


def _waits_for(letter: Letter, first: Letter) -> bool:
    """Whether a text comes after another one."""
    if first is Letter.HEADS_UP:
        return letter is not first
    return _BEFORE.get(letter) is first


def _replaced(handover: Handover, playbook: Playbook, sent: Sent, **change: object) -> Handover:
    other = sent.model_copy(update=change)
    found = tuple(other if one is sent else one for one in handover.sending.sent)
    return _with(handover, playbook, found)


def _with(
    handover: Handover,
    playbook: Playbook,
    sent: tuple[Sent, ...],
    changed: Changed | None = None,
) -> Handover:
    """The handover with these sendings, and the plan marked by them."""
    known = any(one.letter is Letter.HEADS_UP for one in sent)
    sending = Sending(sent=sent, changed=(changed or handover.sending.changed) if known else None)
    after = handover.model_copy(update={"sending": sending})
    texts = marked_by_texts(playbook.letters, handover.segment, handover.reason)
    return with_marks(after, {key: _mark(sending, key) for key in texts})


def _mark(sending: Sending, key: str) -> Done | None:
    """Who says, and for which day, that a milestone is behind us; nothing where nobody does."""
    if key == AGREED:
        agreed = [
            answer
            for sent in sending.sent
            if sent.letter in AGREED_BY and (answer := sent.answer) and answer.says is Says.FINE
        ]
        return next((Done(by=a.by, at=a.at, on=a.on) for a in agreed), None)
    letter = next(letter for letter, milestone in MARKS.items() if milestone == key)
    first = next(iter(sending.of(letter)), None)
    return Done(by=first.by, at=first.at, on=first.on) if first else None
