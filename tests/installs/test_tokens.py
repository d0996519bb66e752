"""Tokens: sealed where they are stored, renewed once, and by whoever needs them."""

import sqlite3
import threading
from collections.abc import Iterable
from contextlib import closing

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select
from typer.testing import CliRunner, Result

from bot.app import Bot
from bot.cli import app
from bot.crash import set_crash
from bot.settings import Settings, SettingsError
from storage import installations, tables
from storage.deadline import answering
from storage.engine import Database
from storage.seal import Seal, SealError
from tests.installs.houses import KEY, Houses, houses, many_settings
from tests.installs.test_leaving import begin
from tests.privacy.cast import MovedClock
from tests.wire.stage import Stage


def tokens(here: Houses, stage: Stage) -> installations.Tokens:
    with here.house.bot.database.read() as connection:
        found = installations.find(connection, Seal([KEY]), stage.slack.team_id)
    assert found
    return found.tokens


def test_no_token_is_stored_as_it_is(database_url: str) -> None:
    with houses(database_url) as here:
        begin(here, here.acme)
        known = tokens(here, here.acme)
        assert known.token == here.acme.slack.app.bot_token
        assert known.refresh
        with here.house.bot.database.read() as connection:
            stored = str(connection.execute(select(tables.installations)).all())
        assert known.token not in stored
        assert known.refresh not in stored
        assert known.token not in repr(known)


def test_tokens_are_renewed_before_they_expire(database_url: str) -> None:
    clock = MovedClock()
    with houses(database_url, clock) as here:
        begin(here, here.acme)
        before = tokens(here, here.acme).token
        clock.pass_by(hours=9)
        here.house.bot.ticker.run("tokens")
        assert tokens(here, here.acme).token == before, "it is good for another three hours"
        clock.pass_by(hours=2)
        here.house.bot.ticker.run("tokens")
        assert tokens(here, here.acme).token == here.acme.slack.app.bot_token != before
        here.house.bot.ticker.run("tokens")
        assert here.exchanges(here.acme) == 2


def test_who_sends_renews_what_has_expired(database_url: str) -> None:
    clock = MovedClock()
    with houses(database_url, clock) as here:
        begin(here, here.acme)
        clock.pass_by(hours=13)
        here.acme.slack.expire_tokens()
        here.acme.ivan.dm().wait("take Northwind over").click("Accept handover")
        here.house.rest()
        assert here.exchanges(here.acme) == 2
        assert not here.is_gone(here.acme)
        assert here.acme.olga.dm().wait("Ivan Petrov")


def test_a_token_that_expires_early_is_renewed_at_once(sqlite_url: str) -> None:
    with houses(sqlite_url) as here:
        begin(here, here.acme)
        here.acme.slack.expire_tokens()
        here.acme.ivan.dm().wait("take Northwind over").click("Accept handover")
        here.house.rest()
        assert here.exchanges(here.acme) == 2
        assert not here.is_gone(here.acme)


def test_who_waited_for_another_token_does_not_renew_that_one_too(sqlite_url: str) -> None:
    with houses(sqlite_url) as here:
        begin(here, here.acme)
        installs = here.house.bot.installs
        granted = installs._of(here.acme.slack.team_id) if installs else None
        assert granted
        before = granted.now()
        for _ in range(2):
            granted.renew(expired=before)
            assert here.exchanges(here.acme) == 2


