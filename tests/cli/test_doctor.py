"""`handover doctor`: a bot that is well, and each fault with what to do."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text, update
from typer.testing import CliRunner

from bot.cli import app
from bot.manifest import manifest
from bot.sandbox import Sandbox
from bot.settings import Settings
from bot.times import SystemClock
from flows.reports.weekly import ChannelDigest
from storage import installations, replicas, workspaces
from storage.engine import Database
from storage.installations import Installation, Tokens
from storage.moments import to_stored
from storage.seal import Seal
from storage.tables import schema_serves
from storage.workspaces import Workspace
from tests.cli.process import APP_TOKEN, SECRET, TOKEN
from tests.databases import sqlite
from tests.make import NOW

KEY, OLD_KEY = Fernet.generate_key().decode(), Fernet.generate_key().decode()
CHECKS = (
    *("settings", "playbook", "database", "schema", "writing", "engine", "replicas", "messages"),
    *("token", "clock", "scopes", "channels", "leaders"),
)


def make_slack(made: dict[str, object] | None = None, ahead: float = 0.0) -> Sandbox:
    return Sandbox(
        manifest=made or manifest(),
        bot_token=TOKEN,
        app_token=APP_TOKEN,
        signing_secret=SECRET,
        now=lambda: SystemClock().now().timestamp() + ahead,
    )


@pytest.fixture
def slack() -> Iterator[Sandbox]:
    with make_slack() as made:
        yield made


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = Database(database_url)
    with made.write() as connection:
        replicas.beat(connection, "r1", to_stored(SystemClock().now()))
    yield made
    made.close()


def settings_for(slack: Sandbox, url: str, **changes: str) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": url,
        "HANDOVER_SLACK_TIMEOUT": "1",
    } | changes


def address(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


def doctor(known: dict[str, str]) -> tuple[int, dict[str, str]]:
    """The exit status, and each check's lines."""
    others: dict[str, str | None] = dict.fromkeys(Settings.model_json_schema()["properties"])
    done = CliRunner().invoke(app, ["doctor"], env=others | known)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    for secret in (TOKEN, APP_TOKEN, SECRET, KEY, OLD_KEY):
        assert secret not in done.output
    said: dict[str, str] = {}
    for line in done.stdout.splitlines():
        grade, check, words = line.split(maxsplit=2)
        said[check] = f"{said[check]}\n{grade} {words}" if check in said else f"{grade} {words}"
    return done.exit_code, said


def choose(database: Database, slack: Sandbox, **chosen: object) -> None:
    with database.write() as connection:
        after = Workspace(team=slack.team_id).model_copy(update=chosen)
        workspaces.keep(connection, after, "U0ADA", NOW)


def digest_in(channel: str) -> ChannelDigest:
    since = datetime.fromisoformat("2026-01-01T00:00Z")
    return ChannelDigest(
        channel=channel, name="cs", weekday=0, hour=9, zone="UTC", by="U1", since=since
    )


def test_where_all_is_well_every_check_says_so(database: Database, slack: Sandbox) -> None:
    lena = slack.person("Lena Berg")
    channel = slack.channel("customer-success", [lena])
    choose(database, slack, leaders=(lena.id,), digests=(digest_in(channel.id),))
    status, said = doctor(settings_for(slack, address(database)))
    assert tuple(said) == CHECKS
    assert {line.split()[0] for line in said.values()} == {"ok"}, said
    assert status == 0
    slack.assert_clean()


def test_settings_are_told_by_name(slack: Sandbox, sqlite_url: str) -> None:
    known = settings_for(slack, sqlite_url, DATABASE_URL="mysql://nowhere")
    assert doctor(known) == (1, {"settings": doctor(known)[1]["settings"]})
    assert "DATABASE_URL" in doctor(known)[1]["settings"]


def test_a_database_that_is_not_there_is_not_made(slack: Sandbox, tmp_path: Path) -> None:
    status, said = doctor(settings_for(slack, f"sqlite:///{tmp_path / 'none.db'}"))
    assert (status, list(tmp_path.iterdir())) == (1, [])
    assert "handover migrate" in said["database"]
    # What Slack says is worth knowing all the same.
    assert said["token"].startswith("ok")


