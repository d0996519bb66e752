"""Takes over what a dead replica left, told from its silence.

Each measures the others' silence by its own monotonic clock: what a row says is only looked at for
whether it changes, as wall clocks differ and jump. After the database was away, all replicas look
dead to each other at once: one that was itself blind for half a lease therefore begins to listen
anew, as one does that has only just begun. Whoever said that it leaves is taken over at once.
"""

import logging

from bot.delivery.engine import DeliveryEngine
from bot.times import Clock
from storage import replicas
from storage.engine import Database
from storage.moments import to_stored

_log = logging.getLogger(__name__)
_LEFT = 0
_UNHEARD = -1


class Heartbeat:
    """One replica's pulse and its watch over the others. `lease` is in seconds.

    `among` is how many live, this one too, as of the last beat.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        engine: DeliveryEngine,
        replica: str,
        lease: float,
    ) -> None:
        self._database = database
        self._clock = clock
        self._engine = engine
        self._replica = replica
        self._lease = lease
        self._seen: float | None = None
        self._heard: dict[str, tuple[int, float]] = {}
        self.among = 1

    def beat(self) -> None:
        """Show that this replica lives, and take over from those that do not.

        To be called several times a lease. Raises StorageBusyError.
        """
        now = to_stored(self._clock.now())
        with self._database.write() as connection:
            replicas.beat(connection, self._replica, now)
        seen = self._clock.monotonic()
        if self._seen is not None and seen - self._seen > self._lease / 2:
            self._heard.clear()
        self._seen = seen
        self._listen(seen)

    def leave(self) -> None:
        """Say that this replica ends, so that others need not wait for its lease."""
        with self._database.write() as connection:
            replicas.beat(connection, self._replica, _LEFT)

    def _listen(self, now: float) -> None:
        """Hear who lives, and take over from whoever left or was silent for a lease."""
        with self._database.read() as connection:
            told = replicas.others(connection, self._replica)
        # Who died before its first beat, or took a job between its burial and its next one.
        told |= {
            owner: _UNHEARD
            for owner in self._engine.owners()
            if owner not in told and owner != self._replica
        }
        before = self._heard
        self._heard = {
            replica: known
            if (known := before.get(replica)) and known[0] == seen_at
            else (seen_at, now)
            for replica, seen_at in told.items()
        }
        gone = {
            replica: seen_at
            for replica, (seen_at, since) in self._heard.items()
            if seen_at == _LEFT or now - since > self._lease
        }
        self.among = 1 + len(told) - len(gone)
        for replica, seen_at in sorted(gone.items()):
            self._take_over(replica, seen_at)

    def _take_over(self, replica: str, seen_at: int) -> None:
        # Taken over first: should this one die too, the next finds the row and does it again.
        taken = self._engine.reap(replica)
        with self._database.write() as connection:
            replicas.bury(connection, replica, seen_at)
        if seen_at == _LEFT:
            _log.info("replica %s has left; took over %s deliveries", replica, taken)
        else:
            _log.warning("replica %s fell silent; took over %s deliveries", replica, taken)
