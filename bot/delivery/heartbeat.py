"""Takes over what a dead replica left, told from its silence.

After the database was away, all replicas look dead to each other at once: one that was itself blind
for half a lease, or has only just begun to look, therefore judges nobody's silence for a whole one.
Whoever said that it leaves is taken over at once.
"""

import logging

from bot.delivery.engine import DeliveryEngine
from bot.times import Clock
from storage import replicas
from storage.engine import Database
from storage.moments import to_stored

_log = logging.getLogger(__name__)
_SECOND = 1_000_000
_LEFT = 0


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
        self._judges_from = 0.0
        self.among = 1

    def beat(self) -> None:
        """Show that this replica lives, and take over from those that do not.

        To be called several times a lease. Raises StorageBusyError.
        """
        now = to_stored(self._clock.now())
        silent = now - int(self._lease * _SECOND)
        with self._database.write() as connection:
            replicas.beat(connection, self._replica, now)
            self.among = replicas.living(connection, silent)
        seen = self._clock.monotonic()
        if self._seen is None or seen - self._seen > self._lease / 2:
            self._judges_from = seen + self._lease
        self._seen = seen
        judges = seen >= self._judges_from
        self._take_over(silent if judges else _LEFT + 1)

    def leave(self) -> None:
        """Say that this replica ends, so that others need not wait for its lease."""
        with self._database.write() as connection:
            replicas.beat(connection, self._replica, _LEFT)

    def _take_over(self, before: int) -> None:
        """Take over from whoever was last seen before a moment."""
        with self._database.read() as connection:
            dead = replicas.silent(connection, before, self._replica)
        for replica in dead:
            # Taken over first: should this one die too, the next finds the row and does it again.
            taken = self._engine.reap(replica)
            with self._database.write() as connection:
                replicas.bury(connection, replica, before)
            _log.warning("replica %s is gone; took over %s deliveries", replica, taken)
