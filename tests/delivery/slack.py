"""A few of Slack's methods on 127.0.0.1, with the ways in which a network lets one down."""

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from typing_extensions import override

JSON = dict[str, Any]

ACCEPT_AND_DROP, DROP, LATE = "accept and drop", "drop", "late"
BROKEN_BEFORE, BROKEN_AFTER, LIMITED = "500 before", "500 after", "429"
HANGING, SLOW = "no answer", "answer after the time-out"
DONE_ALL_THE_SAME = ("", ACCEPT_AND_DROP, BROKEN_AFTER, SLOW)


@dataclass
class World:
    """What Slack holds, and what goes wrong next: `faults` by method, "" for nothing.

    Where none is planned, `luck` says what a call runs into. What is late lands by itself within
    `lands_within` seconds, or by `land`; an answer that is slow or never comes takes `hangs`.
    """

    posts: list[JSON] = field(default_factory=list)
    edits: list[JSON] = field(default_factory=list)
    files: dict[str, JSON] = field(default_factory=dict)
    canvases: dict[str, set[str]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    faults: dict[str, deque[str]] = field(default_factory=dict)
    late: list[JSON] = field(default_factory=list)
    retry_after: float = 2.0
    luck: Callable[[str], str] = lambda _method: ""
    lands_within: float = 0.0
    hangs: float = 1.2
    page: int = 100
    clock: int = 1_800_000_000
    changed: threading.Condition = field(default_factory=threading.Condition)

    def fail(self, method: str, *faults: str, channel: str = "") -> None:
        """What the next calls of a method run into, in one conversation or any.

        Any other word is an error code of Slack's.
        """
        self.faults.setdefault(f"{method} {channel}".strip(), deque()).extend(faults)

    def fault(self, method: str, sent: JSON) -> str:
        """What this call runs into."""
        for place in (f"{method} {sent.get('channel')}", method):
            if waiting := self.faults.get(place):
                return waiting.popleft()
        return self.luck(method)

    def shown(self) -> dict[tuple[str, str], str]:
        """What stands in each conversation by its `ts`, as it was edited last."""
        shown = {(post["channel"], post["ts"]): str(post["text"]) for post in self.posts}
        return shown | {(edit["channel"], edit["ts"]): str(edit["text"]) for edit in self.edits}

    def put_off(self, method: str, sent: JSON) -> None:
        """What was sent arrives later, or never: nothing lands beyond what is declared."""
        if not self.lands_within:
            self.late.append(sent)
            return
        since = time.monotonic()

        def land() -> None:
            with self.changed:
                if time.monotonic() - since <= self.lands_within:
                    self.do(method, sent)
                    self.changed.notify_all()

        landing = threading.Timer(self.lands_within * 0.8, land)
        landing.daemon = True
        landing.start()

    def land(self) -> None:
        """What was sent long ago arrives only now."""
        with self.changed:
            while self.late:
                self.do("chat.postMessage", self.late.pop(0))

    def texts(self, channel: str = "") -> list[str]:
        """What is to be read, in order."""
        return [post["text"] for post in self.posts if channel in ("", post["channel"])]

    def do(self, method: str, sent: JSON) -> JSON:
        """Do what a call asks for and answer it."""
        done: JSON = getattr(self, "_" + method.replace(".", "_").lower())(sent)
        return done | {"ok": True}

    def _ts(self) -> str:
        self.clock += 1
        return f"{self.clock}.000100"

    def _chat_postmessage(self, sent: JSON) -> JSON:
        post = sent | {"ts": self._ts()}
        self.posts.append(post)
        return {"ts": post["ts"], "channel": post["channel"]}

    def _chat_update(self, sent: JSON) -> JSON:
        self.edits.append(sent)
        return {"ts": sent["ts"], "channel": sent["channel"]}

    def _chat_postephemeral(self, sent: JSON) -> JSON:
        return {"message_ts": self._ts(), "channel": sent["channel"]}

    def _conversations_open(self, sent: JSON) -> JSON:
        return {"channel": {"id": "D" + sent["users"]}}

    def _conversations_history(self, sent: JSON) -> JSON:
        return self._read(sent, lambda post: not post.get("thread_ts"))

    def _conversations_replies(self, sent: JSON) -> JSON:
        return self._read(sent, lambda post: sent["ts"] in (post["ts"], post.get("thread_ts")))

    def _read(self, sent: JSON, wanted: Any) -> JSON:  # noqa: ANN401
        found = [post for post in self.posts if post["channel"] == sent["channel"] and wanted(post)]
        found = [post for post in found if float(post["ts"]) >= float(sent["oldest"])]
        start = int(sent.get("cursor") or 0)
        following = start + self.page
        cursor = str(following) if following < len(found) else ""
        return {
            "messages": found[start:following],
            "response_metadata": {"next_cursor": cursor},
        }

    def _users_info(self, sent: JSON) -> JSON:
        return {"user": {"id": sent["user"]}}

    def _files_getuploadurlexternal(self, sent: JSON) -> JSON:
        file_id = f"F{len(self.files) + 1}"
        self.files[file_id] = {"id": file_id, "name": sent["filename"], "ims": []}
        return {"file_id": file_id, "upload_url": f"{sent['_base']}/upload/{file_id}"}

    def _files_completeuploadexternal(self, sent: JSON) -> JSON:
        for entry in sent["files"]:
            self.files[entry["id"]]["ims"].append(sent["channel_id"])
        return {"files": sent["files"]}

    def _files_info(self, sent: JSON) -> JSON:
        if sent["file"] in self.canvases:
            return {"file": {"id": sent["file"], "permalink": f"https://slack/{sent['file']}"}}
        return {"file": self.files[sent["file"]]}

    def _canvases_create(self, sent: JSON) -> JSON:
        canvas = f"C{len(self.canvases) + 1}"
        self.canvases[canvas] = set()
        return {"canvas_id": canvas}

    def _canvases_edit(self, sent: JSON) -> JSON:
        return {"canvas_id": sent["canvas_id"]}

    def _canvases_access_set(self, sent: JSON) -> JSON:
        self.canvases[sent["canvas_id"]] |= set(sent["user_ids"])
        return {}

    def _canvases_access_delete(self, sent: JSON) -> JSON:
        self.canvases[sent["canvas_id"]] -= set(sent["user_ids"])
        return {}

    def _views_publish(self, sent: JSON) -> JSON:
        return {"view": sent["view"]}


class _Handler(BaseHTTPRequestHandler):
    world: World
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        if len(body) < length:
            # Whoever died while calling has called nothing.
            self.close_connection = True
            return
        base = f"http://{self.headers['Host']}"
        if self.path.startswith("/upload/"):
            self._answer(200, {"ok": True})
            return
        method = self.path.removeprefix("/api/")
        is_json = "json" in (self.headers.get("Content-Type") or "")
        sent = json.loads(body or b"{}") if is_json else dict(parse_qsl(body.decode()))
        with self.world.changed:
            self.world.calls.append(method)
            fault = self.world.fault(method, sent)
            done = {"ok": True}
            if fault in DONE_ALL_THE_SAME:
                done = self.world.do(method, sent | {"_base": base})
            elif fault == LATE:
                self.world.put_off(method, sent | {"_base": base})
            self.world.changed.notify_all()
        self._end(fault, done)

    def _end(self, fault: str, done: JSON) -> None:
        match fault:
            case "":
                self._answer(200, done)
            case "accept and drop" | "drop" | "late":
                self.close_connection = True
            case "no answer" | "answer after the time-out":
                threading.Event().wait(self.world.hangs)
                self.close_connection = True
            case "500 before" | "500 after":
                self._answer(500, {"ok": False, "error": "internal_error"})
            case "429":
                after = str(self.world.retry_after)
                self._answer(429, {"ok": False, "error": "ratelimited"}, ("Retry-After", after))
            case code:
                self._answer(200, {"ok": False, "error": code})

    def _answer(self, status: int, body: JSON, *headers: tuple[str, str]) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        for name, value in (*headers, ("Content-Type", "application/json")):
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serve(world: World) -> Iterator[str]:
    """The base URL of a Slack that holds this world."""
    handler = type("Handler", (_Handler,), {"world": world})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), name="slack-stand-in")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/api/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
