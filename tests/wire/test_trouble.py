"""What goes wrong around the bot: a database that cannot be written, a Slack that refuses."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.request import urlopen

import pytest

from bot.sandbox import Message, Rejected
from tests.wire.stage import Stage, list_leaders, staged


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Somebody else writes to the database, and does not end."""
    other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@contextmanager
def full_disk(stage: Stage) -> Iterator[None]:
    """The database's file may not grow any more."""
    database = stage.bot.database

    def set_limit(most: int) -> None:
        with database._turn, database._kept_for_writing() as connection:
            cursor = connection.connection.cursor()
            cursor.execute(f"PRAGMA max_page_count={most}")
            cursor.close()

    set_limit(1)
    try:
        yield
    finally:
        set_limit(1_000_000_000)


def put_question(stage: Stage, words: str) -> Message:
    """Wait until a question stands and is known to stand."""
    question = stage.olga.dm().wait(words)
    stage.rest()
    return question


def page(stage: Stage, name: str) -> str:
    """What an operator's page says of a process that is ready."""
    with urlopen(stage.house.url.replace("/slack/events", name)) as answer:  # noqa: S310
        return str(answer.read().decode())


def test_what_cannot_be_written_is_not_acknowledged_and_comes_again(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        list_leaders(stage)
        stage.start()
        question = put_question(stage, "Northwind · 1 of 12")
        before = stage.stored()
        with locked(sqlite_url):
            with pytest.raises(Rejected):
                question.click("None of these")
            question.reply("Said while the database was locked")
            assert stage.stored() == before
        # Slack sends the event again; the person presses the button again.
        stage.until(lambda: "database was locked" in str(stage.stored().answers))
        question.click("None of these")
        stage.olga.dm().wait("Northwind · 2 of 12")


def test_a_full_disk_loses_nothing_and_is_an_alarm(
    sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    with staged(sqlite_url) as stage:
        list_leaders(stage)
        stage.start()
        question = put_question(stage, "Northwind · 1 of 12")
        before = stage.stored()
        with full_disk(stage):
            question.reply("A long story. " * 2_800)
            stage.until(lambda: "storage is busy" in caplog.text)
            assert stage.stored() == before
        stage.until(lambda: "A long story." in str(stage.stored().answers))


def test_a_message_that_slack_refuses_for_good_is_told_to_whoever_installed_the_bot(
    sqlite_url: str,
) -> None:
    with staged(sqlite_url) as stage:
        list_leaders(stage)
        ivan = stage.ivan.dm().id
        stage.slack.fault(
            "chat.postMessage", "is_archived", where=lambda args: args["channel"] == ivan
        )
        stage.start()
        told = stage.ada.dm().wait("could not be delivered")
        assert "is_archived" in told.text
        assert "Northwind" not in told.text
        # Another replica could do no better, so it stays in service.
        assert '"says": "1 could not be delivered"' in page(stage, "/readyz")


def test_replies_out_of_order_are_read_in_the_order_they_were_sent(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        list_leaders(stage)
        stage.start()
        question = put_question(stage, "Northwind · 1 of 12")
        stage.slack.reorder = True
        lines = ["First.", "Second.", "Third."]
        for line in lines:
            question.reply(line)
        stage.until(lambda: all(line in str(stage.stored().answers) for line in lines))
        said = [piece.text for piece in stage.stored().answers["S1"].said]
        assert said == lines


def test_slack_asks_for_patience_and_every_message_comes_once(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        list_leaders(stage)
        stage.lena.dm().wait("to the leaders")
        stage.slack.fault("chat.postMessage", "ratelimited", times=2)
        stage.start()
        stage.olga.dm().wait("Northwind · 1 of 12")
        stage.ivan.dm().wait("take Northwind over")
        stage.lena.dm().wait("Handover: Northwind")
        stage.rest()
        for person, count in ((stage.olga, 2), (stage.ivan, 1), (stage.lena, 2)):
            assert len(person.dm().every_message) == count


def test_a_token_that_is_revoked_is_an_alarm_and_loses_nothing(
    sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    with staged(sqlite_url) as stage:
        list_leaders(stage)
        ivan = stage.ivan.dm().id
        stage.slack.fault(
            "chat.postMessage", "token_revoked", where=lambda args: args["channel"] == ivan
        )
        stage.start()
        stage.until(lambda: "handover_outbox_waiting_for_token 1.0" in page(stage, "/metrics"))
        assert '"says": "1 wait: token_revoked"' in page(stage, "/readyz")
        assert "handover_outbox_dead 0.0" in page(stage, "/metrics")
        assert "Slack no longer takes the token (token_revoked)" in caplog.text
