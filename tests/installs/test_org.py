"""An organisation installs the bot for its workspaces, each of which stays by itself."""

from cryptography.fernet import Fernet

from bot import payloads
from bot.app import Bot
from bot.payloads import Departure
from bot.roster import person_of
from storage import departures, installations
from storage.installations import Installation, Tokens
from storage.seal import Seal
from tests.installs.houses import KEY, houses
from tests.privacy.cast import MovedClock
from tests.wire.stage import list_leaders

ORG = "E0ORG"


def event(kind: str, **given: object) -> dict[str, object]:
    whose = {"enterprise_id": ORG, "team_id": None, "is_enterprise_install": True}
    return {"event": {"type": kind}, "event_time": 5, "authorizations": [whose]} | given


def test_whose_installation_a_delivery_comes_by() -> None:
    assert payloads.org(event("message", team_id="T1")) == ORG
    click = {"is_enterprise_install": True, "enterprise": {"id": ORG}, "team": None}
    assert payloads.org(click) == ORG
    command = {"is_enterprise_install": "true", "enterprise_id": ORG, "team_id": "T1"}
    assert payloads.org(command) == ORG
    own = {"is_enterprise_install": "false", "enterprise_id": ORG, "team_id": "T1"}
    assert payloads.org(own) is None
    assert payloads.departure(event("app_uninstalled")) == Departure(owner=ORG, at=5)


def test_a_workspace_that_loses_the_bot_is_its_organisations_whatever_the_envelope_says() -> None:
    """As Slack documents it, the envelope names a workspace and no organisation's installation."""
    body = {
        "team_id": "T9",
        "enterprise_id": ORG,
        "authorizations": [{"enterprise_id": ORG, "team_id": "T9", "is_enterprise_install": False}],
        "event": {"type": "team_access_revoked", "team_ids": ["T1", "T2"]},
        "event_time": 5,
    }
    assert payloads.departure(body) == Departure(owner=ORG, at=5, teams=("T1", "T2"))


def test_each_workspace_has_an_office_until_the_organisation_leaves(database_url: str) -> None:
    with houses(database_url) as here:
        bot, now = here.house.bot, 1_700_000_000
        assert bot.installs
        one = Installation(ORG, "Acme Group", "A1", "U1", "", "W1", now * 1_000_000, Tokens("xoxb"))
        bot.installs.arrive(one)
        assert bot.offices.of("T1") is None, "nobody has used it there"
        offices = [bot.offices.of(team, ORG) for team in ("T1", "T2")]
        assert [office and office.team for office in offices] == ["T1", "T2"]
        assert bot.offices.of("T3", "E0OTHER") is None
        assert here.installed() == ["T1", "T2"]

        bot.installs.hear(Departure(owner=ORG, at=now + 1))
        assert here.installed() == []
        assert bot.offices.of("T1", ORG) is None
        with bot.database.read() as connection:
            assert all(departures.is_gone(connection, team) for team in ("T1", "T2"))

        bot.installs.arrive(one)
        with bot.database.read() as connection:
            assert not departures.is_gone(connection, "T1")
            assert installations.owner_of(connection, "T2") == ORG


def test_a_key_alone_opens_what_it_sealed() -> None:
    other = Seal([Fernet.generate_key().decode(), KEY])
    assert other.open(Seal([KEY]).close("xoxb")) == "xoxb"


def test_who_belongs_to_several_workspaces_of_an_organisation_is_no_stranger_there() -> None:
    user: dict[str, object] = {
        "id": "W1",
        "name": "olga",
        "team_id": "T1",
        "enterprise_user": {"teams": ["T1", "T2"]},
    }
    assert [person_of(team, user).is_colleague for team in ("T1", "T2", "T3")] == [
        True,
        True,
        False,
    ]


def test_a_handover_in_a_workspace_whose_organisation_installed_the_bot(database_url: str) -> None:
    with houses(database_url, org=(ORG, "Acme Group")) as here:
        acme = here.acme
        assert "Handover is now in Acme Group" in here.install(acme).text
        assert here.installed() == [], "nobody has used it there"
        list_leaders(acme)
        acme.start()
        assert here.installed() == [acme.slack.team_id]
        assert acme.ivan.id.startswith("W")
        acme.ivan.dm().wait("take Northwind over").click("Accept handover")
        acme.olga.dm().wait("Northwind · 1 of")
        assert "Northwind" in acme.lena.types("/handover list").text
        # Whether Ivan wants no notifications is asked before he is reminded.
        office = here.house.bot.offices.of(acme.slack.team_id)
        assert office
        assert office.presence.away_until(acme.ivan.id) is None


def test_an_organisation_takes_it_out_of_one_workspace(database_url: str) -> None:
    with houses(database_url, MovedClock(), org=(ORG, "Acme Group")) as here:
        acme, beta = here.acme, here.beta
        for stage in (acme, beta):
            here.install(stage)
            list_leaders(stage)
            stage.start()
        here.house.rest()
        acme.slack.revoke_access()
        acme.slack.idle(0.05)
        assert here.is_gone(acme)
        assert here.installed() == [beta.slack.team_id]
        with here.house.bot.database.read() as connection:
            assert installations.since(connection, ORG), "it is still the organisation's"

        # Once it has access again, whatever is done there shows it.
        acme.ivan.dm().wait("take Northwind over").click("Accept handover")
        assert not here.is_gone(acme)
        assert acme.stored().account == "Northwind"


def test_it_takes_out_only_what_it_put_in(database_url: str) -> None:
    with houses(database_url) as here:
        bot, now = here.house.bot, 1_700_000_000
        assert bot.installs
        here.install(here.beta)
        one = Installation(ORG, "Acme Group", "A1", "U1", "", "W1", now * 1_000_000, Tokens("xoxb"))
        bot.installs.arrive(one)
        own, theirs = here.beta.slack.team_id, "T0OTHER"
        assert bot.offices.of(theirs, ORG)
        bot.installs.hear(Departure(owner=ORG, at=now + 1, teams=(own, theirs, "T0NEVER")))
        assert here.installed() == [own]
        with bot.database.read() as connection:
            gone = [departures.is_gone(connection, team) for team in (own, theirs, "T0NEVER")]
            since = departures.since(connection, theirs)
        assert gone == [False, True, False]
        assert since
        out = since // 1_000_000
        assert bot.offices.of(theirs, ORG, out) is None, "what comes late brings it not back"
        assert bot.offices.of(theirs, ORG, out + 1)


def test_another_replica_goes_on_by_the_organisations_where_a_workspaces_own_ended(
    postgresql_url: str,
) -> None:
    with houses(postgresql_url) as here:
        here.install(here.beta)
        team = here.beta.slack.team_id
        bot, other = here.house.bot, Bot(here.house.settings)
        office = other.offices.of(team)
        assert office
        assert "ok" in str(office.gateway.auth_test())
        assert bot.installs
        one = Installation(ORG, "Acme Group", "A1", "U1", "", "W1", 5_000_000, Tokens("xoxb-org"))
        bot.installs.arrive(one)
        with bot.database.write() as connection:
            installations.note_team(connection, team, ORG)
        here.beta.slack.uninstall()
        here.beta.slack.idle(0.05)
        assert not here.is_gone(here.beta)
        assert "account_inactive" in str(office.gateway.auth_test())
        again = other.offices.of(team)
        assert again
        assert again is not office
        other.lookups.stop()
        other.database.close()
