"""`handover serve`, from what it refuses to start with to its orderly end."""

import json
import signal
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.settings import SettingsError, read_settings
from migrations.upgrade import upgrade
from tests.cli.process import (
    APP_TOKEN,
    SECRET,
    TOKEN,
    handover,
    make_slack,
    serving,
    settings_for,
)

MOST_SECONDS_TO_STOP = 30.0


def get(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def wait_until_ready(port: int) -> dict[str, str]:
    """How `/readyz` grades each thing, once it is ready or when patience is at its end."""
    grades: dict[str, str] = {}
    for _ in range(1000):
        status, text = get(port, "/readyz")
        grades = {name: one["grade"] for name, one in json.loads(text)["checks"].items()}
        if status == 200:
            break
        threading.Event().wait(0.05)
    return grades


def test_it_serves_alone_on_its_database_and_stops_when_told(tmp_path: Path) -> None:
    with make_slack() as slack:
        known = settings_for(slack, tmp_path) | {"HANDOVER_LOG_LEVEL": "debug"}
        upgrade(known["DATABASE_URL"])
        with serving(folder=tmp_path, **known) as running:
            assert get(running.port, "/healthz") == (200, "ok\n")
            assert wait_until_ready(running.port) == dict.fromkeys(
                ("database", "schema", "ticks", "engine", "messages"), "ok"
            )
            figures = get(running.port, "/metrics")[1]
            assert "handover_outbox_overdue_seconds 0.0" in figures
            assert "process_resident_memory_bytes" in figures
            assert get(running.port, "/slack/install")[0] == 404
            assert get(running.port, "/slack/oauth_redirect")[0] == 404

            second = handover("serve", folder=tmp_path, **known)
            assert second.returncode == 2
            assert "another `handover serve` is using handover.db" in second.stderr

            began = time.monotonic()
            running.process.send_signal(signal.SIGTERM)
            logged = running.rest()
            assert running.process.wait(MOST_SECONDS_TO_STOP) == 0
            assert time.monotonic() - began < MOST_SECONDS_TO_STOP
        assert "SIGTERM: stopping" in logged
        assert logged.rstrip().endswith("stopped")
        assert not any(secret in logged for secret in (TOKEN, APP_TOKEN, SECRET))
        assert "WARNING" not in logged


def test_over_the_socket_its_port_answers_operators_too(tmp_path: Path) -> None:
    with make_slack(socket=True) as slack:
        known = settings_for(slack, tmp_path) | {
            "HANDOVER_LOG_FORMAT": "json",
            "SLACK_CLIENT_ID": "1.2",
            "SLACK_CLIENT_SECRET": "of the client",
        }
        upgrade(known["DATABASE_URL"])
        with serving("--socket", folder=tmp_path, **known) as running:
            slack.wait_connected()
            line = json.loads(get(running.port, "/readyz")[1])["checks"]["socket"]
            assert (line["grade"], line["seconds_since_life"] < 10) == ("ok", True)
            # With these two set Bolt would open an installation of its own.
            assert get(running.port, "/slack/install")[0] == 404
            running.process.send_signal(signal.SIGINT)
            logged = running.rest()
            assert running.process.wait(MOST_SECONDS_TO_STOP) == 0
        assert {"at", "level", "logger", "text"} <= set(json.loads(logged.splitlines()[0]))


def test_an_old_schema_is_refused(tmp_path: Path) -> None:
    with make_slack() as slack:
        known = settings_for(slack, tmp_path)
        done = handover("serve", folder=tmp_path, **known)
        assert done.returncode == 2
        assert "run `handover migrate` first" in done.stderr
        assert done.stderr.count("\n") == 1
        assert handover("migrate", folder=tmp_path, **known).stdout.startswith("The database is at")


def test_a_port_that_is_taken_is_told_by_name(tmp_path: Path) -> None:
    with make_slack() as slack:
        known = settings_for(slack, tmp_path)
        upgrade(known["DATABASE_URL"])
        port = slack.api_url.split(":")[2].split("/")[0]
        done = handover("serve", folder=tmp_path, **known | {"PORT": port})
        # The sandbox listens on 127.0.0.1 alone, which is enough to be in the way.
        assert done.returncode == 2
        assert done.stderr == "handover: PORT: Address already in use\n"


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("SLACK_BOT_TOKEN", ""),
        ("SLACK_SIGNING_SECRET", ""),
        ("SLACK_API_URL", "ftp://leaked"),
        ("DATABASE_URL", "mysql://leaked"),
        ("PORT", "leaked"),
        ("HANDOVER_TICK_SECONDS", "leaked"),
        ("HANDOVER_PLAYBOOK", "/leaked"),
        ("HANDOVER_POST_MARGIN", "leaked"),
        ("HANDOVER_POST_RATE", "leaked"),
        ("HANDOVER_LEASE_SECONDS", "leaked"),
        ("HANDOVER_QUIET", "leaked"),
        ("HANDOVER_POLL_SECONDS", "leaked"),
        ("HANDOVER_LOG_LEVEL", "leaked"),
        ("HANDOVER_LOG_FORMAT", "leaked"),
    ],
)
def test_a_wrong_setting_is_told_by_name_and_never_by_value(
    monkeypatch: pytest.MonkeyPatch, setting: str, value: str
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("SLACK_SIGNING_SECRET", SECRET)
    monkeypatch.setenv(setting, value)
    with pytest.raises(SettingsError) as caught:
        read_settings()
    told = str(caught.value)
    assert told.startswith(setting)
    assert "leaked" not in told
    assert "pattern" not in told
    assert TOKEN not in told
    assert "\n" not in told


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("SLACK_CLIENT_ID", ""),
        ("SLACK_CLIENT_SECRET", ""),
        ("HANDOVER_ENCRYPTION_KEYS", ""),
        ("HANDOVER_ENCRYPTION_KEYS", " , "),
        ("HANDOVER_ENCRYPTION_KEYS", "leaked"),
        ("HANDOVER_PURGE_DAYS", "leaked"),
    ],
)
def test_what_many_workspaces_need_is_told_by_name_and_never_by_value(
    monkeypatch: pytest.MonkeyPatch, setting: str, value: str
) -> None:
    for name in ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_SIGNING_SECRET"):
        monkeypatch.setenv(name, "leaked")
    monkeypatch.setenv("HANDOVER_ENCRYPTION_KEYS", Fernet.generate_key().decode())
    assert read_settings().slack_bot_token is None
    monkeypatch.setenv(setting, value)
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert str(caught.value).startswith(setting)
    assert "leaked" not in str(caught.value)


