"""A Slack that takes its time: nobody waits for it longer than for an answer to a click."""

import threading
from concurrent.futures import wait
from functools import partial

from bot.delivery.gateway import OPENING_SECONDS
from bot.lines import MOST_WAITING, SHARE, Lines
from bot.roster import Roster
from bot.sandbox.tickets import TRIGGER_SECONDS
from storage.engine import Database
from storage.people import Person
from tests.clocks import HandClock
from tests.wire.stage import staged


def test_a_modal_that_does_not_open_in_time_is_told_kindly(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        slack, olga = stage.slack, stage.olga
        slack.fault("views.open", "slow", seconds=4)
        # Told with time to spare before Slack hangs up, and so before it has opened anything.
        assert OPENING_SECONDS < TRIGGER_SECONDS
        assert "Slack was slow" in olga.types("/handover start Northwind").text
        slack.idle()
        if olga.has_modal():
            olga.modal().close()
        slack.fault("views.open", "slow", seconds=4)
        olga.types("/handover")
        slack.ephemerals(olga)[-1].click("Start a handover")
        stage.hears(olga, "Slack was slow")


def test_whoever_is_shown_too_late_is_known_the_next_time(database_url: str) -> None:
    database = Database(database_url)
    asked, shown = [], threading.Event()

    def ask(user: str) -> Person:
        asked.append(user)
        shown.wait()
        return Person("T1", user, "Kim")

    lookups = Lines("lookup")
    roster = Roster("T1", database, HandClock(), ask, lookups, patience=0.01)
    assert roster.meet({"U1"}) == {}
    shown.set()
    lookups.stop()
    assert roster.meet({"U1"})["U1"].name == "Kim"
    assert asked == ["U1"]
    database.close()


def test_a_workspace_that_is_slow_holds_up_itself_alone() -> None:
    """However many it asks for, others are asked meanwhile; its own come in their turn."""
    lookups, shown, asked = Lines("lookup", threads=SHARE + 1), threading.Event(), []

    def ask(user: int) -> None:
        shown.wait(30)
        asked.append(user)

    slow = [lookups.ask("T1", partial(ask, user)) for user in range(3 * SHARE)]
    other = lookups.ask("T2", lambda: None)
    assert other
    other.result(timeout=30)
    assert asked == []
    shown.set()
    assert wait(filter(None, slow), timeout=30).not_done == set()
    assert sorted(asked) == list(range(3 * SHARE))
    lookups.stop()


def test_of_what_nobody_answers_only_so_much_waits() -> None:
    lookups, shown = Lines("lookup"), threading.Event()
    asked = [lookups.ask("T1", lambda: shown.wait(30)) for _ in range(2 * MOST_WAITING)]
    assert MOST_WAITING <= sum(one is not None for one in asked) <= MOST_WAITING + SHARE
    assert lookups.ask("T2", lambda: None)
    shown.set()
    lookups.stop()
