"""A renewal close by, and what the leader's word on it does to the lead switch (N13).

Only a date that everybody on the handover may read counts: the plan tells of it.
"""

from datetime import date, timedelta

from flows.away import began
from flows.handover import Choice, Handover, Warn
from flows.playbook import Playbook
from flows.privacy import told_part
from flows.terms import DateIs

_DAY = timedelta(days=1)


def renewal_close_by(handover: Handover, playbook: Playbook) -> date | None:
    """The renewal, where it comes so soon after the start that the leader decides about it."""
    told = told_part(handover, playbook, "renewal")
    day, start = date.fromisoformat(told) if told else handover.renewal, began(handover)
    within = timedelta(days=playbook.timing.guard.renewal_days)
    return day if day and start <= day <= start + within else None


def switch_bounds(handover: Handover, playbook: Playbook) -> tuple[date | None, date | None]:
    """The first and the last calendar day of a lead switch that keeps the leader's word; none where
    it sets none. Whoever leaves stays for no renewal.
    """
    decided = handover.schedule.answered.get(Warn.RENEWAL)
    if decided is None or handover.day_is is DateIs.LAST_DAY:
        return None, None
    day = renewal_close_by(handover, playbook)
    if day is None:
        return None, None
    return (
        day + _DAY if decided.choice is Choice.AFTER else None,
        day - _DAY if decided.choice is Choice.BEFORE else None,
    )


def renewal_lead(handover: Handover) -> str:
    """Who leads the renewal, by Slack id or name, where the leader named somebody."""
    answer = handover.schedule.answered.get(Warn.RENEWAL)
    return (answer.person.user or answer.person.name) if answer and answer.person else ""
