"""Named places where the process can be made to die, to prove that dying there harms nothing."""

import os
import threading

_EXIT_AS_KILLED = 137


class _Trap:
    """Counts the passings of one place; at the chosen one the process ends as by kill -9."""

    def __init__(self) -> None:
        self._name = ""
        self._left = 0
        self._lock = threading.Lock()

    def set(self, spec: str) -> None:
        name, _, count = spec.partition(":")
        self._name, self._left = name, int(count or 1)

    def passed(self, name: str) -> None:
        if name != self._name:
            return
        with self._lock:
            self._left -= 1
            if self._left == 0:
                os._exit(_EXIT_AS_KILLED)


_trap = _Trap()


def set_crash(spec: str) -> None:
    """Make the process die at `NAME` or, as `NAME:3`, at its third passing; "" for never."""
    _trap.set(spec)


def crash_point(name: str) -> None:
    """A place right after a commit or a call to Slack. Does nothing unless a crash was set."""
    _trap.passed(name)
