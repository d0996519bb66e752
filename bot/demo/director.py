"""The demo's director: lets the cast act by the script, day by day, and keeps what it made."""

import logging
import re
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from rich.console import Console

from bot.demo.clock import PlayClock
from bot.demo.screen import Screen
from bot.demo.script import Act, Chapter, Setting, Step, read_script
from bot.demo.stage import Stage, staged
from bot.logs import set_up_logs
from bot.sandbox import Message, ModalScreen, Person, Sandbox
from bot.sandbox.conversation import Conversation
from bot.sandbox.errors import NothingThere
from bot.sandbox.surface import Surface

_PACE_SECONDS = 0.15
_OWN = frozenset({"form", "whisper", "reads", "fill", "number", "at"})
"""Acts of which the bot hears nothing."""


def play(folder: Path, console: Console | None = None) -> list[str]:
    """Play it. Returns the rules of Slack's that the bot broke; empty when all is well."""
    # Below errors the bot warns of a clock that jumps, which is what the play is made of.
    set_up_logs("ERROR", "console")
    began = time.monotonic()
    script, screen = read_script(), Screen(console or Console())
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    clock = PlayClock(script.setting.first_moment)
    with staged(folder, clock) as stage:
        # The engine goes by the real clock: where the play's is ahead, it takes up what has just
        # ended, and says so. As it begins, it sets a level of its own.
        logging.getLogger("dbos").setLevel(logging.ERROR)
        director = _Director(stage, script.setting, screen)
        screen.begins(script.setting.about, clock.here())
        for chapter in script.chapters:
            director.direct(chapter)
        stage.rest()
        broken = [f"{v.method}: {v.rule}: {v.detail}" for v in stage.slack.violations]
        kept = list(_kept(stage.slack, folder))
    screen.ends(broken, time.monotonic() - began, kept)
    return broken


def _kept(slack: Sandbox, folder: Path) -> Iterator[Path]:
    """Keep the bot's files, the newest of each kind, under a name without the version."""
    ours = [file for file in slack.files if file.owner == "Handover"]
    newest = {re.sub(r"-v\d+(?=\.\w+$)", "", file.name): file for file in ours}
    for name, file in newest.items():
        kept = folder / name
        kept.write_bytes(file.content)
        yield kept


class _Director:
    """Lets everybody act. On a terminal the audience gets a moment before each step."""

    def __init__(self, stage: Stage, setting: Setting, screen: Screen) -> None:
        self._stage = stage
        self._screen = screen
        self._pace = _PACE_SECONDS if sys.stdout.isatty() else 0.0
        slack = stage.slack
        self._cast = {
            key: slack.person(actor.name, tz=actor.tz, admin=actor.admin)
            for key, actor in setting.cast.items()
        }
        everybody = list(self._cast.values())
        self._channels = {name: slack.channel(name, everybody) for name in setting.channels}
        self._last: dict[tuple[str, str], Message] = {}
        slack.on_event(screen.show)

    def direct(self, chapter: Chapter) -> None:
        """A chapter, step by step."""
        self._screen.title(chapter.title)
        for step in chapter.steps:
            self._step(step)

    def _step(self, step: Step) -> None:
        if step.later:
            moment = self._stage.clock.in_days(step.later.days, step.later.hour)
            self._screen.day(moment)
            self._stage.comes(moment)
        if not step.who:
            return
        threading.Event().wait(self._pace)
        person = self._cast[step.who]
        room = person.reads(self._channels[step.channel]) if step.channel else person.dm()
        if step.answers:
            self._answer_many(room, step.answers)
        seen = self._sees(step, room)
        hand = _Hand(self._stage, self._cast, self._channels, person, room, seen)
        for act in step.do:
            hand.does(act)

    def _answer_many(self, room: Conversation, answers: tuple[tuple[str, str], ...]) -> None:
        with self._screen.counting(f"… {len(answers)} more answers"):
            for sees, reply in answers:
                room.wait(sees).reply(reply)
                self._stage.rest()

    def _sees(self, step: Step, room: Conversation) -> Message | None:
        if not step.sees:
            return None
        place = (step.who, step.channel)
        since = None if step.earlier else self._last.get(place)
        self._last[place] = seen = room.wait(step.sees, since=since)
        return seen


class _Hand:
    """One person's hand during a step, with what they have before them."""

    def __init__(
        self,
        stage: Stage,
        cast: dict[str, Person],
        channels: dict[str, Conversation],
        person: Person,
        room: Conversation,
        seen: Message | None,
    ) -> None:
        self._stage = stage
        self._cast = cast
        self._channels = channels
        self._person = person
        self._room = room
        self._before: list[Surface] = [seen] if seen else []

    def does(self, act: Act) -> None:
        """One act, on what is before the person now.

        Nobody acts on a message in the very moment in which it appears.
        """
        self._do(act)
        if not act.model_fields_set & _OWN:
            self._stage.rest()

    def _do(self, act: Act) -> None:
        if act.command:
            self._person.types(act.command)
        elif act.home:
            self._before.append(self._person.opens_home())
        elif act.whisper:
            self._before.append(self._whisper(act.whisper))
        elif act.form:
            self._before.append(self._person.modal(act.form))
        else:
            self._on(self._before[-1], act)

    def _on(self, surface: Surface, act: Act) -> None:
        if act.reads:
            words = act.reads
            self._until(lambda: words in surface.text, f"{words!r} on:\n{surface.text}")
        elif act.click:
            self._click(surface, act.click, act.below)
        elif act.reply and isinstance(surface, Message):
            surface.reply(act.reply, [(act.file, b"%PDF-1.7 demo")] if act.file else ())
        elif isinstance(surface, ModalScreen) and (act.submit or act.close):
            self._leave(surface, submit=bool(act.submit))
        elif isinstance(surface, ModalScreen) and act.fill:
            surface.fill(*act.fill)
        elif isinstance(surface, ModalScreen) and act.number:
            surface.number(*act.number)
        elif isinstance(surface, ModalScreen) and act.at:
            surface.time(*act.at)
        else:
            self._choose(surface, act)

    def _click(self, surface: Surface, label: str, below: str) -> None:
        # A button that an answer brings along is waited for.
        self._until(
            lambda: label in surface.buttons and below in surface.text,
            f"[{label}] {below} on:\n{surface.text}",
        )
        surface.click(label, below=below)

    def _leave(self, form: ModalScreen, *, submit: bool) -> None:
        if not submit:
            form.close()
        elif errors := form.submit().errors:
            raise RuntimeError(f"the form was refused: {errors}")
        # Some say in their place what has become of it.
        if not form.is_open:
            self._before.pop()

    def _choose(self, surface: Surface, act: Act) -> None:
        if act.choose:
            surface.choose(*act.choose)
        elif act.tick:
            surface.tick(act.tick)
        elif act.date:
            day = self._stage.clock.here().date() + timedelta(days=act.date[1])
            surface.pick_date(act.date[0], day)
        elif act.people:
            surface.pick_person(act.people[0], self._cast[act.people[1]])
        elif act.channel:
            surface.pick_channel(act.channel[0], self._channels[act.channel[1]])

    def _whisper(self, words: str) -> Message:
        """What only they were shown, the newest that reads so."""
        for message in reversed(self._stage.slack.ephemerals(self._person)):
            if words in message.text:
                return message
        raise NothingThere(f"{self._person.name} was not told {words!r} alone")

    def _until(self, ready: Callable[[], object], what: str) -> None:
        self._room.wait_until(ready, what)
