"""The ticks: APScheduler wakes us, the tables say what is due (law 2).

The scheduler holds no job of ours. Each tick is an idempotent sweep, so one that comes late, twice
or on two replicas does no harm. A watchdog on the monotonic clock notices when the wall clock jumps
(the scheduler would sleep until the old time comes round again) and when a tick hangs.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from apscheduler.schedulers.background import BackgroundScheduler

from bot.times import Clock
from bot.watch.watch import Watch
from storage.engine import StorageBusyError
from storage.reading import NewerReleaseError

log = logging.getLogger(__name__)

_TELLINGS = 2
READY_PERIODS = 3
DEAD_PERIODS = 10
DEAD_SECONDS = 60.0
"""However short its period: a database that is away for a moment, or a busy machine, would have the
process end, and the next one after it.
"""
JUMP_SECONDS = 2.0


class LeftOffError(BaseException):
    """The process ends: what is left of a sweep is for the next one, here or elsewhere."""


@dataclass
class Tick:
    """Something done every `period` seconds; `last` is the monotonic time of its last success, or
    of a part of it.
    """

    name: str
    period: float
    work: Callable[[], object]
    last: float = 0.0


@dataclass
class Ticker:
    """Runs ticks. `die` ends the process when one has been missing for DEAD_PERIODS, and for
    DEAD_SECONDS at least.

    `stepped_back` is called after the wall clock was set back.
    """

    clock: Clock
    ticks: Mapping[str, Tick]
    die: Callable[[str], None]
    stepped_back: Callable[[], object] = lambda: None
    watch: Watch = field(default_factory=Watch)
    _stop: threading.Event = field(default_factory=threading.Event)
    _scheduler: BackgroundScheduler | None = None
    _watchdog: threading.Thread | None = None
    _known_offset: float = 0.0
    _tell_back: int = 0

    def start(self) -> None:
        """Start ticking."""
        for tick in self.ticks.values():
            tick.last = self.clock.monotonic()
        self._known_offset = self._offset()
        self._schedule()
        self._watchdog = threading.Thread(target=self._watch, name="watchdog", daemon=True)
        self._watchdog.start()

    def stop(self) -> None:
        """Stop ticking; a tick under way is waited for, up to where it gets on."""
        self._stop.set()
        if self._watchdog:
            self._watchdog.join()
        if self._scheduler:
            self._scheduler.shutdown(wait=True)

    def run(self, name: str) -> None:
        """Run one tick now. A failure is logged and the tick tried again at its time."""
        tick = self.ticks[name]
        with self.watch.tick(name) as failed:
            try:
                tick.work()
            except LeftOffError:
                log.info("tick %s leaves off", name)
                return
            except NewerReleaseError:
                log.info("tick %s leaves what is left to a newer release", name)
            except StorageBusyError as busy:
                # No bug of ours: its next time makes up for it.
                log.warning("tick %s waits for the database: %s", name, busy)
                failed()
                return
            except Exception:
                log.exception("tick %s failed", name)
                failed()
                return
            tick.last = self.clock.monotonic()

    def got_on(self, name: str) -> None:
        """A tick under way has done a part of its work: it takes long, and does not hang.

        Raises LeftOffError once it is to stop.
        """
        self.ticks[name].last = self.clock.monotonic()
        if self._stop.is_set():
            raise LeftOffError

    def age(self, name: str) -> float:
        """Seconds since a tick last succeeded, or since the start."""
        return self.clock.monotonic() - self.ticks[name].last

    def late(self, periods: int = READY_PERIODS) -> list[str]:
        """The ticks that have not succeeded for so many periods."""
        return [t.name for t in self.ticks.values() if self.age(t.name) > periods * t.period]

    def _schedule(self) -> None:
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        for tick in self.ticks.values():
            self._scheduler.add_job(
                self.run, "interval", args=[tick.name], seconds=tick.period, id=tick.name
            )
        self._scheduler.start()

    def look(self) -> bool:
        """One look of the watchdog: at the wall clock, and at every tick; False to end it all.

        Both clocks run alike, so when they drift apart the wall clock was set.
        """
        drift = self._offset() - self._known_offset
        if abs(drift) > JUMP_SECONDS:
            log.warning("the wall clock jumped by %.0f s; the ticks start afresh", drift)
            self._known_offset += drift
            former, self._scheduler = self._scheduler, None
            self._schedule()
            if former:
                former.shutdown(wait=False)
            if drift < 0:
                self._tell_back = _TELLINGS
        if self._tell_back:
            self._step_back()
        dead = [name for name in self.late(DEAD_PERIODS) if self.age(name) > DEAD_SECONDS]
        if dead:
            self.die(f"no success for {DEAD_PERIODS} periods: {', '.join(dead)}")
        return not dead

    def _step_back(self) -> None:
        """Tell of it until it was heard, and once more at the next look: what was under way may
        have been stored by the old time since. The watchdog outlives whatever comes of that.
        """
        try:
            self.stepped_back()
        except Exception as error:  # noqa: BLE001 - such as a database that is away
            log.warning("the step back is told again: %s", type(error).__name__)
        else:
            self._tell_back -= 1

    def _watch(self) -> None:
        period = min(tick.period for tick in self.ticks.values())
        while not self._stop.wait(min(period, JUMP_SECONDS)):
            if not self.look():
                return

    def _offset(self) -> float:
        return self.clock.now().timestamp() - self.clock.monotonic()
