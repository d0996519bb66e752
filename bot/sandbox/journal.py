"""What happened: every call of the bot, every delivery to it, every rule it broke."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

JSON = dict[str, Any]


@dataclass(frozen=True)
class Violation:
    """A rule of Slack's that the bot broke. `method` may also be a payload's type."""

    method: str
    rule: str
    detail: str


@dataclass(frozen=True)
class Call:
    """One Web API call: arguments without the token, the answer, and when (seconds, wall clock)."""

    method: str
    args: JSON
    answer: JSON
    status: int
    at: float
    seconds: float


@dataclass(frozen=True)
class Delivery:
    """One attempt to hand the bot something. `status` 0: no answer; `kind` as in Socket Mode."""

    kind: str
    payload: JSON
    headers: dict[str, str]
    status: int
    body: str
    seconds: float
    at: float


@dataclass(frozen=True)
class Happening:
    """Something to show live: `who` did `what`, with the words that were seen."""

    what: str
    who: str
    where: str
    text: str = ""


@dataclass
class Journal:
    """The records of a sandbox; appended from many threads."""

    calls: list[Call] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    throttled: list[Call] = field(default_factory=list)
    last_call: float = field(default_factory=time.monotonic)
    busy: int = 0
    changed: threading.Condition = field(default_factory=threading.Condition)
    listeners: list[Callable[[Happening], None]] = field(default_factory=list)

    def blame(self, method: str, rule: str, detail: str) -> None:
        self.violations.append(Violation(method, rule, detail))

    def begin(self) -> None:
        """Something is under way: a call of the bot's, or a delivery to it."""
        with self.changed:
            self.busy += 1
            self.last_call = time.monotonic()

    def end(self) -> None:
        with self.changed:
            self.busy -= 1
            self.last_call = time.monotonic()
            self.changed.notify_all()

    def wait_idle(self, quiet: float, patience: float) -> bool:
        """Until nothing has been under way for `quiet` seconds; false if it never came to rest."""
        deadline = time.monotonic() + patience
        with self.changed:
            while True:
                now = time.monotonic()
                rest = self.last_call + quiet - now
                if not self.busy and rest <= 0:
                    return True
                if now >= deadline:
                    return False
                self.changed.wait(min(deadline - now, rest if not self.busy else deadline - now))

    def show(self, what: str, who: str, where: str, text: str = "") -> None:
        for listener in self.listeners:
            listener(Happening(what, who, where, text))
