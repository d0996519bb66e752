"""The contract of the engine's port, on both databases: what an upgrade of DBOS must not change."""

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from dbos import DBOS
from sqlalchemy import text

from bot.delivery.dbos_engine import DbosEngine
from bot.delivery.engine import DeliveryEngine
from bot.delivery.pace import Rate
from bot.times import Clock, SystemClock
from storage.moments import to_stored
from storage.outbox import Job
from tests.clocks import HandClock
from tests.databases import engine_of

PATIENCE_SECONDS = 60
STUCK_SECONDS = 60.0


class Stage:
    """What an engine runs, and when."""

    def __init__(self) -> None:
        self.ran: list[tuple[int, int]] = []
        self.running: list[str] = []
        self.most_at_once = 0
        self.leads_to: dict[int, list[Job]] = {}
        self.hold = threading.Event()
        self.hold.set()
        self.changed = threading.Condition()

    def __call__(self, number: int, attempt: int) -> Iterable[Job]:
        with self.changed:
            self.running.append(str(number))
            self.most_at_once = max(self.most_at_once, len(self.running))
            self.ran.append((number, attempt))
            self.changed.notify_all()
        self.hold.wait(PATIENCE_SECONDS)
        with self.changed:
            self.running.remove(str(number))
            self.changed.notify_all()
        return self.leads_to.pop(number, [])

    def wait(self, count: int) -> list[tuple[int, int]]:
        """Until so many have run, and none is running."""
        with self.changed:
            done = self.changed.wait_for(
                lambda: len(self.ran) >= count and not (self.running and self.hold.is_set()),
                PATIENCE_SECONDS,
            )
        assert done, f"only {self.ran} ran"
        return self.ran


@contextmanager
def running(
    url: str,
    stage: Stage,
    rate: Rate | None = None,
    replica: str = "r1",
    stuck_seconds: float = STUCK_SECONDS,
    clock: Clock | None = None,
) -> Iterator[DeliveryEngine]:
    engine = DbosEngine(url, replica, rate, clock or SystemClock(), stage, stuck_seconds)
    engine.start()
    try:
        yield engine
    finally:
        stage.hold.set()
        engine.stop(5)


def jobs(*numbers: int, lane: str = "T1:U1") -> list[Job]:
    return [Job(number, 1, lane) for number in numbers]


def until(condition: object) -> None:
    """Until a condition holds that nothing announces."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end
        threading.Event().wait(0.02)


def waiting() -> int:
    """How many jobs the engine has taken and not begun."""
    return len(DBOS.list_workflows(status="ENQUEUED", load_input=False, load_output=False))


def taken_at(job: str) -> int:
    """When the engine took a job, in milliseconds by the database's clock."""
    (found,) = DBOS.list_workflows(workflow_ids=[job], load_input=False, load_output=False)
    return found.dequeued_at or 0


def lose(sqlite_url: str, job: str) -> None:
    """The engine took it, and nobody runs it."""
    own = engine_of(sqlite_url.replace("handover.db", "handover-engine.db"))
    with own.begin() as connection:
        taken = "UPDATE workflow_status SET status = 'PENDING' WHERE workflow_uuid = :job"
        connection.execute(text(taken), {"job": job})
    own.dispose()


def test_lane_runs_in_order_and_one_at_a_time(database_url: str) -> None:
    stage = Stage()
    stage.hold.clear()
    with running(database_url, stage) as engine:
        engine.enqueue(jobs(1))
        stage.wait(1)
        engine.enqueue(reversed(jobs(*range(2, 8))))
        until(lambda: waiting() == 6)
        stage.hold.set()
        assert [number for number, _ in stage.wait(7)] == list(range(1, 8))
        assert stage.most_at_once == 1


def test_same_job_told_twice_runs_once_and_the_next_attempt_runs(database_url: str) -> None:
    stage = Stage()
    with running(database_url, stage) as engine:
        engine.enqueue(jobs(1) * 3)
        stage.wait(1)
        engine.enqueue([*jobs(1), Job(1, 2, "T1:U1")])
        assert stage.wait(2) == [(1, 1), (1, 2)]


def test_lanes_do_not_wait_for_each_other_and_questions_go_first(database_url: str) -> None:
    stage = Stage()
    stage.hold.clear()
    with running(database_url, stage) as engine:
        engine.enqueue(jobs(1))
        stage.wait(1)
        engine.enqueue([*jobs(2, 3), Job(4, 1, "T1:U1", first=True), *jobs(5, lane="T1:U2")])
        assert stage.wait(2) == [(1, 1), (5, 1)]
        stage.hold.set()
        assert [number for number, _ in stage.wait(5)] == [1, 5, 4, 2, 3]


