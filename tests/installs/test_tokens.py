"""Tokens: sealed where they are stored, renewed once, and by whoever needs them."""

import threading
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import func, select

from bot.app import Bot
from storage import installations, tables
from storage.engine import Database
from storage.seal import Seal, SealError
from tests.cli.process import handover
from tests.installs.houses import KEY, Houses, houses
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
            bot.offices.close_all()
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


def test_keys_are_changed_while_the_bot_serves(tmp_path: Path, database_url: str) -> None:
    new = Fernet.generate_key().decode()
    with houses(database_url, HANDOVER_ENCRYPTION_KEYS=f"{new}, {KEY}") as here:
        with here.house.bot.database.write() as connection:
            for number in range(130):
                one = installations.Installation(
                    owner=f"T{number}",
                    name="x" * number,
                    app="A1",
                    bot_user="U1",
                    scopes="",
                    installed_by="U1",
                    installed_at=1,
                    tokens=installations.Tokens("xoxb-" + "y" * number * 50),
                )
                installations.keep(connection, Seal([KEY]), one)
        begin(here, here.acme)
        done = handover(
            "rotate-keys",
            folder=tmp_path,
            DATABASE_URL=database_url,
            HANDOVER_ENCRYPTION_KEYS=f"{new},{KEY}",
        )
        assert done.stdout == "Sealed 130 installations with the newest key.\n", done.stderr
        with here.house.bot.database.read() as connection:
            assert installations.unopened(connection, Seal([new])) == 0
            kept = installations.find(connection, Seal([new]), "T129")
            count = connection.execute(select(func.count()).select_from(tables.installations))
            assert count.scalar_one() == 131
        assert kept
        assert kept.tokens.token == "xoxb-" + "y" * 129 * 50
        assert here.acme.olga.types("/handover list").text


def test_keys_that_open_nothing_are_told_by_name(tmp_path: Path, sqlite_url: str) -> None:
    with houses(sqlite_url) as here:
        begin(here, here.acme)
    wrong = Fernet.generate_key().decode()
    known = {"DATABASE_URL": sqlite_url, "HANDOVER_ENCRYPTION_KEYS": wrong}
    refused = handover("rotate-keys", folder=tmp_path, **known)
    assert refused.returncode == 2
    assert "HANDOVER_ENCRYPTION_KEYS" in refused.stderr
    assert wrong not in refused.stderr
    served = {
        "SLACK_CLIENT_ID": "1.2",
        "SLACK_CLIENT_SECRET": "leaked",
        "SLACK_SIGNING_SECRET": "leaked",
        "PORT": "0",
    }
    refused = handover("serve", folder=tmp_path, **known, **served)
    assert refused.returncode == 2
    assert "HANDOVER_ENCRYPTION_KEYS" in refused.stderr
    assert wrong not in refused.stderr
    assert "leaked" not in refused.stderr


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
