"""Modals and cards that the world has moved on from: a word that says so, and no change."""

from pathlib import Path

from flows.handover import Acceptance
from tests.wire.stage import asked, list_leaders, sqlite_url, staged


def test_what_is_sent_from_a_stale_modal_is_refused_inside_it(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start()
        card = stage.ivan.dm().wait("take Northwind over")
        card.click("Decline")
        form = stage.ivan.modal("Decline the handover")
        card.click("Accept handover")
        assert "decided already" in form.submit().errors["Why?"]
        form.close()
        assert stage.stored().acceptance is Acceptance.ACCEPTED
        stage.settle(stage.olga, "S4")
        events = asked(stage.olga, "technical events")
        events.click("Add a technical event")
        form = stage.olga.modal("Add a technical event")
        form.fill("What happened", "Sync broke")
        assert form.submit().closed
        stage.until(lambda: "Sync broke" in events.text)
        events.click("Change")
        form = stage.olga.modal("Change a technical event")
        events.click("Remove")
        stage.until(lambda: not stage.stored().records)
        assert "not there any more" in form.submit().errors["What happened"]


def test_a_leader_who_is_listed_no_more_is_told_on_top(tmp_path: Path) -> None:
    # The second modal of a start has no field to put an error at: Slack refused the answer.
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        told = stage.form().submit().modal
        assert told is not None
        stage.ada.types("/handover settings")
        settings = stage.ada.modal("Settings")
        settings.pick_person("Leaders", stage.ada)
        assert settings.submit().closed
        above = told.submit().modal
        assert above is not None
        assert "list of leaders" in above.text
        assert stage.all_stored() == []