def test_pace_holds_a_lane_back(database_url: str) -> None:
    stage = Stage()
    with running(database_url, stage, Rate(2, 3.0)) as engine:
        engine.enqueue(jobs(1, 2, 3))
        stage.wait(3)
        # SQLite's clock in the engine has whole seconds only.
        assert taken_at("3:1") - taken_at("1:1") >= 2_000


def test_job_waits_for_its_time_and_leads_to_another(database_url: str) -> None:
    stage = Stage()
    stage.hold.clear()
    with running(database_url, stage) as engine:
        engine.enqueue(jobs(1, 2))
        stage.wait(1)
        until(lambda: waiting() == 1)
        soon = to_stored(SystemClock().now()) + 3_000_000
        stage.leads_to[1] = [Job(1, 2, "T1:U1", not_before=soon)]
        stage.hold.set()
        assert stage.wait(3) == [(1, 1), (2, 1), (1, 2)]
        assert to_stored(SystemClock().now()) >= soon


def test_ended_jobs_are_known_until_purged(database_url: str) -> None:
    stage = Stage()
    stage.hold.clear()
    with running(database_url, stage) as engine:
        engine.enqueue(jobs(1, 2))
        stage.wait(1)
        assert engine.ended(jobs(1, 2, 3)) == set()
        stage.hold.set()
        stage.wait(2)
        until(lambda: engine.ended(jobs(1, 2, 3)) == {(1, 1), (2, 1)})
        assert engine.purge(timedelta(hours=1)) == 0
        assert engine.purge(timedelta(0)) == 2
        assert engine.ended(jobs(1, 2, 3)) == set()
        assert engine.healthy()
    assert not engine.healthy()


def test_running_job_may_finish_while_the_engine_stops(database_url: str) -> None:
    stage = Stage()
    stage.hold.clear()
    with running(database_url, stage) as engine:
        engine.enqueue(jobs(1))
        stage.wait(1)
        threading.Timer(0.2, stage.hold.set).start()
        engine.stop(5)
        assert stage.running == []


@pytest.mark.parametrize("same_name", [True, False], ids=["restarted", "taken over"])
def test_jobs_of_a_dead_replica_run_again(database_url: str, same_name: bool) -> None:
    died = Stage()
    died.hold.clear()
    engine = DbosEngine(database_url, "r1", None, SystemClock(), died)
    engine.start()
    engine.enqueue(jobs(1, 2))
    died.wait(1)
    until(lambda: waiting() == 1)
    engine.stop(0)
    stage = Stage()
    with running(database_url, stage, replica="r1" if same_name else "r2") as heir:
        if not same_name:
            assert heir.owners() == {"r1"}
            assert heir.reap("r1") == 1
            assert heir.reap("r1") == 0
        assert stage.wait(2) == [(1, 1), (2, 1)]
    died.hold.set()


def test_job_that_was_taken_and_lost_is_recovered_and_a_running_one_is_not(
    sqlite_url: str,
) -> None:
    stage = Stage()
    stage.hold.clear()
    with running(sqlite_url, stage, stuck_seconds=0) as engine:
        engine.enqueue(jobs(1, 2))
        stage.wait(1)
        assert engine.recover() == 0
        stage.hold.set()
        stage.wait(2)
        until(lambda: engine.ended(jobs(1, 2)) == {(1, 1), (2, 1)})
        lose(sqlite_url, "2:1")
        assert engine.recover() == 1
        assert stage.wait(3) == [(1, 1), (2, 1), (2, 1)]


def test_job_that_was_just_taken_is_not_lost_whatever_time_it_is(sqlite_url: str) -> None:
    """Else it would run beside what comes after it in its lane."""
    stage, clock = Stage(), HandClock(SystemClock().now() + timedelta(days=1))
    with running(sqlite_url, stage, clock=clock) as engine:
        engine.enqueue(jobs(1))
        stage.wait(1)
        until(lambda: engine.ended(jobs(1)) == {(1, 1)})
        lose(sqlite_url, "1:1")
        assert engine.recover() == 0
        clock.advance(STUCK_SECONDS)
        assert engine.recover() == 1
        assert stage.wait(2) == [(1, 1), (1, 1)]


def test_job_that_is_taken_for_lost_never_runs_beside_itself(database_url: str) -> None:
    stage = Stage()
    stage.hold.clear()
    with running(database_url, stage) as engine:
        engine.enqueue(jobs(1, 2))
        stage.wait(1)
        DBOS.resume_workflow("1:1", queue_name="posts")
        assert stage.wait(2) == [(1, 1), (2, 1)]
        stage.hold.set()
        stage.wait(2)
    assert stage.ran == [(1, 1), (2, 1)]


def test_threads_end_with_the_engine(sqlite_url: str) -> None:
    before = set(threading.enumerate())
    with running(sqlite_url, Stage()):
        assert len(set(threading.enumerate()) - before) > 2
    until(lambda: not {t for t in set(threading.enumerate()) - before if t.is_alive()})
