"""What is done after an answer: not before it is written, and without holding anybody up."""

import json
import threading
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
from slack_bolt import BoltRequest, BoltResponse
from slack_sdk.signature import SignatureVerifier

from bot.afterwards import Afterwards
from bot.lines import MOST_WAITING, SHARE
from bot.times import SystemClock
from bot.wire.http_server import HttpServer
from bot.wire.web import Door
from tests.cli.test_door import SECRET, Doorway, Recording

PATIENCE = 30.0

TEAM = "T1"


class Leaving(Recording):
    """Bolt, which answers after it has left something for afterwards."""

    def __init__(self, afterwards: Afterwards) -> None:
        super().__init__()
        self._afterwards = afterwards
        self.done = threading.Event()
        self.breaks = False

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        self._afterwards.soon(TEAM, self.done.set)
        if self.breaks:
            raise ConnectionAbortedError
        return BoltResponse(status=200, body="the answer")


@pytest.fixture
def afterwards() -> Iterator[Afterwards]:
    made = Afterwards()
    yield made
    made.stop()


def environ() -> dict[str, Any]:
    body = json.dumps({"type": "event_callback"}).encode()
    stamp = str(int(SystemClock().now().timestamp()))
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body)
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/slack/events",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_X_SLACK_REQUEST_TIMESTAMP": stamp,
        "HTTP_X_SLACK_SIGNATURE": signature,
        "wsgi.input": BytesIO(body),
    }


def start(*_: object) -> Callable[[bytes], object]:
    return lambda _: None


def test_it_begins_when_the_answer_is_written(afterwards: Afterwards) -> None:
    app = Leaving(afterwards)
    body: Any = Door(app, afterwards, SECRET, {})(environ(), start)
    assert b"".join(body) == b"the answer"
    assert not app.done.is_set()
    assert not afterwards.rest(0)
    body.close()
    assert afterwards.rest(PATIENCE)
    assert app.done.is_set()


def test_it_begins_when_the_answer_fails(afterwards: Afterwards) -> None:
    app = Leaving(afterwards)
    app.breaks = True
    with pytest.raises(ConnectionAbortedError):
        Door(app, afterwards, SECRET, {})(environ(), start)
    assert afterwards.rest(PATIENCE)
    assert app.done.is_set()


def test_the_server_says_when_an_answer_is_written(afterwards: Afterwards) -> None:
    app = Leaving(afterwards)
    server = HttpServer(Door(app, afterwards, SECRET, {}), 0, "127.0.0.1")
    server.start()
    assert Doorway(app, server.port).post(b"{}", "application/json") == 200
    assert app.done.wait(PATIENCE)
    server.stop(2)


def test_without_an_answer_under_way_it_begins_at_once(afterwards: Afterwards) -> None:
    done = threading.Event()
    afterwards.soon(TEAM, done.set)
    assert done.wait(PATIENCE)


def test_what_is_done_afterwards_may_leave_something_too(afterwards: Afterwards) -> None:
    done = threading.Event()
    with afterwards.answering() as answer:
        afterwards.soon(TEAM, lambda: afterwards.soon(TEAM, done.set))
    afterwards.written(answer)
    assert done.wait(PATIENCE)


def test_one_that_waits_is_enough_and_one_that_runs_is_not(afterwards: Afterwards) -> None:
    made, held = threading.Semaphore(0), threading.Event()
    begun = threading.Barrier(SHARE + 1, timeout=PATIENCE)

    def slow() -> None:
        begun.wait()
        held.wait(PATIENCE)
        made.release()

    for home in range(SHARE):
        afterwards.soon(TEAM, slow, once=f"home {home}")
    begun.wait()
    with afterwards.answering() as answer:
        for _ in range(3):
            afterwards.soon(TEAM, made.release, once="home 0")
        afterwards.soon(TEAM, made.release, once="another")
    # All threads are held, so each of them waits.
    afterwards.written(answer)
    held.set()
    assert afterwards.rest(PATIENCE)
    assert sum(made.acquire(blocking=False) for _ in range(SHARE + 4)) == SHARE + 2


def test_what_fails_or_is_too_much_is_said_and_ends_nothing(
    afterwards: Afterwards, caplog: pytest.LogCaptureFixture
) -> None:
    held, done = threading.Event(), threading.Event()
    begun = threading.Barrier(SHARE + 1, timeout=PATIENCE)

    def slow() -> None:
        begun.wait()
        held.wait(PATIENCE)

    for _ in range(SHARE):
        afterwards.soon(TEAM, slow)
    begun.wait()
    for _ in range(MOST_WAITING + 2):
        afterwards.soon(TEAM, int)
    afterwards.soon("T2", done.set)
    assert done.wait(PATIENCE)
    held.set()
    assert afterwards.rest(PATIENCE)
    assert caplog.text.count("something is left out") == 2
    afterwards.soon(TEAM, lambda: 1 / 0)
    assert afterwards.rest(PATIENCE)
    assert "something that could wait failed" in caplog.text


def test_after_its_end_nothing_begins() -> None:
    ended = Afterwards()
    ended.stop()
    ended.soon(TEAM, pytest.fail)
    assert ended.rest(0)


def test_in_one_lane_things_are_done_one_after_the_other(afterwards: Afterwards) -> None:
    seen, begun, held = list[int](), threading.Event(), threading.Event()

    def first() -> None:
        begun.set()
        held.wait(PATIENCE)
        seen.append(1)

    other = threading.Event()
    afterwards.soon(TEAM, first, lane="view")
    assert begun.wait(PATIENCE)
    afterwards.soon(TEAM, lambda: seen.append(2), lane="view")
    afterwards.soon(TEAM, lambda: seen.append(3), lane="view")
    afterwards.soon(TEAM, other.set, lane="another")
    assert other.wait(PATIENCE)
    assert seen == []
    held.set()
    assert afterwards.rest(PATIENCE)
    assert seen == [1, 2, 3]
