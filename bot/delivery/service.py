"""Delivery as the rest of the bot sees it: tell it of jobs, tick it, start and stop it."""

import logging
from collections.abc import Iterable
from datetime import timedelta
from functools import partial

from bot.delivery.edits import Edits
from bot.delivery.engine import DeliveryEngine
from bot.delivery.heartbeat import Heartbeat
from bot.times import Clock
from bot.turns import Turns
from storage import posts, undelivered
from storage.engine import Database, StorageBusyError
from storage.moments import to_stored
from storage.outbox import Job

_log = logging.getLogger(__name__)
_SECOND = 1_000_000
_GRACE_OF_LEASE = 1 / 12
_KEPT = timedelta(days=7)
_ROWS_KEPT = timedelta(days=30)


class Delivery:
    """Engine, edits and heartbeat as one thing. `lease` is in seconds: how long a claim counts."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        engine: DeliveryEngine,
        edits: Edits,
        heartbeat: Heartbeat,
        lease: float,
    ) -> None:
        self._database = database
        self._clock = clock
        self._engine = engine
        self._edits = edits
        self._heartbeat = heartbeat
        self._lease = lease
        self._after = 0

    def start(self) -> None:
        """Begin to deliver."""
        self._engine.start()
        self._edits.start()
        # Whoever died right after a commit told nobody.
        self.reconcile(grace=0)

    def committed(self, jobs: Iterable[Job], *, marked: bool) -> None:
        """Take over what a transaction wrote, right after its commit; does not wait.

        `marked` says that messages were marked as stale.
        """
        self._engine.enqueue(jobs)
        if marked:
            self._edits.wake()

    def tick(self) -> None:
        """Heartbeat, and whatever slipped through: to be called several times a lease.

        Raises StorageBusyError; the next tick makes up for it.
        """
        self._heartbeat.beat()
        self._engine.recover()
        self._edits.wake()
        self.reconcile()

    def reconcile(self, *, grace: float = _GRACE_OF_LEASE) -> int:
        """Tell the engine of rows that are due and that nobody works on; how many.

        `grace`, in leases, is how long the engine may have been told by somebody else already.

        Most of them are waiting in the engine already, which then changes nothing. A job that has
        run never runs again, so a row that it left behind gets its next attempt.
        """
        now = to_stored(self._clock.now())
        lease = int(self._lease * _SECOND)
        with self._database.read() as connection:
            found = undelivered.overdue(connection, now, int(lease * grace), lease, self._after)
        # However many wait in a few slow lanes, the others have their turn.
        jobs, self._after = found
        if not jobs:
            return 0
        ended = self._engine.ended(jobs)
        over = [job for job in jobs if (job.id, job.attempt) in ended]
        waiting = [job for job in jobs if (job.id, job.attempt) not in ended]
        if over:
            with self._database.write() as connection:
                waiting += undelivered.raise_attempt(connection, over)
        self._engine.enqueue(waiting)
        return len(waiting)

    def resume(self, team: str) -> None:
        """The bot is back in a workspace: what waited for it goes out."""
        self._edits.resume(team)
        self.reconcile(grace=0)

    def tidy(self) -> None:
        """Forget what is long over; some times a day is enough. Raises StorageBusyError."""
        self._engine.purge(_KEPT)
        before = to_stored(self._clock.now() - _ROWS_KEPT)
        turns = Turns(self._database, tries=1)
        after: int | None = 0
        while after is not None:
            after = turns.take(partial(undelivered.forget, before=before, after=after))

    def stepped_back(self) -> None:
        """After the wall clock was set back: what ended lies in the future and blocks its lanes,
        and what was put off by seconds waits for a moment that is far off. Raises StorageBusyError.
        """
        self._engine.purge(timedelta(0))
        now = to_stored(self._clock.now())
        with self._database.write() as connection:
            undelivered.bring_forward(connection, now)
            posts.bring_forward(connection, now)
        self._edits.wake()

    def healthy(self) -> bool:
        """Whether messages and edits are being sent."""
        return self._engine.healthy() and self._edits.healthy

    def waiting(self) -> int:
        """How many jobs wait for the engine to take them over."""
        return self._engine.waiting()

    def running(self) -> int:
        """How many messages are being posted or edited by this process."""
        return self._engine.running() + self._edits.running()

    def stop(self, drain_seconds: float) -> None:
        """Take nothing new, let what runs finish for so long, and end all threads."""
        until = self._clock.monotonic() + drain_seconds
        self._edits.stop(drain_seconds)
        self._engine.stop(max(until - self._clock.monotonic(), 0.0))
        self.leave()

    def leave(self) -> None:
        """Have others take over at once what this replica leaves behind."""
        try:
            self._heartbeat.leave()
        except StorageBusyError as busy:
            _log.warning("this replica leaves without a word: %s", busy)