def test_threads_and_replicas_use_a_refresh_token_once(database_url: str) -> None:
    """Slack's second answer would be a broken rule: the stage ends with none."""
    clock = MovedClock()
    with houses(database_url, clock) as here:
        begin(here, here.acme)
        clock.pass_by(hours=11)
        bots = [here.house.bot]
        if not here.house.bot.database.is_sqlite:
            bots.append(Bot(here.house.settings, clock=clock))
        together = threading.Barrier(4 * len(bots))

        def renew(bot: Bot) -> None:
            together.wait()
            assert bot.installs
            bot.installs.renew()

        threads = [threading.Thread(target=renew, args=(bot,)) for bot in bots for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert here.exchanges(here.acme) == 2
        for bot in bots:
            gateway = bot.homes.gateway(here.acme.slack.team_id)
            assert gateway
            assert "ok" in str(gateway.auth_test())
        for bot in bots[1:]:
            bot.lookups.stop()
            bot.database.close()


def test_a_lost_answer_is_tried_again_later_and_ends_nothing_while_the_token_lives(
    database_url: str,
) -> None:
    clock = MovedClock()
    with houses(database_url, clock) as here:
        begin(here, here.acme)
        clock.pass_by(hours=11)
        here.acme.slack.fault("oauth.v2.access", "http_500")
        here.house.bot.ticker.run("tokens")
        here.house.bot.ticker.run("tokens")
        assert here.exchanges(here.acme) == 2, "nobody asks again at once"
        clock.pass_by(minutes=2)
        here.house.bot.ticker.run("tokens")
        assert here.exchanges(here.acme) == 3
        assert tokens(here, here.acme).token == here.acme.slack.app.bot_token


def test_tokens_that_came_too_late_for_whoever_waits_are_kept(postgresql_url: str) -> None:
    """Slack takes its time while somebody waits: what it gave is stored all the same."""
    clock = MovedClock()
    with houses(postgresql_url, clock) as here:
        begin(here, here.acme)
        clock.pass_by(hours=13)
        here.acme.slack.expire_tokens()
        office = here.house.bot.offices.of(here.acme.slack.team_id)
        assert office
        too_late = answering(0)
        set_crash("token.refreshed", too_late.__enter__)
        with answering(30):
            assert "ok" in str(office.gateway.auth_test())
        assert tokens(here, here.acme).token == here.acme.slack.app.bot_token
        assert not here.is_gone(here.acme)


def test_tokens_that_cannot_be_stored_at_once_are_used_and_stored_later(sqlite_url: str) -> None:
    clock = MovedClock()
    with houses(sqlite_url, clock) as here:
        begin(here, here.acme)
        here.house.rest()
        clock.pass_by(hours=13)
        here.acme.slack.expire_tokens()
        office = here.house.bot.offices.of(here.acme.slack.team_id)
        assert office
        with closing(sqlite3.connect(here.house.bot.database.url.database or "")) as other:
            set_crash("token.refreshed", lambda: other.execute("BEGIN IMMEDIATE").close())
            assert "ok" in str(office.gateway.auth_test())
            other.rollback()
        assert tokens(here, here.acme).token != here.acme.slack.app.bot_token
        assert "ok" in str(office.gateway.auth_test())
        assert tokens(here, here.acme).token == here.acme.slack.app.bot_token
        assert here.exchanges(here.acme) == 2


def test_who_answers_a_person_leaves_a_token_that_is_good_to_others(sqlite_url: str) -> None:
    clock = MovedClock()
    with houses(sqlite_url, clock) as here:
        begin(here, here.acme)
        here.house.rest()
        clock.pass_by(hours=11)
        office = here.house.bot.offices.of(here.acme.slack.team_id)
        assert office
        with answering(30):
            office.gateway.auth_test()
        assert here.exchanges(here.acme) == 1
        office.gateway.auth_test()
        assert here.exchanges(here.acme) == 2


class Killed(BaseException):
    """In the place of kill -9: nothing more is done here, and nothing is written."""


def die() -> None:
    raise Killed


DEATHS = ("token.claimed", "token.refreshed")


def test_whoever_dies_before_asking_slack_is_followed_by_another(sqlite_url: str) -> None:
    clock = MovedClock()
    with houses(sqlite_url, clock) as here:
        begin(here, here.acme)
        clock.pass_by(hours=11)
        set_crash(DEATHS[0], die)
        with pytest.raises(Killed):
            here.house.bot.ticker.run("tokens")
        assert here.exchanges(here.acme) == 1
        clock.pass_by(minutes=2)
        here.house.bot.ticker.run("tokens")
        assert tokens(here, here.acme).token == here.acme.slack.app.bot_token
        assert here.exchanges(here.acme) == 2


def test_whoever_dies_with_the_new_tokens_costs_an_installation_and_nothing_else(
    sqlite_url: str,
) -> None:
    """Slack gives them once, so nobody else can have them; whoever installs again finds all."""
    clock = MovedClock()
    with houses(sqlite_url, clock) as here:
        begin(here, here.acme)
        clock.pass_by(hours=11)
        set_crash(DEATHS[1], die)
        with pytest.raises(Killed):
            here.house.bot.ticker.run("tokens")
        clock.pass_by(minutes=2)
        here.house.bot.ticker.run("tokens")
        assert not here.is_gone(here.acme), "the old token is good until it expires"
        clock.pass_by(hours=2)
        here.acme.slack.expire_tokens()
        here.house.bot.ticker.run("tokens")
        assert here.install(here.acme).status == 200
        here.acme.ivan.dm().wait("take Northwind over").click("Accept handover")
        here.house.rest()
        assert here.acme.olga.dm().wait("Ivan Petrov")
        violations = here.acme.slack.violations
        assert {one.rule for one in violations} == {"invalid_refresh_token"}
        violations.clear()


def rotate(monkeypatch: pytest.MonkeyPatch, url: str, keys: str) -> Result:
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("HANDOVER_ENCRYPTION_KEYS", keys)
    return CliRunner().invoke(app, ["rotate-keys"])


def stored(database: Database, seal: Seal, owners: Iterable[str]) -> None:
    """Installations with tokens of every length."""
    with database.write() as connection:
        for number, owner in enumerate(owners):
            given = installations.Tokens("xoxb-" + "y" * number * 50)
            one = installations.Installation(owner, "Acme", "A1", "U1", "", "U1", 1, given)
            installations.keep(connection, seal, one)


def test_keys_are_changed_while_the_bot_serves(
    monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    new = Fernet.generate_key().decode()
    with houses(database_url, HANDOVER_ENCRYPTION_KEYS=f"{new}, {KEY}") as here:
        assert here.install(here.acme).status == 200
        database = here.house.bot.database
        stored(database, Seal([KEY]), (f"E{number}" for number in range(130)))
        done = rotate(monkeypatch, database_url, f"{new},{KEY}")
        assert done.output == "Sealed 130 installations with the newest key.\n"
        with database.read() as connection:
            assert installations.unopened(connection, Seal([new])) == 0
            kept = installations.find(connection, Seal([new]), "E129")
        assert kept
        assert kept.tokens.token == "xoxb-" + "y" * 129 * 50
        assert here.acme.olga.types("/handover list").text


def test_one_token_that_no_key_opens_keeps_no_other_from_the_new_key(
    monkeypatch: pytest.MonkeyPatch, sqlite_url: str
) -> None:
    lost, new = (Fernet.generate_key().decode() for _ in range(2))
    with closing(Database(sqlite_url)) as database:
        stored(database, Seal([KEY]), ["T1", "T3"])
        stored(database, Seal([lost]), ["T2"])
        done = rotate(monkeypatch, sqlite_url, f"{new},{KEY}")
        assert done.exit_code == 2
        assert "Sealed 2 installations" in done.output
        assert "no key opens the token of 1 installations" in done.output
        with database.read() as connection:
            assert installations.unopened(connection, Seal([new])) == 1


def test_keys_that_open_nothing_are_told_by_name(
    monkeypatch: pytest.MonkeyPatch, sqlite_url: str
) -> None:
    database = Database(sqlite_url)
    stored(database, Seal([KEY]), ["T1"])
    database.close()
    wrong = Fernet.generate_key().decode()
    refused = rotate(monkeypatch, sqlite_url, wrong)
    assert refused.exit_code == 2
    assert "HANDOVER_ENCRYPTION_KEYS" in refused.output
    assert wrong not in refused.output
    asked = many_settings(HANDOVER_ENCRYPTION_KEYS=wrong) | {
        "SLACK_SIGNING_SECRET": "leaked",
        "DATABASE_URL": sqlite_url,
    }
    bot = Bot(Settings.model_validate(asked))
    with pytest.raises(SettingsError, match="HANDOVER_ENCRYPTION_KEYS") as caught:
        bot.start()
    bot.lookups.stop()
    bot.database.close()
    assert wrong not in str(caught.value)


def test_a_token_that_no_key_opens_keeps_no_other_workspace_from_being_served(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    with houses(database_url) as here:
        assert here.install(here.acme).status == 200
        lost = Seal([Fernet.generate_key().decode()])
        stored(here.house.bot.database, lost, ["T9"])
        here.house.restart()
        assert here.acme.olga.types("/handover list").text
        assert "no key opens the token of 1 installations" in caplog.text


def test_a_token_sealed_for_another_owner_is_not_taken(database_url: str) -> None:
    """Whoever can write the table cannot give one workspace another's token."""
    database, seal = Database(database_url), Seal([KEY])
    with database.write() as connection:
        for owner in ("T1", "T2"):
            one = installations.Installation(
                owner, owner, "A1", "U1", "", "U1", 1, installations.Tokens(f"xoxb-{owner}")
            )
            installations.keep(connection, seal, one)
        stolen = select(tables.installations.c.sealed).where(tables.installations.c.owner == "T2")
        sealed = connection.execute(stolen).scalar_one()
        table = tables.installations
        connection.execute(table.update().where(table.c.owner == "T1").values(sealed=sealed))
        with pytest.raises(SealError):
            installations.find(connection, seal, "T1")
    database.close()
