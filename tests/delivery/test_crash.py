"""The process dies at every named place of delivery: nothing is lost, nothing said twice.

Each round writes messages that lead past the place where this round's process dies; the next
round's process finds what is left. The last one lives.
"""

import multiprocessing
import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.times import SystemClock
from flows.effects import Kind
from tests.clocks import HandClock
from tests.conftest import Tell
from tests.delivery import slack
from tests.delivery.bench import Bench
from tests.delivery.crash_child import deliver, deliver_and_stop
from tests.delivery.slack import World
from tests.delivery.test_edits import mark

POST = "chat.postMessage"
KILLED = 137

# Each process is forked from one that has imported everything and started nothing.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.delivery.crash_child"])

Scene = Callable[[Bench, World, str], None]


def say(bench: Bench, world: World, to: str) -> None:
    bench.ask(Kind.CARD, to=to)


def say_in_thread(bench: Bench, world: World, to: str) -> None:
    bench.ask(Kind.CARD, Kind.QUESTION, to=to)


def be_unsure(bench: Bench, world: World, to: str) -> None:
    world.fail(POST, slack.ACCEPT_AND_DROP, channel="D" + to)
    bench.ask(Kind.CARD, to=to)


def be_limited(bench: Bench, world: World, to: str) -> None:
    world.retry_after = 0.2
    world.fail(POST, slack.LIMITED, channel="D" + to)
    bench.ask(Kind.CARD, to=to)


def be_refused(bench: Bench, world: World, to: str) -> None:
    world.fail(POST, "is_archived", channel="D" + to)
    bench.ask(Kind.CARD, to=to)


def say_what_is_over(bench: Bench, world: World, to: str) -> None:
    bench.ask(Kind.ASK, to=to, subject="gone")


def send_file(bench: Bench, world: World, to: str) -> None:
    bench.ask(Kind.CARD, Kind.BRIEF_FILE, to=to)


def edit(bench: Bench, world: World, to: str) -> None:
    bench.drain(bench.ask(Kind.CARD, to=to))
    mark(bench, to=to)


def make_canvas(bench: Bench, world: World, to: str) -> None:
    bench.ask(Kind.CARD, Kind.BRIEF_CANVAS, to=to, handover=f"H-{to}")


def write_canvas(bench: Bench, world: World, to: str) -> None:
    """Somebody else has read it so far."""
    handover = f"H-{to}"
    bench.drain(bench.ask(Kind.CARD, Kind.BRIEF_CANVAS, to=before(to), handover=handover))
    bench.ask(Kind.CARD, Kind.BRIEF_CANVAS, to=to, handover=handover)


def before(to: str) -> str:
    return f"{to}-before"


def add_to(bench: Bench, world: World, to: str) -> None:
    bench.drain(bench.ask(Kind.CARD, to=to))
    (host,) = (post["key"] for post in bench.posts() if post["person"] == to)
    bench.ask(Kind.ASK, to=to, subject=host, by="U-other")


PLACES: dict[str, Scene] = {
    "outbox.claimed": say,
    "outbox.dm_opened": say,
    "outbox.dm_kept": say,
    "outbox.stamped": say,
    "outbox.posted": say,
    "outbox.recorded": say,
    "outbox.posted:2": say_in_thread,
    "outbox.searched": be_unsure,
    "outbox.put_off": be_limited,
    "outbox.dead": be_refused,
    "outbox.dropped": say_what_is_over,
    "outbox.uploaded": send_file,
    "outbox.posted:3": send_file,
    "edit.taken": edit,
    "edit.sent": edit,
    "edit.recorded": edit,
}
RARER: dict[str, Scene] = {
    "outbox.joined": add_to,
    "canvas.made": make_canvas,
    "canvas.opened": make_canvas,
    "canvas.written": write_canvas,
    "slack.canvases.create": make_canvas,
    "slack.canvases.access.set": make_canvas,
    "slack.canvases.edit": write_canvas,
    "slack.canvases.access.delete": write_canvas,
    "slack.files.info": make_canvas,
}
EVERYWHERE = PLACES | RARER
SOME = ("outbox.claimed", "outbox.stamped", "outbox.posted", "outbox.searched", "edit.sent")


def run(bench: Bench, replica: str, crash_at: str = "") -> int:
    child = FORKS.Process(target=deliver, args=(bench.url, bench.base_url, replica, crash_at))
    child.start()
    child.join(60)
    assert child.exitcode is not None, "it neither ends nor dies"
    return child.exitcode


def play(
    bench: Bench, world: World, places: dict[str, Scene], replica: Callable[[int], str]
) -> None:
    people = {f"U{number}": scene for number, scene in enumerate(places.values())}
    for number, (place, scene) in enumerate(places.items()):
        scene(bench, world, f"U{number}")
        assert run(bench, replica(number), place) == KILLED, place
    assert run(bench, replica(len(places))) == 0
    assert_each_once(bench, world, people)


