"""Workspaces take the bot out: nothing is said there any more, until they take it back."""

import pytest
from sqlalchemy import func, select

from storage import outbox, tables
from storage.departures import UNINSTALLED
from tests.installs.houses import Houses, houses
from tests.privacy.cast import MovedClock
from tests.wire.stage import Stage, list_leaders


def begin(here: Houses, *stages: Stage) -> None:
    for stage in stages:
        assert here.install(stage).status == 200
        list_leaders(stage)
        stage.start()
        stage.ivan.dm().wait("take Northwind over")
    here.house.rest()


def posts(stage: Stage) -> int:
    return sum(call.method == "chat.postMessage" for call in stage.slack.journal)


def gone(here: Houses, stage: Stage) -> None:
    stage.slack.idle(0.05)
    assert here.is_gone(stage)
    assert stage.slack.team_id not in here.installed()


def states(here: Houses, stage: Stage) -> set[tuple[str, str | None]]:
    """What became of what was to be said there."""
    found = select(tables.outbox.c.state, tables.outbox.c.error).where(
        tables.outbox.c.team == stage.slack.team_id
    )
    with here.house.bot.database.read() as connection:
        return {(row[0], row[1]) for row in connection.execute(found)}


def rows(here: Houses, stage: Stage) -> dict[str, int]:
    """How much is stored of a workspace, by table."""
    found = {}
    with here.house.bot.database.read() as connection:
        for table in tables.metadata.sorted_tables:
            if "team" in table.c:
                mine = table.c.team == stage.slack.team_id
                found[table.name] = connection.execute(
                    select(func.count()).select_from(table).where(mine)
                ).scalar_one()
    return {name: count for name, count in found.items() if count}


@pytest.mark.parametrize("revoked_first", [True, False])
def test_nothing_is_said_where_it_was_taken_out_and_all_goes_on_elsewhere(
    database_url: str, revoked_first: bool
) -> None:
    clock = MovedClock()
    with houses(database_url, clock) as here:
        begin(here, here.acme, here.beta)
        here.acme.slack.uninstall(revoked_first=revoked_first)
        gone(here, here.acme)
        said, elsewhere, calls = posts(here.acme), posts(here.beta), len(here.acme.slack.journal)
        clock.pass_by(days=9)
        for _ in range(2):
            for tick in ("due", "reminders", "roster", "tokens", "delivery"):
                here.house.bot.ticker.run(tick)
            here.house.rest()
        assert posts(here.acme) == said
        assert posts(here.beta) > elsewhere
        assert len(here.acme.slack.journal) == calls, "Slack is not asked there either"


def test_what_was_waiting_is_said_once_the_bot_is_back(database_url: str) -> None:
    with houses(database_url) as here:
        begin(here, here.acme)
        here.acme.slack.fault("chat.postMessage", "ratelimited", times=1, seconds=600)
        here.acme.ivan.dm().wait("take Northwind over").click("Accept handover")
        here.acme.slack.idle(0.1)
        here.acme.slack.uninstall()
        gone(here, here.acme)
        assert ("dropped", UNINSTALLED) in states(here, here.acme)
        assert not {state for state, _ in states(here, here.acme)} & {outbox.PENDING}

        assert here.install(here.acme).status == 200
        assert not here.is_gone(here.acme)
        here.house.rest()
        assert ("dropped", UNINSTALLED) not in states(here, here.acme)
        assert here.acme.stored().account == "Northwind"
        answer = here.acme.olga.types("/handover list").text
        assert "Northwind" in answer


def test_an_event_of_before_the_new_installation_ends_nothing(database_url: str) -> None:
    clock = MovedClock()
    with houses(database_url, clock) as here:
        begin(here, here.acme)
        clock.pass_by(minutes=5)
        assert here.install(here.acme).status == 200
        # Slack sends what it could not deliver for a day.
        here.acme.slack.announce_departure()
        here.acme.slack.idle(0.05)
        assert not here.is_gone(here.acme)


def test_a_persons_own_token_is_no_departure(sqlite_url: str) -> None:
    with houses(sqlite_url) as here:
        begin(here, here.acme)
        here.acme.slack.revoke_tokens(bot=False)
        here.acme.slack.idle(0.05)
        assert not here.is_gone(here.acme)


@pytest.mark.parametrize("why", ["token_revoked", "account_inactive", "invalid_auth"])
def test_a_dead_token_is_a_departure_even_if_slack_never_tells(database_url: str, why: str) -> None:
    with houses(database_url) as here:
        begin(here, here.acme)
        here.acme.slack.app.retire(why)
        here.acme.ivan.dm().wait("take Northwind over").click("Accept handover")
        here.house.rest()
        assert here.is_gone(here.acme)
        assert outbox.PENDING not in {state for state, _ in states(here, here.acme)}

        assert here.install(here.acme).status == 200
        here.house.rest()
        assert not here.is_gone(here.acme)


def test_one_odd_answer_is_no_departure(sqlite_url: str) -> None:
    with houses(sqlite_url) as here:
        begin(here, here.acme)
        here.acme.slack.fault("chat.postMessage", "invalid_auth", times=1)
        here.acme.ivan.dm().wait("take Northwind over").click("Accept handover")
        here.acme.slack.idle(0.2)
        assert not here.is_gone(here.acme)


def test_after_thirty_days_nothing_is_left_there_and_everything_elsewhere(
    database_url: str,
) -> None:
    clock = MovedClock()
    with houses(database_url, clock) as here:
        begin(here, here.acme, here.beta)
        here.acme.slack.uninstall()
        gone(here, here.acme)
        kept = rows(here, here.beta)
        clock.pass_by(days=29)
        here.house.bot.ticker.run("departures")
        assert rows(here, here.acme)["handovers"] == 1
        clock.pass_by(days=2)
        here.house.bot.ticker.run("departures")
        assert rows(here, here.acme) == {}
        assert rows(here, here.beta) == kept

        assert here.install(here.acme).status == 200
        assert "Northwind" not in here.acme.olga.types("/handover list").text
