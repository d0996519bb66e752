"""Home is made anew after what its reader does, and no oftener than it has to be."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot.listeners.reading import publish_home
from tests.wire.stage import sqlite_url, staged

if TYPE_CHECKING:
    from collections.abc import Callable


def test_home_that_waits_to_be_made_anew_is_not_made_twice(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        office = stage.bot.offices.of(stage.slack.team_id)
        assert office
        waiting: list[Callable[[], object]] = []
        office = replace(office, soon=waiting.append)

        def made() -> int:
            return sum(call.method == "views.publish" for call in stage.slack.journal)

        for _ in range(3):
            publish_home(office, stage.olga.id)
        publish_home(office, stage.ivan.id)
        assert (len(waiting), made()) == (2, 0)
        for publish in waiting:
            publish()
        assert made() == 2
        publish_home(office, stage.olga.id)
        assert len(waiting) == 3