def assert_each_once(bench: Bench, world: World, people: dict[str, Scene]) -> None:
    """Everybody has got what was written to them, once."""
    scenes = people.values()
    said = Counter((post["channel"], post["text"]) for post in world.posts)
    wanted: Counter[tuple[str, str]] = Counter()
    for user, scene in people.items():
        if scene not in (be_refused, say_what_is_over):
            wanted["D" + user, "card"] += 1
        if scene is say_in_thread:
            wanted["D" + user, "question"] += 1
        if scene in (make_canvas, write_canvas):
            wanted["D" + user, "brief_canvas"] += 1
        if scene is write_canvas:
            wanted["D" + before(user), "card"] += 1
            wanted["D" + before(user), "brief_canvas"] += 1
    assert said == wanted
    shared = Counter(room for file in world.files.values() for room in file["ims"])
    assert shared == Counter("D" + user for user, scene in people.items() if scene is send_file)
    assert (
        Counter(bench.states())
        == Counter(
            dead=1 if be_refused in scenes else 0,
            dropped=1 if say_what_is_over in scenes else 0,
            done=sum(wanted.values())
            + sum(shared.values())
            + sum(scene is add_to for scene in scenes),
        )
        - Counter()
    )
    readers = Counter(user for canvas in world.canvases.values() for user in canvas)
    assert readers == Counter(
        user for user, scene in people.items() if scene in (make_canvas, write_canvas)
    )
    edited = {edit["channel"] for edit in world.edits}
    assert edited >= {"D" + user for user, scene in people.items() if scene in (edit, add_to)}


def test_death_anywhere_on_sqlite(sqlite_url: str, slack_url: str, world: World) -> None:
    bench = Bench(sqlite_url, slack_url, world, HandClock(SystemClock().now()))
    play(bench, world, PLACES, lambda _: "one")
    bench.close()


@pytest.mark.campaign
@pytest.mark.timeout(300)
def test_death_anywhere_on_both(
    database_url: str, slack_url: str, world: World, tell: Tell
) -> None:
    bench = Bench(database_url, slack_url, world, HandClock(SystemClock().now()))
    since, where = time.monotonic(), bench.database.url.get_backend_name()
    play(
        bench, world, EVERYWHERE, lambda number: "one" if bench.database.is_sqlite else f"r{number}"
    )
    tell(
        f"kill -9 on {where} at {len(EVERYWHERE)} places of delivery: {len(world.posts)} messages, "
        f"lost 0, doubled 0; {time.monotonic() - since:.0f} s"
    )
    bench.close()


def test_death_of_one_replica_after_another_on_postgresql(
    postgresql_url: str, slack_url: str, world: World
) -> None:
    bench = Bench(postgresql_url, slack_url, world, HandClock(SystemClock().now()))
    play(bench, world, {place: PLACES[place] for place in SOME}, lambda number: f"r{number}")
    bench.close()


def stands_still(process: int) -> bool:
    state = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    return state == "T"


ZOMBIES = {place: PLACES[place] for place in ("outbox.claimed", "outbox.stamped", "outbox.posted")}


def test_replicas_that_stand_still_past_their_lease_are_taken_over_and_say_nothing_twice(
    postgresql_url: str, slack_url: str, world: World
) -> None:
    bench = Bench(postgresql_url, slack_url, world, HandClock(SystemClock().now()))
    stand_still(bench, world, ZOMBIES)
    bench.close()


NAMED = [place for place in EVERYWHERE if ":" not in place]
AT_ONCE = 4
"""How many stand still at a time: each of them keeps its connections."""


@pytest.mark.campaign
@pytest.mark.timeout(300)
@pytest.mark.parametrize("first", range(0, len(NAMED), AT_ONCE))
def test_replicas_that_stand_still_at_every_place(
    postgresql_url: str, slack_url: str, world: World, tell: Tell, first: int
) -> None:
    bench = Bench(postgresql_url, slack_url, world, HandClock(SystemClock().now()))
    since, places = time.monotonic(), NAMED[first : first + AT_ONCE]
    stand_still(bench, world, {place: EVERYWHERE[place] for place in places})
    tell(
        f"zombies on postgresql: {len(places)} replicas stopped ({', '.join(places)}) until another"
        f" had taken over; {len(world.posts)} messages, lost 0, doubled 0;"
        f" {time.monotonic() - since:.0f} s"
    )
    bench.close()


def stand_still(bench: Bench, world: World, places: dict[str, Scene]) -> None:
    """A replica is stopped at each place, another one does all that is left, then all go on."""
    people = {f"U{number}": scene for number, scene in enumerate(places.values())}
    stopped = []
    try:
        for number, (place, scene) in enumerate(places.items()):
            scene(bench, world, f"U{number}")
            arguments = (bench.url, bench.base_url, f"r{number}", place)
            child = FORKS.Process(target=deliver_and_stop, args=arguments)
            child.start()
            stopped.append(child)
            until = time.monotonic() + 20
            while not stands_still(child.pid or 0):
                assert child.is_alive(), f"it ended before it was stopped at {place}"
                assert time.monotonic() < until, f"it never came as far as {place}"
                child.join(0.02)
        assert run(bench, "the heir") == 0
        before = list(world.texts())
    finally:
        for child in stopped:
            os.kill(child.pid or 0, signal.SIGCONT)
    for child in stopped:
        child.join(30)
        assert child.exitcode == 0
    assert world.texts() == before
    assert_each_once(bench, world, people)
