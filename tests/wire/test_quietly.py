"""Prepared quietly: whoever is not told through the bot is their leader's to tell, in time."""

from pathlib import Path

import pytest

from tests.wire.stage import list_leaders, sqlite_url, staged


@pytest.mark.parametrize(
    ("name", "task", "comes"),
    [
        ("Ivan Petrov", "tell the incoming CSM, or name somebody else", "take Northwind over"),
        ("Olga Costa", "tell the outgoing CSM, whose answers are missing", "Knowledge pack"),
    ],
)
def test_a_leader_is_asked_to_tell_whoever_is_not_told_through_me(
    tmp_path: Path, name: str, task: str, comes: str
) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.lena.types("/handover start Northwind")
        form = stage.fill(stage.lena.modal())
        form.pick_person("Outgoing CSM", stage.olga)
        told = form.submit().modal
        assert told is not None
        told.choose(f"When: {name}", "Not through the bot")
        assert told.submit().closed
        waits, knows = (
            (stage.ivan, stage.olga) if name == stage.ivan.name else (stage.olga, stage.ivan)
        )
        stage.rest()
        assert waits.dm().every_message == []
        assert task not in knows.opens_home().text
        lena = stage.lena.opens_home()
        lena.click("Look at it", below=task)
        stage.lena.modal().click(f"Tell {name} now")
        waits.dm().wait(comes)
        stage.rest()
        assert task not in stage.lena.opens_home().text
