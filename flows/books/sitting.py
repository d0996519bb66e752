"""One sitting for many accounts: which comes first, whether the time is enough, and what is left
out where it is not (N9).

Everything is read from the handovers, so it is the same tomorrow, and after a restart.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from flows.account_names import account_key
from flows.books.sitting_events import AskedLess
from flows.end.completing import is_over
from flows.errors import FlowError
from flows.handover import Handover, Interview
from flows.knowledge.interview import next_question, progress, roles_answered_by
from flows.playbook import Playbook
from flows.privacy import told_part
from flows.schedule.away import days_off_of
from flows.schedule.calendars import FURTHEST, Calendar
from flows.terms import DateIs, Role, Segment

_RISK = {"red": 0, "amber": 1, "": 2, "green": 3}
_SEGMENTS = tuple(reversed(Segment))


class Account(NamedTuple):
    """A handover with the playbook it keeps."""

    handover: Handover
    playbook: Playbook


class Time(NamedTuple):
    """Hours that the open questions take, and hours that there are until the last day."""

    needed: float
    left: float

    @property
    def fits(self) -> bool:
        """Whether there is enough."""
        return self.needed <= self.left


def asked_of(accounts: Iterable[Account], user: str) -> list[Account]:
    """The accounts that somebody answers for, risk and renewal first."""
    return in_turn(
        one
        for one in accounts
        if not is_over(one.handover) and roles_answered_by(one.handover, user)
    )


def in_turn(accounts: Iterable[Account]) -> list[Account]:
    """What is in danger first, then the nearest renewal, the bigger segment, the bigger revenue."""
    return sorted(accounts, key=_urgency)


def _urgency(one: Account) -> tuple[int, date, int, float, str]:
    handover, playbook = one
    told = told_part(handover, playbook, "renewal")
    renewal = date.fromisoformat(told) if told else handover.renewal
    return (
        _RISK.get(health(one), _RISK[""]),
        renewal or date.max,
        _SEGMENTS.index(handover.segment),
        -float(handover.arr or 0),
        account_key(handover.account),
    )


def health(one: Account) -> str:
    """How an account is as far as somebody said or wrote ahead; empty where nobody did."""
    told = told_part(one.handover, one.playbook, "health")
    known = (prefill.known.given.get("health") for prefill in one.handover.prefilled.values())
    return told or next((given.values[0] for given in known if given and given.values), "")


def is_open(one: Account, user: str) -> bool:
    """Whether somebody is still asked something."""
    return next_question(one.handover, one.playbook, user) is not None


def following(accounts: Sequence[Account], user: str) -> Account | None:
    """Where a sitting goes on: the account that was begun last, else the first in turn; none when
    nothing is open.
    """
    left = [one for one in asked_of(accounts, user) if is_open(one, user)]
    begun = [one for one in left if _interview(one, user).current]
    return max(begun, key=lambda one: _resumed(one, user), default=next(iter(left), None))


def _resumed(one: Account, user: str) -> float:
    since = _interview(one, user).resumed_at
    return since.timestamp() if since else 0


def _interview(one: Account, user: str) -> Interview:
    return one.handover.interviews.get(user, Interview())


def minutes(one: Account, user: str) -> int:
    """How long what is open takes somebody."""
    roles = roles_answered_by(one.handover, user)
    return sum(progress(one.handover, one.playbook, role).minutes_left for role in roles)


def time_of(accounts: Sequence[Account], user: str, hours_a_day: float, today: date) -> Time | None:
    """Whether the outgoing CSM has the time that it takes, today counted as a whole day.

    None for whoever stands in for them, and where nothing is asked.
    """
    own = [one for one in accounts if one.handover.user(Role.OUTGOING) == user]
    if not own:
        return None
    day = min(max(one.handover.day for one in own), today + FURTHEST)
    off = dict.fromkeys(days_off_of(one.handover, user) for one in own)
    days = Calendar(today, off).before(day) + 1 if day >= today else 0
    return Time(sum(minutes(one, user) for one in own) / 60, max(0, days) * hours_a_day)


def is_leaving(accounts: Iterable[Account]) -> bool:
    """Whether the day by which it has to be done is somebody's last one."""
    return any(one.handover.day_is is DateIs.LAST_DAY for one in accounts)


def to_leave_out(accounts: Sequence[Account], user: str, time: Time | None) -> list[Account]:
    """The accounts of which only the essentials are to be asked so that the rest fits: the last in
    turn first, and all of them where even that is not enough; nothing while it fits.
    """
    if time is None or time.fits:
        return []
    over, found = (time.needed - time.left) * 60, []
    for one in reversed(asked_of(accounts, user)):
        spared = minutes(one, user) - minutes(_asked_less(one), user)
        if spared > 0:
            found.append(one)
            over -= spared
        if over <= 0:
            break
    return found[::-1]


def asked_less(handover: Handover, event: AskedLess, playbook: Playbook) -> Handover:
    """Less is asked, or everything again. FlowError `asked_least` where there is nothing to leave
    out.
    """
    if handover.asked_less is event.less:
        return handover
    after = handover.model_copy(update={"asked_less": event.less})
    before, now = (progress(h, playbook, Role.OUTGOING) for h in (handover, after))
    if event.less and now.required >= before.required:
        raise FlowError("asked_least")
    return after


def _asked_less(one: Account) -> Account:
    return one._replace(handover=one.handover.model_copy(update={"asked_less": True}))
