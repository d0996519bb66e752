"""What slipped through is found by the tick, and what a dead replica left is taken over."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from typing_extensions import override

from bot.delivery.edits import Edits, edit_pace
from bot.delivery.engine import DeliveryEngine
from bot.delivery.heartbeat import Heartbeat
from bot.delivery.service import Delivery
from flows.effects import Kind, Post
from storage import outbox, undelivered
from storage.engine import StorageBusyError
from storage.moments import to_stored
from storage.outbox import Job
from tests.clocks import HandClock
from tests.delivery import slack
from tests.delivery.bench import PATIENCE, Bench
from tests.delivery.slack import World

LEASE, DAY = 60.0, 86_400.0


class FakeEngine(DeliveryEngine):
    """Notes what it is told; `over` are the jobs that have run."""

    def __init__(self) -> None:
        self.told: list[Job] = []
        self.over: set[tuple[int, int]] = set()
        self.reaped: list[str] = []
        self.taken_by: set[str] = set()
        self.purged: list[timedelta] = []
        self.alive = False

    @override
    def start(self) -> None:
        self.alive = True

    @override
    def enqueue(self, jobs: Iterable[Job]) -> None:
        self.told.extend(jobs)

    @override
    def ended(self, jobs: Iterable[Job]) -> set[tuple[int, int]]:
        return {(job.id, job.attempt) for job in jobs} & self.over

    @override
    def owners(self) -> set[str]:
        return self.taken_by

    @override
    def reap(self, dead_replica: str) -> int:
        self.reaped.append(dead_replica)
        self.taken_by.discard(dead_replica)
        return 1

    @override
    def recover(self) -> int:
        return 0

    @override
    def purge(self, older: timedelta) -> int:
        self.purged.append(older)
        return 0

    @override
    def healthy(self) -> bool:
        return self.alive

    @override
    def waiting(self) -> int:
        return len(self.told)

    @override
    def running(self) -> int:
        return 0

    @override
    def stop(self, drain_seconds: float) -> None:
        self.alive = False

    def take(self) -> list[tuple[int, int]]:
        """What it was told since it was last asked."""
        told, self.told = [(job.id, job.attempt) for job in self.told], []
        return told


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def delivery(bench: Bench, engine: FakeEngine) -> Delivery:
    parts = bench.parts
    edits = Edits(
        parts.database, parts.clock, parts.render, parts.slack_of, edit_pace(None), PATIENCE
    )
    heartbeat = Heartbeat(parts.database, parts.clock, engine, "r1", LEASE)
    return Delivery(parts.database, parts.clock, engine, edits, heartbeat, LEASE)


def test_many_that_wait_for_one_person_keep_nobody_else_from_their_turn(
    bench: Bench, engine: FakeEngine, delivery: Delivery
) -> None:
    many = [Post(to="U1", kind=Kind.NOTICE, subject=str(number)) for number in range(600)]
    with bench.database.write() as connection:
        outbox.add(connection, "T1", "H1", "many", many, to_stored(bench.clock.now()))
    [other] = bench.ask(Kind.CARD, to="U2")
    bench.clock.advance(LEASE)
    for _ in range(2):
        delivery.reconcile()
    told = engine.take()
    assert len(told) == 601
    assert (other.id, 1) in told
    assert delivery.reconcile() == 500, "and from the first again"


def beat(bench: Bench, engine: FakeEngine, replica: str) -> Heartbeat:
    heartbeat = Heartbeat(bench.database, bench.clock, engine, replica, LEASE)
    heartbeat.beat()
    return heartbeat


def test_row_that_the_engine_was_never_told_of_is_found(
    bench: Bench, engine: FakeEngine, delivery: Delivery
) -> None:
    (job,) = bench.ask(Kind.CARD)
    assert delivery.reconcile() == 0
    bench.clock.advance(5)
    assert delivery.reconcile() == 1
    assert engine.take() == [(job.id, 1)]


def storage_away() -> None:
    raise StorageBusyError("away")


def test_row_that_its_job_left_behind_gets_its_next_attempt(
    bench: Bench, engine: FakeEngine, delivery: Delivery, world: World
) -> None:
    (job,) = bench.ask(Kind.CARD)
    bench.words.before = [storage_away]
    assert bench.drain([job]) == 1
    engine.over = {(job.id, 1)}
    bench.clock.advance(LEASE - 1)
    assert delivery.reconcile() == 0
    bench.clock.advance(1)
    delivery.reconcile()
    assert engine.take() == [(job.id, 2)]
    bench.drain([Job(job.id, 2, job.lane)])
    assert (world.texts(), bench.states()) == (["card"], ["done"])


def test_row_that_waits_for_its_time_is_left_alone(
    bench: Bench, engine: FakeEngine, delivery: Delivery, world: World
) -> None:
    world.retry_after = 600
    world.fail("chat.postMessage", "429")
    (job,) = bench.ask(Kind.CARD)
    assert bench.worker.deliver(job.id, 1)
    bench.clock.advance(300)
    assert delivery.reconcile() == 0
    bench.clock.advance(310)
    delivery.reconcile()
    assert engine.take() == [(job.id, 2)]


def test_oldest_undelivered_is_told_and_old_rows_are_forgotten(
    bench: Bench, delivery: Delivery
) -> None:
    (job,) = bench.ask(Kind.CARD)
    with bench.database.read() as connection:
        assert undelivered.oldest_undelivered(connection) == to_stored(bench.clock.now())
    bench.drain([job])
    bench.clock.advance(31 * 24 * 3600)
    bench.ask(Kind.NOTICE)
    delivery.tidy()
    assert bench.states() == ["pending"]
    assert len(bench.posts()) == 1


def test_silent_replica_is_taken_over_once(bench: Bench, engine: FakeEngine) -> None:
    beat(bench, engine, "dead")
    mine, other = beat(bench, engine, "r1"), beat(bench, engine, "r2")
    for _ in range(4):
        bench.clock.advance(20)
        mine.beat()
        other.beat()
    assert engine.reaped.count("dead") == 1
    assert set(engine.reaped) == {"dead"}


def test_replica_that_was_blind_judges_nobody_for_a_lease(bench: Bench, engine: FakeEngine) -> None:
    mine, other = beat(bench, engine, "r1"), beat(bench, engine, "r2")
    bench.clock.advance(LEASE + 30)
    mine.beat()
    assert "r2" not in engine.reaped
    other.beat()
    for _ in range(6):
        bench.clock.advance(20)
        mine.beat()
    assert engine.reaped.count("r2") == 1


def test_replica_that_has_just_begun_judges_nobody_for_a_lease(
    bench: Bench, engine: FakeEngine
) -> None:
    beat(bench, engine, "r1")
    bench.clock.advance(LEASE + 30)
    new = beat(bench, engine, "r2")
    assert engine.reaped == []
    for _ in range(6):
        bench.clock.advance(20)
        new.beat()
    assert engine.reaped == ["r1"]


def test_replica_knows_how_many_live(bench: Bench, engine: FakeEngine) -> None:
    mine, other = beat(bench, engine, "r1"), beat(bench, engine, "r2")
    assert (mine.among, other.among) == (1, 2)
    mine.beat()
    assert mine.among == 2
    other.leave()
    mine.beat()
    assert mine.among == 1
    beat(bench, engine, "r3")
    for _ in range(5):
        bench.clock.advance(20)
        mine.beat()
    assert mine.among == 1


@pytest.mark.parametrize("ahead", [DAY, -DAY])
def test_clock_that_is_a_day_off_kills_nobody_and_keeps_nobody_alive(
    bench: Bench, engine: FakeEngine, ahead: float
) -> None:
    mine = beat(bench, engine, "r1")
    elsewhere = HandClock(bench.clock.now())
    elsewhere.jump(ahead)
    other = Heartbeat(bench.database, elsewhere, engine, "r2", LEASE)
    for _ in range(6):
        for clock in (bench.clock, elsewhere):
            clock.advance(20)
        mine.beat()
        other.beat()
    assert engine.reaped == []
    for _ in range(5):
        bench.clock.advance(20)
        mine.beat()
    assert engine.reaped == ["r2"]


def test_what_waits_goes_out_although_the_clock_was_set_back(
    bench: Bench, world: World, engine: FakeEngine, delivery: Delivery
) -> None:
    bench.clock.jump(DAY)
    world.fail("chat.postMessage", slack.DROP, slack.LIMITED)
    unsure = bench.ask(Kind.CARD, to="U1")
    limited = bench.ask(Kind.CARD, to="U2")
    for job in (*unsure, *limited):
        bench.worker.deliver(job.id, job.attempt)
    bench.ask(Kind.CARD, to="U3")
    bench.clock.jump(-DAY)
    delivery.stepped_back()
    since = bench.clock.now()
    for _ in range(10):
        engine.told.clear()
        delivery.reconcile(grace=0)
        bench.drain(engine.told)
    assert sorted(post["channel"] for post in world.posts) == ["DU1", "DU2", "DU3"]
    assert bench.states() == ["done"] * 3
    quiet = bench.parts.patience.quiet + bench.parts.patience.margin
    assert (bench.clock.now() - since).total_seconds() <= quiet + 10


def test_what_is_unsure_waits_long_enough_although_the_clock_was_set_back(
    bench: Bench, world: World, engine: FakeEngine, delivery: Delivery
) -> None:
    bench.clock.jump(DAY)
    world.fail("chat.postMessage", slack.LATE)
    (job,) = bench.ask(Kind.CARD)
    (job,) = bench.worker.deliver(job.id, job.attempt)
    bench.clock.jump(-DAY)
    delivery.stepped_back()
    delivery.reconcile(grace=0)
    (told,) = engine.told
    (job,) = bench.worker.deliver(told.id, told.attempt)
    wait = (job.not_before - to_stored(bench.clock.now())) / 1_000_000
    assert wait >= bench.parts.patience.quiet + bench.parts.patience.margin
    world.land()
    bench.drain([job])
    assert world.texts() == ["card"]


def test_replica_that_died_before_its_first_beat_is_taken_over(
    bench: Bench, engine: FakeEngine
) -> None:
    mine = beat(bench, engine, "r1")
    engine.taken_by = {"r1", "unheard"}
    for _ in range(3):
        bench.clock.advance(20)
        mine.beat()
    assert engine.reaped == []
    for _ in range(3):
        bench.clock.advance(20)
        mine.beat()
    assert engine.reaped == ["unheard"]


def test_replica_that_leaves_is_taken_over_at_once(bench: Bench, engine: FakeEngine) -> None:
    other = beat(bench, engine, "r2")
    other.leave()
    beat(bench, engine, "r1")
    assert "r2" in engine.reaped


def test_service_starts_ticks_and_stops(
    bench: Bench, engine: FakeEngine, delivery: Delivery
) -> None:
    delivery.start()
    delivery.tick()
    delivery.committed(bench.ask(Kind.CARD), marked=True)
    assert delivery.healthy()
    assert len(engine.told) == 1
    delivery.stop(1)
    assert not delivery.healthy()
