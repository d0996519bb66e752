"""The stage of the play: the pocket Slack, the real bot over HTTP, and a clock that can be moved.

Only Slack is the sandbox, which checks every call of the bot as strictly as Slack would.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.app import Bot
from bot.demo.clock import PlayClock
from bot.manifest import manifest
from bot.sandbox import Sandbox
from bot.settings import Settings
from bot.times import Clock
from bot.wire.http_server import HttpServer
from migrations.upgrade import upgrade
from storage import posts, undelivered
from storage.moments import to_stored

_BREATH_SECONDS = 0.015
_PATIENCE_SECONDS = 30.0
_ALL_AT_ONCE = (1000, 1.0)
_TICKS = ("due", "reminders", "digests", "delivery")
_ROUNDS = 2
"""What a tick brings about can be told by the next round only."""
_TOKEN, _APP_TOKEN, _SECRET = "xoxb-demo", "xapp-demo", "demo"


@dataclass
class Stage:
    """What the play is played on."""

    slack: Sandbox
    bot: Bot
    clock: PlayClock

    def rest(self) -> None:
        """Until the bot has done what came, and said all that is due."""
        seen = -1
        while seen != self._happenings() or self._has_to_say():
            seen = self._happenings()
            threading.Event().wait(_BREATH_SECONDS)
            self.slack.idle(_BREATH_SECONDS)
            self.bot.afterwards.rest(_PATIENCE_SECONDS)

    def comes(self, moment: datetime) -> None:
        """Time passes until then, and the bot looks what that brings about."""
        self.clock.goes_to(moment)
        for _ in range(_ROUNDS):
            for name in _TICKS:
                self.bot.ticker.run(name)
            self.rest()

    def _happenings(self) -> int:
        return len(self.slack.journal) + len(self.slack.deliveries)

    def _has_to_say(self) -> bool:
        now = to_stored(self.clock.now())
        with self.bot.database.read() as connection:
            due = (undelivered.oldest_undelivered(connection), posts.next_edit(connection))
        if any(moment is not None and moment <= now for moment in due):
            return True
        # Asked last: whatever has been taken in hand is due only when its hand has let go of it.
        return self.bot.delivery.running() > 0


@contextmanager
def staged(folder: Path, clock: PlayClock) -> Iterator[Stage]:
    """The stage, with the bot's database in the folder."""
    url = f"sqlite:///{folder / 'handover.db'}"
    upgrade(url)
    with _slack(clock) as slack:
        bot = Bot(_settings(slack, url), clock=clock)
        server = HttpServer(bot.door, 0, "127.0.0.1")
        try:
            bot.start()
            server.start()
            slack.connect_http(f"http://127.0.0.1:{server.port}/slack/events")
            yield Stage(slack, bot, clock)
        finally:
            server.stop(2)
            bot.stop(2)


def _slack(clock: Clock) -> Sandbox:
    return Sandbox(
        manifest=manifest(),
        bot_token=_TOKEN,
        app_token=_APP_TOKEN,
        signing_secret=_SECRET,
        post_burst=_ALL_AT_ONCE,
        patience=4.0,
        now=lambda: clock.now().timestamp(),
    )


def _settings(slack: Sandbox, database_url: str) -> Settings:
    known = {
        "SLACK_BOT_TOKEN": _TOKEN,
        "SLACK_SIGNING_SECRET": _SECRET,
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": database_url,
        "HANDOVER_POST_RATE": "0",
        "HANDOVER_QUIET": "off",
        "HANDOVER_POST_MARGIN": 0.2,
        "HANDOVER_POLL_SECONDS": 0.02,
    }
    return Settings.model_validate(known)
