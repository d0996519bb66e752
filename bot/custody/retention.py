"""What is kept no longer than it is needed, an hour at a time; README says for how long.

Handovers that are over go by the operator's policy, each whole and in a transaction of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from sqlalchemy import Connection

from bot.times import Clock
from flows.audit.acts import HandoverErased
from flows.happened import CLOCK
from storage import (
    closed,
    corrections,
    disturbances,
    handovers,
    messages,
    posts,
    receipts,
    strays,
    workspaces,
)
from storage.engine import Database
from storage.moments import to_stored

RECEIPTS_KEPT = timedelta(days=7)
"""Slack's retries, delayed ones included, are over after a day."""
FORMS_KEPT = timedelta(days=1)
UNFILED_KEPT = timedelta(days=90)
"""Replies that nobody gave a place, and messages that are about no handover."""
_MOST = 500


@dataclass(frozen=True, slots=True)
class Retention:
    """`keep_closed` is how long a handover stays after all is over; none for ever."""

    database: Database
    clock: Clock
    keep_closed: timedelta | None = None

    def tidy(self) -> None:
        """Forget receipts that nobody will ask for again, replies that stand elsewhere, what became
        of messages that never came, messages whose form has long been sent or closed, and what is
        over for longer than it is to be kept.
        """
        before, long_before = self._before(RECEIPTS_KEPT), self._before(UNFILED_KEPT)
        self._in_parts(receipts.forget, before)
        self._in_parts(strays.forget, before)
        self._in_parts(strays.forget_unfiled, long_before)
        self._in_parts(corrections.forget, before)
        self._in_parts(disturbances.forget, before)
        self._in_parts(messages.forget, self._before(FORMS_KEPT))
        with self.database.read() as connection:
            teams = workspaces.teams(connection)
        for team in teams:
            # By workspace, for that is how they are found.
            self._in_parts(partial(posts.forget_of_nothing, team=team), long_before)
        if self.keep_closed:
            self._erase_closed(self._before(self.keep_closed))

    def _in_parts(self, forget: Callable[[Connection, int], int], before: int) -> None:
        """However long nobody tidied, and however much there is: each statement in its time."""
        more = True
        while more:
            with self.database.write() as connection:
                more = forget(connection, before) > 0

    def _erase_closed(self, before: int) -> None:
        seen: set[tuple[str, str]] = set()
        while found := [one for one in self._over(before) if one not in seen]:
            seen.update(found)
            for team, handover in found:
                self._erase(team, handover, before)
        more = True
        while more:
            with self.database.write() as connection:
                more = closed.erase_book(connection, before)

    def _over(self, before: int) -> list[tuple[str, str]]:
        with self.database.read() as connection:
            return closed.handovers_over(connection, before, _MOST)

    def _erase(self, team: str, handover: str, before: int) -> None:
        with self.database.write() as connection:
            if closed.is_over(connection, team, handover, before):
                handovers.erase(connection, team, handover)
                now = self.clock.now()
                act = HandoverErased(by=CLOCK, at=now, handover=handover, why="retention")
                workspaces.note(connection, team, act)

    def _before(self, kept: timedelta) -> int:
        return to_stored(self.clock.now() - kept)