def test_a_database_that_is_away_or_empty_is_wrong(slack: Sandbox, tmp_path: Path) -> None:
    away = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
    assert doctor(settings_for(slack, away))[1]["database"].startswith("wrong it does not answer")
    sqlite3.connect(tmp_path / "empty.db").close()
    (tmp_path / "empty.db").touch()
    status, said = doctor(settings_for(slack, f"sqlite:///{tmp_path / 'empty.db'}"))
    assert status == 1
    assert said["schema"].startswith("wrong the database is empty")
    assert said["schema"].endswith("-> run `handover migrate` first")


def test_a_schema_of_a_later_release_is_not_to_be_migrated(
    database: Database, slack: Sandbox
) -> None:
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0999'"))
        connection.execute(update(schema_serves).values(oldest="0999"))
    _, said = doctor(settings_for(slack, address(database)))
    assert said["schema"].startswith("wrong the database is at 0999")
    assert said["schema"].endswith("-> run the release that brought it there")


@pytest.mark.parametrize(("content", "why"), [(b"version = 1", "sections"), (b"\xff", "UTF-8")])
def test_a_playbook_that_cannot_be_used_is_told_with_its_first_fault(
    slack: Sandbox, sqlite_url: str, tmp_path: Path, content: bytes, why: str
) -> None:
    file = tmp_path / "mine.toml"
    file.write_bytes(content)
    status, said = doctor(settings_for(slack, sqlite_url, HANDOVER_PLAYBOOK=str(file)))
    assert (status, said["playbook"].split()[0]) == (1, "wrong")
    assert why in said["playbook"]
    assert said["playbook"].endswith(f"run `handover playbook check {file}`")


def test_a_database_that_takes_nothing_is_wrong(slack: Sandbox, sqlite_url: str) -> None:
    Database(sqlite_url).checkpoint()
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    status, said = doctor(settings_for(slack, sqlite_url))
    other.close()
    assert status == 1
    assert said["writing"].startswith("wrong it takes nothing")


def test_an_engine_without_tables_and_no_replica_are_worth_a_look(
    slack: Sandbox, tmp_path: Path
) -> None:
    url = sqlite().make(tmp_path)
    (tmp_path / "handover-engine.db").unlink()
    status, said = doctor(settings_for(slack, url))
    assert status == 0
    assert said["engine"].startswith("look it has no tables yet")
    assert said["replicas"].startswith("look none is serving")
    assert said["leaders"].startswith("look nobody is named")


def test_a_replica_that_fell_silent_is_named(database: Database, slack: Sandbox) -> None:
    with database.write() as connection:
        replicas.beat(connection, "r2", to_stored(SystemClock().now()) - 60_000_000)
        replicas.beat(connection, "left-in-order", 0)
    said = doctor(settings_for(slack, address(database)))[1]
    assert said["replicas"].startswith("look 1 serving, silent: r2")


def test_a_token_that_slack_refuses(slack: Sandbox, sqlite_url: str) -> None:
    status, said = doctor(settings_for(slack, sqlite_url, SLACK_BOT_TOKEN="xoxb-other"))
    assert status == 1
    assert said["token"].startswith("wrong Slack does not take it: invalid_auth")
    assert "SLACK_BOT_TOKEN" in said["token"]


def test_a_slack_that_is_away(slack: Sandbox, sqlite_url: str) -> None:
    known = settings_for(slack, sqlite_url, SLACK_API_URL="http://127.0.0.1:1/api/")
    status, said = doctor(known)
    assert status == 1
    assert said["token"].startswith("wrong Slack cannot be asked")


def test_scopes_are_compared_with_the_manifest(sqlite_url: str) -> None:
    made = manifest()
    granted = made["oauth_config"]["scopes"]["bot"]
    granted.remove("canvases:write")
    with make_slack(made) as slack:
        status, said = doctor(settings_for(slack, sqlite_url))
    assert status == 1
    assert said["scopes"].startswith("wrong missing: canvases:write -> paste")
    granted += ["canvases:write", "channels:join"]
    with make_slack(made) as slack:
        status, said = doctor(settings_for(slack, sqlite_url))
    assert said["scopes"].startswith("look more than is needed: channels:join")


@pytest.mark.parametrize(("ahead", "how"), [(60, "behind"), (-60, "ahead of")])
def test_a_clock_that_is_off(sqlite_url: str, ahead: float, how: str) -> None:
    with make_slack(ahead=ahead) as slack:
        status, said = doctor(settings_for(slack, sqlite_url))
    assert status == 0
    assert said["clock"].startswith("look ")
    assert f"s {how} Slack's" in said["clock"]


