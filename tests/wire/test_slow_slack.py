"""A Slack that takes its time: nobody waits for it longer than for an answer to a click."""

import threading

from bot.delivery.gateway import OPENING_SECONDS
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

    roster = Roster("T1", database, HandClock(), ask, patience=0.01)
    assert roster.meet({"U1"}) == {}
    shown.set()
    roster.close()
    assert roster.meet({"U1"})["U1"].name == "Kim"
    assert asked == ["U1"]
    database.close()
