"""The HTTP side: Slack's one address, and what an operator looks at.

In order: the body's size (waitress), the signature over the raw body and its age, and only then the
parsing; what fails is refused before anything of it is read.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_bolt.adapter.wsgi.http_request import WsgiHttpRequest
from slack_bolt.context.context import BoltContext
from slack_bolt.request.internals import build_context, build_normalized_headers
from slack_sdk.signature import SignatureVerifier
from waitress.server import BaseWSGIServer, MultiSocketServer, create_server
from yarl import URL

from bot.afterwards import Afterwards
from bot.installs.pages import Answer as Shown
from bot.wire.shapes import check_shape
from storage.deadline import answering

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

MOST_BYTES = 1_000_000
"""Slack's payloads are far smaller; whatever is larger is not Slack's."""
THREADS = 16
MOST_CONNECTIONS = 600
"""Most of them idle, as balancers keep them. At the limit nobody else is heard, Slack neither."""
ANSWER_SECONDS = 2.5
"""Slack hangs up after three."""
_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"
_STAMP, _SIGNATURE = re.compile(r"[0-9]{1,12}"), re.compile(r"v0=[0-9a-f]{64}")
MALFORMED = (ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What reading a body raises that has not the shape of Slack's: our reading, and Bolt's."""

Page = Callable[[], tuple[HTTPStatus, str, str]]
"""What an operator's page answers: status, content type and text."""
Visit = Callable[[str, str], Shown]
"""What answers a browser, from its query and its cookies."""


class SlackRequest(BoltRequest):
    """A request whose form is read by a C parser: the form is most of what a click costs."""

    def __init__(self, body: str, headers: dict[str, Any]) -> None:
        self.raw_body = body
        self.query = {}
        self.headers = build_normalized_headers(headers)
        self.content_type = headers.get("content-type", "").partition(";")[0]
        self.body = parse_body(body, self.content_type)
        self.context = build_context(BoltContext({}), self.body)
        self.lazy_only = False
        self.lazy_function_name = None
        self.mode = "http"


def parse_body(body: str, content_type: str) -> dict[str, Any]:
    """What Slack sent: JSON, or a form whose `payload` is JSON. Raises ValueError otherwise."""
    if content_type == _JSON:
        found = json.loads(body)
    elif content_type == _FORM:
        form = URL.build(path="/", query_string=body, encoded=True).query
        found = json.loads(form["payload"]) if "payload" in form else dict(form)
    else:
        raise ValueError(content_type)
    if not isinstance(found, dict):
        raise ValueError("not an object")  # noqa: TRY004 - malformed input, not a bug
    check_shape(found)
    return found


class _Body(list[bytes]):
    """The body of an answer; the server closes it once it is written."""

    def __init__(self, pieces: Iterable[bytes], written: Callable[[], None]) -> None:
        super().__init__(pieces)
        self.close = written


class Door(SlackRequestHandler):
    """Bolt's own WSGI adapter, with the checks before it and the operator's pages beside it."""

    def __init__(
        self,
        app: App,
        afterwards: Afterwards,
        signing_secret: str,
        pages: Mapping[str, Page],
        visits: Mapping[str, Visit] = MappingProxyType({}),
        turned_away: Callable[[int], object] = lambda _status: None,
    ) -> None:
        super().__init__(app)
        self._afterwards = afterwards
        self._verifier = SignatureVerifier(signing_secret)
        self._pages = pages
        self._visits = visits
        self._turned_away = turned_away

    def dispatch(self, request: WsgiHttpRequest) -> BoltResponse:
        """Answer one delivery: 401 unsigned or old, 400 malformed, else whatever the app says."""
        headers = request.get_headers()
        try:
            body = request.get_body()
            if not self._is_signed(body, headers):
                return self._turn_away(HTTPStatus.UNAUTHORIZED)
            found = SlackRequest(body, headers)
        except MALFORMED:
            return self._turn_away(HTTPStatus.BAD_REQUEST)
        with answering(ANSWER_SECONDS):
            return self.app.dispatch(found)

    def _turn_away(self, status: HTTPStatus) -> BoltResponse:
        self._turned_away(status.value)
        return BoltResponse(status=status.value, body="")

    def _is_signed(self, body: str, headers: Mapping[str, Any]) -> bool:
        stamp = str(headers.get("x-slack-request-timestamp", ""))
        signature = str(headers.get("x-slack-signature", ""))
        # What is not even written as Slack writes it would not be refused but fail.
        is_written = _STAMP.fullmatch(stamp) and _SIGNATURE.fullmatch(signature)
        return bool(is_written) and self._verifier.is_valid(body, stamp, signature)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer an operator's page or whoever installs, or hand over to Bolt."""
        path, is_get = environ.get("PATH_INFO", ""), environ.get("REQUEST_METHOD") == "GET"
        if is_get and (page := self._pages.get(path)):
            # Who probes a database that stands still must not hold a thread that Slack waits for.
            with answering(ANSWER_SECONDS):
                status, kind, text = page()
            start_response(f"{status.value} {status.phrase}", [("content-type", kind)])
            return [text.encode()]
        if is_get and (visit := self._visits.get(path)):
            found = visit(environ.get("QUERY_STRING", ""), environ.get("HTTP_COOKIE", ""))
            status = found.status
            start_response(f"{status.value} {status.phrase}", list(found.headers))
            return [found.body.encode()]
        with self._afterwards.answering() as answer:
            written = partial(self._afterwards.written, answer)
            try:
                return _Body(super().__call__(environ, start_response), written)
            except BaseException:
                written()
                raise


def serve_http(door: Door, port: int, host: str = "0.0.0.0") -> MultiSocketServer | BaseWSGIServer:  # noqa: S104 - a server
    """A server that listens already; `run()` serves until `close()`."""
    return create_server(
        door,
        host=host,
        port=port,
        threads=THREADS,
        max_request_body_size=MOST_BYTES,
        ident=None,
        channel_timeout=30,
        connection_limit=MOST_CONNECTIONS,
        # What the other way would bear are file descriptors below 1024.
        asyncore_use_poll=True,
    )
