"""What is remembered of handovers: never anything but what is stored."""

from collections.abc import Iterator

import pytest

from flows.advance import advance
from flows.handover import Handover
from storage import handovers
from storage.engine import Database
from storage.handovers import Stored
from storage.journal import Line
from storage.prepared import together
from storage.recent import _MOST, Recent
from tests.make import default_playbook, make_handover
from tests.storage.test_handovers import ID, TEAM, begin, happens, reply


@pytest.fixture
def one(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def other(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()


def read(database: Database) -> Stored[Handover]:
    with database.read() as connection:
        found = handovers.load(connection, TEAM, ID)
    assert found is not None
    return found


def test_what_has_not_changed_is_not_parsed_again(one: Database, other: Database) -> None:
    begin(one)
    first = read(other)
    assert read(other).value is first.value
    happens(one, reply("Ana decides"))
    assert read(other).value is not first.value


def test_what_another_replica_wrote_is_read(one: Database, other: Database) -> None:
    begin(one)
    for number in range(3):
        writer, reader = (one, other) if number % 2 else (other, one)
        before = read(reader)
        after = happens(writer, reply(f"Ana {number}", f"1795400000.00000{number}"))
        found = read(reader)
        assert found.value == after != before.value
        assert (found.version, found.chain) == (read(writer).version, read(writer).chain)


def test_what_was_rolled_back_is_not_remembered(one: Database) -> None:
    begin(one)
    before = read(one)
    late = advance(before.value, reply("never"), default_playbook()).handover
    with one.write() as connection:
        line = Line(reply("never"), "salt")
        with together(connection) as block:
            handovers.save(block, before, late, default_playbook(), line)
        connection.rollback()
    assert read(one) == before


def test_what_was_erased_is_not_remembered(one: Database) -> None:
    begin(one)
    happens(one, reply("first"))
    with one.write() as connection:
        handovers.erase(connection, TEAM, ID)
    begun = begin(one)
    assert read(one).value == begun


def test_only_a_few_are_remembered() -> None:
    recent = Recent()
    for number in range(_MOST + 1):
        recent.keep(make_handover(id=f"H{number}"), "link")
    known = [recent.find(TEAM, f"H{number}") for number in range(_MOST + 1)]
    assert known[0] is None
    assert all(known[1:])
