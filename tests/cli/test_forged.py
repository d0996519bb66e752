"""Whoever is not Slack: nothing of it reaches the app, and every refusal looks the same."""

import hmac
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Self

import pytest
from slack_sdk.signature import SignatureVerifier

from bot.afterwards import Afterwards
from bot.times import SystemClock
from bot.wire.http_server import HttpServer
from bot.wire.web import MOST_BYTES, Door
from tests.cli.test_door import FORM, OLD_SECONDS, SECRET, Recording

BODY = b'{"type": "event_callback"}'
OTHER = b'{"type": "event_callback", "event": {}}'
HANGING = 40


def now(seconds: int = 0) -> str:
    return str(int(SystemClock().now().timestamp()) + seconds)


def sign(stamp: str, body: bytes = BODY, secret: str = SECRET) -> str:
    return str(SignatureVerifier(secret).generate_signature(timestamp=stamp, body=body))


class Line:
    """One connection to the door, on which anything can be written."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=5)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def asks(self, body: bytes, *headers: str, start: str = "POST /slack/events") -> bytes:
        """The whole answer to a request with these headers and whatever length they say."""
        lines = [f"{start} HTTP/1.1", "Host: bot", "Connection: close", *headers]
        self.socket.sendall("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)
        answer = b""
        while piece := self.socket.recv(65536):
            answer += piece
        return answer


class Doorway:
    def __init__(self, app: Recording, port: int) -> None:
        self.app = app
        self.port = port

    def asks(
        self, headers: list[str], body: bytes = BODY, start: str = "POST /slack/events"
    ) -> bytes:
        known = ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        with Line(self.port) as line:
            return line.asks(body, *known, *headers, start=start)


@pytest.fixture
def door() -> Iterator[Doorway]:
    app = Recording()
    server = HttpServer(Door(app, Afterwards(), SECRET, {}), 0, "127.0.0.1")
    server.start()
    yield Doorway(app, server.port)
    server.stop(2)


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def told(answer: bytes) -> bytes:
    """What whoever asked can learn from an answer: all of it but the time."""
    return b"\r\n".join(line for line in answer.split(b"\r\n") if not line.startswith(b"Date:"))


def headers(stamp: str, *signatures: str) -> list[str]:
    found = [f"X-Slack-Signature: {signature}" for signature in signatures]
    return [f"X-Slack-Request-Timestamp: {stamp}", *found]


def forgeries() -> dict[str, list[str]]:
    stamp = now()
    good = sign(stamp)
    return {
        "no headers": [],
        "no signature": headers(stamp),
        "no time": [f"X-Slack-Signature: {good}"],
        "an empty one": headers(stamp, ""),
        "a made-up one": headers(stamp, "v0=" + "0" * 64),
        "of another body": headers(stamp, sign(stamp, OTHER)),
        "of another secret": headers(stamp, sign(stamp, secret="other")),
        "of another time": headers(now(1), good),
        "another version": headers(stamp, "v1" + good[2:]),
        "no version": headers(stamp, good[3:]),
        "in capitals": headers(stamp, "v0=" + good[3:].upper()),
        "too short": headers(stamp, good[:-1]),
        "too long": headers(stamp, good + "0"),
        "not ASCII": headers(stamp, "v0=\xe9\xff"),
        "two of them": headers(stamp, "v0=" + "0" * 64, good),
        "two times": [f"X-Slack-Request-Timestamp: {now(9)}", *headers(stamp, good)],
        "old": headers(now(-OLD_SECONDS), sign(now(-OLD_SECONDS))),
        "of the future": headers(now(OLD_SECONDS), sign(now(OLD_SECONDS))),
        **{
            f"at {odd[:9]!r}": headers(odd, sign(odd))
            for odd in ("yesterday", "-1", "0", "1e9", "nan", "1_0", f"{stamp}.0", "9" * 5000)
        },
    }


def test_every_forgery_is_refused_and_every_refusal_is_the_same(door: Doorway) -> None:
    answers = {name: door.asks(known) for name, known in forgeries().items()}
    assert {name: status(answer) for name, answer in answers.items()} == dict.fromkeys(answers, 401)
    [refusal] = {told(answer) for answer in answers.values()}
    assert refusal.partition(b"\r\n\r\n")[2] == b""
    assert b"server" not in refusal.lower()
    assert door.app.came == []


def test_slacks_own_signature_comes_through_however_its_headers_are_written(door: Doorway) -> None:
    stamp = now()
    for known in (headers(stamp, sign(stamp)), [h.lower() for h in headers(stamp, sign(stamp))]):
        assert status(door.asks(known)) == 200
    assert len(door.app.came) == 2


def test_signatures_are_compared_in_the_same_time_wherever_they_differ(
    door: Doorway, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared, compare = [], hmac.compare_digest

    def noting(one: str, other: str) -> bool:
        compared.append((one, other))
        return compare(one, other)

    monkeypatch.setattr(hmac, "compare_digest", noting)
    stamp = now()
    forged = "v0=" + "0" * 64
    assert status(door.asks(headers(stamp, forged))) == 401
    assert compared == [(sign(stamp), forged)]


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_only_a_post_is_a_delivery(door: Doorway, method: str) -> None:
    stamp = now()
    answer = door.asks(headers(stamp, sign(stamp)), start=f"{method} /slack/events")
    assert status(answer) == 404
    assert door.app.came == []


@pytest.mark.parametrize(
    "path", ["/", "/slack", "/slack/events/", "/slack/events/x", "/slack/install"]
)
def test_there_is_one_address(door: Doorway, path: str) -> None:
    stamp = now()
    assert status(door.asks(headers(stamp, sign(stamp)), start=f"POST {path}")) == 404
    assert door.app.came == []


def test_pieces_are_put_together_before_their_signature_is_looked_at(door: Doorway) -> None:
    stamp = now()
    known = ["Transfer-Encoding: chunked", "Content-Type: application/json"]
    pieces = b"%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n" % (9, BODY[:9], len(BODY) - 9, BODY[9:])
    with Line(door.port) as line:
        assert status(line.asks(pieces, *known, *headers(stamp, sign(stamp)))) == 200
    for broken in (b"zz\r\n" + BODY, b"-5\r\n" + BODY + b"\r\n0\r\n\r\n"):
        with Line(door.port) as line:
            assert status(line.asks(broken, *known, *headers(stamp, sign(stamp)))) == 400
    with Line(door.port) as line:
        # What is signed is what was sent, not what stands in the pieces' frames.
        signed = sign(stamp, pieces)
        assert status(line.asks(pieces, *known, *headers(stamp, signed))) == 401
    assert len(door.app.came) == 1


@pytest.mark.parametrize("length", ["-1", "x", "1e3", "+5"])
def test_a_length_that_is_none_is_malformed(door: Doorway, length: str) -> None:
    stamp = now()
    with Line(door.port) as line:
        known = [f"Content-Length: {length}", f"Content-Type: {FORM}"]
        assert status(line.asks(b"", *known, *headers(stamp, sign(stamp, b"")))) in {400, 401}
    assert door.app.came == []


def test_what_is_announced_as_too_large_is_refused_before_it_comes(door: Doorway) -> None:
    with Line(door.port) as line:
        known = [f"Content-Length: {MOST_BYTES + 1}", f"Content-Type: {FORM}"]
        assert status(line.asks(b"payload=", *known)) == 413
    assert door.app.came == []


def test_who_never_finishes_holds_nobody_up(door: Doorway) -> None:
    """More of them than there are threads."""
    with ExitStack() as lines:
        for _ in range(HANGING):
            line = lines.enter_context(Line(door.port))
            line.socket.sendall(b"POST /slack/events HTTP/1.1\r\nContent-Length: 500\r\n\r\npay")
        stamp = now()
        assert status(door.asks(headers(stamp, sign(stamp)))) == 200
    assert len(door.app.came) == 1
