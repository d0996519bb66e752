"""Keeps the bot running: starts it anew each time it dies, with the next place to die at."""

import multiprocessing
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Self, TypeVar

from bot.sandbox import Rejected, Sandbox
from tests.crash.child import run

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerProcess

_CRASHED = 137
_PATIENCE = 120.0
_MOMENT = 2.0
# Each life is forked from a process that has imported everything and started nothing.
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.crash.child"])
T = TypeVar("T")


class Supervisor:
    """Runs the bot through a plan of crashes; `passed` are the ones that have happened.

    Each life listens elsewhere: an address of one that died may be somebody else's by now.
    """

    def __init__(self, slack: Sandbox, environment: Mapping[str, str], plan: Sequence[str]) -> None:
        self._slack = slack
        self._environment = dict(environment)
        self._plan = list(plan)
        self._ready = threading.Condition(threading.RLock())
        self._up = False
        self._lives = 0
        self._ending = False
        self._child: ForkServerProcess | None = None
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

    def wait_all_died(self) -> None:
        """Until it has died wherever the plan says."""
        with self._ready:
            assert self._ready.wait_for(lambda: not self.left, _PATIENCE), self.left

    def insist(self, act: Callable[[], T]) -> T:
        """Do what a person does who is told that it did not work: press again."""
        while True:
            life = self.wait_up()
            try:
                return act()
            except Rejected:
                # Dead, or only too busy to take it: then a moment is enough.
                with self._ready:
                    self._ready.wait_for(lambda: self._lives > life, _MOMENT)  # noqa: B023

    def _supervise(self) -> None:
        while not self._ending:
            crash = {"HANDOVER_CRASH_AT": self.left[0]} if self.left else {}
            ready, theirs = _FORKS.Pipe(duplex=False)
            self._child = _FORKS.Process(target=run, args=(self._environment | crash, theirs))
            self._child.start()
            theirs.close()
            if port := _port(ready):
                self._slack.connect_http(f"http://127.0.0.1:{port}")
                with self._ready:
                    self._up, self._lives = True, self._lives + 1
                    self._ready.notify_all()
            self._child.join()
            with self._ready:
                self._up = False
            if self._child.exitcode == _CRASHED and self.left:
                with self._ready:
                    self.passed.append(self.left[0])
                    self._ready.notify_all()
            elif self._child.exitcode != -signal.SIGKILL:
                raise AssertionError(f"the bot ended by itself: {self._child.exitcode}")


def _port(ready: Connection) -> int:
    """Where the bot listens, once it does; 0 where it died before."""
    try:
        return int(ready.recv())
    except EOFError:
        return 0
