"""The port of the engine that runs deliveries; `bot.delivery.dbos_engine` is what is behind it.

A job is a row of the outbox and an attempt; the facts stay in our tables, so the engine may forget
anything and the reconciling tick tells it again.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Protocol

from storage.outbox import Job

Handle = Callable[[int, int], Iterable[Job]]
"""Runs one attempt (outbox id, attempt) and returns the attempts to make later. Never raises."""


class DeliveryEngine(Protocol):
    """Runs each job once, one at a time and in order within its lane, at the lane's pace."""

    def start(self) -> None:
        """Begin to run jobs, first those that this replica left when it died."""
        ...

    def enqueue(self, jobs: Iterable[Job]) -> None:
        """Take jobs over, without waiting. A job that is known already changes nothing."""
        ...

    def ended(self, jobs: Iterable[Job]) -> set[tuple[int, int]]:
        """Those jobs (id, attempt) that have run and will not run again."""
        ...

    def owners(self) -> set[str]:
        """The replicas that have taken jobs and not ended them, dead ones too."""
        ...

    def reap(self, dead_replica: str) -> int:
        """Run anew what a dead replica was running; how many jobs that is."""
        ...

    def recover(self) -> int:
        """Run anew what this replica took but, after an error of the engine's, never ran or ended.

        Such a job would block its lane for ever. How many it were.
        """
        ...

    def purge(self, older: timedelta) -> int:
        """Forget jobs that ended longer ago; how many. With zero, all that ended."""
        ...

    def healthy(self) -> bool:
        """Whether jobs are being run."""
        ...

    def waiting(self) -> int:
        """How many jobs were told and are not taken over yet."""
        ...

    def running(self) -> int:
        """How many jobs this process is running."""
        ...

    def stop(self, drain_seconds: float) -> None:
        """Take no new job, let running ones finish for so long, and end all threads."""
        ...
