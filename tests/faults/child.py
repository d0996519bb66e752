"""A bot that only delivers, for as long as it is let; and what its log says that it must not."""

import logging
import os
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from typing_extensions import override

from bot.crash import set_crash
from bot.delivery.dbos_engine import DbosEngine
from bot.delivery.edits import EditPace, Edits
from bot.delivery.gateway import Gateway
from bot.delivery.heartbeat import Heartbeat
from bot.delivery.pace import Patience
from bot.delivery.port import Row
from bot.delivery.service import Delivery
from bot.delivery.tokens import OneToken
from bot.delivery.worker import Parts, Worker
from bot.times import SystemClock
from storage.engine import Database, StorageBusyError
from tests.databases import POLL_SECONDS
from tests.delivery.bench import CONTEXT, SECRET, Playwright
from tests.delivery.crash_child import stop_here

PATIENCE = Patience(timeout=1.0, margin=0.4, guard=0.5, glance=0.1)
LEASE_SECONDS = 1.5
TICK_SECONDS = 0.2


@dataclass(frozen=True)
class Job:
    """What a replica is to do, and where: `log` is the file for what must not be said.

    `declared` are the beginnings of messages that may be logged with an exception all the same;
    when its `supervisor` is gone, so is the replica.
    """

    url: str
    slack_url: str
    log: Path
    truth: Path
    replica: str = "single"
    declared: Sequence[str] = ()
    stop_at: str = ""
    supervisor: int = field(default_factory=os.getpid)


class Watch(logging.Handler):
    """Writes down every exception that was logged and not declared."""

    def __init__(self, job: Job) -> None:
        super().__init__(logging.ERROR)
        self._job = job

    @override
    def emit(self, record: logging.LogRecord) -> None:
        said = record.getMessage()
        if record.exc_info and not said.startswith(tuple(self._job.declared)):
            formatter = logging.Formatter()
            self.write(f"{said}\n{formatter.formatException(record.exc_info)}")

    def write(self, text: str) -> None:
        with self._job.log.open("a", encoding="utf-8") as log:
            log.write(f"{self._job.replica}: {text}\n")


class Truth(Playwright):
    """Says of every message what is true now: the number that stands in a file."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file

    @override
    def words_for(self, row: Row) -> str:
        return f"{super().words_for(row)} = {self._file.read_text(encoding='ascii')}"


def deliver_for_good(job: Job) -> None:
    """Deliver until somebody ends the process."""
    watch = Watch(job)
    logging.getLogger().addHandler(watch)
    threading.excepthook = lambda args: watch.write(f"a thread ended in {args.exc_value!r}")
    set_crash(job.stop_at, stop_here)
    database, clock = Database(job.url), SystemClock()
    gateway = Gateway(OneToken("xoxb-1"), job.slack_url, SECRET, CONTEXT, timeout=1)
    render = Truth(job.truth)
    edits = Edits(database, clock, render, lambda _team: gateway, EditPace(0.2, None), PATIENCE)
    parts = Parts(
        database=database,
        clock=clock,
        render=render,
        slack_of=lambda _team: gateway,
        replica=job.replica,
        patience=PATIENCE,
        changed=edits.wake,
    )
    engine = DbosEngine(
        job.url,
        job.replica,
        None,
        clock,
        Worker(parts).deliver,
        LEASE_SECONDS,
        poll_seconds=POLL_SECONDS,
    )
    heartbeat = Heartbeat(database, clock, engine, job.replica, LEASE_SECONDS)
    delivery = Delivery(database, clock, engine, edits, heartbeat, LEASE_SECONDS)
    delivery.start()
    while Path(f"/proc/{job.supervisor}").exists():
        with suppress(StorageBusyError):
            delivery.tick()
        threading.Event().wait(TICK_SECONDS)
