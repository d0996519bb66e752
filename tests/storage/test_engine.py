"""SQLite as one process uses it: no wait takes long, and the log is kept short."""

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from storage import receipts
from storage.engine import WAIT_SECONDS, Database, StorageBusyError

_MANY_PAGES = text(
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)"
    " INSERT INTO receipts SELECT 'T1', printf('%060d', i), i FROM n"
)


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    opened = Database(sqlite_url)
    yield opened
    opened.close()


def test_whoever_waits_for_a_writer_of_ours_and_for_another_process_waits_once(
    database: Database, sqlite_url: str
) -> None:
    told: list[str] = []
    with database._turn, database._kept_for_writing() as connection:
        connection.connection.driver_connection.set_trace_callback(told.append)  # type: ignore[union-attr]
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    database._turn.acquire()
    ours = threading.Timer(WAIT_SECONDS * 0.4, database._turn.release)
    ours.start()
    with pytest.raises(StorageBusyError), database.write():
        pass
    ours.join()
    other.execute("ROLLBACK")
    other.close()
    (left,) = (int(line.partition("=")[2]) for line in told if "busy_timeout" in line)
    assert 0 < left < WAIT_SECONDS * 750
    with database.write() as connection:
        assert receipts.take(connection, "T1", "k", 1)


def test_a_long_log_is_cut_when_nobody_writes(database: Database, sqlite_url: str) -> None:
    log = Path(sqlite_url.removeprefix("sqlite:///") + "-wal")
    with database.write() as connection:
        connection.execute(_MANY_PAGES)
    with database.write():
        database.checkpoint()
        assert log.stat().st_size > 0
    database.checkpoint()
    assert log.stat().st_size == 0
    with database.write() as connection:
        assert receipts.take(connection, "T1", "k", 1)
    database.checkpoint()
    # A short one stays: to let it grow anew costs more.
    assert log.stat().st_size > 0
