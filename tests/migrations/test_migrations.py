"""The migrations, on both databases: pytest-alembic's tests, and the schema that the code needs.

pytest-alembic's own collection does not run under this pytest, so its tests are imported by name.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from pytest_alembic.config import Config
from pytest_alembic.tests import (
    test_model_definitions_match_ddl,
    test_single_head_revision,
    test_up_down_consistency,
    test_upgrade,
)
from sqlalchemy import Engine, create_engine, pool

from migrations.upgrade import config
from storage import schema
from storage.engine import Database

__all__ = [
    "test_model_definitions_match_ddl",
    "test_single_head_revision",
    "test_up_down_consistency",
    "test_upgrade",
]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An address of a database with nothing in it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server = request.getfixturevalue("postgresql")
    with server.make() as url:
        command.downgrade(config(url), "base")
        yield url


@pytest.fixture
def alembic_config(empty_url: str) -> Config:
    return Config(alembic_config=config(empty_url))


@pytest.fixture
def alembic_engine(empty_url: str) -> Iterator[Engine]:
    engine = create_engine(empty_url, poolclass=pool.NullPool)
    yield engine
    engine.dispose()


def test_the_tables_of_the_code_are_those_of_the_migrations(database_url: str) -> None:
    # `alembic check` raises when it would write another migration.
    command.check(config(database_url))


def test_the_code_wants_the_newest_schema(database_url: str) -> None:
    script: Any = ScriptDirectory.from_config(config(database_url))
    assert script.get_current_head() == schema.HEAD
    database = Database(database_url)
    with database.read() as connection:
        assert schema.current(connection) == schema.HEAD
    database.close()
