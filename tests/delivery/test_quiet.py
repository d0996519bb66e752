"""What is quiet waits, or joins what stands; on either database, and whoever else is at it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.delivery.edits import EditPace, EditRules, Edits
from bot.delivery.port import Joins, Message, Own, Row, Turn, Waits
from bot.delivery.worker import Worker
from flows.effects import Kind, Post
from storage import disturbances, outbox
from storage.moments import to_stored
from storage.outbox import Job
from tests.delivery.bench import PATIENCE, Bench, Words
from tests.delivery.slack import World
from tests.delivery.test_edits import mark, stale

HOUR = 3600.0


@dataclass
class Turns:
    """Lets the first message go and adds the others to it; before `opens`, all wait."""

    bench: Bench
    opens: int = 0
    first: str = ""

    def __call__(self, row: Row, key: str, *, in_words: bool) -> Turn:
        if to_stored(self.bench.clock.now()) < self.opens:
            return Waits(self.opens)
        if not in_words:
            return Own()
        self.first = self.first or key
        return Own() if key == self.first else Joins(self.first)


def tell(bench: Bench, *subjects: str) -> list[Job]:
    wanted = [Post(to="U1", kind=Kind.ASK, subject=subject) for subject in subjects]
    with bench.database.write() as connection:
        now = to_stored(bench.clock.now())
        return outbox.add(connection, "T1", "H1", "1", wanted, now, "U2")


def quiet(bench: Bench, turns: Turns) -> Worker:
    bench.worker = Worker(replace(bench.parts, turn_of=turns))
    return bench.worker


def all_of(messages: Sequence[Message]) -> Words:
    return Words(" + ".join(message.text for message in messages))


def edits(bench: Bench) -> Edits:
    parts = bench.parts
    pace = EditPace(0.0, None)
    known = (parts.database, parts.clock, parts.render, parts.slack_of, pace, PATIENCE)
    return Edits(*known, EditRules(join=all_of))


def test_what_comes_later_is_added_to_what_stands(bench: Bench, world: World) -> None:
    quiet(bench, Turns(bench))
    bench.drain(tell(bench, "a", "b", "c"))
    assert len(world.posts) == 1
    assert bench.states() == ["done"] * 3
    assert len({post["ts"] for post in bench.posts()}) == 1
    sweeper = edits(bench)
    sweeper.sweep()
    assert world.edits[-1]["text"] == "ask a + ask b + ask c"
    assert stale(bench) == []
    bench.words.gone.add("ask b")
    mark(bench, Kind.ASK, subject="b")
    sweeper.sweep()
    assert world.edits[-1]["text"] == "ask a + ask c"
    assert stale(bench) == []


def test_parts_of_one_message_are_never_edited_by_two_at_once(bench: Bench, world: World) -> None:
    quiet(bench, Turns(bench))
    bench.drain(tell(bench, "a", "b"))
    one, other = edits(bench), edits(bench)
    bench.words.before.append(other.sweep)
    one.sweep()
    assert [edit["text"] for edit in world.edits] == ["ask a + ask b"]
    other.sweep()
    assert stale(bench) == []


def test_what_waits_for_hours_is_the_ticks_to_take_up(bench: Bench, world: World) -> None:
    turns = Turns(bench, opens=to_stored(bench.clock.now()) + int(HOUR * 1_000_000))
    worker = quiet(bench, turns)
    [job] = tell(bench, "a")
    assert list(worker.deliver(job.id, job.attempt)) == []
    assert bench.states() == ["pending"]
    bench.clock.advance(HOUR)
    bench.drain([replace(job, attempt=2)])
    assert (bench.states(), len(world.posts)) == (["done"], 1)


def test_who_joins_a_message_that_never_came_goes_alone(bench: Bench, world: World) -> None:
    turns = Turns(bench, first="T1:H1:1:ask-U1-lost")
    worker = quiet(bench, turns)
    [job] = tell(bench, "a")
    [again] = worker.deliver(job.id, job.attempt)
    assert bench.states() == ["pending"]
    turns.first = ""
    bench.drain([again])
    assert (bench.states(), len(world.posts)) == (["done"], 1)


def test_a_number_of_the_day_is_taken_once(bench: Bench) -> None:
    day = ("T1", "U1", "2026-11-23")
    with bench.database.write() as connection:
        assert disturbances.take(connection, *day, 1, "one", 1)
        assert not disturbances.take(connection, *day, 1, "other", 2)
        assert not disturbances.take(connection, *day, 2, "one", 2)
        assert disturbances.take(connection, *day, 2, "other", 2)
        assert [one.key for one in disturbances.of_day(connection, *day)] == ["one", "other"]
        disturbances.give_back(connection, "T1", "other")
        disturbances.forget(connection, 2)
        assert disturbances.of_day(connection, *day) == []


def test_a_question_that_others_caused_waits_and_stays_in_its_thread(
    bench: Bench, world: World
) -> None:
    turns = Turns(bench)
    quiet(bench, turns)
    wanted = [Post(to="U1", kind=Kind.CARD), Post(to="U1", kind=Kind.QUESTION, subject="a")]
    with bench.database.write() as connection:
        now = to_stored(bench.clock.now())
        jobs = outbox.add(connection, "T1", "H1", "1", wanted, now, "U2")
    bench.drain(jobs)
    card, first = world.posts
    assert first["thread_ts"] == card["ts"]
    turns.opens = to_stored(bench.clock.now()) + int(HOUR * 1_000_000)
    turns.first = "another message"
    with bench.database.write() as connection:
        now = to_stored(bench.clock.now())
        question = Post(to="U1", kind=Kind.QUESTION, subject="b")
        jobs = outbox.add(connection, "T1", "H1", "2", [question], now, "U2")
    assert list(bench.worker.deliver(jobs[0].id, jobs[0].attempt)) == []
    assert len(world.posts) == 2
    bench.clock.advance(HOUR)
    bench.drain([replace(jobs[0], attempt=2)])
    assert world.posts[-1]["text"] == "question b"
    assert world.posts[-1]["thread_ts"] == card["ts"]
