"""waitress with an orderly end: what was accepted is answered, what comes later is refused."""

import socket
import threading
import time
from typing import Any

from typing_extensions import override
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer
from waitress.task import WSGITask

from bot.wire.web import Door, serve_http

_LOOK_AGAIN_SECONDS = 0.02
_LINGER_SECONDS = 0.5
"""For so long connections that are kept open may bring one more request, which ends them."""


class _Task(WSGITask):
    """An answer that says whether another one may be had on the same connection."""

    @override
    def build_response_header(self) -> bytes:
        if not self.channel.server.accepting:
            self.set_close_on_finish()
        header: bytes = super().build_response_header()
        return header


class _Channel(HTTPChannel):
    task_class = _Task


class HttpServer:
    """Listens from the start, serves from `start` to `stop`.

    Raises OSError when the port cannot be had.
    """

    def __init__(self, door: Door, port: int, host: str = "0.0.0.0") -> None:  # noqa: S104 - a server
        server = serve_http(door, port, host)
        if not isinstance(server, BaseWSGIServer):
            raise TypeError("one address, one socket")
        self._server: Any = server
        self._server.channel_class = _Channel
        self._thread = threading.Thread(target=server.run, name="http", daemon=True)
        self._stopped = threading.Event()

    @property
    def port(self) -> int:
        """The port that was given, or the free one that was found for 0."""
        return int(self._server.effective_port)

    def start(self) -> None:
        """Serve in a thread of its own."""
        self._thread.start()

    def stop(self, drain_seconds: float, linger_seconds: float = _LINGER_SECONDS) -> None:
        """Take no new connection, answer what has come, and end after so many seconds at most."""
        self._in_its_thread(self._stop_listening)
        self._wait(drain_seconds, linger_seconds)
        self._server.task_dispatcher.shutdown(timeout=1)
        self._in_its_thread(self._close_all)
        self._thread.join(2)

    def _wait(self, seconds: float, linger: float) -> None:
        since = time.monotonic()
        while (passed := time.monotonic() - since) < seconds:
            if not self._server.active_channels:
                return
            if passed >= linger and not self._busy():
                return
            self._stopped.wait(_LOOK_AGAIN_SECONDS)

    def _busy(self) -> bool:
        """Whether a request is being read, worked on or answered."""
        channels = list(self._server.active_channels.values())
        return any(c.requests or c.request or c.total_outbufs_len for c in channels)

    def _in_its_thread(self, do: Any) -> None:  # noqa: ANN401 - waitress has no types for it
        """The socket map belongs to the serving thread: changes to it are made there."""
        done = threading.Event()

        def then() -> None:
            do()
            done.set()

        self._server.trigger.pull_trigger(then)
        done.wait(2)

    def _stop_listening(self) -> None:
        self._server.accepting = False
        self._server.del_channel()
        # Waiting connections are refused now, and sent again by whoever wants an answer.
        self._server.socket.shutdown(socket.SHUT_RDWR)
        self._server.socket.close()

    def _close_all(self) -> None:
        wasyncore.close_all(self._server._map, ignore_all=True)  # noqa: SLF001 - no other way in
