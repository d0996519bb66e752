"""The calls of a plan: their times, and the invitations that people carry into calendars (A17).

A call's day is its milestone's. What an invitation says is compared with what was fetched: whoever
has an older one is asked to fetch the update, and each other one has the next sequence number.
"""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from flows.customer.coverage import Covered, coverage
from flows.customer.introductions import Channel
from flows.errors import FlowError
from flows.handover import Handover
from flows.playbook import Playbook
from flows.privacy import without_sensitive
from flows.schedule.appointments import Appointment, CallSpec, CallTime, Fetched, Issued
from flows.schedule.call_events import CallTimed, InvitationFetched
from flows.schedule.numbering import calendar_of
from flows.schedule.timeline import Plan, Planned, make_plan, message_approved


class Call(NamedTuple):
    """A call that is still to come, or an invitation to one that was dropped from the plan.

    `milestone` is none for a dropped one; `sequence` is that of an invitation fetched now.
    """

    key: str
    spec: CallSpec
    milestone: Planned | None
    appointment: Appointment
    sequence: int
    time: CallTime | None

    @property
    def with_customer(self) -> bool:
        """Whether the customer is invited, who reads nothing of what is said among us."""
        return bool(self.spec.summary)


def calls(handover: Handover, playbook: Playbook, plan: Plan | None = None) -> tuple[Call, ...]:
    """The calls to come, by day, and the dropped ones that stand in somebody's calendar.

    `plan` if it is known.
    """
    milestones = {m.key: m for m in (plan or make_plan(handover, playbook)).milestones}
    found = []
    for key, spec in playbook.calls.items():
        milestone, issued = milestones.get(key), handover.calls.issued.get(key)
        if milestone and not milestone.done:
            found.append(_call(handover, key, spec, milestone))
        elif milestone is None and issued:
            sequence = issued.sequence + (not issued.cancelled)
            found.append(Call(key, spec, None, issued.appointment, sequence, None))
    return tuple(sorted(found, key=lambda call: call.appointment.day))


def find_call(handover: Handover, playbook: Playbook, key: str) -> Call:
    """One of them. Raises FlowError `no_such_milestone`."""
    found = next((call for call in calls(handover, playbook) if call.key == key), None)
    if found is None:
        raise FlowError("no_such_milestone")
    return found


def is_stale(handover: Handover, call: Call, user: str) -> bool:
    """Whether somebody has an invitation that is not true any more."""
    mine = handover.calls.fetched.get(call.key, {}).get(user)
    return mine is not None and mine.sequence < call.sequence


def guests(handover: Handover, playbook: Playbook, call: Call) -> tuple[Covered, ...]:
    """Whom of the customer's a call is for: key people who are met, as everybody may read them."""
    if not call.spec.guests:
        return ()
    found = coverage(without_sensitive(handover, playbook), playbook)
    return tuple(one for one in found if one.is_key and one.channel is not Channel.MAIL)


def call_timed(handover: Handover, event: CallTimed, playbook: Playbook) -> Handover:
    """A call has a time from now on. Raises FlowError `no_such_milestone`."""
    if find_call(handover, playbook, event.key).milestone is None:
        raise FlowError("no_such_milestone")
    timed = CallTime(start=event.start, zone=event.zone, minutes=event.minutes)
    times = handover.calls.times | {event.key: timed}
    if times == handover.calls.times:
        return handover
    return _with(handover, times=times)


def invitation_fetched(
    handover: Handover,
    event: InvitationFetched,
    playbook: Playbook,
    approved: Callable[[Handover], bool] = message_approved,
) -> Handover:
    """Somebody has the invitation as it stands; fetched once more it is sent once more.

    Raises FlowError `no_such_milestone`, and `locked` for one to the customer before the approval.
    """
    call = find_call(handover, playbook, event.key)
    if call.with_customer and not approved(handover):
        raise FlowError("locked")
    issued = Issued(
        sequence=call.sequence,
        appointment=call.appointment,
        cancelled=call.milestone is None,
    )
    mine = {event.by: Fetched(sequence=call.sequence, at=event.at)}
    known = handover.calls.fetched.get(event.key, {})
    return _with(
        handover,
        issued=handover.calls.issued | {event.key: issued},
        fetched=handover.calls.fetched | {event.key: known | mine},
    )


def lack_time(handover: Handover, playbook: Playbook, plan: Plan) -> list[tuple[Call, str, date]]:
    """The calls whose time somebody is to set, with whose task it is (a Slack id) and until when.

    Whoever acts first in a call sets its time.
    """
    calendar, found = calendar_of(handover), []
    for call in calls(handover, playbook, plan):
        if call.milestone and call.spec.time_by and call.time is None:
            number = calendar.after(call.milestone.day) - call.spec.time_by
            found.append((call, call.milestone.owners[0], calendar.day(max(0, number))))
    return found


def _call(handover: Handover, key: str, spec: CallSpec, milestone: Planned) -> Call:
    timed, issued = handover.calls.times.get(key), handover.calls.issued.get(key)
    appointment = Appointment(
        day=milestone.day,
        start=timed.start if timed else None,
        zone=timed.zone if timed else "",
        minutes=timed.minutes if timed else spec.minutes,
        people=milestone.owners,
    )
    sequence = issued.sequence if issued else 0
    if issued and (issued.cancelled or issued.appointment != appointment):
        sequence += 1
    return Call(key, spec, milestone, appointment, sequence, timed)


def _with(handover: Handover, **change: object) -> Handover:
    calls = handover.calls.model_copy(update=change)
    return handover.model_copy(update={"calls": calls})
