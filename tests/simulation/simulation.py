"""Weeks of handovers in minutes: the real bot on a real database, with time that is handed to it.

Time jumps from one moment at which something can happen to the next: somebody comes by, a handover
is started, an account is switched off, or the bot's tables say that something is due. The same seed
plays the same story, whether the bot is begun anew in the middle of it or not.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count
from random import Random

from sqlalchemy import select

from bot.desk import Receipt
from flows import events as e
from flows.errors import FlowError
from flows.reports.weekly import ChannelDigest
from flows.tasks import ADMINS, Todo
from storage import tables, workspaces
from storage.tasks import OwnTask, of_person
from storage.workspaces import Workspace
from tests.clocks import HandClock
from tests.simulation.company import BEGINS, CHANNEL, TEAM, Member, staff
from tests.simulation.habits import indulge
from tests.simulation.hand import GivenUpError, Hand
from tests.simulation.house import House
from tests.simulation.post_office import PostOffice
from tests.simulation.starts import Wanted, start
from tests.simulation.watch import Watch
from tests.simulation.ways import WAYS

_GRID = timedelta(minutes=5)
_DAY = timedelta(days=1)
_STARTS_WITHIN = 0.45
"""The share of the weeks in which handovers are started: the others are for going on with them."""


@dataclass(frozen=True)
class Plan:
    """What is played: everything follows from it. `restarts` is how often the bot is begun anew."""

    seed: int
    handovers: int
    weeks: int = 26
    restarts: int = 0


@dataclass
class Figures:
    """What came of it."""

    events: Counter[str] = field(default_factory=Counter)
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    ticks: int = 0
    restarts: int = 0


class Simulation:
    """One workspace and its weeks."""

    def __init__(self, plan: Plan, url: str) -> None:
        self.plan = plan
        self.clock = HandClock(BEGINS)
        self.ends = BEGINS + timedelta(weeks=plan.weeks)
        self.members = {m.user: m for m in staff(plan.seed, plan.handovers, plan.weeks)}
        self.office = PostOffice(self.clock, self.members)
        self.house = House(url, self.clock, self.office)
        self.watch = Watch(self.house, self.members, self.clock)
        self.office.posted, self.office.edited = self.watch.posted, self.watch.edited
        self.figures = Figures()
        self._ids = count(1)
        self._order = count()
        self._ahead: list[tuple[datetime, int, Callable[[], None]]] = []
        self._tick_at: datetime | None = None
        self.documents: dict[str, str] = {}
        self.stages: Counter[str] = Counter()

    def run(self) -> None:
        """Play it to the end."""
        self._settle_in()
        self._lay_out()
        restarts = self._restarts()
        steps = 0
        while (moment := self._next()) < self.ends:
            if moment == self._tick_at:
                self._goes_to(moment)
                self.house.tick()
                self.figures.ticks += 1
                self._tick_at = self._later_tick()
            else:
                _, _, happens = heappop(self._ahead)
                self._goes_to(moment)
                happens()
            steps += 1
            if steps in restarts:
                self.house.drop()
                self.house.begin()
                self.figures.restarts += 1
            self.house.deliver()
            self.watch.look()
        self._looks_back()
        self.house.drop()

    def _looks_back(self) -> None:
        self.watch.ended()
        with self.house.bot.database.read() as connection:
            for row in connection.execute(select(tables.handovers).order_by("id")).mappings():
                self.documents[row["id"]] = row["document"]
                self.stages[row["stage"]] += 1
            for row in connection.execute(select(tables.vaults)).mappings():
                self.documents[f"{row['handover']} vault"] = row["document"]

    def _settle_in(self) -> None:
        bot = self.house.bot
        for member in self.members.values():
            self.house.here.roster.learn(member.person())
        leaders = tuple(user for user, member in self.members.items() if member.leads)
        digest = ChannelDigest(
            channel=CHANNEL,
            name="handovers",
            weekday=0,
            hour=9,
            zone="Europe/Berlin",
            by=leaders[0],
            since=BEGINS,
        )
        known = Workspace(team=TEAM, leaders=leaders, digests=(digest,))
        with bot.database.write() as connection:
            workspaces.keep(connection, known, leaders[0], BEGINS)
        self.house.here.roster.refresh()

    def _lay_out(self) -> None:
        """Everything whose moment is known from the beginning."""
        for member in self.members.values():
            for moment in member.visits:
                self._plan(moment, partial(self._comes, member))
            if member.gone_at:
                self._plan(member.gone_at, partial(self._leaves, member))
        chance = Random(f"starts {self.plan.seed}")
        for number in range(1, self.plan.handovers + 1):
            day = BEGINS + chance.uniform(0, self.plan.weeks * _STARTS_WITHIN) * 7 * _DAY
            day -= max(0, day.weekday() - 4) * _DAY
            at = day.replace(hour=chance.randint(8, 15), minute=chance.randint(0, 59))
            wanted = Wanted(number, at, Random(f"{self.plan.seed} start {number}"))
            self._plan(at, partial(self._starts, wanted))
        for number in range(self.plan.weeks * 7):
            self._plan(BEGINS.replace(hour=3) + number * _DAY, self._night)
            self._plan(BEGINS.replace(hour=12) + number * _DAY, self.house.digests)

    def _restarts(self) -> set[int]:
        """After which steps the bot is begun anew: early ones, where most is going on."""
        chance = Random(f"restarts {self.plan.seed}")
        steps = self.plan.handovers * 60
        return {chance.randrange(1, steps) for _ in range(self.plan.restarts)}

    def _plan(self, moment: datetime, happens: Callable[[], None]) -> None:
        heappush(self._ahead, (moment, next(self._order), happens))

    def _next(self) -> datetime:
        ahead = self._ahead[0][0] if self._ahead else self.ends
        moment = min(ahead, self._tick_at) if self._tick_at else ahead
        return max(moment, self.clock.now())

    def _goes_to(self, moment: datetime) -> None:
        # No two things happen at the very same time.
        passed = (moment - self.clock.now()).total_seconds()
        self.clock.advance(max(passed, 0.001))

    def _later_tick(self) -> datetime | None:
        moment = self.house.next_at()
        return None if moment is None else _on_grid(max(moment, self.clock.now()))

    def _changed(self) -> None:
        """Something was recorded: the next tick sees to it."""
        soon = _on_grid(self.clock.now())
        self._tick_at = min(soon, self._tick_at) if self._tick_at else soon

    # --- What happens

    def _night(self) -> None:
        bot = self.house.bot
        for name in ("receipts", "tidy", "checkpoint"):
            bot.ticker.ticks[name].work()

    def _starts(self, wanted: Wanted) -> None:
        known = {user for user, member in self.members.items() if member.gone_at}
        try:
            known_by = (self._new_id(), self.watch.acts)
            done = start(self.house.bot, self.members, wanted, *known_by)
        except FlowError as error:
            self.figures.refused["start", error.code] += 1
            return
        self.figures.events["started" if done else "not started"] += 1
        for user, member in self.members.items():
            if member.gone_at and user not in known:
                self._plan(member.gone_at, partial(self._leaves, member))
        self._changed()

    def _leaves(self, member: Member) -> None:
        """Their account is switched off, and Slack tells of it."""
        member.is_gone = True
        bot = self.house.bot
        self.house.here.roster.learn(member.person())
        bot.desk.person_gone(TEAM, member.user)
        self.figures.events["gone"] += 1
        self._changed()

    def _comes(self, member: Member) -> None:
        """Somebody looks at what is theirs, and goes on with it for some minutes."""
        if not (member.is_gone or member.is_away(member.local(self.clock.now()).date())):
            self._goes_on(self._visit(member), member)

    def _goes_on(self, visit: Iterator[None], member: Member) -> None:
        if not member.is_gone and next(visit, self) is not self:
            moment = self.clock.now() + timedelta(seconds=member.chance.randint(20, 200))
            self._plan(moment, lambda: self._goes_on(visit, member))

    def _visit(self, me: Member) -> Iterator[None]:
        tried: set[tuple[str, str, str]] = set()
        for _ in range(me.chance.choice((1, 2, 4, 8))):
            task = self._picks(me, tried)
            if task is None:
                break
            tried.add((task.handover, task.todo, task.subject))
            self._does(me, task)
            yield
        if me.chance.random() < 0.4:
            owed = self._owed(me.user)
            if owed:
                self._indulges(me, me.chance.choice(owed).handover)
                yield
        if me.admin:
            for task in self._owed(ADMINS):
                self._names_leader(me, task.handover)
                yield

    def _picks(self, me: Member, tried: set[tuple[str, str, str]]) -> OwnTask | None:
        """One of the tasks that somebody sees, mostly the most urgent; none today, perhaps."""
        owed = [t for t in self._owed(me.user) if (t.handover, t.todo, t.subject) not in tried]
        if me.chance.random() < 0.2:
            me.chance.shuffle(owed)
        today = me.local(self.clock.now()).date().isoformat()
        soon = (me.local(self.clock.now()).date() + 3 * _DAY).isoformat()
        for task in owed:
            share = 1.0 if task.due < today else 0.8 if task.due < soon else 0.4
            if me.chance.random() < me.eager * share:
                return task
        return None

    def _owed(self, user: str) -> list[OwnTask]:
        with self.house.bot.database.read() as connection:
            return of_person(connection, TEAM, user)

    def _does(self, me: Member, task: OwnTask) -> None:
        self._tries(me, task.todo, lambda hand: WAYS[Todo(task.todo)](hand, task.subject), task)

    def _indulges(self, me: Member, handover: str) -> None:
        self._tries(me, "habit", indulge, OwnTask(handover, "", "", "", ""))

    def _tries(self, me: Member, what: str, do: Callable[[Hand], object], task: OwnTask) -> None:
        hand = Hand(self.house.bot, me, task.handover, self._there, self._new_id)
        self.watch.acts(me.user)
        try:
            named = do(hand)
        except FlowError as error:
            self.figures.refused[what, error.code] += 1
            if task.todo:
                self.watch.refused(task, me.user, error)
        except GivenUpError:
            self.figures.refused[what, "given up"] += 1
        else:
            self.figures.events[named if isinstance(named, str) else what] += 1
        self._changed()

    def _names_leader(self, me: Member, handover: str) -> None:
        leaders = [member for member in self._there() if member.leads]
        self.watch.acts(me.user)
        event = e.LeaderNamed(
            at=self.clock.now(), by=me.user, leader=me.chance.choice(leaders).user
        )
        try:
            self.house.bot.desk.name_leader(Receipt(TEAM, self._new_id()), handover, event)
        except FlowError as error:
            self.figures.refused["name_leader", error.code] += 1
        self._changed()

    def _there(self) -> list[Member]:
        """Everybody who can be given something."""
        return [m for m in self.members.values() if not (m.is_gone or m.admin)]

    def _new_id(self) -> str:
        return f"x{next(self._ids):06d}"


def _on_grid(moment: datetime) -> datetime:
    """The next moment at which the bot ticks, after this one."""
    seconds = _GRID.total_seconds()
    return datetime.fromtimestamp((moment.timestamp() // seconds + 1) * seconds, UTC)
