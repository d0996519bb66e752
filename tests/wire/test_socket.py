"""The bot over Socket Mode: the same conversation, whatever becomes of the line."""

import threading
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.sandbox import Message, Person
from bot.times import SystemClock
from bot.wire.socket_mode import GIVE_UP_SECONDS, SocketError, SocketLine
from tests.wire.stage import APP_TOKEN, Stage, sqlite_url, staged

PATIENCE = 30.0


def question(person: Person, number: int) -> Message:
    dm = person.dm()
    words = f" {number} of 12 · "
    dm.wait_until(lambda: dm.find(words), words, PATIENCE)
    return dm.wait(words)


def answer(person: Person, number: int) -> None:
    question(person, number).reply(f"What Olga knows ({number})")


def forgive(stage: Stage, rule: str) -> None:
    """What the test itself brought about, and nothing else."""
    assert {violation.rule for violation in stage.slack.violations} == {rule}
    stage.slack.violations.clear()


def begin(stage: Stage) -> None:
    stage.ada.types("/handover settings")
    form = stage.ada.modal()
    form.pick_person("Leaders", stage.lena)
    assert form.submit().closed
    stage.start()
    question(stage.olga, 1).click("Green: going well")


def test_nothing_is_lost_when_the_line_changes_in_a_conversation(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path), socket=True) as stage:
        begin(stage)
        answer(stage.olga, 1)
        question(stage.olga, 2)
        stage.slack.disconnect("refresh_requested")
        answer(stage.olga, 2)
        question(stage.olga, 3)
        stage.slack.drop_sockets()
        answer(stage.olga, 3)
        question(stage.olga, 4)
        stage.slack.disconnect("warning")
        answer(stage.olga, 4)
        question(stage.olga, 5)
        thread = stage.olga.dm().wait("Knowledge pack: Northwind").thread
        numbers = [m.text.split(" of 12")[0][-1] for m in thread if " of 12 · " in m.text]
        assert numbers == ["1", "2", "3", "4", "5"]


def test_what_cannot_be_stored_is_not_acknowledged_and_comes_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with staged(sqlite_url(tmp_path), socket=True, ack_seconds=3.0) as stage:
        begin(stage)
        first = question(stage.olga, 1)
        with stage.bot.database.write():
            first.reply("What Olga knows (1)")
            stage.until(lambda: "not acknowledged" in caplog.text)
        question(stage.olga, 2)
        forgive(stage, "late_ack")


def test_a_cut_line_shows_in_readiness_until_a_new_one_stands(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path), socket=True) as stage:
        check, seen = stage.bot.checks["socket"], threading.Event()
        assert check().grade == "ok"
        # No new line is given out before it was seen that there is none.
        stage.slack.fault(
            "apps.connections.open", "http_500", where=lambda _: not seen.wait(PATIENCE)
        )
        stage.slack.drop_sockets()
        stage.until(lambda: check().grade == "wrong")
        seen.set()
        stage.until(lambda: check().grade == "ok")
        stage.slack.wait_connected()


def test_a_token_that_slack_refuses_is_said_without_the_token(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        line = SocketLine(stage.bot, "xapp-1-wrong")
        with pytest.raises(SocketError, match="SLACK_APP_TOKEN: invalid_auth") as caught:
            line.start()
        assert "xapp-1-wrong" not in str(caught.value)
        forgive(stage, "invalid_auth")


@dataclass
class _Clock(SystemClock):
    ahead: float = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.ahead


def test_a_line_that_stays_dead_ends_the_process(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path), socket=True) as stage:
        clock, died, why = _Clock(), threading.Event(), list[str]()

        def die(words: str) -> None:
            why.append(words)
            died.set()

        stage.bot.clock = clock
        line = SocketLine(stage.bot, APP_TOKEN, ping_seconds=0.1, die=die)
        line.start()
        stage.slack.wait_connected(2)
        stage.slack.fault("apps.connections.open", "http_500", times=10_000)
        stage.slack.drop_sockets()
        stage.until(lambda: line.check().says == "no line" or died.is_set())
        assert not died.is_set()
        clock.ahead = GIVE_UP_SECONDS + 1
        found = died.wait(PATIENCE)
        line.stop()
        assert found
        assert "Slack's socket" in why[0]
