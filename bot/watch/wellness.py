"""How this replica is: what `/readyz` checks, and the figures that `/metrics` asks for.

Both look at the database with the same eyes, once a second at most, however often somebody probes.
A replica that works is ready whatever Slack does: that messages wait, or that Slack refuses the
token, is for information, since another replica could do nothing about it.
"""

import threading
from collections.abc import Callable
from functools import partial

from bot.clock import Ticker
from bot.delivery.service import Delivery
from bot.health import Check, Finding
from bot.times import Clock
from bot.watch.metrics import Metrics
from storage import schema, wellness
from storage.engine import Database, StorageBusyError
from storage.moments import to_stored
from storage.wellness import Wellness

FRESH_SECONDS = 1.0
LATE_SECONDS = 300.0
"""A message that waits longer than this for Slack is worth a look."""
_SECOND = 1_000_000


class Looks:
    """The newest look at the database, shared by all who ask within FRESH_SECONDS."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._turn = threading.Lock()
        self._at = -FRESH_SECONDS
        self._found: Wellness | StorageBusyError | None = None
        self.took = 0.0

    def now(self) -> Wellness:
        """What the database says. Raises StorageBusyError, also from a moment ago."""
        with self._turn:
            began = self._clock.monotonic()
            if self._found is None or began - self._at >= FRESH_SECONDS:
                try:
                    with self._database.read() as connection:
                        self._found = wellness.look(connection)
                except StorageBusyError as busy:
                    self._found = busy
                self._at = self._clock.monotonic()
                self.took = self._at - began
            if isinstance(self._found, StorageBusyError):
                raise self._found
            return self._found

    def seconds_since(self, moment: int | None) -> float:
        """How long ago a stored moment was; 0 for none, and for what is to come."""
        now = to_stored(self._clock.now())
        return 0.0 if moment is None else max(0.0, (now - moment) / _SECOND)


def checks(looks: Looks, delivery: Delivery, ticker: Ticker) -> dict[str, Check]:
    """The checks by name; the socket adds its own."""

    def database() -> Finding:
        looks.now()
        return Finding(figures={"seconds": round(looks.took, 4)})

    def the_schema() -> Finding:
        found = looks.now()
        fault = schema.fault_of(found.revision, found.serves)
        figures = {"revision": found.revision, "needed": schema.HEAD}
        return Finding("wrong" if fault else "ok", fault, figures)

    def ticks() -> Finding:
        late = ticker.late()
        ages = {name: round(ticker.age(name), 1) for name in ticker.ticks}
        says = f"late: {', '.join(late)}" if late else ""
        return Finding("wrong" if late else "ok", says, {"seconds_since": ages})

    def engine() -> Finding:
        load = {"waiting": delivery.waiting(), "running": delivery.running()}
        if delivery.healthy():
            return Finding(figures=load)
        return Finding("wrong", "stopped", load)

    def messages() -> Finding:
        found = looks.now()
        oldest = looks.seconds_since(found.written)
        says = [f"{count} wait: {why}" for why, count in sorted(found.shut_out.items())]
        if found.dead:
            says.append(f"{found.dead} could not be delivered")
        if oldest > LATE_SECONDS:
            says.append(f"the oldest waits for {oldest:.0f} s")
        figures = {
            "pending": found.pending,
            "oldest_seconds": round(oldest, 1),
            "overdue_seconds": round(looks.seconds_since(found.due), 1),
            "waiting_for_token": sum(found.shut_out.values()),
            "dead": found.dead,
        }
        return Finding("look" if says else "ok", ", ".join(says), figures)

    return {
        "database": database,
        "schema": the_schema,
        "ticks": ticks,
        "engine": engine,
        "messages": messages,
    }


def gauge(
    metrics: Metrics, looks: Looks, delivery: Delivery, ticker: Ticker, offices: Callable[[], int]
) -> None:
    """Have `/metrics` ask for what is so at that moment. A database that is away says NaN."""

    def looked(value: Callable[[Wellness], float]) -> Callable[[], float]:
        def read() -> float:
            try:
                return value(looks.now())
            except StorageBusyError:
                return float("nan")

        return read

    read = metrics.read
    read(
        "outbox_oldest_seconds",
        "Since the oldest message was asked for that is not in Slack and waits for nobody's hours.",
        looked(lambda found: looks.seconds_since(found.written)),
    )
    read(
        "outbox_overdue_seconds",
        "For how long the message that is due the longest has been due.",
        looked(lambda found: looks.seconds_since(found.due)),
    )
    read(
        "outbox_pending",
        "Messages that are not in Slack yet.",
        looked(lambda found: found.pending),
    )
    read(
        "outbox_waiting_for_token",
        "Messages that wait for a token that Slack takes.",
        looked(lambda found: sum(found.shut_out.values())),
    )
    read(
        "outbox_dead",
        "Messages that could not be delivered, of the last 30 days.",
        looked(lambda found: found.dead),
    )
    read("engine_waiting", "Jobs that the engine has not taken over yet.", delivery.waiting)
    read("engine_running", "Messages that are being posted or edited here now.", delivery.running)
    read("open_workspaces", "Workspaces with which this process has had to do.", offices)
    for name in ticker.ticks:
        metrics.read_age(name, partial(ticker.age, name))
