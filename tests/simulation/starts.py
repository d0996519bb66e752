"""How handovers come to be: who hands what to whom, from when on, and who is to know of it when."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from bot.app import Bot
from bot.desk import Receipt
from flows.events import Started
from flows.handover import Party, Telling, When
from flows.schedule.workdays import last_workday
from flows.terms import Confidential, DateIs, Reason, Role, Segment
from tests.simulation.company import TEAM, Member

_REASONS = (*Reason, Reason.ATTRITION, Reason.ATTRITION, Reason.LOAD_BALANCING)
_SEGMENTS = (Segment.SMB,) * 5 + (Segment.MID_MARKET,) * 3 + (Segment.ENTERPRISE,) * 2
_DAY = timedelta(days=1)


@dataclass
class Wanted:
    """A handover that somebody is going to start."""

    number: int
    at: datetime
    chance: Random

    @property
    def account(self) -> str:
        """A name that stands in no text by chance."""
        return f"Globex{self.number:04d}"


def start(
    bot: Bot,
    members: dict[str, Member],
    wanted: Wanted,
    key: str,
    acts: Callable[[str], object],
) -> str | None:
    """Send the start form; `acts` hears who does. Raises FlowError as the form would show it; none
    where nobody can.
    """
    chance = wanted.chance
    there = [member for member in members.values() if not member.is_gone and not member.admin]
    csms = [member for member in there if not member.leads]
    leaders = [member for member in there if member.leads]
    if len(csms) < 2 or len(leaders) < 2:
        return None
    giver, taker = chance.sample(csms, 2)
    leader, backup = chance.sample(leaders, 2)
    by_leader = chance.random() < 0.4
    by = leader if by_leader else giver
    reason = chance.choice(_REASONS)
    outgoing = giver.party
    if by_leader and chance.random() < 0.06:
        outgoing = Party(user=None, name="Bob Former")
    leaves = reason is Reason.ATTRITION and outgoing.user is not None
    length = chance.choice((8, 15, 25, 35, 50, 70))
    day = last_workday(bot.clock.now().date() + length * _DAY)
    if leaves and chance.random() < 0.9 and giver.gone_at is None:
        early = 3 * _DAY if chance.random() < 0.2 else -_DAY
        giver.gone_at = bot.clock.now() + (day - bot.clock.now().date()) * 1 - early
    now = bot.clock.now()
    event = Started(
        at=now,
        by=by.user,
        id=f"H{wanted.number:04d}",
        team=TEAM,
        playbook=bot.desk.playbooks.name,
        today=by.local(now).date(),
        account=wanted.account,
        segment=chance.choice(_SEGMENTS),
        reason=reason,
        outgoing=outgoing,
        incoming=None if chance.random() < 0.06 else taker.party,
        leader=leader.user,
        backup=backup.user if chance.random() < 0.7 else None,
        day=day,
        day_is=DateIs.LAST_DAY if leaves else DateIs.SWITCH_BY,
        arr=Decimal(chance.randrange(5, 400) * 1000),
        renewal=day + chance.randrange(-5, 90) * _DAY if chance.random() < 0.4 else None,
        crm_link="https://crm.example.com/1",
        draft=chance.random() < 0.05,
        tellings=_tellings(chance, now) if by_leader else _at_once(),
    )
    confidential = None
    if by_leader and chance.random() < 0.3:
        confidential = chance.choice(list(Confidential))
    acts(by.user)
    bot.desk.start(Receipt(TEAM, key), event, confidential)
    return event.id


def _at_once() -> dict[Role, Telling]:
    return {role: Telling(when=When.NOW) for role in (Role.OUTGOING, Role.INCOMING)}


def _tellings(chance: Random, now: datetime) -> dict[Role, Telling]:
    """Mostly everybody at once; sometimes one of the two later, or never."""
    found = _at_once()
    for role in found:
        draw = chance.random()
        if draw < 0.15:
            at = (now + chance.randint(1, 8) * _DAY).replace(hour=10, minute=0)
            found[role] = Telling(when=When.LATER, at=at)
        elif draw < 0.2:
            found[role] = Telling(when=When.NEVER)
    return found
