"""A saved draft: edited as often as wanted, discarded without a trace, and its creator's alone."""

from datetime import timedelta
from pathlib import Path

from bot.sandbox import ModalScreen, Person
from flows.handover import Stage
from flows.terms import Confidential
from storage import handovers, journal
from tests.audit.faults import faults
from tests.wire.stage import Stage as WireStage
from tests.wire.stage import list_leaders, sqlite_url, staged, today


def save(stage: WireStage, form: ModalScreen, person: Person) -> None:
    """Save what was filled in as a draft, and be done with it."""
    told = form.submit().modal
    assert told is not None
    told.click("Save as draft")
    person.modal("Saved as draft").close()


def opened(person: Person, label: str = "Open the draft") -> ModalScreen:
    person.opens_home().click(label)
    return person.modal("Who is told what")


def quiet_form(stage: WireStage) -> ModalScreen:
    """Lena prepares Olga's account, for a reason that only leaders may know."""
    stage.lena.types("/handover start Northwind")
    form = stage.fill(stage.lena.modal(), reason="Reassignment")
    form.pick_person("Outgoing CSM", stage.olga)
    form.choose("Confidential reason", "Underperforming")
    form.choose("Leader", "Boris Meier")
    return form


def add_boris(stage: WireStage) -> Person:
    boris = stage.slack.person("Boris Meier")
    stage.ada.types("/handover settings")
    form = stage.ada.modal()
    form.pick_person("Leaders", stage.lena, boris)
    assert form.submit().closed
    return boris


def reason(stage: WireStage, handover: str) -> Confidential | None:
    with stage.bot.database.read() as connection:
        vault = handovers.load_vault(connection, stage.slack.team_id, handover)
    assert vault is not None
    return vault.value.confidential


def test_a_draft_is_edited_before_it_is_started(database_url: str) -> None:
    with staged(database_url) as stage:
        list_leaders(stage)
        save(stage, stage.form("A & B <x>"), stage.olga)
        told = opened(stage.olga)
        told.click("Edit the draft")
        form = stage.olga.modal("Edit the draft")
        assert form.value("Account") == "A & B <x>"
        assert form.value("Incoming CSM") == "Ivan Petrov"
        assert form.value("Leader") == "Lena Berg"
        form.fill("Account", "Contoso")
        form.pick_person("Incoming CSM", stage.olga)
        form.fill("Annual revenue (ARR)", "lots")
        assert sorted(form.submit().errors) == ["Annual revenue (ARR)", "Incoming CSM"]
        assert [row.account for row in stage.all_stored("Contoso")] == []
        form.pick_person("Incoming CSM", stage.ada)
        form.fill("Annual revenue (ARR)", "120k")
        form.submit()
        told = stage.olga.modal("Who is told what")
        assert "Ada Admin is asked to accept" in told.text
        stage.until(lambda: "Contoso" in stage.olga.home().text)
        for person in (stage.lena, stage.ada):
            assert "Contoso" not in person.types("/handover list").text
        assert told.submit().closed
        stage.olga.dm().wait("Knowledge pack: Contoso")
        stage.ada.dm().wait("take Contoso over")
        assert stage.ivan.dm().every_message == []
        assert len(stage.all_stored("Contoso")) == 1
        assert "From: Olga Costa" in stage.olga.types("/handover show contoso").text


def test_the_confidential_reason_of_a_draft_is_edited_too(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        add_boris(stage)
        save(stage, quiet_form(stage), stage.lena)
        draft = stage.stored()
        assert reason(stage, draft.id) is Confidential.UNDERPERFORMING
        told = opened(stage.lena)
        told.choose("When: Olga Costa", "Not through the bot")
        told.click("Edit the draft")
        form = stage.lena.modal("Edit the draft")
        assert form.value("Confidential reason") == "Underperforming"
        form.choose("Confidential reason", "Departure not announced")
        form.submit()
        assert reason(stage, draft.id) is Confidential.UNANNOUNCED
        # The handover itself says nothing of it, in no number either.
        assert stage.stored() == draft
        told = stage.lena.modal("Who is told what")
        assert told.value("When: Olga Costa") == "Not through the bot"
        told.click("Edit the draft")
        form = stage.lena.modal("Edit the draft")
        form.pick_person("Outgoing CSM", stage.lena)
        assert "not one of the two CSMs" in form.submit().errors["Confidential reason"]
        form.choose("Confidential reason", "None")
        form.submit()
        assert reason(stage, draft.id) is None
        assert stage.stored().outgoing.user == stage.lena.id


def test_a_discarded_draft_is_gone_and_its_account_can_be_started(database_url: str) -> None:
    with staged(database_url) as stage:
        list_leaders(stage)
        save(stage, stage.form(), stage.olga)
        told = opened(stage.olga)
        told.click("Discard the draft", confirm=False)
        assert stage.stored().stage is Stage.DRAFT
        told.click("Discard the draft", times=2)
        gone = stage.olga.modal("Draft discarded")
        assert "Nobody was told" in gone.text
        gone.close()
        assert not stage.olga.has_modal()
        row = stage.stored()
        assert row.stage is Stage.DISCARDED
        stage.until(lambda: "No handover involves you" in stage.olga.opens_home().text)
        assert "No handover involves you" in stage.olga.types("/handover list").text
        nowhere = stage.olga.types("/handover show Nowhere").text
        assert stage.olga.types("/handover show Northwind").text == nowhere
        with stage.bot.database.read() as connection:
            events = journal.events_of(connection, row.team, row.id)
        assert faults(stage.bot.database) == []
        assert [event.type for event in events] == ["started", "discarded"]
        stage.start()
        stage.rest()
        assert stage.lena.dm().find("Another handover") is None
        assert [row.stage for row in stage.all_stored()] == [Stage.DISCARDED, Stage.IN_FLIGHT]


def test_a_draft_is_not_made_one_of_an_account_that_is_under_way(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        save(stage, stage.form(), stage.olga)
        stage.start("Contoso")
        told = opened(stage.olga)
        told.click("Edit the draft")
        form = stage.olga.modal("Edit the draft")
        form.fill("Account", "CONTOSO")
        assert "handed over already" in form.submit().errors["Account"]
        form.fill("Account", "Contoso Spain")
        form.submit()
        assert stage.olga.modal("Who is told what").submit().closed
        assert stage.stored("Contoso Spain").stage is Stage.IN_FLIGHT


def test_a_weekend_is_no_last_working_day_and_every_fault_is_told_at_once(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        form = stage.form(day_is="Last working day")
        saturday = today() + timedelta(days=21 + (5 - today().weekday()) % 7)
        friday = saturday - timedelta(days=1)
        form.pick_date("Date", saturday)
        told = form.submit().errors["Date"]
        assert told.startswith(f"Saturday {saturday.day} {saturday:%B} is not a working day;")
        assert f"the last working day before it is Friday {friday.day}" in told
        form.click("More")
        stage.until(lambda: "Backup" in form.labels)
        form.fill("Account", " ")
        form.pick_person("Incoming CSM", stage.olga)
        form.pick_person("Backup", stage.slack.person("Gil Guest", guest=True))
        form.fill("Annual revenue (ARR)", "a lot")
        assert set(form.submit().errors) == {
            *("Account", "Incoming CSM", "Backup", "Annual revenue (ARR)", "Date")
        }
        form.choose("The date is", "Switch by")
        assert "Date" not in form.submit().errors
