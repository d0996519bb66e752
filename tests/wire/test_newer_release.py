"""While a newer release takes over, what only it can read is left to it; nobody loses a word."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from storage import digests
from storage.tables import handovers
from tests.wire.stage import Stage, list_leaders, question, sqlite_url, staged

UPDATING = "I am being updated just now"


@contextmanager
def written_by_a_newer_release(stage: Stage, account: str) -> Iterator[None]:
    """What that handover says is more than this release knows, until it is the newer one itself."""
    this = handovers.c.account == account
    with stage.bot.database.write() as connection:
        row = connection.execute(select(handovers.c.document, handovers.c.chain).where(this)).one()
        newer = row.document[:-1] + ',"of_tomorrow":1}'
        # Due, and with a line of a digest that is out of date.
        connection.execute(
            update(handovers)
            .where(this)
            .values(document=newer, chain="of-tomorrow", due_at=0, version=handovers.c.version + 1)
        )
    yield
    with stage.bot.database.write() as connection:
        connection.execute(
            update(handovers)
            .where(this)
            .values(
                document=row.document,
                chain=row.chain,
                due_at=None,
                version=handovers.c.version - 1,
            )
        )


def test_what_a_newer_release_wrote_is_left_to_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        card = stage.start()
        stage.start("Southwind")
        asked = question(stage.olga, "1 of 12")
        card.click("Fill this section as a form")
        form = stage.olga.modal("Fill this section")
        stage.rest()
        team, olga = stage.slack.team_id, stage.olga
        with written_by_a_newer_release(stage, "Northwind"):
            told = olga.types("/handover list").text
            assert "Southwind" in told
            assert "Northwind" not in told
            assert UPDATING in olga.types("/handover show Northwind").text
            assert "Southwind" in olga.types("/handover show Southwind").text
            olga.opens_home()
            stage.until(lambda: "Southwind" in olga.home().text)
            card.click("Paste what you have")
            stage.hears(olga, UPDATING)
            assert UPDATING in str(form.submit().errors)
            asked.reply("They love us, all of them, every day.")
            stage.until(lambda: stage.slack.deliveries[-1].status == 503)
            stage.bot.ticker.run("due")
            stage.bot.ticker.run("digests")
            with stage.bot.database.read() as connection:
                assert [name for name, _ in digests.changed(connection, team)]
                failed = connection.execute(text("SELECT sum(failures) FROM outbox")).scalar()
            assert failed == 0
        assert form.submit().closed
        stage.until(lambda: "They love us" in asked.text)
        assert [r for r in caplog.records if r.levelno >= logging.ERROR] == []
