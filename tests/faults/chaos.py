"""Replicas that are killed at any moment, and a Slack that fails 40 % of their calls, by seed."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from random import Random

from sqlalchemy import text

from bot.times import SystemClock
from flows.effects import Kind
from tests.clocks import HandClock
from tests.delivery import slack
from tests.delivery.bench import Bench
from tests.delivery.slack import World
from tests.delivery.test_edits import mark
from tests.faults.child import PATIENCE, Job
from tests.faults.herd import Herd

SHARE_OF_FAULTS = 0.4
FAULTS = (
    slack.ACCEPT_AND_DROP,
    slack.DROP,
    slack.LATE,
    slack.BROKEN_BEFORE,
    slack.BROKEN_AFTER,
    slack.LIMITED,
    slack.HANGING,
    slack.SLOW,
)
_STEP_SECONDS = 0.05
_PATIENCE_SECONDS = 300.0
_LEFT = text(
    "SELECT (SELECT count(*) FROM outbox WHERE state = 'pending'),"
    " (SELECT count(*) FROM posts WHERE stale_since IS NOT NULL)"
)


@dataclass(frozen=True)
class Plan:
    """What is played; what chance decides follows from the seed, but for the machine's own pace.

    For so many `seconds` messages are written, Slack fails, and a replica is killed every
    `kill_every` on average; then all is left to come to its end.
    """

    seed: int
    messages: int
    seconds: float
    replicas: int
    kill_every: float
    lanes: int = 30
    faults: float = SHARE_OF_FAULTS
    declared: Sequence[str] = ()


@dataclass
class Figures:
    """What came of it."""

    kills: int = 0
    calls: int = 0
    faults: int = 0
    edits: int = 0
    seconds: float = 0.0
    lost: int = 0
    doubled: int = 0
    untrue: int = 0
    errors: str = ""

    def told(self, plan: Plan, where: str) -> str:
        """One line."""
        return (
            f"chaos on {where}: seed {plan.seed}, {plan.replicas} replica(s), {self.kills} kills, "
            f"{plan.messages} messages, {self.edits} edits, {self.faults} of {self.calls} "
            f"calls failed; lost {self.lost}, doubled {self.doubled}, not brought up to "
            f"date {self.untrue}; {self.seconds:.0f} s"
        )


class Chaos:
    """One run. `during` is called at every step with the seconds since the beginning."""

    def __init__(
        self,
        plan: Plan,
        url: str,
        folder: Path,
        during: Callable[[float], object] = lambda _seconds: None,
    ) -> None:
        self._plan = plan
        self._during = during
        self._chance = Random(plan.seed)
        self._luck = Random(plan.seed + 1)
        self._next_name = plan.replicas
        self._url = url
        self._log, self._truth = folder / "log", folder / "truth"
        self._wanted = Counter[tuple[str, str]]()
        self.world = World(retry_after=0.5, lands_within=PATIENCE.margin, luck=self._fault)
        self.figures = Figures()

    def play(self) -> Figures:
        """Write messages and mark edits while all goes wrong, until everything is said."""
        self._log.touch()
        self._truth.write_text("0", encoding="ascii")
        self._began = float("inf")
        with ExitStack() as begun:
            slack_url = begun.enter_context(slack.serve(self.world))
            bench = Bench(self._url, slack_url, self.world, HandClock(SystemClock().now()))
            self._bench = begun.enter_context(closing(bench))
            job = Job(
                self._url, slack_url, self._log, self._truth, declared=tuple(self._plan.declared)
            )
            self._herd = begun.enter_context(
                closing(Herd(job, [f"r{number}" for number in range(self._plan.replicas)]))
            )
            # What is counted are the seconds in which somebody delivers.
            self._write_one(0)
            self._until(lambda: self._left()[0] == 0, "the first message")
            self._began = time.monotonic()
            self._next_kill = self._began + self._plan.kill_every / 2
            self._write()
            self._until(lambda: self._left()[0] == 0, "every message to be sent")
            self._make_stale(everything=True)
            self._until(lambda: sum(self._left()) == 0, "every message to be brought up to date")
        self._judge()
        return self.figures

    def _raging(self) -> bool:
        return 0 <= time.monotonic() - self._began < self._plan.seconds

    def _write(self) -> None:
        written = 1
        while written < self._plan.messages:
            # The last ones come while there is still time for them to go wrong.
            share = (time.monotonic() - self._began) / (0.7 * self._plan.seconds)
            while written < min(self._plan.messages, int(share * self._plan.messages) + 1):
                self._write_one(written)
                written += 1
            self._make_stale()
            self._step()

    def _write_one(self, number: int) -> None:
        person = f"U{self._chance.randrange(self._plan.lanes)}"
        self._bench.clock.jump((SystemClock().now() - self._bench.clock.now()).total_seconds())
        self._bench.ask(Kind.CARD, to=person, subject=str(number))
        self._wanted["D" + person, str(number)] += 1

    def _make_stale(self, *, everything: bool = False) -> None:
        """Something else is true now, and what stands somewhere is marked."""
        standing = [(post["person"], post["subject"]) for post in self._bench.posts()]
        self._now_true = int(self._truth.read_text(encoding="ascii")) + 1
        self._truth.write_text(str(self._now_true), encoding="ascii")
        some = standing if everything else self._chance.sample(standing, min(len(standing), 1))
        for person, subject in some:
            mark(self._bench, to=person, subject=subject)

    def _step(self) -> None:
        self._during(time.monotonic() - self._began)
        if self._raging() and time.monotonic() >= self._next_kill:
            self._next_kill += self._chance.uniform(0.5, 1.5) * self._plan.kill_every
            self._kill_one()
        threading.Event().wait(_STEP_SECONDS)

    def _kill_one(self) -> None:
        name = self._chance.choice(self._herd.names())
        self._herd.kill(name)
        self.figures.kills += 1
        # What was the work of one who comes back under another name, others have to take over.
        if self._plan.replicas > 1 and self._chance.random() < 0.5:
            name = f"r{self._next_name}"
            self._next_name += 1
        self._herd.begin(name)

    def _until(self, ready: Callable[[], bool], what: str) -> None:
        until = time.monotonic() + _PATIENCE_SECONDS
        while not ready():
            assert time.monotonic() < until, f"seed {self._plan.seed}: waited for {what}"
            self._step()

    def _left(self) -> tuple[int, int]:
        with self._bench.database.read() as connection:
            messages, edits = connection.execute(_LEFT).one()
            return messages, edits

    def _fault(self, _method: str) -> str:
        self.figures.calls += self._raging()
        if not self._raging() or self._luck.random() >= self._plan.faults:
            return ""
        self.figures.faults += 1
        return self._luck.choice(FAULTS)

    def _judge(self) -> None:
        found = Counter(
            (post["channel"], post["text"].split(" = ")[0].removeprefix("card "))
            for post in self.world.posts
        )
        figures = self.figures
        figures.lost = (self._wanted - found).total()
        figures.doubled = (found - self._wanted).total()
        shown = self.world.shown().values()
        figures.untrue = sum(not text.endswith(f" = {self._now_true}") for text in shown)
        figures.edits = len(self.world.edits)
        figures.errors = self._log.read_text(encoding="utf-8")
        figures.seconds = time.monotonic() - self._began
