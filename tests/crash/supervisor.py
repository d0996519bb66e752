"""Keeps the bot running: starts it anew each time it dies, with the next place to die at."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self, TypeVar

from bot.sandbox import Rejected

_KILLED = 137
_PATIENCE = 60.0
_ROOT = Path(__file__).parents[2]
T = TypeVar("T")


class Supervisor:
    """Runs the bot through a plan of crashes; `passed` are the ones that have happened."""

    def __init__(self, environment: Mapping[str, str], plan: Sequence[str]) -> None:
        self._environment = {**os.environ, **environment}  # noqa: TID251 - for the child
        self._plan = list(plan)
        self._ready = threading.Condition(threading.RLock())
        self._up = False
        self._lives = 0
        self._ending = False
        self._child: subprocess.Popen[str] | None = None
        self.passed: list[str] = []
        self._thread = threading.Thread(target=self._supervise, name="supervisor", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self.wait_up()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending = True
        if self._child:
            self._child.kill()
        self._thread.join(_PATIENCE)

    @property
    def left(self) -> list[str]:
        """The places where it has not died yet."""
        return self._plan[len(self.passed) :]

    def then(self, plan: Sequence[str]) -> None:
        """Go on to the next part of the story, with a kill out of the blue in between.

        What the story did not come by so far is left for later.
        """
        with self._ready:
            life = self.wait_up()
            self._plan += plan
            assert self._child is not None
            self._child.kill()
            assert self._ready.wait_for(lambda: self._lives > life, _PATIENCE)

    def wait_up(self) -> int:
        """Until the bot runs; which of its lives this is."""
        with self._ready:
            assert self._ready.wait_for(lambda: self._up, _PATIENCE), self.left
            return self._lives

    def insist(self, act: Callable[[], T]) -> T:
        """Do what a person does who is told that it did not work: press again."""
        while True:
            life = self.wait_up()
            try:
                return act()
            except Rejected:
                with self._ready:
                    assert self._ready.wait_for(lambda: self._lives > life, _PATIENCE)  # noqa: B023

    def _supervise(self) -> None:
        while not self._ending:
            crash = {"HANDOVER_CRASH_AT": self.left[0]} if self.left else {}
            self._child = subprocess.Popen(
                [sys.executable, "-m", "tests.crash.child"],
                env=self._environment | crash,
                cwd=_ROOT,
                stdout=subprocess.PIPE,
                text=True,
            )
            assert self._child.stdout is not None
            if self._child.stdout.readline() == "ready\n":
                with self._ready:
                    self._up, self._lives = True, self._lives + 1
                    self._ready.notify_all()
            code = self._child.wait()
            self._child.stdout.close()
            with self._ready:
                self._up = False
            if code == _KILLED and self.left:
                self.passed.append(self.left[0])
            elif code != -signal.SIGKILL:
                raise AssertionError(f"the bot ended by itself: {code}")
