"""Stakeholders on people's screens: looked at, planned, and not ticked before the approval."""

from pathlib import Path

from bot.desk import Receipt
from bot.sandbox import ModalScreen, Person
from flows.customer.coverage import coverage
from flows.customer.introductions import Channel, Step
from flows.events import RecordAdded
from flows.terms import RecordKind
from tests.flows.make import PLAYBOOK
from tests.wire.stage import Stage, list_leaders, sqlite_url, staged
from tests.wire.test_sending import approved

PARTS = {"Ana Silva": "champion", "Ben Roth": "sponsor", "Dan Ode": "technical"}


def stakeholder(stage: Stage, number: int, name: str, part: str) -> None:
    """Olga lists somebody, without a word in Slack."""
    handover = stage.stored()
    event = RecordAdded(
        at=stage.bot.clock.now(),
        by=stage.olga.id,
        id=f"P{number}",
        question="SK1",
        kind=RecordKind.STAKEHOLDER,
        details={"name": name} | ({"type": part} if part else {}),
    )
    stage.bot.desk.record(Receipt(handover.team, f"record-{number}"), handover.id, event)


def looks(stage: Stage, person: Person) -> ModalScreen:
    """Somebody looks at the stakeholders of Northwind."""
    person.types("/handover show Northwind")
    stage.hears(person, "Northwind").click("Show the stakeholders")
    return person.modal()


def test_introductions_are_planned_where_the_stakeholders_stand(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start(segment="Mid-market")
        for number, (name, part) in enumerate(PARTS.items()):
            stakeholder(stage, number, name, part)
        shown = looks(stage, stage.olga)
        assert "0 of 3 introduced" in shown.text
        assert "nobody hears of it before" in shown.text
        assert not [label for label in shown.buttons if label.startswith("Mark")]
        shown.click("Plan introductions")
        form = stage.olga.modal("Plan introductions")
        form.choose("Ana Silva: introduced by", "Email")
        assert "by call or in a meeting" in form.submit().errors["Ana Silva: introduced by"]
        form.choose("Ana Silva: introduced by", "Meeting")
        form.fill("Ana Silva: place in the order", "one")
        assert "number from 1" in form.submit().errors["Ana Silva: place in the order"]
        form.fill("Ana Silva: place in the order", "1")
        form.fill("Ana Silva: email", "ana at northwind")
        assert "not an email address" in form.submit().errors["Ana Silva: email"]
        form.fill("Ana Silva: email", "ana@northwind.example")
        form.choose("Dan Ode: introduced by", "Email")
        assert form.submit().closed
        stage.until(lambda: "1. Ana Silva · Champion" in shown.text)
        assert "by meeting · ana@northwind.example" in shown.text
        found = coverage(stage.stored(), PLAYBOOK)
        assert [(one.name, one.channel) for one in found] == [
            ("Ana Silva", Channel.MEETING),
            ("Ben Roth", Channel.CALL),
            ("Dan Ode", Channel.MAIL),
        ]


def test_a_leader_lets_a_mail_be_enough_and_says_why(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start(segment="Enterprise")
        stakeholder(stage, 1, "Ben Roth", "sponsor")
        looks(stage, stage.lena).click("Plan introductions")
        form = stage.lena.modal("Plan introductions")
        form.choose("Ben Roth: introduced by", "Email")
        assert form.submit().errors
        form.fill("Why is an email enough?", "He is at sea until spring.")
        assert form.submit().closed
        seen = looks(stage, stage.ivan)
        assert "email is enough, says Lena Berg: He is at sea" in seen.text


def test_many_are_planned_page_by_page(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start()
        for number in range(12):
            stakeholder(stage, number, f"Person {number}", "")
        shown = looks(stage, stage.olga)
        shown.click("Next page")
        stage.until(lambda: "Person 11" in shown.text)
        assert "Page 2 of 2" in shown.text
        shown.click("Previous page")
        stage.until(lambda: "Page 1 of 2" in shown.text)
        shown.click("Plan introductions")
        form = stage.olga.modal("Plan introductions")
        form.fill("Person 0: place in the order", "9")
        assert not form.submit().closed
        form = stage.olga.modal("Plan introductions")
        assert form.labels[0] == "Person 8: introduced by"
        form.fill("Person 11: place in the order", "1")
        assert form.submit().closed
        stage.until(lambda: "1. Person 11" in shown.text)


def test_what_was_done_is_ticked_noted_and_taken_back(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        approved(stage)
        stakeholder(stage, 1, "Ana Silva", "champion")
        shown = looks(stage, stage.olga)
        shown.click("Mark heads-up given")
        stage.until(lambda: "Heads-up given ✓" in shown.text)
        shown.click("Note day and way")
        form = stage.olga.modal("Note day and way")
        form.choose("What was done?", "Introduced")
        form.choose("By whom?", "Ivan Petrov")
        form.choose("How?", "Meeting")
        assert form.submit().closed
        stage.until(lambda: "by Ivan Petrov, meeting" in shown.text)
        shown.click("Take back: introduced")
        stage.until(lambda: "Take back: heads-up" in shown.buttons)
        [ana] = coverage(stage.stored(), PLAYBOOK)
        assert list(ana.ticks) == [Step.HEADS_UP]
