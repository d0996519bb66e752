"""What the audience sees: who reads, says and presses what, line by line, in any terminal."""

import re
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.text import Text

from bot.sandbox import Happening
from bot.views.dates import day

_LINES, _BUTTONS = 7, 6
_WIDTH = 100
_BUTTON = re.compile(r"^\[(.+)\]$")
_PROGRESS = re.compile(r"\d+ of \d+ required answered")
_EVERY = 5
_TO_FILL = "[Cancel]"


class Screen:
    """Prints happenings as they come, from whichever thread."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._turn = threading.Lock()
        self._progress = self._form = self._opened_by = ""
        self._muted = False
        self._shown = {
            "post": self._post,
            "ephemeral": self._post,
            "file": self._post,
            "edit": self._edit,
            "modal": self._modal,
            "home": self._home,
            "command": self._said,
            "message": self._said,
            "click": self._pressed,
            "submit": self._pressed,
            "choose": self._chosen,
            "fill": self._chosen,
            "opens": self._opened,
        }

    def show(self, happening: Happening) -> None:
        """Print one happening; what says nothing to an audience is left out."""
        printer = self._shown.get(happening.what)
        with self._turn:
            if printer and not self._muted:
                printer(happening)

    def title(self, words: str) -> None:
        """A line between two chapters."""
        with self._turn:
            self._console.print()
            self._console.rule(Text(words), style="dim")

    def begins(self, about: str, moment: datetime) -> None:
        """What it is about, and its first day."""
        with self._turn:
            self._console.print(Text(about, style="italic"))
        self.day(moment)

    def day(self, moment: datetime) -> None:
        """A day begins, or another hour of it."""
        with self._turn:
            self._console.print()
            self._console.print(Text(f"═══ {day(moment.date())}, {moment:%H:%M} ═══", style="bold"))

    @contextmanager
    def counting(self, words: str) -> Iterator[None]:
        """Leave out what happens meanwhile; these words stand for it."""
        self._muted = True
        yield
        with self._turn:
            self._muted = False
            self._console.print()
            self._console.print(Text(words, style="dim"))

    def ends(self, broken: list[str], seconds: float, kept: Iterable[Path]) -> None:
        """How it went, and what is left of it."""
        self.title("The end")
        rules = f"{len(broken)} violations" if broken else "no violations"
        self._console.print(f"Slack's rules: {rules}. It took {seconds:.0f} seconds.")
        for file in kept:
            self._console.print(f"Kept: {file}", soft_wrap=True)

    def _post(self, seen: Happening) -> None:
        self._text(f"{seen.who} → {_reader(seen.where)}", "bold cyan", seen.text)

    def _edit(self, seen: Happening) -> None:
        if seen.where.startswith("#"):
            self._text(f"{seen.who} → {seen.where}, brought up to date", "bold cyan", seen.text)
        found = _PROGRESS.search(seen.text)
        if not found or found.group() == self._progress:
            return
        self._progress = found.group()
        answered = int(self._progress.split()[0])
        if answered and answered % _EVERY == 0:
            self._console.print(Text(f"  ({self._progress})", style="dim"))

    def _modal(self, seen: Happening) -> None:
        title = seen.text.split("\n")[0]
        if title == self._form:
            return
        self._form = title
        # What stands in a form is seen when it is filled in; anything else is there to be read.
        to_fill = _TO_FILL in seen.text
        text = title if to_fill else seen.text
        self._text(f"{seen.where} sees {'a form' if to_fill else 'this'}", "bold cyan", text)

    def _home(self, seen: Happening) -> None:
        # It is kept up to date all the time, and read by whoever has just opened it.
        if self._opened_by != seen.where:
            return
        self._opened_by = ""
        self._text(f"{seen.where}'s Home tab", "bold cyan", seen.text)

    def _said(self, seen: Happening) -> None:
        self._text(seen.who, "bold green", seen.text)

    def _pressed(self, seen: Happening) -> None:
        self._form = self._form if seen.what == "click" else ""
        self._console.print(Text(f"  {seen.who} presses [{seen.text}]", style="yellow"))

    def _chosen(self, seen: Happening) -> None:
        self._console.print(Text(f"    {self._short(seen.text)}", style="yellow"))

    def _opened(self, seen: Happening) -> None:
        self._opened_by = seen.who
        self._console.print(Text(f"\n  {seen.who} opens the {seen.where} tab", style="yellow"))

    def _text(self, who: str, style: str, text: str) -> None:
        every = text.split("\n")
        buttons = [found.group(0) for line in every if (found := _BUTTON.match(line))]
        words = [line for line in dict.fromkeys(every) if line and not _BUTTON.match(line)]
        self._console.print()
        self._console.print(Text(who, style=style))
        for line in words[:_LINES]:
            self._console.print(Text(f"  {self._short(line)}"))
        if more := len(words[_LINES:]):
            lines = "line" if more == 1 else "lines"
            self._console.print(Text(f"  … {more} more {lines}", style="dim"))
        if buttons:
            shown = [f"{each} ×{n}" if n > 1 else each for each, n in Counter(buttons).items()]
            if more := len(shown[_BUTTONS:]):
                shown[_BUTTONS:] = [f"… {more} more"]
            self._console.print(Text(f"  {' '.join(shown)}", style="dim"))

    def _short(self, line: str) -> str:
        width = min(_WIDTH, self._console.width) - 4
        return line if len(line) <= width else f"{line[: width - 1]}…"


def _reader(place: str) -> str:
    return place.removeprefix("DM with ")
