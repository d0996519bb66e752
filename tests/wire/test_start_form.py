"""The start form: what is wrong is told at its field, and nothing typed is lost."""

from datetime import timedelta
from pathlib import Path

from bot.sandbox import ModalScreen, Person
from flows.handover import Stage
from storage import workspaces
from tests.wire.stage import Stage as WireStage
from tests.wire.stage import list_leaders, sqlite_url, staged, today


def test_every_error_stands_at_its_field_and_nothing_is_lost(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        form = stage.form()
        form.pick_date("Date", today() - timedelta(days=1))
        assert form.submit().errors == {"Date": "This date has passed; pick today or later."}
        assert form.value("Account") == "Northwind"
        form.pick_date("Date", today() + timedelta(days=25))
        form.pick_person("Incoming CSM", stage.olga)
        assert "same person" in form.submit().errors["Incoming CSM"]
        form.pick_person("Incoming CSM", stage.lena)
        assert "leader" in form.submit().errors["Leader"]
        for nobody in _nobodies(stage):
            form.pick_person("Incoming CSM", nobody)
            assert "full member" in form.submit().errors["Incoming CSM"], nobody.name
        form.pick_person("Incoming CSM", stage.ivan)
        form.click("More")
        stage.until(lambda: "Annual revenue (ARR)" in form.labels)
        assert form.value("Incoming CSM") == "Ivan Petrov"
        form.fill("Annual revenue (ARR)", "a lot")
        assert "number" in form.submit().errors["Annual revenue (ARR)"]
        form.fill("Annual revenue (ARR)", "120k")
        form.fill("Account", "&" * 100)
        assert "too long" in form.submit().errors["Account"]
        form.fill("Account", "   ")
        assert "fill this in" in form.submit().errors["Account"]
        form.fill("Account", "Northwind")
        assert stage.all_stored() == []
        _back_and_on(stage, form)


def _nobodies(stage: WireStage) -> list[Person]:
    return [
        stage.slack.person("Rob Bot", bot=True),
        stage.slack.person("Gil Guest", guest=True),
        stage.slack.person("Sam Stranger", stranger=True),
    ]


def _back_and_on(stage: WireStage, form: ModalScreen) -> None:
    """Back from who is told what keeps everything; then it starts, once."""
    told = form.submit().modal
    assert told is not None
    assert "Ivan Petrov is asked to accept" in told.text
    told.close()
    assert form.value("Annual revenue (ARR)") == "120k"
    assert form.value("Incoming CSM") == "Ivan Petrov"
    told = form.submit().modal
    assert told is not None
    assert told.submit().closed
    assert not stage.olga.has_modal()
    stage.olga.dm().wait("Knowledge pack: Northwind")
    assert str(stage.stored().arr) == "120000"


def test_the_outgoing_csm_may_be_a_name_or_missing_is_told(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.lena.types("/handover start Northwind")
        form = stage.fill(stage.lena.modal())
        form.pick_person("Outgoing CSM", stage.ada)
        form.choose("Leader", "Lena Berg")
        form.fill("Not on Slack or already gone? Type the name", "Greta Gone")
        told = form.submit().modal
        assert told is not None
        assert "Greta Gone gets no message" in told.text
        assert told.submit().closed
        question = stage.lena.dm().wait("Northwind · 1 of 12 ·")
        stage.ivan.dm().wait("take Northwind over").click("Accept handover")
        stage.ivan.dm().wait("Northwind · 1 of ")
        question.reply("A good customer")
        stage.lena.dm().wait("One more detail")
        assert stage.stored().outgoing.user is None
        assert [t.text for t in stage.stored().answers["S1"].said] == ["A good customer"]


def test_a_draft_is_its_creators_alone_and_started_later(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        told = stage.form().submit().modal
        assert told is not None
        told.click("Save as draft", times=2)
        saved = stage.olga.modal("Saved as draft")
        assert "Nobody is told" in saved.text
        assert [row.stage for row in stage.all_stored()] == [Stage.DRAFT]
        assert "Northwind" in stage.olga.types("/handover list").text
        assert "Northwind" not in stage.ivan.types("/handover list").text
        assert "Northwind" not in stage.lena.opens_home().text
        saved.close()
        assert not stage.olga.has_modal()
        home = stage.olga.opens_home()
        home.click("Open the draft")
        assert stage.olga.modal("Who is told what").submit().closed
        stage.olga.dm().wait("Knowledge pack: Northwind")
        stage.ivan.dm().wait("take Northwind over")
        stage.until(lambda: "Open the draft" not in stage.olga.home().buttons)
        assert [row.stage for row in stage.all_stored()] == [Stage.IN_FLIGHT]


def test_without_leaders_an_admin_names_one_and_others_pick_an_admin(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        assert "admins" in stage.olga.types("/handover settings").text
        stage.olga.types("/handover start Northwind")
        form = stage.olga.modal()
        form.choose("Segment", "SMB")
        form.choose("Reason", "Promotion")
        form.pick_date("Date", today() + timedelta(days=25))
        form.choose("The date is", "Switch by")
        form.pick_person("Leader", stage.lena)
        assert "admin" in form.submit().errors["Leader"]
        form.pick_person("Leader", stage.ada)
        told = form.submit().modal
        assert told is not None
        assert "Nobody is named yet to take over" in told.text
        assert told.submit().closed
        assert "not named yet" in stage.ada.dm().wait("Handover: Northwind").text
        stage.ada.types("/handover start Contoso")
        form = stage.ada.modal()
        form.pick_person("Outgoing CSM", stage.olga)
        form.choose("Segment", "SMB")
        form.choose("Reason", "Promotion")
        form.pick_date("Date", today() + timedelta(days=25))
        form.choose("The date is", "Switch by")
        form.pick_person("Leader", stage.lena)
        told = form.submit().modal
        assert told is not None
        assert told.submit().closed
        with stage.bot.database.read() as connection:
            listed = workspaces.find(connection, stage.slack.team_id).leaders
        assert listed == (stage.lena.id,)


def test_a_form_opens_before_anything_is_fetched_or_stored(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        stage.rest()
        before = len(stage.slack.journal)
        stage.olga.types("/handover start A &amp; B")
        methods = [call.method for call in stage.slack.journal[before:]]
        assert methods[0] == "views.open"
        assert stage.olga.modal().value("Outgoing CSM") == "Olga Costa"
        stage.slack.fault("views.open", "expired_trigger_id")
        reply = stage.olga.types("/handover start")
        assert "type the command again" in reply.text
        stage.olga.types("/handover")
        stage.slack.fault("views.open", "expired_trigger_id")
        stage.slack.ephemerals(stage.olga)[-1].click("Start a handover")
        stage.hears(stage.olga, "press the button again")


def test_a_start_delivered_and_pressed_twice_is_one(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.slack.duplicate_deliveries = True
        stage.start()
        stage.rest()
        assert len(stage.all_stored()) == 1
        cards = [m for m in stage.olga.dm().messages if "Knowledge pack" in m.text]
        assert len(cards) == 1