def test_the_socket_is_tried_where_a_token_for_it_is_set(sqlite_url: str) -> None:
    with make_slack(manifest(socket=True)) as slack:
        known = settings_for(slack, sqlite_url)
        assert "socket" not in doctor(known)[1]
        assert doctor(known | {"SLACK_APP_TOKEN": APP_TOKEN})[1]["socket"].startswith("ok")
        status, said = doctor(known | {"SLACK_APP_TOKEN": "xapp-other"})
    assert status == 1
    assert said["socket"].startswith("wrong Slack does not take SLACK_APP_TOKEN: invalid_auth")


def test_what_was_chosen_may_be_gone(database: Database, slack: Sandbox) -> None:
    lena, gone = slack.person("Lena Berg"), slack.person("Max Gone", deleted=True)
    guest = slack.person("Gus Guest", guest=True)
    rooms = {name: slack.channel(name, [lena], bot_in=name != "left") for name in ("left", "old")}
    shared = slack.channel("shared", [lena], external=True)
    slack.update_channel(rooms["old"], archived=True)
    chosen = tuple(digest_in(one.id) for one in (*rooms.values(), shared))
    choose(database, slack, leaders=(lena.id, gone.id, guest.id), digests=chosen)
    status, said = doctor(settings_for(slack, address(database)))
    assert status == 1
    left, old, outside = said["channels"].splitlines()
    assert left == f"wrong {rooms['left'].id}: not_in_channel -> `/invite` the bot there"
    assert "archived_channel -> choose another" in old
    assert "shared_channel -> others than colleagues read there" in outside
    assert said["leaders"].splitlines() == [
        f"look {gone.id}: gone -> name others in `/handover settings`",
        f"look {guest.id}: no full member -> name others in `/handover settings`",
    ]
    choose(database, slack, leaders=(gone.id,))
    assert doctor(settings_for(slack, address(database)))[1]["leaders"].startswith("wrong")


def installed(
    slack: Sandbox, token: str, refresh: str | None = None, expires_at: int | None = None
) -> Installation:
    owner = slack.team_id if token == TOKEN else "T0OTHER"
    given = Tokens(token, refresh, expires_at)
    return Installation(owner, owner, "A1", "U1", "", "U1", 1, given)


def for_many(slack: Sandbox, database: Database) -> dict[str, str]:
    return settings_for(
        slack,
        address(database),
        SLACK_BOT_TOKEN="",
        SLACK_CLIENT_ID="1.2",
        SLACK_CLIENT_SECRET="of the client",
        HANDOVER_ENCRYPTION_KEYS=f"{KEY},{OLD_KEY}",
    )


@pytest.mark.parametrize(
    ("expires_at", "remedy"), [(1, "`handover serve` renews it"), (2**52, "have an admin")]
)
def test_a_token_that_only_nobody_renewed_is_no_admins_matter(
    database: Database, slack: Sandbox, expires_at: int, remedy: str
) -> None:
    with database.write() as connection:
        one = installed(slack, "xoxb-expired", "xoxe-1-next", expires_at)
        installations.keep(connection, Seal([KEY]), one)
    said = doctor(for_many(slack, database))[1]["token"]
    assert said.startswith("wrong T0OTHER: Slack does not take it")
    assert remedy in said


def test_many_workspaces_are_told_apart_where_something_is_wrong(
    database: Database, slack: Sandbox
) -> None:
    known = for_many(slack, database)
    assert doctor(known)[1]["token"].startswith("look no workspace has installed it")
    with database.write() as connection:
        installations.keep(connection, Seal([OLD_KEY]), installed(slack, TOKEN))
        installations.keep(connection, Seal([KEY]), installed(slack, "xoxb-revoked"))
    status, said = doctor(known)
    assert status == 1
    assert said["keys"].startswith("look 1 tokens are sealed with an older key")
    refused, well = said["token"].splitlines()
    assert refused.startswith("wrong T0OTHER: Slack does not take it: invalid_auth -> have an")
    assert well == "ok 1 of 2 workspaces"
    assert said["scopes"] == "ok 1 of 1 workspaces"
    shut = doctor(known | {"HANDOVER_ENCRYPTION_KEYS": KEY})[1]["keys"]
    assert shut.startswith("wrong no key opens the token of 1 installations")
