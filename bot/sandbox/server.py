"""The HTTP side of the pocket Slack: Web API, response URLs, uploads and private files."""

import base64
import json
import socket
import sys
import threading
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import urlsplit

from typing_extensions import override

from bot.sandbox import arguments, files
from bot.sandbox.errors import SlackError
from bot.sandbox.methods.context import Context
from bot.sandbox.methods.files import receive
from bot.sandbox.web_api import Answer, Request, WebApi

JSON = dict[str, Any]

OK, BAD_REQUEST, FORBIDDEN, NOT_FOUND = 200, 400, 403, 404


@dataclass(frozen=True)
class House:
    """One workspace behind the address."""

    api: WebApi
    context: Context

    def is_meant(self, team: str) -> bool:
        return self.context.workspace.team_id == team

    def knows(self, request: Request) -> bool:
        """Whether a call is this workspace's: by its token, else by what is exchanged for one."""
        app = self.context.workspace.app
        given = {str(request.args.get(name)) for name in ("code", "refresh_token")}
        return app.knows(request.token or "") or any(
            app.knows(one) or one in app.install_codes for one in given
        )


class Server:
    """Listens on 127.0.0.1; `port` 0 takes a free one. Workspaces share it as they share Slack."""

    def __init__(self, port: int) -> None:
        self._houses: list[House] = []
        handler = type("Handler", (_Handler,), {"houses": self._houses})
        self._http = _Quiet(("127.0.0.1", port), handler)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        self._thread = threading.Thread(
            target=self._http.serve_forever, args=(0.05,), name="slack-http", daemon=True
        )
        self._thread.start()

    def add(self, api: WebApi, context: Context) -> None:
        """Answer for one more workspace."""
        self._houses.append(House(api, context))

    def close(self) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    @override
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is not news; a bug of the sandbox is."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    houses: ClassVar[list[House]]
    # One packet an answer: headers and body written apart would wait for each other (Nagle).
    wbufsize = -1

    def do_GET(self) -> None:
        self._route()

    def do_POST(self) -> None:
        self._route()

    @override
    def date_time_string(self, timestamp: float | None = None) -> str:
        """The clock of this Slack, which need not be the machine's."""
        now = self.houses[0].context.workspace.now()
        return super().date_time_string(now if timestamp is None else timestamp)

    @override
    def log_message(self, format: str, *args: object) -> None:
        """The journal is the log."""

    def _route(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        content = self.rfile.read(length)
        if len(content) < length:
            # Whoever was sending died over it: nothing was asked.
            self.close_connection = True
            return
        first, _, rest = urlsplit(self.path).path.strip("/").partition("/")
        match first:
            case "api":
                request = self._request(rest, content)
                house = next((one for one in self.houses if one.knows(request)), self.houses[0])
                self._send_answer(house.api.handle(request))
            case "response":
                team, _, key = rest.partition("/")
                self._response_url(self._house(team), key, content)
            case "upload":
                team, _, file_id = rest.partition("/")
                self._upload(self._house(team).context, file_id, content)
            case "files-pri":
                self._private_file(self._house(rest.partition("-")[0]).context, rest)
            case _:
                self._send(NOT_FOUND, b"", "text/plain")

    def _house(self, team: str) -> House:
        return next((one for one in self.houses if one.is_meant(team)), self.houses[0])

    def _request(self, method: str, content: bytes) -> Request:
        """Query, form and JSON are one; a token may be in the header or among the arguments."""
        args = arguments.read_form(urlsplit(self.path).query)
        as_json = bool(content) and "json" in (self.headers.get("Content-Type") or "")
        slip = None
        try:
            text = content.decode()
            args |= arguments.read_json(text) if as_json else arguments.read_form(text)
        except UnicodeDecodeError as error:
            slip = SlackError("invalid_charset", str(error))
        except SlackError as error:
            slip = error
        args = self._client_credentials() | args
        in_args = args.pop("token", None)
        bearer = self._bearer() or (str(in_args) if in_args else None)
        return Request(method, bearer, args, as_json=as_json, slip=slip)

    def _client_credentials(self) -> JSON:
        """oauth.v2.access may carry the client's id and secret as HTTP Basic."""
        kind, _, encoded = (self.headers.get("Authorization") or "").partition(" ")
        if kind != "Basic":
            return {}
        client_id, _, secret = base64.b64decode(encoded).decode().partition(":")
        return {"client_id": client_id, "client_secret": secret}

    def _bearer(self) -> str | None:
        kind, _, token = (self.headers.get("Authorization") or "").partition(" ")
        return token if kind == "Bearer" and token else None

    def _send_answer(self, answer: Answer) -> None:
        if answer.delay:
            threading.Event().wait(answer.delay)
        if answer.lost:
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
            return
        body = json.dumps(answer.body).encode()
        self._send(answer.status, body, "application/json; charset=utf-8", answer.headers)

    def _response_url(self, house: House, key: str, content: bytes) -> None:
        """200, or 404 with an error code."""
        try:
            args = arguments.read_json(content.decode())
        except SlackError as slip:
            house.context.journal.blame("response_url", slip.rule, str(slip))
            self._send(BAD_REQUEST, slip.code.encode(), "text/plain")
            return
        answer = house.api.respond(key, args)
        refused = answer.status == OK and not answer.body.get("ok")
        self._send_answer(replace(answer, status=NOT_FOUND) if refused else answer)

    def _upload(self, context: Context, file_id: str, content: bytes) -> None:
        try:
            receive(context, file_id, content)
            self._send(OK, f"OK - {len(content)}".encode(), "text/plain")
        except SlackError as error:
            context.journal.blame("upload", error.rule, str(error))
            self._send(BAD_REQUEST, error.code.encode(), "text/plain")

    def _private_file(self, context: Context, path: str) -> None:
        """`T…-F…/name`: the bytes, for the bot's token only."""
        workspace = context.workspace
        file = workspace.files.get(path.partition("/")[0].rpartition("-")[2])
        app = workspace.app
        if not app.works(self._bearer() or "") or "files:read" not in app.scopes:
            context.journal.blame("url_private", "not_authed", "wrong token or no files:read")
            self._send(FORBIDDEN, b"", "text/plain")
        elif file is None or not files.visible_to_bot(workspace, file):
            self._send(NOT_FOUND, b"", "text/plain")
        else:
            self._send(OK, file.content, "application/octet-stream")

    def _send(
        self, status: int, body: bytes, content_type: str, headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
