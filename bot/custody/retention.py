"""What is kept no longer than it is needed, an hour at a time; README says for how long.

Handovers that are over go by the operator's policy, each whole, some in a transaction.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Connection

from bot.times import Clock
from bot.turns import Turns
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
_MOST, _TOGETHER = 500, 20


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
        # Whoever comes too late comes again in an hour.
        turns = Turns(self.database, tries=1)
        some = (
            partial(strays.forget, before=before),
            partial(strays.forget_unfiled, before=long_before),
            partial(corrections.forget, before=before),
            partial(disturbances.forget, before=before),
            partial(messages.forget, before=self._before(FORMS_KEPT)),
            partial(receipts.forget, before=before),
        )
        # In parts, however long nobody tidied: each in its time.
        turns.until_none(lambda c: sum(forget(c) for forget in some))
        with self.database.read() as connection:
            teams = posts.teams(connection)
        for team in teams:
            forget = partial(posts.forget_of_nothing, team=team, before=long_before)
            turns.until_none(forget)
        if self.keep_closed:
            self._erase_closed(turns, self._before(self.keep_closed))

    def _erase_closed(self, turns: Turns, before: int) -> None:
        erased = 1
        while erased:
            with self.database.read() as connection:
                found = sorted(closed.handovers_over(connection, before, _MOST))
            erased = 0
            for team, of_team in groupby(found, key=itemgetter(0)):
                ids = [handover for _, handover in of_team]
                for start in range(0, len(ids), _TOGETHER):
                    some = ids[start : start + _TOGETHER]
                    erased += turns.take(partial(self._erase, team=team, ids=some, before=before))
        turns.until_none(lambda c: closed.erase_book(c, before))

    def _erase(self, connection: Connection, team: str, ids: list[str], before: int) -> int:
        over = [one for one in ids if closed.is_over(connection, team, one, before)]
        if over:
            handovers.erase_all(connection, team, over)
        for handover in over:
            act = HandoverErased(by=CLOCK, at=self.clock.now(), handover=handover, why="retention")
            workspaces.note(connection, team, act)
        return len(over)

    def _before(self, kept: timedelta) -> int:
        return to_stored(self.clock.now() - kept)
