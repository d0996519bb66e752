"""A log names ids and fields, also when something breaks; what people wrote is not in it."""

import logging
from pathlib import Path

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError

from bot.desk import Receipt
from flows.effects import Kind, Post
from storage import tables
from tests.privacy.cast import ACCOUNT, cast

SECRET = "Foxglove"


def test_what_is_damaged_is_not_quoted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A stored document that cannot be read: a command, a delivery and Home run into it."""
    caplog.set_level(logging.DEBUG)
    with cast(tmp_path) as play:
        play.prepare()
        stage, row = play.stage, play.stage.stored(ACCOUNT)
        stamp = row.created_at.isoformat().replace("+00:00", "Z")
        broken = row.model_dump_json().replace(
            f'"created_at":"{stamp}"', f'"created_at":"{SECRET}"'
        )
        assert SECRET in broken
        with stage.bot.database.write() as connection:
            connection.execute(
                text("UPDATE handovers SET document = :d, chain = ''"), {"d": broken}
            )
        with pytest.raises(Exception, match="dispatch_failed"):
            stage.lena.types("/handover list")
        stage.lena._opens("home")
        receipt = Receipt(row.team, SECRET)
        stage.bot.errands.order(receipt, row, (Post(to=stage.lena.id, kind=Kind.BRIEF),))
        stage.slack.idle(quiet=1.0)
    assert "malformed document" in caplog.text
    assert "could wait failed" in caplog.text
    assert "delivery of" in caplog.text
    assert SECRET not in caplog.text


def test_a_refused_statement_is_not_quoted(tmp_path: Path) -> None:
    with cast(tmp_path) as play:
        row = {"team": "T", "document": SECRET}
        with pytest.raises(IntegrityError) as refused, play.stage.bot.database.write() as writing:
            writing.execute(insert(tables.workspaces), [row, row])
        assert SECRET not in str(refused.value)
