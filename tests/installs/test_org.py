"""An organisation installs the bot for its workspaces, each of which stays by itself."""

from cryptography.fernet import Fernet

from bot import payloads
from bot.payloads import Departure
from bot.roster import person_of
from storage import departures, installations
from storage.installations import Installation, Tokens
from storage.seal import Seal
from tests.installs.houses import KEY, houses

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
