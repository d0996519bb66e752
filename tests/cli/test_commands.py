"""The commands that neither serve nor migrate."""

import io
import json
import re
import subprocess
import sys
from importlib import resources
from pathlib import Path

import pytest
from jsonschema import Draft7Validator
from rich.console import Console
from sqlalchemy import text, update
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.delivery import gateway
from bot.demo.director import play
from bot.manifest import EVENTS, SCOPES, manifest
from storage.engine import Database
from storage.schema import HEAD
from storage.tables import schema_serves

run = CliRunner().invoke
RULES = resources.files("bot.sandbox.rules")
PLAYBOOK = Path(str(resources.files("flows").joinpath("playbook.toml")))


def methods_called() -> set[str]:
    """Every API method that the only holder of a client names."""
    source = Path(gateway.__file__).read_text()
    known = json.loads(RULES.joinpath("methods.json").read_text())
    return set(re.findall(r'"([a-z]+(?:\.[a-zA-Z]+)+)"', source)) & set(known)


def test_the_manifest_asks_for_what_the_methods_need_and_nothing_else() -> None:
    known = json.loads(RULES.joinpath("methods.json").read_text())
    called = methods_called()
    assert {"chat.postMessage", "conversations.open", "users.info"} <= called
    needed = {name: set(known[name]["scopes"].get("bot", ())) for name in called}
    unmet = {name for name, any_of in needed.items() if any_of and not any_of & set(SCOPES)}
    assert not unmet
    for_methods = {scope for any_of in needed.values() for scope in any_of}
    # Commands and events need theirs without a method.
    assert set(SCOPES) - for_methods == {"commands"}
    for_events = {"message.im": "im:history", "user_change": "users:read"}
    assert all(for_events[event] in SCOPES for event in EVENTS if event in for_events)


@pytest.mark.parametrize("socket", [False, True])
def test_the_manifest_is_valid(socket: bool) -> None:
    schema = json.loads(RULES.joinpath("manifest.schema.json").read_text())
    words = ["manifest", "--address", "https://bot.example.com/"] + ["--socket"] * socket
    printed = json.loads(run(app, words).stdout)
    assert printed == manifest("https://bot.example.com", socket=socket)
    Draft7Validator(schema).validate(printed)
    assert printed["settings"]["socket_mode_enabled"] is socket
    assert ("https://bot.example.com/slack/events" in json.dumps(printed)) is not socket


def test_the_manifest_for_many_workspaces_brings_browsers_back() -> None:
    schema = json.loads(RULES.joinpath("manifest.schema.json").read_text())
    words = ["manifest", "--address", "https://bot.example.com/", "--many"]
    printed = json.loads(run(app, words).stdout)
    Draft7Validator(schema).validate(printed)
    back = ["https://bot.example.com/slack/oauth_redirect"]
    assert printed["oauth_config"]["redirect_urls"] == back
    assert printed["settings"]["token_rotation_enabled"] is True
    heard = set(printed["settings"]["event_subscriptions"]["bot_events"])
    assert heard == {*EVENTS, "app_uninstalled", "team_access_revoked", "tokens_revoked"}


def test_a_good_playbook_is_praised_with_its_counts() -> None:
    done = run(app, ["playbook", "check", str(PLAYBOOK)])
    assert done.exit_code == 0
    assert re.fullmatch(
        r"playbook.toml is fine: \d+ questions in 14 sections, 7 kinds of records.\n", done.stdout
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("version = ", "not TOML"),
        (PLAYBOOK.read_text().replace('section = "Risks"', 'section = "Rusks"'), "question RK1"),
        (PLAYBOOK.read_text().replace("switch = { smb = 6", "switch = { smb = 0"), "milestones"),
    ],
)
def test_what_is_wrong_with_a_playbook_is_said_line_by_line(
    tmp_path: Path, text: str, line: str
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(text)
    done = run(app, ["playbook", "check", str(file)])
    assert done.exit_code == 1
    assert any(found.startswith(line) for found in done.stdout.splitlines()), done.stdout


def test_a_playbook_that_cannot_be_read_is_no_traceback(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    assert run(app, ["playbook", "check", str(file)]).stdout.endswith("No such file or directory\n")
    file.write_bytes(b"\xff\xfe\x00")
    assert run(app, ["playbook", "check", str(file)]).stdout.endswith("not UTF-8 text\n")


def test_migrating_leaves_the_schema_of_a_later_release_as_it_is(database_url: str) -> None:
    database = Database(database_url)

    def migrated(serves: str) -> Result:
        with database.write() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '0999'"))
            connection.execute(update(schema_serves).values(oldest=serves))
        return CliRunner().invoke(app, ["migrate"], env={"DATABASE_URL": database_url})

    served, refused = migrated(HEAD), migrated("0999")
    database.close()
    assert served.exit_code == 0, served.output
    assert served.stdout == "The database is at 0999 already, which serves this version too.\n"
    assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)
    assert "too new for this version" in refused.stderr


def test_serving_does_not_load_alembic() -> None:
    code = "import sys, bot.serving, bot.cli; sys.exit('alembic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_demo_plays_eight_weeks_and_keeps_what_came_of_them(tmp_path: Path) -> None:
    stage = io.StringIO()
    assert play(tmp_path / "demo", Console(file=stage, width=100)) == []
    told = iter(stage.getvalue().splitlines())
    for words in (
        "Mon 12 Oct 2026, 09:00",
        "Ivan Petrov presses [Accept handover]",
        "Lena Berg presses [Approve hello]",
        "Snooze: 3 working days",
        "#customer-success, brought up to date",
        "the mood of the customer is alarm (red)",
        "Before the switch: 2 things",
        "Lead now: Ivan Petrov · since Thu 5 Nov 2026",
        "Olga Costa presses [Better]",
        "Northwind: handover complete",
        "Mon 7 Dec 2026, 10:30",
        "Lena Berg has asked Northwind how the change went",
        "Slack's rules: no violations.",
    ):
        # One after the other: each is looked for behind the one before.
        assert any(words in line for line in told), words
    brief = (tmp_path / "demo" / "northwind-brief.md").read_text()
    assert "32 of 32 required answered" in brief
    for said in ("Ana Duarte", "A third outage in the winter sale", "First reply in under two"):
        assert said in brief
    assert list((tmp_path / "demo").glob("handovers-*.png"))
