"""Socket Mode: the bot dials in, envelopes go to any one of its connections, acks come back."""

import itertools
import json
import logging
import threading
from collections import deque
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from bot.sandbox.journal import Journal
from bot.sandbox.transport import ACK_SECONDS, Parcel, Receipt

JSON = dict[str, Any]

MOST_CONNECTIONS = 10
POLICY_VIOLATION = 1008  # WebSocket close code

_silent = logging.getLogger("bot.sandbox.socket_mode")
_silent.addHandler(logging.NullHandler())
_silent.propagate = False


@dataclass
class _Waiting:
    """An envelope that has been sent; `receipt` is there when it is acked or its line is cut."""

    connection: ServerConnection
    answered: threading.Event = field(default_factory=threading.Event)
    receipt: Receipt = field(default_factory=lambda: Receipt(0, "no ack", "http_timeout"))


class SocketMode:
    """A `Transport` over the bot's own WebSocket connections; listens on a free port."""

    def __init__(self, app_id: str, journal: Journal, ack_seconds: float = ACK_SECONDS) -> None:
        self._ack_seconds = ack_seconds
        self._app_id = app_id
        self._journal = journal
        self._changed = threading.Condition()
        self._connections: list[ServerConnection] = []
        self._tickets: set[str] = set()
        self._waiting: dict[str, _Waiting] = {}
        self._numbers = itertools.count(1)
        self.acked: deque[str] = deque(maxlen=1_000)
        self._server: Server = serve(self._serve, "127.0.0.1", 0, logger=_silent, close_timeout=1)
        self._thread = threading.Thread(
            target=self._server.serve_forever, name="slack-socket", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self.drop()
        self._thread.join()

    def open_url(self) -> str:
        """An address for one connection, as apps.connections.open gives it out."""
        with self._changed:
            ticket = f"ticket-{next(self._numbers)}"
            self._tickets.add(ticket)
        port = self._server.socket.getsockname()[1]
        return f"ws://127.0.0.1:{port}/link/?ticket={ticket}&app_id={self._app_id}"

    def wait_connected(self, connections: int, patience: float) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: len(self._connections) >= connections, patience)

    def send(self, parcel: Parcel) -> Receipt:
        """One envelope to one connection, and its ack in time."""
        with self._changed:
            if not self._connections:
                return Receipt(0, "no open connection", "connection_failed")
            # Slack picks any connection; taking turns makes a bot that expects one fail early.
            connection = self._connections.pop(0)
            self._connections.append(connection)
            envelope_id = f"envelope-{next(self._numbers)}"
            waiting = self._waiting[envelope_id] = _Waiting(connection)
        try:
            connection.send(json.dumps(_envelope(envelope_id, parcel)))
            waiting.answered.wait(self._ack_seconds)
        except ConnectionClosed as closed:
            waiting.receipt = Receipt(0, str(closed), "connection_failed")
        finally:
            with self._changed:
                del self._waiting[envelope_id]
        return waiting.receipt

    def blurt(self, text: str) -> None:
        """Say something that need not make sense on one connection; nobody waits for an ack."""
        self._open()[0].send(text)

    def disconnect(self, reason: str) -> None:
        """Tell every connection to go (`warning`, `refresh_requested`, `link_disabled`).

        After a warning the line stays open for the client to change over; else it is closed.
        """
        for connection in self._open():
            message: JSON = {"type": "disconnect", "reason": reason, "debug_info": {}}
            connection.send(json.dumps(message))
            if reason != "warning":
                connection.close()

    def drop(self) -> None:
        """Cut every line without a word."""
        for connection in self._open():
            connection.close_socket()

    def _open(self) -> list[ServerConnection]:
        with self._changed:
            return list(self._connections)

    def _serve(self, connection: ServerConnection) -> None:
        """One connection from hello to its end; runs in a thread of its own."""
        if not self._admitted(connection):
            connection.close(POLICY_VIOLATION, "no valid ticket")
            return
        try:
            # Under the lock, so that no envelope goes out before the hello.
            with self._changed:
                connection.send(json.dumps(self._hello()))
                self._connections.append(connection)
                self._changed.notify_all()
            for message in connection:
                self._ack(message)
        except (ConnectionClosed, OSError):
            pass  # the line was cut; whoever waits for an ack on it is told below
        finally:
            self._leave(connection)

    def _admitted(self, connection: ServerConnection) -> bool:
        path = connection.request.path if connection.request else ""
        ticket = parse_qs(urlsplit(path).query).get("ticket", [""])[0]
        with self._changed:
            known = ticket in self._tickets
            self._tickets.discard(ticket)
            return known and len(self._connections) < MOST_CONNECTIONS

    def _hello(self) -> JSON:
        return {
            "type": "hello",
            "num_connections": len(self._connections) + 1,
            "connection_info": {"app_id": self._app_id},
            "debug_info": {"host": "sandbox", "approximate_connection_time": 18060},
        }

    def _ack(self, message: str | bytes) -> None:
        try:
            answer = json.loads(message)
            envelope_id, payload = answer["envelope_id"], answer.get("payload")
        except (ValueError, KeyError, TypeError, AttributeError):
            self._journal.blame("socket", "bad_ack", str(message)[:200])
            return
        self.acked.append(str(envelope_id))
        with self._changed:
            waiting = self._waiting.get(envelope_id)
        if waiting is not None:  # else it came too late, which the courier has noted
            waiting.receipt = Receipt(200, json.dumps(payload) if payload else "")
            waiting.answered.set()

    def _leave(self, connection: ServerConnection) -> None:
        with self._changed:
            if connection in self._connections:
                self._connections.remove(connection)
            cut = [w for w in self._waiting.values() if w.connection is connection]
            self._changed.notify_all()
        for waiting in cut:
            if not waiting.answered.is_set():
                waiting.receipt = Receipt(0, "the connection was cut", "connection_failed")
                waiting.answered.set()


def _envelope(envelope_id: str, parcel: Parcel) -> JSON:
    envelope: JSON = {
        "envelope_id": envelope_id,
        "type": parcel.kind,
        "payload": parcel.payload,
        "accepts_response_payload": parcel.kind != "events_api",
    }
    if parcel.kind == "events_api":
        number, reason = parcel.retry or (0, "")
        envelope |= {"retry_attempt": number, "retry_reason": reason}
    return envelope
