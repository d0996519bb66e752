"""Somebody who is told that it did not work and presses again."""

import threading
from collections.abc import Callable
from typing import TypeVar

from bot.sandbox import Rejected

T = TypeVar("T")


class Stubborn:
    """Presses again, a moment later; counts how often that was needed."""

    def __init__(self) -> None:
        self.refused = 0

    def insist(self, act: Callable[[], T]) -> T:
        while True:
            try:
                return act()
            except Rejected:
                self.refused += 1
                threading.Event().wait(0.2)
