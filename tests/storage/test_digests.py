"""The lines of digests beside the documents, on both databases."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from flows.handover import Handover
from flows.reports.digest import Alarm, is_listed, make_line, readers
from storage import digests, handovers
from storage.digests import Made
from storage.engine import Database
from storage.tables import digest_lines, digest_readers
from tests.make import IVAN, KIM, LENA, OLGA, default_playbook
from tests.storage.test_handovers import ID, TEAM, begin, happens, reply

BOOK = default_playbook()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()


def made(handover: Handover, version: int, **changes: object) -> Made:
    known: dict[str, object] = {
        "line": make_line(handover, BOOK),
        "listed": is_listed(handover, BOOK),
        "readers": readers(handover),
    }
    return Made(handover.id, version, **(known | changes))  # type: ignore[arg-type]


def keep(database: Database, one: Made) -> None:
    with database.write() as connection:
        digests.keep(connection, TEAM, one)


def listed(database: Database) -> list[str]:
    with database.read() as connection:
        return [told.line.account for told in digests.listed(connection, TEAM)]


def changed(database: Database) -> list[tuple[str, int]]:
    with database.read() as connection:
        return digests.changed(connection, TEAM)


def started(database: Database) -> Handover:
    handover = begin(database)
    with database.write() as connection:
        digests.begin(connection, None, handover)
        digests.begin(connection, None, handover)
    return handover


def test_what_changed_since_its_line_was_made_is_found(database: Database) -> None:
    handover = started(database)
    assert changed(database) == [(ID, 1)]
    assert listed(database) == []
    keep(database, made(handover, 1))
    assert changed(database) == []
    assert listed(database) == ["Northwind"]
    after = happens(database, reply("Ana decides"))
    assert changed(database) == [(ID, 2)]
    keep(database, made(after, 2))
    assert changed(database) == []


def test_an_older_line_never_takes_the_place_of_a_newer_one(database: Database) -> None:
    handover = started(database)
    happens(database, reply("Ana decides"))
    keep(database, made(handover, 2))
    keep(database, made(handover.model_copy(update={"account": "Older"}), 1, readers={KIM: True}))
    keep(database, Made(ID, 1, ended=True))
    assert listed(database) == ["Northwind"]
    with database.read() as connection:
        assert digests.of_reader(connection, TEAM, KIM) == []


def test_everybody_has_their_own_and_leaders_an_alarm(database: Database) -> None:
    handover = started(database)
    keep(database, made(handover, 1, alarm=Alarm(red=True), listed=False))
    assert listed(database) == []
    with database.read() as connection:
        [own] = digests.of_reader(connection, TEAM, OLGA)
        [led] = digests.led_by(connection, TEAM, LENA)
        assert digests.led_by(connection, TEAM, IVAN) == []
        assert digests.of_reader(connection, TEAM, KIM) == []
        assert digests.of_reader(connection, "T2", OLGA) == []
        assert digests.leaders(connection, TEAM) == [LENA]
    assert (own.alarm.red, led.alarm.red) == (False, True)


def test_what_cannot_be_read_tells_nothing_until_it_changes(database: Database) -> None:
    handover = started(database)
    keep(database, made(handover, 1))
    happens(database, reply("Ana decides"))
    keep(database, Made(ID, 2))
    assert (listed(database), changed(database)) == ([], [])
    with database.read() as connection:
        assert digests.of_reader(connection, TEAM, OLGA) == []
    happens(database, reply("And Ben", "1795400000.000009"))
    assert changed(database) == [(ID, 3)]


def test_what_is_over_or_erased_leaves_nothing(database: Database) -> None:
    handover = started(database)
    keep(database, made(handover, 1))
    happens(database, reply("Ana decides"))
    keep(database, Made(ID, 2, ended=True))
    with database.read() as connection:
        for table in (digest_lines, digest_readers):
            assert connection.execute(select(table)).all() == []
    with database.write() as connection:
        digests.begin(connection, None, handover)
    keep(database, made(handover, 2))
    with database.write() as connection:
        handovers.erase(connection, TEAM, ID)
        assert connection.execute(select(digest_lines)).all() == []
