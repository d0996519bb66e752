"""How much time whoever leaves has, and so how much is asked of them (N8).

Counted in their own working days from the start to the last one, not from today: what is asked
stays the same while time passes. Who stays is asked everything, for as long as they have any hours
and nobody decided to ask less.
"""

from datetime import date
from functools import lru_cache

from flows.handover import Handover
from flows.playbook import Playbook
from flows.privacy import told_part
from flows.schedule.away import began, days_off_of
from flows.schedule.calendars import FURTHEST, USUAL, Calendar, DaysOff
from flows.schedule.milestones import Notice
from flows.terms import DateIs, Segment


def notice_of(handover: Handover, playbook: Playbook, segment: Segment) -> Notice:
    """By which notice the outgoing side of an account of this segment is asked."""
    if handover.asked_less:
        return Notice.EIGHT
    hours = told_part(handover, playbook, "hours")
    if hours and not float(hours):
        return Notice.EIGHT
    if handover.day_is is not DateIs.LAST_DAY:
        return Notice.FULL
    user = handover.outgoing.user
    last = _workdays(began(handover), handover.day, days_off_of(handover, user) if user else USUAL)
    usual = playbook.usual_days[segment, handover.reason, False]
    return playbook.timing.notice(last, usual["switch"])


@lru_cache(maxsize=1024)
def _workdays(start: date, day: date, off: DaysOff) -> int:
    """How many working days come after the start until a day."""
    return max(0, Calendar(start, [off]).before(min(day, start + FURTHEST)))
