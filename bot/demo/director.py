"""The demo's director: sets the stage, lets the cast act by the script, and keeps the brief.

The bot is the real one, over HTTP on this machine, with a database in the demo's folder; only Slack
is the sandbox, which checks every call of the bot as strictly as Slack would.
"""

import re
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

from rich.console import Console

from bot.app import Bot
from bot.demo.screen import Screen
from bot.demo.script import Act, Script, Step, read_script
from bot.http_server import HttpServer
from bot.logs import set_up_logs
from bot.manifest import manifest
from bot.sandbox import Message, ModalScreen, Person, Sandbox
from bot.settings import Settings
from bot.times import SystemClock
from migrations.upgrade import upgrade

_PACE_SECONDS = 0.35
_QUIET_SECONDS = 0.15
_ALL_AT_ONCE = (1000, 1.0)
_TOKEN, _APP_TOKEN, _SECRET = "xoxb-demo", "xapp-demo", "demo"


def play(folder: Path, console: Console | None = None) -> list[str]:
    """Play it. Returns the rules of Slack's that the bot broke; empty when all is well."""
    set_up_logs("WARNING", "console")
    console = console or Console()
    script, screen = read_script(), Screen(console)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with _slack() as slack:
        cast = {
            key: slack.person(actor.name, tz=actor.tz, admin=actor.admin)
            for key, actor in script.cast.items()
        }
        with _bot(slack, f"sqlite:///{folder / 'handover.db'}"):
            slack.on_event(screen.show)
            pace = _PACE_SECONDS if sys.stdout.isatty() else 0.0
            _Director(slack, cast, pace).direct(script)
            slack.idle()
        screen.title("The end")
        for brief in _kept(slack, folder):
            console.print(f"Kept: {brief}", soft_wrap=True)
        return [f"{v.method}: {v.rule}: {v.detail}" for v in slack.violations]


def _slack() -> Sandbox:
    return Sandbox(
        manifest=manifest(),
        bot_token=_TOKEN,
        app_token=_APP_TOKEN,
        signing_secret=_SECRET,
        post_burst=_ALL_AT_ONCE,
        patience=20.0,
    )


def _kept(slack: Sandbox, folder: Path) -> Iterator[Path]:
    """Keep the bot's files, the newest of each kind, under a name without the version."""
    ours = [file for file in slack.files if file.owner == "Handover"]
    newest = {re.sub(r"-v\d+(?=\.\w+$)", "", file.name): file for file in ours}
    for name, file in newest.items():
        kept = folder / name
        kept.write_bytes(file.content)
        yield kept


@contextmanager
def _bot(slack: Sandbox, database_url: str) -> Iterator[None]:
    """The bot, running, with Slack delivering to it."""
    upgrade(database_url)
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
    with ExitStack() as begun:
        bot = Bot(Settings.model_validate(known))
        begun.callback(bot.stop, 2)
        server = HttpServer(bot.door, 0, "127.0.0.1")
        bot.start()
        server.start()
        begun.callback(server.stop, 2)
        slack.connect_http(f"http://127.0.0.1:{server.port}/slack/events")
        yield


class _Director:
    """Lets everybody act. `pace` is how many seconds the audience gets before each step."""

    def __init__(self, slack: Sandbox, cast: dict[str, Person], pace: float) -> None:
        self._slack = slack
        self._cast = cast
        self._pace = pace
        self._last: dict[str, Message] = {}
        self._form: ModalScreen | None = None
        self._today = SystemClock().now().date()

    def direct(self, script: Script) -> None:
        """The whole script, step by step."""
        for step in script.steps:
            threading.Event().wait(self._pace)
            self._step(step)

    def _step(self, step: Step) -> None:
        # Nobody acts on a message in the very moment in which it appears.
        self._slack.idle(_QUIET_SECONDS)
        person = self._cast[step.who]
        seen: Message | None = None
        if step.sees:
            since = None if step.earlier else self._last.get(step.who)
            seen = person.dm().wait(step.sees, since=since)
            self._last[step.who] = seen
        for act in step.do:
            self._act(person, seen, act)

    def _act(self, person: Person, seen: Message | None, act: Act) -> None:
        if act.command:
            person.types(act.command)
        elif act.home:
            person.opens_home()
        elif act.form:
            self._form = person.modal(act.form)
        elif self._form is not None:
            self._fill(person, self._form, act)
        elif seen is not None:
            self._answer(person, seen, act)

    def _answer(self, person: Person, seen: Message, act: Act) -> None:
        if act.reply:
            seen.reply(act.reply, [(act.file, b"%PDF-1.7 demo")] if act.file else ())
        elif act.click:
            # A button that an answer brings along is waited for.
            label = act.click
            words = act.below
            person.dm().wait_until(
                lambda: label in seen.buttons and words in seen.text, f"[{label}] {words}"
            )
            seen.click(label, below=act.below)
        elif act.tick:
            seen.tick(act.tick)
        else:
            self._choose(seen, act)

    def _fill(self, person: Person, form: ModalScreen, act: Act) -> None:
        if act.submit:
            self._form = None
            result = form.submit()
            if result.errors:
                raise RuntimeError(f"the form was refused: {result.errors}")
        elif act.click:
            # What a button of a form brings is waited for: the form changes under the hand.
            before = form.text
            form.click(act.click)
            person.dm().wait_until(lambda: form.text != before, "the form to change")
        elif act.fill:
            form.fill(*act.fill)
        elif act.number:
            form.number(*act.number)
        else:
            self._choose(form, act)

    def _choose(self, surface: Message | ModalScreen, act: Act) -> None:
        if act.choose:
            surface.choose(*act.choose)
        elif act.date:
            surface.pick_date(act.date[0], self._today + timedelta(days=act.date[1]))
        elif act.people:
            surface.pick_person(act.people[0], self._cast[act.people[1]])
