"""Nobody waits for a PostgreSQL that says nothing; what runs in the background may."""

import threading
import time
from contextlib import closing

import pytest
from sqlalchemy import Connection, text

from storage.deadline import answering
from storage.engine import Database, StorageBusyError

PATIENT = 60.0
"""More than anything here takes, on a busy machine too."""


def is_there(database: Database) -> bool:
    with database.write() as connection:
        return connection.execute(text("SELECT 1")).scalar() == 1


def fall_silent(connection: Connection) -> None:
    """As little is heard as from one that stands still, which keeps no time-out of its own."""
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    connection.execute(text("SELECT pg_sleep(:seconds)"), {"seconds": PATIENT})


def test_whoever_is_waited_for_asks_no_longer_than_that(postgresql_url: str) -> None:
    with closing(Database(postgresql_url)) as database:
        assert is_there(database)
        since = time.monotonic()
        with answering(0.3), pytest.raises(StorageBusyError), database.write() as connection:
            fall_silent(connection)
        assert time.monotonic() - since < PATIENT / 2
        assert is_there(database)


def test_whoever_comes_right_after_is_not_kept_waiting(postgresql_url: str) -> None:
    with closing(Database(postgresql_url)) as database:
        assert is_there(database)
        with answering(2), pytest.raises(StorageBusyError), database.read() as connection:
            fall_silent(connection)
        with answering(PATIENT), pytest.raises(StorageBusyError, match="does not answer"):
            is_there(database)
        threading.Event().wait(1)
        with answering(PATIENT):
            assert is_there(database)


def test_who_came_with_little_time_left_keeps_nobody_else_from_asking(postgresql_url: str) -> None:
    with closing(Database(postgresql_url)) as database:
        assert is_there(database)
        with answering(0.2), pytest.raises(StorageBusyError), database.read() as connection:
            fall_silent(connection)
        with answering(PATIENT):
            assert is_there(database)


def test_background_waits_and_so_does_what_comes_in_time(postgresql_url: str) -> None:
    with closing(Database(postgresql_url)) as database:
        with database.read() as connection:
            connection.execute(text("SELECT pg_sleep(1)"))
        with answering(PATIENT), database.read() as connection:
            connection.execute(text("SELECT pg_sleep(0.2)"))


def test_nobody_begins_to_connect_without_time_for_it(postgresql_url: str) -> None:
    with closing(Database(postgresql_url)) as database:
        with answering(1), pytest.raises(StorageBusyError, match="no time left"):
            is_there(database)
        with answering(PATIENT):
            assert is_there(database)


def test_no_thread_is_left(postgresql_url: str) -> None:
    with closing(Database(postgresql_url)) as database, answering(PATIENT):
        assert is_there(database)
        assert "deadline" in {thread.name for thread in threading.enumerate()}
    assert "deadline" not in {thread.name for thread in threading.enumerate()}
