"""A bot that only delivers, until nothing is left to do or it dies where it is told to."""

import signal
import sys
import threading
from contextlib import suppress

from dbos import DBOS
from sqlalchemy import text

from bot.crash import set_crash
from bot.delivery.dbos_engine import DbosEngine
from bot.delivery.edits import Edits, edit_pace
from bot.delivery.gateway import Gateway
from bot.delivery.heartbeat import Heartbeat
from bot.delivery.pace import Patience
from bot.delivery.port import Joins, Row, Turn
from bot.delivery.service import Delivery
from bot.delivery.tokens import OneToken
from bot.delivery.worker import Parts, Worker
from bot.times import SystemClock
from storage.engine import Database, StorageBusyError
from tests.delivery.bench import CONTEXT, SECRET, Playwright

PATIENCE = Patience(timeout=0.4, margin=0.3, guard=0.5, glance=0.1)
LEASE_SECONDS = 1.5
LONG_LEASE_SECONDS = 60.0
TICK_SECONDS = 0.2
MOST_TICKS = 150
_LEFT = text(
    "SELECT (SELECT count(*) FROM outbox WHERE state = 'pending')"
    " + (SELECT count(*) FROM posts WHERE stale_since IS NOT NULL)"
)
_STUCK = text("SELECT * FROM outbox WHERE state = 'pending'")


def stop_here() -> None:
    """Stand still until somebody lets the process go on; this very thread at exactly this place."""
    signal.pthread_kill(threading.get_ident(), signal.SIGSTOP)


def deliver_and_stop(url: str, slack_url: str, replica: str, stop_at: str) -> None:
    """Does its own, which is one message, and stands still at `stop_at` until it is let go on.

    It takes over nobody's: whoever is stopped between the last look at the clock and the call to
    Slack cannot be kept from making that call when it goes on.
    """
    set_crash(stop_at, stop_here)
    _deliver(url, slack_url, replica, LONG_LEASE_SECONDS)


def deliver(url: str, slack_url: str, replica: str, crash_at: str) -> None:
    """Ends with 0 when all is done, 1 when something never gets done; dies at `crash_at`."""
    set_crash(crash_at)
    _deliver(url, slack_url, replica, LEASE_SECONDS)


def join_what_is_named(row: Row, key: str, *, in_words: bool) -> Turn:
    """A quiet message is added to the one that its subject names."""
    return Joins(row.subject)


def _deliver(url: str, slack_url: str, replica: str, lease: float) -> None:
    database, clock = Database(url), SystemClock()
    gateway = Gateway(OneToken("xoxb-1"), slack_url, SECRET, CONTEXT, timeout=1)
    render = Playwright()
    render.gone = {"ask gone"}
    edits = Edits(database, clock, render, lambda _team: gateway, edit_pace(None), PATIENCE)
    parts = Parts(
        database=database,
        clock=clock,
        render=render,
        slack_of=lambda _team: gateway,
        replica=replica,
        patience=PATIENCE,
        changed=edits.wake,
        turn_of=join_what_is_named,
    )
    engine = DbosEngine(url, replica, None, clock, Worker(parts).deliver, lease)
    heartbeat = Heartbeat(database, clock, engine, replica, lease)
    delivery = Delivery(database, clock, engine, edits, heartbeat, lease)
    delivery.start()
    for _ in range(MOST_TICKS):
        # Whoever was stopped may hold a lock; the next tick makes up for it.
        with suppress(StorageBusyError):
            delivery.tick()
        with database.read() as connection:
            if not connection.execute(_LEFT).scalar():
                delivery.stop(2)
                return
        threading.Event().wait(TICK_SECONDS)
    with database.read() as connection:
        for row in connection.execute(_STUCK).mappings():
            sys.stderr.write(f"never delivered: {dict(row)}\n")
    for status in DBOS.list_workflows(load_input=False, load_output=False):
        sys.stderr.write(f"{status.workflow_id} is {status.status} at {status.executor_id}\n")
    sys.exit(1)
