"""Handovers as they last stood, so that one that has not changed is not sent and parsed again.

The database is asked each time, under its own lock; what tells is the chain link of the journal
(`storage.journal`). It names everything that ever happened to a handover, so under one link there
is one document, whichever replica wrote it. What was rolled back has a link that no row shows.
"""

import threading
from typing import NamedTuple

from flows.handover import Handover

_MOST = 64


class Known(NamedTuple):
    """A handover, and the link under which it is what is stored."""

    link: str
    handover: Handover


class Recent:
    """The handovers of one database that were read or written last; frozen, so they are shared."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Known] = {}
        self._turn = threading.Lock()

    def find(self, team: str, handover: str) -> Known | None:
        """A handover as far as it is known."""
        return self._known.get((team, handover))

    def keep(self, handover: Handover, link: str) -> None:
        """Remember a handover instead of the one that was kept longest ago."""
        key = (handover.team, handover.id)
        with self._turn:
            self._known.pop(key, None)
            self._known[key] = Known(link, handover)
            if len(self._known) > _MOST:
                del self._known[next(iter(self._known))]

    def forget(self, team: str, handover: str) -> None:
        """Keep nothing of a handover that is erased."""
        with self._turn:
            self._known.pop((team, handover), None)
