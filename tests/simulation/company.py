"""The people of a simulated workspace: where they are, when they work, and when they are not there.

Everything about them is drawn from the seed; nothing of it changes while time passes.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from bot.calendars import days_off
from flows.handover import Party
from storage.people import Person

TEAM = "T1"
CHANNEL = "C0HANDOVERS"
"""Where the digest is posted once a week."""
BEGINS = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
"""A Monday: Christmas, New Year, Easter and two changes of the clocks lie ahead."""
_ZONES = ("Europe/Berlin", "Europe/Lisbon", "Europe/Warsaw", "America/New_York", "Asia/Kolkata")
_DAY = timedelta(days=1)
_FIRST = (
    *("Ada", "Bo", "Cleo", "Dev", "Eva", "Finn", "Gita", "Hugo", "Ines", "Jan", "Kaya", "Luis"),
    *("Mara", "Nils", "Oona", "Pia", "Quim", "Rosa", "Sven", "Tara", "Udo", "Vera", "Wim", "Yara"),
)


@dataclass
class Member:
    """One person. `eager` is how likely they do today what is open; `gone_at` when their account is
    switched off. `leaves` are their days away: with a status in Slack, if they are `polite`.
    """

    user: str
    name: str
    tz: str
    chance: Random
    eager: float
    leads: bool = False
    admin: bool = False
    polite: bool = True
    leaves: tuple[tuple[date, date], ...] = ()
    quiet: frozenset[date] = frozenset()
    """Days on whose mornings they want no notifications."""
    gone_at: datetime | None = None
    is_gone: bool = False
    visits: list[datetime] = field(default_factory=list)
    said: int = 0

    @property
    def party(self) -> Party:
        return Party(user=self.user, name=self.name, gone=self.is_gone)

    def person(self) -> Person:
        """As Slack tells of them."""
        return Person(
            team=TEAM,
            user=self.user,
            name=self.name,
            tz=self.tz,
            home_team=TEAM,
            is_admin=self.admin,
            is_gone=self.is_gone,
        )

    def local(self, at: datetime) -> datetime:
        return at.astimezone(ZoneInfo(self.tz))

    def is_away(self, day: date) -> bool:
        return any(first <= day <= last for first, last in self.leaves)

    def works(self, day: date) -> bool:
        """Whether it is a day on which they may be told anything: no weekend, holiday or leave."""
        off = days_off(self.person(), BEGINS.date() - 60 * _DAY)
        free = day.weekday() in off.weekend or day in off.days
        return not free and not (self.polite and self.is_away(day))

    def quiet_until(self, at: datetime) -> datetime | None:
        """The end of the time in which they want no notifications, if it is now."""
        local = self.local(at)
        noon = datetime.combine(local.date(), time(12), local.tzinfo)
        return noon if local.date() in self.quiet and local < noon else None


def staff(seed: int, handovers: int, weeks: int) -> list[Member]:
    """Everybody in a workspace with so many handovers: an admin, leaders and CSMs."""
    chance = Random(f"staff {seed}")
    leaders, csms = max(3, handovers // 12), max(8, handovers // 2)
    members = []
    for number in range(1 + leaders + csms):
        name = f"{_FIRST[number % len(_FIRST)]} {chr(65 + number // len(_FIRST))}{number}"
        member = Member(
            user=f"U0{number:04d}X",
            name=name,
            tz=chance.choice(_ZONES),
            chance=Random(f"{seed} {number}"),
            eager=chance.choice((0.9, 0.8, 0.6, 0.3, 0.1)),
            leads=0 < number <= leaders,
            admin=number == 0,
            polite=chance.random() < 0.7,
        )
        if member.leads or member.admin:
            member.eager = max(member.eager, 0.6)
        _take_leave(member, chance, weeks)
        if number > 1 and chance.random() < 0.05:
            member.gone_at = BEGINS + chance.uniform(3, weeks * 0.8) * 7 * _DAY
        members.append(member)
    return members


def _take_leave(member: Member, chance: Random, weeks: int) -> None:
    begins = BEGINS.date()
    leaves = []
    for _ in range(chance.choice((0, 1, 1, 2))):
        first = begins + chance.randrange(weeks * 7) * _DAY
        leaves.append((first, first + chance.choice((0, 2, 4, 11, 18)) * _DAY))
    member.leaves = tuple(sorted(leaves))
    days = (begins + number * _DAY for number in range(weeks * 7))
    member.quiet = frozenset(day for day in days if chance.random() < 0.05)
    for number in range(weeks * 7):
        day = begins + number * _DAY
        if member.is_away(day):
            continue
        share = 0.75 if day.weekday() < 5 else 0.06
        for _ in range(2):
            if chance.random() < share / 1.5:
                clock = timedelta(seconds=chance.randrange(9 * 3600, 18 * 3600))
                if chance.random() < 0.05:
                    clock = timedelta(seconds=chance.randrange(0, 24 * 3600))
                midnight = datetime.combine(day, time.min, ZoneInfo(member.tz))
                member.visits.append((midnight + clock).astimezone(UTC))
    member.visits.sort()
