"""Two handovers of one account that are started at the same moment."""

import threading
from itertools import count

import pytest
from sqlalchemy import select

from bot.desk import Desk, Receipt
from bot.playbooks import Playbooks, playbook_text
from flows.account_names import account_key
from flows.effects import Kind
from storage import tables
from storage.engine import Database
from tests.clock.test_sweeps import forget_jobs
from tests.clocks import HandClock
from tests.make import NOW, make_started

ROUNDS = 10


def test_of_two_starts_at_once_one_leader_hears_of_the_other(database_url: str) -> None:
    database, numbers = Database(database_url), count(1)
    books = Playbooks(playbook_text(None))
    desk = Desk(database, books, HandClock(NOW), lambda: f"{next(numbers):020}", forget_jobs)
    for number in range(ROUNDS):
        both = threading.Barrier(2)

        def begin(name: str, number: int = number, both: threading.Barrier = both) -> None:
            event = make_started(id=name, account=f"Account {number}", playbook=books.name)
            both.wait()
            desk.start(Receipt("T1", f"start-{name}"), event, None)

        names = (f"A{number}", f"B{number}")
        threads = [threading.Thread(target=begin, args=(name,)) for name in names]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    outbox = tables.outbox.c
    told = select(outbox.handover).where(outbox.kind == Kind.CLASH)
    with database.read() as connection:
        asked = sorted(name[1:] for name in connection.execute(told).scalars())
    database.close()
    assert asked == sorted(str(number) for number in range(ROUNDS))


@pytest.mark.parametrize(
    "typed", ["  northwind   GmbH ", "Ｎorthwind GmbH", "No\u0072thwind\u00a0GmbH"]
)
def test_an_account_is_the_same_however_its_name_is_typed(typed: str) -> None:
    assert account_key(typed) == account_key("Northwind GmbH")
    assert account_key("Cafe\u0301") == account_key("CAF\u00c9")
    assert account_key("Cafe") != account_key("Café")
