"""The HTTP door: what is not surely Slack's is refused before anything of it is read."""

import json
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest
from slack_bolt import App, BoltRequest, BoltResponse
from slack_sdk.signature import SignatureVerifier

from bot.afterwards import Afterwards
from bot.times import SystemClock
from bot.wire.http_server import HttpServer
from bot.wire.web import MOST_BYTES, Door

SECRET = "signing-secret"
FORM = "application/x-www-form-urlencoded"
OLD_SECONDS = 60 * 5 + 10


class Recording(App):
    """Bolt, which only notes what comes through."""

    def __init__(self) -> None:
        self.came: list[dict[str, object]] = []
        self._oauth_flow = None

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        self.came.append(req.body)
        return BoltResponse(status=200, body="")


@dataclass
class Doorway:
    app: Recording
    port: int

    def post(self, body: bytes, kind: str = FORM, **headers: str) -> int:
        """Knock, correctly signed unless `headers` say otherwise."""
        stamp = headers.pop("stamp", str(int(SystemClock().now().timestamp())))
        signature = headers.pop("signature", None)
        if signature is None:
            signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body)
        known = {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature or "",
        }
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/slack/events", data=body, headers=known, method="POST"
        )
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code


@pytest.fixture
def door() -> Iterator[Doorway]:
    app = Recording()
    server = HttpServer(Door(app, Afterwards(), SECRET, {}), 0, "127.0.0.1")
    server.start()
    yield Doorway(app, server.port)
    server.stop(2)


def test_what_slack_signs_comes_through(door: Doorway) -> None:
    payload = {"type": "block_actions", "actions": [{"action_id": "a", "value": "a+b & ü"}]}
    assert door.post(urlencode({"payload": json.dumps(payload)}).encode()) == 200
    assert door.post(b'{"type": "event_callback"}', "application/json; charset=utf-8") == 200
    assert door.app.came == [payload, {"type": "event_callback"}]


@pytest.mark.parametrize("signature", ["", "v0=", "v0=" + "0" * 64, "nonsense"])
def test_what_is_not_signed_by_slack_is_refused(door: Doorway, signature: str) -> None:
    assert door.post(b"payload=%7B%7D", signature=signature) == 401
    assert door.app.came == []


@pytest.mark.parametrize("seconds", [-OLD_SECONDS, OLD_SECONDS])
def test_an_old_delivery_is_refused(door: Doorway, seconds: int) -> None:
    stamp = str(int(SystemClock().now().timestamp()) + seconds)
    assert door.post(b"payload=%7B%7D", stamp=stamp) == 401
    assert door.post(b"payload=%7B%7D", stamp="yesterday", signature="v0=00") in (400, 401)
    assert door.app.came == []


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"payload=%7B", FORM),
        (b"payload=[]", FORM),
        (b"{", "application/json"),
        (b"[1]", "application/json"),
        (b"{}", "text/plain"),
        (b"{}", "multipart/form-data; boundary=x"),
        (b"payload=%7B%7D", "application/json"),
    ],
)
def test_what_is_malformed_is_refused(door: Doorway, body: bytes, kind: str) -> None:
    assert door.post(body, kind) == 400
    assert door.app.came == []


def test_what_is_no_text_is_refused(door: Doorway) -> None:
    assert door.post(b"\xff\xfe", signature="v0=" + "0" * 64) == 400
    assert door.app.came == []


def test_what_is_too_large_is_refused(door: Doorway) -> None:
    # The refusal may come while the rest is still being sent, on a line that is closed then.
    with suppress(urllib.error.URLError):
        assert door.post(b"payload=" + b"x" * MOST_BYTES) == 413
    assert door.app.came == []


@pytest.fixture
def server() -> Iterator[HttpServer]:
    made = HttpServer(Door(Recording(), Afterwards(), SECRET, {}), 0, "127.0.0.1")
    made.start()
    yield made
    with suppress(OSError):
        made.stop(0)


def test_connections_that_say_nothing_keep_nobody_out(server: HttpServer) -> None:
    with ExitStack() as kept:
        for _ in range(150):
            kept.enter_context(socket.create_connection(("127.0.0.1", server.port)))
        assert Doorway(Recording(), server.port).post(b"command=%2Fhandover") == 200


def test_a_connection_that_is_kept_brings_one_more_request_while_the_process_ends(
    server: HttpServer,
) -> None:
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=10)) as kept:
        assert knock(kept) == (401, None)
        ending = threading.Thread(target=server.stop, args=(30, 30))
        ending.start()
        refused(server.port)
        assert knock(kept) == (401, "close")
        ending.join()


def knock(connection: HTTPConnection) -> tuple[int, str | None]:
    """What an unsigned delivery is answered, and what becomes of the connection."""
    connection.request("POST", "/slack/events", "?")
    answer = connection.getresponse()
    answer.read()
    return answer.status, answer.getheader("Connection")


def refused(port: int) -> None:
    """Until nobody listens any more."""
    with suppress(ConnectionRefusedError):
        while True:
            socket.create_connection(("127.0.0.1", port)).close()
