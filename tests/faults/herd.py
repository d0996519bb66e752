"""Replicas of one bot as processes of their own, to be killed, stopped and begun anew."""

import multiprocessing
import os
import signal
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tests.faults.child import Job, deliver_for_good

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerProcess

# Each life is forked from a process that has imported everything and started nothing.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.faults.child"])


class Herd:
    """The replicas that live, by name. All of them do the same job."""

    def __init__(self, job: Job, names: Iterable[str] = ()) -> None:
        self._job = job
        self._alive: dict[str, ForkServerProcess] = {}
        for name in names:
            self.begin(name)

    def names(self) -> list[str]:
        return sorted(self._alive)

    def begin(self, name: str, stop_at: str = "") -> None:
        job = replace(self._job, replica=name, stop_at=stop_at)
        process = FORKS.Process(target=deliver_for_good, args=(job,), daemon=True)
        process.start()
        self._alive[name] = process

    def kill(self, name: str) -> None:
        """As by kill -9."""
        process = self._alive.pop(name)
        process.kill()
        process.join()

    def wait_stopped(self, name: str, seconds: float = 20.0) -> None:
        """Until it stands still."""
        process, until = self._alive[name], time.monotonic() + seconds
        while _state(process.pid or 0) != "T":
            assert process.is_alive(), f"{name} ended before it was stopped"
            assert time.monotonic() < until, f"{name} never came that far"
            process.join(0.02)

    def go_on(self, name: str) -> None:
        """Let one that stands still go on."""
        os.kill(self._alive[name].pid or 0, signal.SIGCONT)

    def close(self) -> None:
        for name in self.names():
            self.kill(name)


def _state(process: int) -> str:
    stat = Path(f"/proc/{process}/stat").read_text(encoding="ascii")
    return stat.rpartition(")")[2].split()[0]
