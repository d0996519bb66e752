"""Home is made anew after what its reader does, and no oftener than it has to be."""

from pathlib import Path
from threading import Event

from bot.lines import SHARE
from bot.listeners.reading import publish_home
from tests.wire.stage import sqlite_url, staged


def test_home_that_waits_to_be_made_anew_is_not_made_twice(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        office = stage.bot.offices.of(stage.slack.team_id)
        assert office

        def made() -> int:
            return sum(call.method == "views.publish" for call in stage.slack.journal)

        afterwards, held = stage.bot.afterwards, Event()
        for _ in range(SHARE):
            office.soon(held.wait)
        for _ in range(3):
            publish_home(office, stage.olga.id)
        publish_home(office, stage.ivan.id)
        assert made() == 0
        held.set()
        assert afterwards.rest(30)
        assert made() == 2
        publish_home(office, stage.olga.id)
        assert afterwards.rest(30)
        assert made() == 3
