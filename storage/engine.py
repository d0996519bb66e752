"""The database: one writer at a time on SQLite, a pool on PostgreSQL, and readers beside it.

Every wait has an end below Slack's three seconds (`storage.deadline` for a server that says nothing
at all): a request that cannot be written is not acknowledged, and Slack sends it again.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from storage.deadline import CONNECT_SECONDS, Deadline, TooLateError
from storage.recent import Recent

WAIT_SECONDS = 1.5
_WAIT_MS = int(WAIT_SECONDS * 1000)
_STEPS = 10
"""Into so many steps a second is rounded how long others are waited for: it seldom changes."""
_LONG_LOG_PAGES = 1000
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={_WAIT_MS}",
    # Checkpoints are a tick's business, so that no click pays for one.
    "PRAGMA wal_autocheckpoint=0",
    "PRAGMA cache_size=-16000",
    "PRAGMA temp_store=MEMORY",
)


class StorageBusyError(Exception):
    """The database is locked, full or away; nothing was changed."""


class Database:
    """Opens transactions on SQLite or PostgreSQL; what it gives out is a Core connection.

    `around` is entered for each that may write, the wait for it included.
    """

    def __init__(
        self, url: str, around: Callable[[], AbstractContextManager[object]] = nullcontext
    ) -> None:
        self._around = around
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._turn = threading.Lock()
        self._kept: Connection | None = None
        recent = Recent()
        self._deadline: Deadline | None = None
        if self.is_sqlite:
            self._writer = _sqlite(url, recent, "BEGIN IMMEDIATE", pool_size=1)
            self._reader = _sqlite(url, recent, "BEGIN", pool_size=8)
        else:
            self._writer = self._reader = _postgresql(url, recent)
            self._deadline = Deadline(self._writer)
        driver = self._writer.dialect.loaded_dbapi
        self._fails: type[Exception] = driver.OperationalError

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction that may write; committed at the end, rolled back on any exception.

        Raises StorageBusyError when the database cannot be written to within WAIT_SECONDS.
        """
        with self._around():
            if self._deadline:
                with self._in_time(self._deadline) as connection:
                    yield connection
                return
            until = time.monotonic() + WAIT_SECONDS
            if not self._turn.acquire(timeout=WAIT_SECONDS):
                raise StorageBusyError("another write takes too long")
            try:
                with self._told_plainly(), self._kept_for_writing() as connection:
                    # Other processes get what our own writers left of the time.
                    _wait_for_others(connection, until - time.monotonic())
                    with connection.begin():
                        yield connection
            finally:
                self._turn.release()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One transaction that only reads. Raises StorageBusyError."""
        if self._deadline:
            with self._in_time(self._deadline) as connection:
                yield connection
            return
        with self._told_plainly(), self._reader.begin() as connection:
            yield connection

    def checkpoint(self) -> None:
        """Move SQLite's log into its file, and cut it if it has grown long and nobody writes."""
        if not self.is_sqlite:
            return
        with self._told_plainly(), self._reader.connect() as connection:
            cursor = connection.connection.cursor()
            _, pages, moved = cursor.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            cursor.close()
        # A short log is used again from its start, which is cheaper than to let it grow anew.
        if moved < pages or pages < _LONG_LOG_PAGES or not self._turn.acquire(blocking=False):
            return
        try:
            with self._told_plainly(), self._kept_for_writing() as connection:
                _wait_for_others(connection, 0)
                connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            self._turn.release()

    @contextmanager
    def _kept_for_writing(self) -> Iterator[Connection]:
        """SQLite's one writing connection, for whoever's turn it is: kept from one to the next, and
        given back to its pool, which puts it right, where something failed.
        """
        connection, self._kept = self._kept or self._writer.connect(), None
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        self._kept = connection

    def close(self) -> None:
        """Give up all connections."""
        if self._deadline:
            self._deadline.close()
        if self._kept:
            self._kept.close()
            self._kept = None
        self._writer.dispose()
        self._reader.dispose()

    @contextmanager
    def _in_time(self, deadline: Deadline) -> Iterator[Connection]:
        """One transaction on PostgreSQL, up to its commit."""
        with self._told_plainly():
            deadline.check()
            with (
                self._writer.connect() as connection,
                deadline.over(connection),
                connection.begin(),
            ):
                yield connection

    @contextmanager
    def _told_plainly(self) -> Iterator[None]:
        try:
            yield
        except PoolTimeoutError as error:
            raise StorageBusyError("no connection was free in time") from error
        except TooLateError as error:
            raise StorageBusyError(str(error)) from error
        except self._fails as error:
            # From a prepared statement, which the driver runs by itself.
            raise StorageBusyError(str(error)) from error
        except DBAPIError as error:
            if error.connection_invalidated or type(error).__name__ == "OperationalError":
                raise StorageBusyError(str(error.orig)) from error
            raise


def _wait_for_others(connection: Connection, seconds: float) -> None:
    """How long this connection may wait for another process that writes."""
    limit = max(0, round(seconds * _STEPS) * 1000 // _STEPS)
    if connection.info.get("limit") != limit:
        connection.connection.cursor().execute(f"PRAGMA busy_timeout={limit}")
        connection.info["limit"] = limit


def _sqlite(url: str, recent: Recent, begin: str, *, pool_size: int) -> Engine:
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=WAIT_SECONDS,
        connect_args={"check_same_thread": False, "timeout": WAIT_SECONDS},
        query_cache_size=1200,
        hide_parameters=True,
        execution_options={"recent": recent},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own type
        # The driver would open transactions by itself, and too late.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # Past Core: every click begins.
        connection.connection.cursor().execute(begin)

    return engine


def _postgresql(url: str, recent: Recent) -> Engine:
    limits = (
        f"-c statement_timeout={_WAIT_MS} -c lock_timeout={_WAIT_MS}"
        " -c idle_in_transaction_session_timeout=60000 -c timezone=UTC"
    )
    return create_engine(
        url,
        pool_size=16,
        max_overflow=4,
        pool_timeout=WAIT_SECONDS,
        pool_pre_ping=False,
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "options": limits,
            "prepare_threshold": 2,
        },
        query_cache_size=1200,
        hide_parameters=True,
        execution_options={"recent": recent},
    )
