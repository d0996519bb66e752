"""Migrating PostgreSQL while people work: nobody waits long for it, and it gets its turn."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic.config import Config
from sqlalchemy import text

from migrations.upgrade import TablesBusyError, config, run
from storage import receipts, schema
from storage.engine import WAIT_SECONDS, Database

HURRY = 50.0
NEXT = f"""
from alembic import op
import sqlalchemy as sa
revision = "9999"
down_revision = "{schema.HEAD}"
branch_labels = depends_on = None

def upgrade():
    op.create_table("of_tomorrow", sa.Column("id", sa.Integer(), primary_key=True))
    op.add_column("receipts", sa.Column("of_tomorrow", sa.Integer(), server_default="0"))
"""


@pytest.fixture
def coming(postgresql_url: str, tmp_path: Path) -> Config:
    """The migrations with one more, that changes a table which every click writes."""
    (tmp_path / "next.py").write_text(NEXT)
    made = config(postgresql_url)
    ours = Path(made.get_main_option("script_location") or "") / "versions"
    made.set_main_option("path_separator", "os")
    made.set_main_option("version_locations", f"{ours}:{tmp_path}")
    return made


@contextmanager
def clicking(url: str) -> Iterator[list[float]]:
    """Somebody clicks all the time; how many seconds each click took."""
    database, took, enough = Database(url), list[float](), threading.Event()

    def click() -> None:
        while not enough.is_set():
            began = time.monotonic()
            with database.write() as connection:
                receipts.take(connection, "T1", f"click-{len(took)}", 0)
            took.append(time.monotonic() - began)
            enough.wait(0.02)

    thread = threading.Thread(target=click)
    thread.start()
    try:
        yield took
    finally:
        enough.set()
        thread.join()
        database.close()


def columns(database: Database) -> int:
    with database.read() as connection:
        found = connection.execute(
            text(
                "SELECT count(*) FROM information_schema.columns WHERE column_name = 'of_tomorrow'"
            )
        )
        return int(found.scalar_one())


def test_a_migration_waits_for_a_long_reader_and_nobody_waits_for_it(
    postgresql_url: str, coming: Config
) -> None:
    database = Database(postgresql_url)
    done = threading.Event()

    def migrate() -> None:
        run(coming, HURRY)
        done.set()

    migrating = threading.Thread(target=migrate)
    with clicking(postgresql_url) as took:
        with database.read() as reader, database.write() as writer:
            reader.execute(text("SELECT count(*) FROM receipts"))
            receipts.take(writer, "T1", "under-way", 0)
            migrating.start()
            assert not done.wait(2.5)
            clicks = len(took)
        assert done.wait(HURRY)
    migrating.join()
    assert clicks > 10
    assert max(took) < WAIT_SECONDS
    assert columns(database) == 1
    with database.read() as connection:
        assert schema.current(connection) == "9999"
    database.close()


def test_a_migration_that_gets_no_turn_changes_nothing(postgresql_url: str, coming: Config) -> None:
    database = Database(postgresql_url)
    with database.read() as reader:
        reader.execute(text("SELECT count(*) FROM receipts"))
        with pytest.raises(TablesBusyError):
            run(coming, 0.0)
    with database.read() as connection:
        assert schema.current(connection) == schema.HEAD
    assert columns(database) == 0
    database.close()
