"""Hangs up on a PostgreSQL that says nothing while a person waits.

Its own time-outs are kept by the server, so one that stands still keeps none of them, and the
driver waits for good. Only whoever answers a person is in such a hurry: what runs in the background
may take its time.
"""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, event
from sqlalchemy.pool import ConnectionPoolEntry

CONNECT_SECONDS = 2
"""The least that the driver allows for a new connection."""
_LOOK_SECONDS = 0.1
_AWAY_SECONDS = 1.0
_LONG_SECONDS = 1.0

_answer = threading.local()


class TooLateError(Exception):
    """There is no time left to ask the database, or it said nothing just now."""


@contextmanager
def answering(seconds: float) -> Iterator[None]:
    """A block in which somebody waits for this thread's answer for so many seconds at most."""
    _answer.until = time.monotonic() + seconds
    try:
        yield
    finally:
        _answer.until = None


@contextmanager
def taking_its_time() -> Iterator[None]:
    """A block that is brought to its end though somebody waits: else something would be lost."""
    until = _until()
    _answer.until = None
    try:
        yield
    finally:
        _answer.until = until


def is_waited_for() -> bool:
    """Whether somebody waits for this thread's answer."""
    return _until() is not None


def _until() -> float | None:
    """When whoever waits for this thread's answer gives up, by the monotonic clock."""
    return getattr(_answer, "until", None)


class Deadline:
    """Watches over the transactions of one engine.

    After one was cut that had long been under way, nobody who answers a person asks for a second:
    else all that come meanwhile would wait as long, one after another.
    """

    def __init__(self, engine: Engine) -> None:
        self._running: dict[socket.socket, tuple[float, float]] = {}
        self._away_until = 0.0
        self._awake = False
        self._wake, self._closed = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self._beginning = threading.Lock()
        event.listen(engine, "do_connect", self._connect)
        event.listen(engine, "connect", _keep_line)
        event.listen(engine, "close", _drop_line)

    def check(self) -> None:
        """Raises TooLateError where asking now would keep somebody waiting for nothing."""
        until, now = _until(), time.monotonic()
        if until is not None and (now < self._away_until or now >= until):
            raise TooLateError("the database does not answer")

    @contextmanager
    def over(self, connection: Connection) -> Iterator[None]:
        """A block in which this connection is cut when the answer would come too late."""
        until = _until()
        if until is None:
            yield
            return
        line: socket.socket = connection.info["line"]
        self._running[line] = time.monotonic(), until
        if not self._awake:
            self._rouse()
        try:
            yield
        finally:
            if self._running.pop(line, None) is None:
                connection.invalidate()

    def close(self) -> None:
        """End the thread."""
        self._closed.set()
        self._wake.set()
        if self._thread:
            self._thread.join()

    def _connect(
        self,
        dialect: Dialect,
        _entry: ConnectionPoolEntry,
        args: tuple[Any, ...],
        given: dict[str, Any],
    ) -> Any:  # noqa: ANN401 - the driver's own type
        since, until = time.monotonic(), _until()
        if until is not None and until - since < CONNECT_SECONDS:
            raise TooLateError("there is no time left to connect")
        try:
            return dialect.connect(*args, **given)
        except Exception:
            if time.monotonic() - since > _LONG_SECONDS:
                self._away_until = time.monotonic() + _AWAY_SECONDS
            raise

    def _rouse(self) -> None:
        with self._beginning:
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="deadline", daemon=True)
                self._thread.start()
        self._wake.set()

    def _watch(self) -> None:
        while not self._closed.is_set():
            self._awake = False
            if not self._running:
                self._wake.wait()
            self._wake.clear()
            self._awake = True
            self._cut_what_is_late()
            self._closed.wait(_LOOK_SECONDS)

    def _cut_what_is_late(self) -> None:
        now = time.monotonic()
        for line, (since, until) in self._running.copy().items():
            # Whoever takes it out of the list is the one who ends it.
            if until <= now and self._running.pop(line, None) is not None:
                # Whoever came with little time left, as from a slow Slack, proves nothing.
                if now - since > _LONG_SECONDS:
                    self._away_until = now + _AWAY_SECONDS
                with suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)


def _keep_line(connection: Any, entry: ConnectionPoolEntry) -> None:  # noqa: ANN401 - the driver's own type
    """A handle of our own: the number of the driver's may belong to another file in a moment."""
    entry.info["line"] = socket.socket(fileno=os.dup(connection.fileno()))


def _drop_line(_connection: object, entry: ConnectionPoolEntry) -> None:
    line = entry.info.pop("line", None)
    if line is not None:
        line.close()
