"""The bot as a process on a database: it can be dropped at any moment, and begun again."""

from datetime import UTC, datetime, timedelta
from itertools import count

from sqlalchemy import func, select

from bot.app import Bot
from bot.delivery.engine import Handle
from bot.office import Office
from bot.settings import Settings
from bot.times import Clock
from storage import posts, tables, undelivered
from storage.moments import to_stored
from tests.simulation.company import TEAM
from tests.simulation.lanes import Lanes
from tests.simulation.post_office import PostOffice

_EDITS = timedelta(hours=72)
_DUE = (
    select(func.min(tables.handovers.c.due_at)),
    select(func.min(tables.reminders.c.look_at)),
)


class House:
    """What lives in the process goes with it; the database, Slack and the clock stay."""

    def __init__(self, url: str, clock: Clock, office: PostOffice) -> None:
        self._clock = clock
        self.office = office
        self._salts = count(1)
        self._edits_at = clock.now()
        known: dict[str, object] = {
            "SLACK_BOT_TOKEN": "xoxb",
            "SLACK_SIGNING_SECRET": "secret",
            "DATABASE_URL": url,
            "HANDOVER_POST_RATE": "0",
        }
        self._settings = Settings.model_validate(known)
        self.begin()

    def begin(self) -> None:
        """Begin as after a start: whoever was before told nobody of what is to be said."""
        self.bot = Bot(
            self._settings,
            clock=self._clock,
            new_id=lambda: f"{next(self._salts):020x}",
            gateway=self.office,
            engine=self._engine,
        )
        self.here.roster.refresh()
        self.bot.delivery.reconcile(grace=0)

    @property
    def here(self) -> Office:
        """The office of the one workspace."""
        office = self.bot.offices.of(TEAM)
        assert office is not None
        return office

    def drop(self) -> None:
        """End without a word, as a process that is killed."""
        self.bot.lookups.stop()
        self.bot.afterwards.stop()
        self.bot.database.close()

    def deliver(self) -> None:
        """Say what is to be said now."""
        self._lanes.run()

    def tick(self) -> None:
        """One round of the ticks, and what comes of them; edits now and then, as of
        several only the last counts.
        """
        for name in ("due", "reminders", "delivery"):
            self.bot.ticker.ticks[name].work()
            self.deliver()
        if self._clock.now() >= self._edits_at:
            self.bot.delivery._edits.sweep()
            self._edits_at = self._clock.now() + _EDITS

    def digests(self) -> None:
        """Look at the digest of the channel: once a day is enough to see what it says."""
        self.bot.ticker.ticks["digests"].work()
        self.deliver()

    def next_at(self) -> datetime | None:
        """The next moment at which the tables have something to do."""
        with self.bot.database.read() as connection:
            found = [connection.execute(statement).scalar() for statement in _DUE]
            found.append(undelivered.oldest_undelivered(connection))
            if posts.next_edit(connection) is not None:
                found.append(to_stored(self._edits_at))
        known = [moment for moment in found if moment is not None]
        return datetime.fromtimestamp(min(known) / 1_000_000, UTC) if known else None

    def _engine(self, handle: Handle) -> Lanes:
        self._lanes = Lanes(handle, self._clock)
        return self._lanes
