"""Whoever tries the example plays every part; nobody else hears of it; after a week it is gone."""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from bot.sweeps import Sweeps
from bot.times import SystemClock
from storage import tables
from tests.wire.stage import asked, list_leaders, sqlite_url, staged

ACCOUNT = "Bluebird Dental (example)"


class _Later(SystemClock):
    """The real clock, and later on some days ahead of it."""

    ahead = timedelta()

    def now(self) -> datetime:
        return super().now() + self.ahead


def test_an_example_is_tried_by_one_person_and_erased_after_a_week(tmp_path: Path) -> None:
    clock = _Later()
    with staged(sqlite_url(tmp_path), clock) as stage:
        list_leaders(stage)
        kim = stage.slack.person("Kim Lee", tz="UTC")
        kim.opens_home().click("Try with an example")
        invitation = kim.dm().wait(f"Will you take {ACCOUNT} over")
        first = asked(kim, "top 3 things")
        stage.until(lambda: "Prefilled, please confirm (an example)" in first.text)
        first.click("Confirm this answer")
        asked(kim, "Who are they")
        invitation.click("Accept handover")
        stage.until(lambda: "Thank you!" in invitation.text)
        kim.types("/handover")
        stage.slack.ephemerals(kim)[-1].click("Try with an example")
        stage.hears(kim, "Your example stands in your messages with me already")
        assert f"{ACCOUNT}" in kim.types("/handover list").text
        for other in (stage.olga, stage.lena, stage.ada):
            assert "Bluebird" not in other.types("/handover list").text
            assert "Bluebird" not in other.opens_home().text
            assert "Bluebird" not in other.dm().dump()
        clock.ahead = timedelta(days=7, minutes=1)
        Sweeps(stage.bot.desk).due()
        with stage.bot.database.read() as connection:
            for table in (tables.handovers, tables.vaults, tables.tasks):
                assert connection.scalar(select(func.count()).select_from(table)) == 0
            left = connection.execute(select(tables.journal.c.aggregate).distinct()).scalars()
            assert list(left) == ["workspace"], "who leads is not the example's"
        assert "No handover involves you" in kim.types("/handover list").text


def test_getting_ready_is_a_checklist_for_admins(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        home = stage.ada.opens_home()
        assert "✓ Leaders are named" in home.text
        assert "○ The example is tried" in home.text
        assert "Getting ready" not in stage.olga.opens_home().text
        home.click("Try with an example")
        stage.ada.dm().wait(f"Will you take {ACCOUNT} over")
        stage.ada.opens_home()
        stage.until(lambda: "✓ The example is tried" in stage.ada.home().text)
