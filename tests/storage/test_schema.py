"""Which code may use which database, while one release takes over from another."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text, update

from storage import schema
from storage.engine import Database
from storage.tables import schema_serves

NEXT = "0999"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = Database(database_url)
    yield made
    made.close()


def migrated(database: Database, revision: str, *, serves: str) -> str:
    """What this version finds wrong with a database that another release has migrated."""
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :r"), {"r": revision})
        connection.execute(update(schema_serves).values(oldest=serves))
        return schema.fault(connection)


def test_its_own_schema_suits_it(database: Database) -> None:
    assert migrated(database, schema.HEAD, serves=schema.HEAD) == ""


def test_the_next_schema_suits_it_as_long_as_that_serves_it(database: Database) -> None:
    assert migrated(database, NEXT, serves=schema.HEAD) == ""


def test_a_schema_that_serves_only_later_code_does_not(database: Database) -> None:
    assert "too new for this version" in migrated(database, NEXT, serves=NEXT)


def test_an_older_schema_is_to_be_migrated_first(database: Database) -> None:
    assert "run `handover migrate` first" in migrated(database, "0000", serves="0000")
