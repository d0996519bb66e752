"""Dying on purpose: at named places, to prove that it harms nothing, and when all else failed."""

import logging
import os
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)

_EXIT_AS_KILLED = 137
_EXIT_FOR_A_RESTART = 70


def _die() -> None:
    """End as by kill -9."""
    os._exit(_EXIT_AS_KILLED)


class _Trap:
    """Counts the passings of one place; at the chosen one something happens to the process."""

    def __init__(self) -> None:
        self._name = ""
        self._left = 0
        self._then: Callable[[], None] = _die
        self._lock = threading.Lock()

    def set(self, spec: str, then: Callable[[], None]) -> None:
        name, _, count = spec.partition(":")
        self._name, self._left, self._then = name, int(count or 1), then

    def passed(self, name: str) -> None:
        if name != self._name:
            return
        with self._lock:
            self._left -= 1
            if self._left == 0:
                self._then()


_trap = _Trap()


def set_crash(spec: str, then: Callable[[], None] = _die) -> None:
    """Make the process die at `NAME` or, as `NAME:3`, at its third passing; "" for never.

    `then` is what happens instead of its death.
    """
    _trap.set(spec, then)


def crash_point(name: str) -> None:
    """A place right after a commit or a call to Slack. Does nothing unless a crash was set."""
    _trap.passed(name)


def give_up(why: str) -> None:
    """End the process so that whoever supervises it starts it anew."""
    log.critical("giving up: %s", why)
    threading.Timer(1.0, os._exit, args=(_EXIT_FOR_A_RESTART,)).start()
