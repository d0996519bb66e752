"""What people decide and tick for the customer's people, and who is late (G17, G30, N5, A14, A18).

Nothing is ticked before message and plan are approved, and nobody is introduced or reassured before
their heads-up.
"""

from collections.abc import Callable
from datetime import date, timedelta

from flows.customer.coverage import Covered, coverage, is_email
from flows.customer.coverage_events import (
    Intended,
    IntroductionsPlanned,
    StakeholderTicked,
    TickTakenBack,
)
from flows.customer.introductions import ByMail, Channel, Coverage, Introduction, Step, StepTick
from flows.errors import FlowError
from flows.handover import Handover
from flows.playbook import Playbook
from flows.privacy import leads
from flows.schedule.numbering import plan_days
from flows.schedule.timeline import message_approved
from flows.schedule.workdays import AHEAD, add_workdays

_NEXT_DAY = timedelta(days=1)


def introductions_planned(
    handover: Handover, event: IntroductionsPlanned, playbook: Playbook
) -> Handover:
    """How stakeholders are to be introduced from now on (G17).

    Raises FlowError `no_such_record`, and with the field `channel:ID`, `email:ID` or `why`:
    `by_call` where more than a mail is needed, `not_an_email`, `not_yours` for a reason that no
    leader gives.
    """
    for key, intended in event.people.items():
        one = _find(handover, playbook, key)
        by_mail = one.introduction.by_mail
        if intended.channel is Channel.MAIL and one.mail_refused:
            by_mail = _leaders_word(handover, event, f"channel:{key}")
        elif intended.channel is not Channel.MAIL:
            by_mail = None
        handover = _with(
            handover,
            one,
            channel=intended.channel,
            place=intended.place,
            email=_email(intended, key),
            by_mail=by_mail,
        )
    return handover


def stakeholder_ticked(
    handover: Handover,
    event: StakeholderTicked,
    playbook: Playbook,
    approved: Callable[[Handover], bool] = message_approved,
) -> Handover:
    """A step was taken with a stakeholder; to say so twice changes nothing.

    Raises FlowError `no_such_record`, `locked`, `heads_up_first`, and with the field at fault
    `date_to_come`, `not_a_choice`, `by_call`, `not_yours`.
    """
    one = _find(handover, playbook, event.id)
    if event.step in one.ticks:
        return handover
    if not approved(handover):
        raise FlowError("locked")
    heads_up = one.ticks.get(Step.HEADS_UP)
    if event.step is not Step.HEADS_UP and heads_up is None:
        raise FlowError("heads_up_first")
    if event.on > event.at.date() + AHEAD:
        raise FlowError("date_to_come", field="on")
    if heads_up and event.on < heads_up.on:
        raise FlowError("heads_up_first", field="on")
    who = event.who or event.by
    if not handover.roles(who):
        raise FlowError("not_a_choice", field="who")
    channel, by_mail = event.channel or one.channel, one.introduction.by_mail
    if event.step is Step.INTRODUCED and channel is Channel.MAIL and one.mail_refused:
        by_mail = _leaders_word(handover, event, "channel")
    tick = StepTick(by=who, on=event.on, channel=channel)
    return _with(handover, one, ticks=one.ticks | {event.step: tick}, by_mail=by_mail)


def tick_taken_back(handover: Handover, event: TickTakenBack, playbook: Playbook) -> Handover:
    """A tick goes; one that is not there is no mistake.

    Raises FlowError `no_such_record`, and `ticked_since` for a heads-up that others followed.
    """
    one = _find(handover, playbook, event.id)
    if event.step not in one.ticks:
        return handover
    left = {step: tick for step, tick in one.ticks.items() if step is not event.step}
    if event.step is Step.HEADS_UP and left:
        raise FlowError("ticked_since")
    return _with(handover, one, ticks=left)


def introduced_late(
    handover: Handover, playbook: Playbook
) -> tuple[date | None, tuple[Covered, ...]]:
    """The sponsors whom nobody has introduced, and the day from which on that is too late; none
    where no introduction is planned.
    """
    rules = playbook.coverage
    day = plan_days(handover, playbook).get("introduction")
    if day is None:
        return None, ()
    found = tuple(
        one
        for one in coverage(handover, playbook)
        if one.record.details.get("type") in rules.sponsors and Step.INTRODUCED not in one.ticks
    )
    return add_workdays(day, rules.sponsor_days) + _NEXT_DAY, found


def _find(handover: Handover, playbook: Playbook, key: str) -> Covered:
    found = next((one for one in coverage(handover, playbook) if one.record.id == key), None)
    if found is None:
        raise FlowError("no_such_record")
    return found


def _leaders_word(
    handover: Handover, event: IntroductionsPlanned | StakeholderTicked, field: str
) -> ByMail:
    """The leader's reason to be content with a mail; without one it is refused."""
    if not event.why.strip():
        raise FlowError("by_call", field=field)
    if not leads(handover, event.by):
        raise FlowError("not_yours", field="why")
    return ByMail(by=event.by, at=event.at, why=event.why.strip())


def _email(intended: Intended, key: str) -> str:
    email = intended.email.strip()
    if email and not is_email(email):
        raise FlowError("not_an_email", field=f"email:{key}")
    return email


def _with(handover: Handover, one: Covered, **change: object) -> Handover:
    """The handover with something changed for one stakeholder; the very same if nothing is."""
    after = Introduction.model_validate(dict(one.introduction) | change)
    if after == one.introduction:
        return handover
    people = handover.coverage.people | {one.record.id: after}
    return handover.model_copy(update={"coverage": Coverage(people=people)})
