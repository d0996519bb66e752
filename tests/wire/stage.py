"""The stage of the wire tests: a sandbox workspace, the real bot over HTTP, and three persons.

The persons act by what they see. Leaving the stage asserts that the bot broke no rule of Slack's.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from bot.app import Bot
from bot.manifest import manifest
from bot.sandbox import Message, ModalScreen, Person, Sandbox
from bot.settings import Settings
from bot.socket_mode import SocketLine
from bot.times import SystemClock
from bot.web import serve_http
from migrations.upgrade import upgrade

SECRET, TOKEN, APP_TOKEN = "shhh-very-secret", "xoxb-1-sandbox", "xapp-1-sandbox"


def settings_for(slack: Sandbox, url: str, **changes: object) -> Settings:
    known: dict[str, object] = {
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": url,
        "HANDOVER_POST_RATE": "0",
        "HANDOVER_POST_MARGIN": 0.2,
    }
    return Settings.model_validate(known | changes)


@dataclass
class Stage:
    """What a test plays on."""

    slack: Sandbox
    bot: Bot
    olga: Person
    ivan: Person
    lena: Person
    ada: Person

    def form(self, account: str = "Northwind", **words: str) -> ModalScreen:
        """Olga fills the start form; `words` replace what she chooses."""
        self.olga.types(f"/handover start {account}")
        return self.fill(self.olga.modal(), **words)

    def fill(self, form: ModalScreen, **words: str) -> ModalScreen:
        form.pick_person("Incoming CSM", self.ivan)
        form.choose("Segment", words.get("segment", "SMB"))
        form.choose("Reason", words.get("reason", "Balancing workload"))
        form.choose("Leader", "Lena Berg")
        form.pick_date("Date", today() + timedelta(days=25))
        form.choose("The date is", words.get("day_is", "Switch by"))
        return form

    def start(self, account: str = "Northwind", **words: str) -> Message:
        """Olga starts a handover; her card."""
        result = self.form(account, **words).submit()
        assert result.modal is not None, result
        assert result.modal.submit().closed
        return self.olga.dm().wait(f"Knowledge pack: {account}")


def today() -> date:
    return SystemClock().now().date()


@contextmanager
def staged(url: str, *, socket: bool = False, **changes: object) -> Iterator[Stage]:
    """A stage on an empty database; with `socket` the bot dials in instead of being called."""
    upgrade(url)
    with Sandbox(
        manifest=manifest(socket=socket),
        bot_token=TOKEN,
        app_token=APP_TOKEN,
        signing_secret=SECRET,
        post_burst=(1000, 1.0),
    ) as slack:
        people = {
            "olga": slack.person("Olga Costa", tz="Europe/Lisbon"),
            "ivan": slack.person("Ivan Petrov", tz="Europe/Berlin"),
            "lena": slack.person("Lena Berg", tz="Europe/Berlin"),
            "ada": slack.person("Ada Admin", tz="UTC", admin=True),
        }
        bot = Bot(settings_for(slack, url, **changes))
        server = serve_http(bot.door, 0, "127.0.0.1")
        serving = threading.Thread(target=server.run, name="http", daemon=True)
        serving.start()
        bot.start()
        port = server.effective_port  # type: ignore[union-attr]
        line = SocketLine(bot, APP_TOKEN, ping_seconds=0.1) if socket else None
        if line:
            line.start()
            slack.wait_connected()
        else:
            slack.connect_http(f"http://127.0.0.1:{port}/slack/events")
        try:
            yield Stage(slack, bot, **people)
            slack.assert_clean()
        finally:
            slack.idle()
            if line:
                line.stop()
            server.close()
            serving.join(5)
            bot.stop(2)


def list_leaders(stage: Stage) -> None:
    """Ada, an admin, names Lena as a leader."""
    stage.ada.types("/handover settings")
    form = stage.ada.modal()
    form.pick_person("Leaders", stage.lena)
    assert form.submit().closed


def sqlite_url(folder: Path) -> str:
    return f"sqlite:///{folder / 'handover.db'}"
