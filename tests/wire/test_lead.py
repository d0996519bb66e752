"""Side by side until the incoming CSM leads: sessions, readiness and the switch on screens."""

from datetime import timedelta
from pathlib import Path

from bot.sandbox import Message, ModalScreen, Person
from bot.views.dates import day
from flows import events as e
from flows.handover import Topic
from flows.side_by_side.lead import lead_now
from flows.side_by_side.leading import Went
from flows.taking_over.teach_back import is_passed
from flows.terms import RecordKind
from tests.wire.stage import Stage, record, sqlite_url, staged, today
from tests.wire.test_sending import approved


def ready_to_lead(stage: Stage) -> None:
    """All is approved, and what Ivan said in his own words is right."""
    approved(stage)
    risk = {"id": "R1", "kind": RecordKind.RISK, "details": {"what": "They are small"}}
    record(stage, stage.olga, e.RecordAdded, question="S10", **risk)
    record(stage, stage.ivan, e.TaughtBack, answers={Topic.RISK: "They may go under"})
    record(stage, stage.olga, e.TaughtMarked, topic=Topic.RISK)
    assert is_passed(stage.stored())


def from_show(stage: Stage, person: Person, label: str) -> ModalScreen:
    """Somebody presses a button of `/handover show Northwind`."""
    person.types("/handover show Northwind")
    stage.rest()
    stage.hears(person, "Northwind").click(label)
    return person.modal(label)


def from_home(stage: Stage, person: Person, words: str, label: str) -> ModalScreen:
    """Somebody presses the button of a task on Home."""
    person.opens_home()
    stage.until(lambda: words in person.home().text)
    person.home().click(label)
    return person.modal()


def says_ready(form: ModalScreen, score: str, missing: str = "") -> None:
    form.choose("How ready are you to lead Northwind?", score)
    form.fill("What is missing?", missing)
    assert form.submit().closed


def announced(stage: Stage, person: Person) -> Message:
    return person.dm().wait("Lead now: Ivan Petrov · since")


def test_a_session_is_noted_and_both_say_how_it_went(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        ready_to_lead(stage)
        form = from_show(stage, stage.olga, "Log session")
        form.choose("Which kind?", "Shadow session")
        form.pick_date("When was it?", today() + timedelta(days=3))
        form.fill("Note", "The monthly call")
        assert "still to come" in form.submit().errors["When was it?"]
        form.pick_date("When was it?", today())
        assert form.submit().closed
        asks = f"Northwind: how did the shadow session on {day(today())} go?"
        watched, led = stage.ivan.dm().wait(asks), stage.olga.dm().wait(asks)
        assert "Olga Costa led, you watched" in watched.text
        watched.click("Well", times=2)
        stage.until(lambda: "Olga Costa: not said yet" in watched.text)
        assert "well" not in led.text
        assert "You led, Ivan Petrov watched" in led.text
        led.click("So-so")
        stage.until(lambda: "Add a note" in led.buttons)
        assert "Ivan Petrov: well" in led.text
        led.click("Add a note")
        form = stage.olga.modal("How did it go?")
        assert form.value("How did it go?") == "So-so"
        form.fill("What should the other one know?", "Ana talks & talks")
        assert form.submit().closed
        stage.until(lambda: "Olga Costa: so-so, “Ana talks & talks”" in watched.text)
        [session] = stage.stored().leading.sessions
        assert {user: said.went for user, said in session.debriefs.items()} == {
            stage.ivan.id: Went.WELL,
            stage.olga.id: Went.SO_SO,
        }


def test_who_is_not_ready_is_asked_again_and_then_leads(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        ready_to_lead(stage)
        before = from_show(stage, stage.olga, "Switch lead")
        assert "Before the switch: 1 thing, with Ivan Petrov" in before.text
        before.close()
        form = from_home(stage, stage.ivan, "say how ready you are", "How ready are you?")
        form.choose("How ready are you to lead Northwind?", "2: a little")
        assert "fill this in" in form.submit().errors["What is missing?"]
        says_ready(form, "2: a little", "I have not met their IT")
        told = stage.lena.dm().wait("Ivan Petrov does not feel ready to lead Northwind yet: 2 of 5")
        assert "I have not met their IT" in told.text
        told.click("Ask again")
        stage.until(lambda: "Ivan Petrov is asked again" in told.text)
        again = from_home(stage, stage.ivan, "say how ready you are", "How ready are you?")
        says_ready(again, "4: well")
        stage.until(lambda: "Since then: 4 of 5" in told.text)

        form = from_home(stage, stage.ivan, "switch the lead", "Switch lead")
        assert "Until now it is Olga Costa" in form.text
        assert form.submit().closed
        for person in (stage.ivan, stage.olga, stage.lena):
            assert "before: Olga Costa" in announced(stage, person).text
        card = stage.olga.dm().wait("Knowledge pack: Northwind")
        stage.until(lambda: "Lead now: Ivan Petrov" in card.text)
        stage.until(lambda: "Lead now: Ivan Petrov" in stage.ivan.home().text)
        assert lead_now(stage.stored()) == (stage.ivan.id, None)
        seen = stage.lena.types("/handover show Northwind").text
        assert "Lead now: Ivan Petrov" in seen
        assert "Stage: The new CSM leads" in seen


def test_a_leader_has_the_lead_switched_whatever_is_open(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        approved(stage)
        before = from_show(stage, stage.ivan, "Switch lead")
        assert "Before the switch: 2 things, both with you" in before.text
        assert "Lena Berg can have it switched all the same" in before.text
        assert before.labels == []
        before.close()
        form = from_show(stage, stage.lena, "Switch lead")
        assert "2 things, both with Ivan Petrov" in form.text
        form.fill("Switch all the same, because …", "Olga is ill & away")
        assert form.submit().closed
        for person in (stage.ivan, stage.olga):
            assert "Switched by Lena Berg: Olga is ill & away" in announced(stage, person).text


def test_a_switch_is_shown_what_came_up_since_it_was_opened(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        ready_to_lead(stage)
        says_ready(from_show(stage, stage.ivan, "How ready are you?"), "5: completely")
        form = from_show(stage, stage.olga, "Switch lead")
        says_ready(from_show(stage, stage.ivan, "How ready are you?"), "1: not at all", "A lot")
        result = form.submit()
        assert not result.closed
        assert result.modal is not None
        assert "Something came up" in result.modal.text
        assert lead_now(stage.stored())[0] == stage.olga.id
