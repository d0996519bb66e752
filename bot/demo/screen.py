"""What the audience sees: who reads, says and presses what, line by line, in any terminal."""

import re
import threading
from collections import Counter

from rich.console import Console
from rich.text import Text

from bot.sandbox import Happening

_LINES = 7
_WIDTH = 100
_BUTTON = re.compile(r"^\[(.+)\]$")
_PROGRESS = re.compile(r"\d+ of \d+ required answered")
_EVERY = 5


class Screen:
    """Prints happenings as they come, from whichever thread."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._turn = threading.Lock()
        self._progress = self._form = ""
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
        if printer:
            with self._turn:
                printer(happening)

    def title(self, words: str) -> None:
        """A line between two parts."""
        with self._turn:
            self._console.print()
            self._console.rule(Text(words), style="dim")

    def _post(self, seen: Happening) -> None:
        self._text(f"{seen.who} → {_reader(seen.where)}", "bold cyan", seen.text)

    def _edit(self, seen: Happening) -> None:
        found = _PROGRESS.search(seen.text)
        if not found or found.group() == self._progress:
            return
        self._progress = found.group()
        if int(self._progress.split()[0]) % _EVERY == 0:
            self._console.print(Text(f"  ({self._progress})", style="dim"))

    def _modal(self, seen: Happening) -> None:
        title = seen.text.split("\n")[0]
        if title != self._form:
            self._form = title
            self._text(f"{seen.where} sees a form", "bold cyan", title)

    def _home(self, seen: Happening) -> None:
        self._text(f"{seen.where}'s Home tab", "bold cyan", seen.text)

    def _said(self, seen: Happening) -> None:
        self._text(seen.who, "bold green", seen.text)

    def _pressed(self, seen: Happening) -> None:
        self._form = self._form if seen.what == "click" else ""
        self._console.print(Text(f"  {seen.who} presses [{seen.text}]", style="yellow"))

    def _chosen(self, seen: Happening) -> None:
        self._console.print(Text(f"    {self._short(seen.text)}", style="yellow"))

    def _opened(self, seen: Happening) -> None:
        self._console.print(Text(f"\n  {seen.who} opens the {seen.where} tab", style="yellow"))

    def _text(self, who: str, style: str, text: str) -> None:
        lines = text.split("\n")
        buttons = [found.group(0) for line in lines if (found := _BUTTON.match(line))]
        words = [line for line in dict.fromkeys(lines) if line and not _BUTTON.match(line)]
        self._console.print()
        self._console.print(Text(who, style=style))
        for line in words[:_LINES]:
            self._console.print(Text(f"  {self._short(line)}"))
        if len(words) > _LINES:
            self._console.print(Text(f"  … {len(words) - _LINES} more lines", style="dim"))
        if buttons:
            shown = (f"{each} ×{n}" if n > 1 else each for each, n in Counter(buttons).items())
            self._console.print(Text(f"  {' '.join(shown)}", style="dim"))

    def _short(self, line: str) -> str:
        width = min(_WIDTH, self._console.width) - 4
        return line if len(line) <= width else f"{line[: width - 1]}…"


def _reader(place: str) -> str:
    return place.removeprefix("DM with ")
