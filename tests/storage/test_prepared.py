"""Statements that go to the database together."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from storage import receipts
from storage.engine import Database, StorageBusyError
from storage.prepared import Prepared, together
from storage.tables import receipts as table

TEAM = "T1"
BROKEN = Prepared(text("INSERT INTO receipts (team, key) VALUES (:team, :key)"))
"""Without its moment, which no database takes."""


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()


def kept(database: Database) -> list[str]:
    with database.read() as connection:
        return sorted(connection.execute(select(table.c.key)).scalars())


def test_each_answer_stands_when_the_block_has_ended(database: Database) -> None:
    with database.write() as connection:
        with together(connection):
            answers = [receipts.taking(connection, TEAM, key, 1) for key in ("a", "b", "a")]
        assert [answer() for answer in answers] == [True, True, False]
        assert not receipts.take(connection, TEAM, "b", 2)
    assert kept(database) == ["a", "b"]


def test_what_follows_is_done_in_its_order_and_may_ask_again(database: Database) -> None:
    done: list[bool] = []
    with database.write() as connection:
        with together(connection) as block:
            taken = receipts.taking(connection, TEAM, "a", 1)
            block.then(lambda: done.append(taken()))
            block.then(lambda: done.append(receipts.take(connection, TEAM, "a", 2)))
            assert not done
        assert done == [True, False]


def test_of_a_block_that_fails_nothing_follows_and_nothing_stays(database: Database) -> None:
    done: list[bool] = []

    def fail() -> None:
        with database.write() as connection, together(connection) as block:
            receipts.taking(connection, TEAM, "a", 1)
            block.then(lambda: done.append(True))
            BROKEN.run(connection, {"team": TEAM, "key": "b"})
            receipts.taking(connection, TEAM, "c", 1)

    with pytest.raises(Exception, match=r"(?i)not.null") as raised:
        fail()
    assert not isinstance(raised.value, DBAPIError | StorageBusyError)
    assert not done
    assert not kept(database)
    with database.write() as connection:
        assert receipts.take(connection, TEAM, "a", 1)
