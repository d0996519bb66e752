"""From the last open point to the follow-up weeks later, as three persons see it."""

from pathlib import Path

from bot.desk import Receipt
from bot.sandbox import ModalScreen, Person
from flows import events as e
from flows.confidential.vault import ChecksFilled
from flows.end.completing import open_points
from flows.end.endings import Open
from flows.handover import Stage as Stands
from tests.flows.make import PLAYBOOK
from tests.wire.stage import Stage, list_leaders, record, sqlite_url, staged

TOP_3 = "What are the top 3 things to know about this account, and how healthy is i…"
SECRET = "They were not amused"


def nearly_done(stage: Stage) -> None:
    """All but the systems is done or waived."""
    list_leaders(stage)
    stage.start()
    record(stage, stage.ivan, e.Accepted)
    stage.settle(stage.olga)
    for point in open_points(stage.stored(), PLAYBOOK):
        if point.what is not Open.SYSTEMS:
            record(stage, stage.lena, e.PointWaived, what=point.what, why="It is a small account")


def page(stage: Stage, person: Person) -> ModalScreen:
    """Somebody looks at what is open."""
    shows(stage, person, "Complete handover")
    return person.modal()


def shows(stage: Stage, person: Person, label: str) -> None:
    """Somebody has the handover shown and presses a button."""
    person.types("/handover show Northwind")
    stage.hears(person, "Lead now").click(label)


def signs(stage: Stage, person: Person) -> None:
    known = page(stage, person)
    known.click("Sign")
    assert person.modal("Sign").submit().closed
    stage.until(lambda: "Sign" not in known.buttons)
    known.close()


def completed(stage: Stage) -> None:
    """Everybody has signed, and Lena has said the last word."""
    nearly_done(stage)
    record(stage, stage.lena, e.PointWaived, what=Open.SYSTEMS, why="There are none")
    record(stage, stage.olga, e.Signed)
    record(stage, stage.ivan, e.Signed)
    handover, at = stage.stored(), stage.bot.clock.now()
    checks = ChecksFilled(at=at, by=stage.lena.id)
    stage.bot.desk.record_in_vault(Receipt(handover.team, "checks"), handover.id, checks)
    record(stage, stage.lena, e.Completed)


def test_from_what_is_open_to_the_last_word(database_url: str) -> None:
    with staged(database_url) as stage:
        nearly_done(stage)
        assert "Sign" not in page(stage, stage.olga).buttons
        stage.olga.modal().close()
        known = page(stage, stage.lena)
        assert "The systems are not moved" in known.text
        known.click("Waive")
        form = stage.lena.modal("Waive")
        form.fill("Why can this stay open?", "There are none")
        assert form.submit().closed
        stage.until(lambda: "Nothing is open any more." in known.text)
        known.close()
        signs(stage, stage.olga)
        signs(stage, stage.ivan)
        last = stage.lena.dm().wait("Complete Northwind")
        last.click("Complete handover")
        refused = stage.lena.modal("Complete handover").submit().modal
        assert refused is not None
        assert "something is left in Leader's checks" in refused.text
        refused.close(all_of_them=True)
        shows(stage, stage.lena, "Open Leader's checks")
        assert stage.lena.modal("Leader's checks").submit().closed
        last.click("Complete handover")
        assert stage.lena.modal("Complete handover").submit().closed
        for person in (stage.olga, stage.ivan, stage.lena):
            told = person.dm().wait("Northwind: handover complete").text
            assert "Waived: the systems are not moved (Lena Berg: There are none)" in told
            assert "Follow-up: Lena Berg asks the customer how it went" in told
        stage.until(lambda: stage.olga.dm().wait("Knowledge pack: Northwind").buttons == [])
        stage.until(lambda: not last.buttons)
        stage.rest(later=True)
        left = [m for m in stage.olga.dm().every_message if "I don't know" in m.buttons]
        assert left == []


def test_weeks_later_the_customer_is_asked_and_somebody_sees_to_the_rest(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        completed(stage)
        stage.lena.opens_home().click("Record follow-up")
        form = stage.lena.modal("Record follow-up")
        form.choose("Did the customer have to explain anything again?", "Yes")
        form.choose("Did it go well?", "No, something is to be done")
        form.fill("Notes", SECRET)
        wrong = form.submit().errors
        assert "pick the question" in wrong["Which question should have told it?"]
        form.choose("Which question should have told it?", TOP_3)
        after = form.submit().modal
        assert after is not None
        told = stage.ivan.dm().wait("Lena Berg has asked Northwind how the change went")
        assert "not all is well; the customer had to explain something again" in told.text
        assert TOP_3[:40] in told.text
        after.click("Reopen as aftercare")
        form = stage.lena.modal("Reopen as aftercare")
        form.fill("What is to be done?", "Send the report their way")
        form.submit()
        assert not stage.lena.has_modal()
        care = stage.ivan.dm().wait("Send the report their way")
        care.click("Done")
        stage.until(lambda: "this is done" in care.text)
        assert stage.stored().ending.aftercare[0].done_at
        stage.rest(later=True)
        for person in (stage.olga, stage.ivan):
            assert not any(SECRET in text for text in stage.slack.seen_by(person))


def test_an_account_can_be_handed_over_again(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start()
        assert "being handed over already" in str(stage.form().submit().errors)
        stage.olga.modal().close(all_of_them=True)
        shows(stage, stage.lena, "Cancel handover")
        form = stage.lena.modal("Cancel handover")
        form.fill("Why is it cancelled?", "Olga stays")
        assert form.submit().closed
        told = stage.ivan.dm().wait("this handover is cancelled")
        assert "Olga stays" in told.text
        stage.rest(later=True)
        assert "Accept handover" not in str([m.buttons for m in stage.ivan.dm().every_message])
        stage.start()
        assert [row.stage for row in stage.all_stored()] == [Stands.CANCELLED, Stands.IN_FLIGHT]


def test_a_leader_lets_it_rest_and_takes_it_up_again(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start()
        stage.lena.types("/handover show Northwind")
        stage.hears(stage.lena, "Lead now").click("Pause")
        form = stage.lena.modal("Pause")
        form.fill("Why does it rest?", "Their office moves")
        assert form.submit().closed
        told = stage.olga.dm().wait("Northwind rests until")
        assert "Their office moves" in told.text
        assert "Take it up again" not in told.buttons
        stage.lena.dm().wait("Northwind rests until").click("Take it up again")
        stage.until(lambda: "the pause is over" in told.text)
        assert stage.stored().ending.pause is None


def test_the_lead_goes_back_to_who_had_it(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        nearly_done(stage)
        record(stage, stage.lena, e.LeadSwitched, why="Ivan knows them")
        shows(stage, stage.lena, "Reverse")
        form = stage.lena.modal("Reverse")
        form.fill("Why?", "They want Olga back")
        assert form.submit().closed
        for person in (stage.olga, stage.ivan):
            assert "Lead now: Olga Costa" in person.dm().wait("They want Olga back").text