def test_what_cannot_start_ends_with_status_2_and_one_line(tmp_path: Path) -> None:
    bare = handover("serve", folder=tmp_path)
    assert bare.returncode == 2
    assert bare.stderr == (
        "handover: SLACK_BOT_TOKEN is not set; SLACK_SIGNING_SECRET is not set\n"
    )
    tokens = {"SLACK_BOT_TOKEN": TOKEN, "SLACK_SIGNING_SECRET": SECRET}
    socket = handover("serve", "--socket", folder=tmp_path, **tokens)
    assert (socket.returncode, socket.stderr.count("\n")) == (2, 1)
    assert "SLACK_APP_TOKEN is not set" in socket.stderr
    away = "postgresql+psycopg://user:very-secret@127.0.0.1:1/none"
    lost = handover("migrate", folder=tmp_path, DATABASE_URL=away)
    assert (lost.returncode, lost.stderr.count("\n")) == (2, 1)
    assert "DATABASE_URL" in lost.stderr
    assert "very-secret" not in lost.stderr


def test_a_token_that_slack_does_not_take_and_a_slack_that_is_away_are_one_line_each(
    tmp_path: Path,
) -> None:
    with make_slack() as slack:
        known = settings_for(slack, tmp_path)
        upgrade(known["DATABASE_URL"])
        wrong = known | {"SLACK_BOT_TOKEN": "xoxb-of-another-app"}
        done = handover("serve", folder=tmp_path, **wrong)
        assert done.stderr == (
            "handover: SLACK_BOT_TOKEN: Slack does not take it: invalid_auth:"
            " copy SLACK_BOT_TOKEN from the app's OAuth & Permissions\n"
        )
    away = handover("serve", folder=tmp_path, **known)
    assert (away.returncode, away.stderr.count("\n")) == (2, 1)
    assert "Slack cannot be asked (it is not there" in away.stderr


def test_a_playbook_that_is_wrong_keeps_it_from_starting(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("version = 1")
    with make_slack() as slack:
        known = settings_for(slack, tmp_path)
        upgrade(known["DATABASE_URL"])
        done = handover(
            "serve", folder=tmp_path, **known, HANDOVER_PLAYBOOK=str(tmp_path / "mine.toml")
        )
        assert done.returncode == 2
        assert "HANDOVER_PLAYBOOK: sections: Field required" in done.stderr
