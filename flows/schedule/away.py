"""When the people of a handover do not work: their days off, and the days away that they told."""

from datetime import date, timedelta

from flows.handover import Handover
from flows.schedule.calendars import USUAL, Calendar, DaysOff

MOST_ABSENCES = 20
"""How many absences one person tells of."""
LONGEST = timedelta(days=190)
"""How long one absence lasts at most."""
_DAY = timedelta(days=1)


def began(handover: Handover) -> date:
    """The calendar day on which a handover started, or was made while it has not."""
    return (handover.started_at or handover.created_at).date()


def days_off_of(handover: Handover, user: str) -> DaysOff:
    """When somebody does not work, as far as it is known here: days off and days away."""
    known = handover.schedule.days_off.get(user, USUAL)
    return known.and_away(handover.schedule.away.get(user, ()))


def away(handover: Handover, user: str, day: date) -> date | None:
    """When somebody who told to be away on a day works again; none if they did not.

    Who comes back before a weekend or a holiday works again after it.
    """
    absences = handover.schedule.away.get(user, ())
    if not any(one.first <= day <= one.last for one in absences):
        return None
    return Calendar(day + _DAY, [days_off_of(handover, user)]).day(0)
