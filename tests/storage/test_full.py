"""A full disk: the transaction is refused whole, and the next one works once there is room."""

from contextlib import closing

import pytest
from sqlalchemy import Connection, select, text

from storage import receipts, tables
from storage.engine import Database, StorageBusyError

MANY = 500


def fill(connection: Connection, begin: int) -> None:
    for number in range(begin, begin + MANY):
        receipts.take(connection, "T1", f"{number} {'x' * 200}", 1)


def limit(database: Database, pages: str) -> None:
    """What the writer's connection may make of the file."""
    with database._turn, database._kept_for_writing() as connection:
        connection.connection.cursor().execute(f"PRAGMA max_page_count = {pages}")


def test_nothing_is_half_written_on_a_full_disk(sqlite_url: str) -> None:
    with closing(Database(sqlite_url)) as database:
        with database.write() as connection:
            fill(connection, 0)
            pages = connection.execute(text("PRAGMA page_count")).scalar()
        limit(database, f"{pages}")
        with pytest.raises(StorageBusyError, match="full"), database.write() as connection:
            fill(connection, MANY)
        with database.read() as connection:
            assert len(connection.execute(select(tables.receipts)).all()) == MANY
        limit(database, "1000000")
        with database.write() as connection:
            fill(connection, MANY)
        with database.read() as connection:
            assert len(connection.execute(select(tables.receipts)).all()) == 2 * MANY
