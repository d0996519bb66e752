"""An engine for deliveries that runs in the caller's own thread, at the moment the clock shows.

It keeps to the port: each job once, in order within its lane, what somebody waits for ahead. Like a
process it forgets everything when it ends; the reconciling tick tells it again.
"""

from collections.abc import Iterable
from datetime import timedelta

from bot.delivery.engine import Handle
from bot.times import Clock
from storage.moments import to_stored
from storage.outbox import Job


class Lanes:
    """A `bot.delivery.engine.DeliveryEngine`."""

    def __init__(self, handle: Handle, clock: Clock) -> None:
        self._handle = handle
        self._clock = clock
        self._waiting: dict[tuple[int, int], Job] = {}
        self._over: set[tuple[int, int]] = set()

    def run(self) -> None:
        """Run what may run now, and what comes of it."""
        while self._waiting:
            job = min(self._waiting.values(), key=lambda job: (not job.first, job.id))
            key = (job.id, job.attempt)
            del self._waiting[key]
            self._over.add(key)
            self.enqueue(self._handle(*key))

    def enqueue(self, jobs: Iterable[Job]) -> None:
        now = self._now()
        for job in jobs:
            # What comes later is told again by the tick, in this process or in the next.
            if (job.id, job.attempt) not in self._over and job.not_before <= now:
                self._waiting.setdefault((job.id, job.attempt), job)

    def ended(self, jobs: Iterable[Job]) -> set[tuple[int, int]]:
        return {(job.id, job.attempt) for job in jobs} & self._over

    def owners(self) -> set[str]:
        return set()

    def reap(self, dead_replica: str) -> int:
        return 0

    def recover(self) -> int:
        return 0

    def purge(self, older: timedelta) -> int:
        count = len(self._over)
        self._over.clear()
        return count

    def healthy(self) -> bool:
        return True

    def waiting(self) -> int:
        return len(self._waiting)

    def running(self) -> int:
        return 0

    def start(self) -> None:
        """Nothing runs by itself."""

    def stop(self, drain_seconds: float) -> None:
        """Nothing runs by itself."""

    def _now(self) -> int:
        return to_stored(self._clock.now())
