"""A renewal close by, and what the leader's word on it does to the lead switch (N13).

Only a date that everybody on the handover may read counts: the plan tells of it.
"""

from datetime import date, timedelta

from flows.handover import Choice, Handover, Warn
from flows.playbook import Playbook
from flows.privacy import told_part
from flows.schedule.away import began
from flows.terms import DateIs

_DAY = timedelta(days=1)


def renewal_close_by(handover: Handover, playbook: Playbook) -> date | None:
    """The renewal, where it comes so soon after the start that the leader decides about it."""
    told = told_part(handover, playbook, "renewal")
    day, start = date.fromisoformat(told) if told else handover.renewal, began(handover)
    within = timedelta(days=playbook.timing.guard.renewal_days)
    return day if day and start <= day <= start + within else None


def decided(handover: Handover) -> Choice | None:
    """What the leader decided about the renewal; whoever leaves stays for none."""
    answer = handover.schedule.answered.get(Warn.RENEWAL)
    return answer.choice if answer and handover.day_is is DateIs.SWITCH_BY else None


def switch_bounds(handover: Handover, playbook: Playbook) -> tuple[date | None, date | None]:
    """The first and the last calendar day of a lead switch that keeps the leader's word; none where
    it sets none.
    """
    choice = decided(handover)
    day = renewal_close_by(handover, playbook) if choice else None
    if day is None:
        return None, None
    return (
        day + _DAY if choice is Choice.AFTER else None,
        day - _DAY if choice is Choice.BEFORE else None,
    )


def leads_until(handover: Handover) -> date | None:
    """The day until which the outgoing CSM leads; none where it is until the renewal is signed."""
    match decided(handover):
        case Choice.AFTER:
            return None
        case Choice.BEFORE if handover.renewal:
            return min(handover.day, handover.renewal - _DAY)
        case _:
            return handover.day


def renewal_lead(handover: Handover) -> str:
    """Who leads the renewal, by Slack id or name, where the leader named somebody."""
    answer = handover.schedule.answered.get(Warn.RENEWAL)
    return answer.person.key if answer and answer.person else ""
