"""A leader admits guests of the workspace to a handover, and takes that back."""

from flows.end.completing import is_over
from flows.errors import FlowError
from flows.handover import Handover
from flows.playbook import Playbook
from flows.staffing.guest_events import GuestsChosen
from flows.staffing.guests import Admitted, Guests
from flows.staffing.joining import asks_passed_on


def guests_chosen(handover: Handover, event: GuestsChosen, _playbook: Playbook) -> Handover:
    """Who is not named any more has no part from then on; what they were asked, the leader gets.

    Raises FlowError `has_a_part`, `is_over`; `not_yours` for an example.
    """
    if handover.example and event.guests:
        raise FlowError("not_yours")
    if any(handover.roles(user) for user in event.guests):
        raise FlowError("has_a_part", field="guests")
    before = handover.guests
    kept = tuple(guest for guest in before.admitted if guest.user in event.guests)
    known = {guest.user for guest in kept}
    new = [user for user in dict.fromkeys(event.guests) if user not in known]
    out = [guest.user for guest in before.admitted if guest not in kept]
    if not (new or out):
        return handover
    if new and is_over(handover):
        raise FlowError("is_over")
    guests = Guests(
        admitted=(*kept, *(Admitted(user=user, by=event.by, at=event.at) for user in new)),
        taken_out=(*(user for user in before.taken_out if user not in event.guests), *out),
    )
    handover = handover.model_copy(update={"guests": guests})
    for user in out:
        handover = asks_passed_on(handover, user)
    return handover
