"""What the ticks do: each an idempotent sweep over what the tables say is due."""

import logging
from collections.abc import Callable

from bot.desk import Desk
from storage import handovers
from storage.engine import StorageBusyError
from storage.moments import to_stored
from storage.reading import NewerReleaseError

log = logging.getLogger(__name__)


class Sweeps:
    """The sweeps over the facts; delivery has its own."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def due(self, got_on: Callable[[], object] = lambda: None) -> None:
        """Bring about what time itself brings about, oldest first, each moment once.

        One that fails is told in the log and left for the next sweep, and holds up no other.
        `got_on` is told after each: of a whole morning's it takes long. Raises StorageBusyError.
        """
        now, last = to_stored(self._desk.clock.now()), handovers.EARLIEST
        while found := self._due(now, last):
            for _, team, handover in found:
                self._pass_time(team, handover)
                got_on()
            last = found[-1]

    def _pass_time(self, team: str, handover: str) -> None:
        try:
            self._desk.pass_time(team, handover)
        except StorageBusyError:
            raise
        except NewerReleaseError:
            log.info("%s is left to a newer release", handover)
        except Exception:
            log.exception("nothing came of a due moment of %s", handover)

    def checkpoint(self) -> None:
        """Keep SQLite's log short, so that no click has to."""
        self._desk.database.checkpoint()

    def _due(self, now: int, after: handovers.Due) -> list[handovers.Due]:
        with self._desk.database.read() as connection:
            return handovers.due(connection, now, after)
