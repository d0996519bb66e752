"""Who may lead: named in the settings, told so, and found where nobody is left to lead."""

import threading

import pytest

from bot.desk import Receipt
from bot.errands import Errands
from flows.errors import FlowError
from flows.handover import Party
from flows.tasks import ADMINS
from storage import people, tasks, workspaces
from storage.engine import Database
from storage.people import Person
from tests.clock.test_sweeps import forget_jobs
from tests.clocks import HandClock
from tests.wire.knocking import knock, last_payload
from tests.wire.stage import Stage, list_leaders, staged

LED_BY_NOBODY = "1 handover has nobody to lead it."


def test_a_new_leader_and_the_other_leaders_are_told(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        list_leaders(stage)
        told = stage.lena.dm().wait("Ada Admin added you to the leaders")
        assert "stay with the people on them" in told.text
        stage.start()
        kim = stage.slack.person("Kim Novak")
        stage.ada.types("/handover settings")
        form = stage.ada.modal()
        form.pick_person("Leaders", stage.lena, kim, stage.ada)
        assert form.submit().closed
        kim.dm().wait("Ada Admin added you to the leaders")
        stage.lena.dm().wait("Ada Admin added Kim Novak to the leaders")
        stage.lena.dm().wait("Ada Admin added Ada Admin to the leaders")
        stage.rest()
        # Whoever names themselves needs no telling, and nobody reads an account's name.
        assert stage.ada.dm().every_message == []
        assert not any("Northwind" in text for text in stage.slack.seen_by(kim))


def test_an_admin_no_more_changes_nothing(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        list_leaders(stage)
        payload = last_payload(stage)
        stage.ada.types("/handover settings")
        form = stage.ada.modal()
        form.pick_person("Leaders", stage.lena, stage.ivan)
        # Another replica heard of it; this one's memory is a tick old.
        with stage.bot.database.write() as connection:
            demoted = Person(stage.slack.team_id, stage.ada.id, "Ada Admin", is_admin=False)
            people.keep(connection, demoted, 0)
        assert "/handover list" in form.submit().errors["Leaders"]
        state = payload["view"]["state"]["values"]
        state["leaders"]["v"]["selected_users"] = [stage.ivan.id]
        assert knock(stage, payload) == 200
        with stage.bot.database.read() as connection:
            listed = workspaces.find(connection, stage.slack.team_id).leaders
        assert listed == (stage.lena.id,)


def test_where_nobody_is_left_to_lead_an_admin_names_somebody(database_url: str) -> None:
    with staged(database_url) as stage:
        kim = stage.slack.person("Kim Novak")
        list_leaders(stage)
        _lena_starts(stage)
        stage.slack.update_person(stage.lena, deleted=True)
        stage.until(lambda: _unled(stage) == 1)
        stage.ada.types("/handover settings")
        form = stage.ada.modal()
        assert LED_BY_NOBODY in form.text
        assert "Northwind" not in form.text
        form.pick_person("Leaders", kim, stage.ivan)
        form.pick_person("Who leads from now on?", stage.olga)
        assert "one of the leaders above" in form.submit().errors["Who leads from now on?"]
        # Ivan is to take it over, so he cannot lead it: it waits for somebody else.
        form.pick_person("Who leads from now on?", stage.ivan)
        assert form.submit().closed
        assert _unled(stage) == 1
        stage.ada.types("/handover settings")
        form = stage.ada.modal()
        assert LED_BY_NOBODY in form.text
        form.pick_person("Who leads from now on?", kim)
        assert form.submit().closed
        notice = kim.dm().wait("Handover: Northwind")
        assert stage.stored().leader == kim.id
        notice.click("Open Leader's checks")
        assert kim.modal("Leader's checks").submit().closed
        stage.ada.types("/handover settings")
        assert "nobody to lead" not in stage.ada.modal().text
        assert "No handover involves you" in stage.ada.types("/handover list").text
        stage.rest()
        assert not any("Northwind" in text for text in stage.slack.seen_by(stage.ada))


def _lena_starts(stage: Stage) -> None:
    stage.lena.types("/handover start Northwind")
    form = stage.fill(stage.lena.modal())
    form.pick_person("Outgoing CSM", stage.olga)
    told = form.submit().modal
    assert told is not None
    assert told.submit().closed
    stage.olga.dm().wait("Knowledge pack: Northwind")
    assert stage.stored().outgoing == Party(user=stage.olga.id, name="Olga Costa")


def _unled(stage: Stage) -> int:
    with stage.bot.database.read() as connection:
        return len(tasks.of_person(connection, stage.slack.team_id, ADMINS))


def test_of_two_who_begin_the_list_at_once_one_does(database_url: str) -> None:
    """Two admins, each with another leader: the second is told that there is a list by now."""
    database = Database(database_url)
    errands = Errands(database, HandClock(), forget_jobs)
    for round_ in range(5):
        team, both = f"T{round_}", threading.Barrier(2)
        refused: list[str] = []

        def begin(
            leader: str,
            team: str = team,
            both: threading.Barrier = both,
            refused: list[str] = refused,
        ) -> None:
            both.wait()
            try:
                errands.begin_leaders(Receipt(team, leader), leader, "UADA")
            except FlowError as error:
                refused.append(error.code)

        threads = [threading.Thread(target=begin, args=(leader,)) for leader in ("U1", "U2")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with database.read() as connection:
            listed = workspaces.find(connection, team)
        assert refused == ["not_a_leader"]
        assert listed.leaders in {("U1",), ("U2",)}
        assert listed.installer == "UADA"
        errands.begin_leaders(Receipt(team, "again"), listed.leaders[0], "UBOB")
        with database.read() as connection:
            assert workspaces.find(connection, team) == listed
    database.close()


@pytest.mark.parametrize("gone", [True, False])
def test_a_list_of_people_who_have_left_is_begun_anew(sqlite_url: str, gone: bool) -> None:
    database = Database(sqlite_url)
    errands = Errands(database, HandClock(), forget_jobs)
    errands.begin_leaders(Receipt("T1", "one"), "U1", "UADA")
    with database.write() as connection:
        people.keep(connection, Person("T1", "U1", "Una", is_gone=gone), 0)
    if gone:
        errands.begin_leaders(Receipt("T1", "two"), "U2", "UADA")
    else:
        with pytest.raises(FlowError, match="not_a_leader"):
            errands.begin_leaders(Receipt("T1", "two"), "U2", "UADA")
    with database.read() as connection:
        assert workspaces.find(connection, "T1").leaders == (("U2",) if gone else ("U1",))
    database.close()
