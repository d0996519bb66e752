"""Every kind of answer that a question of the interview takes."""

from datetime import date
from pathlib import Path

from bot.sandbox import Message
from flows.handover import Verdict
from flows.knowledge.ledger import documents, records_of
from flows.terms import RecordKind
from tests.wire.stage import Stage, asked, list_leaders, question, sqlite_url, staged, today


def test_values_are_chosen_typed_in_a_form_and_picked(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start(segment="Enterprise", reason="Leaving the company")
        stage.settle(stage.olga, "SN3", "CH1", "SK3", "DC2", "SK1")
        renewal = asked(stage.olga, "When is the renewal")
        renewal.pick_date("Pick a date", date(2027, 3, 31))
        stage.olga.dm().wait("One more detail")
        renewal.click("Answer in a form")
        form = stage.olga.modal()
        assert form.value("Renewal date") == "2027-03-31"
        form.fill("Yearly revenue (ARR)", "much")
        assert "number" in form.submit().errors["Yearly revenue (ARR)"]
        form.fill("Yearly revenue (ARR)", "1.250.000")
        form.choose("How likely is the renewal?", "Likely")
        assert form.submit().closed
        usage = asked(stage.olga, "How much of what they bought")
        usage.click("Answer in a form")
        form = stage.olga.modal()
        form.fill("In your own words", "30 of 50 seats")
        number = next(label for label in form.labels if label.endswith(": as of"))
        form.fill(number.removesuffix(": as of"), "60")
        form.pick_date(number, today())
        assert form.submit().closed
        _documents(stage)
        _stakeholders(stage)
        knows = asked(stage.olga, "Who on our side knows")
        knows.pick_person("Pick people", stage.ada, stage.lena)
        stage.olga.dm().wait("One more detail")
        knows.reply("Ada knows the contract")
        stage.olga.dm().wait("Anything else?")
        stored = stage.stored()
        assert stored.answers["SN3"].given["arr"].values == ("1250000",)
        given = next(iter(stored.answers["CH1"].given.values()))
        assert (given.values, given.as_of) == (("60",), today())
        people = stored.answers["SK3"].given["colleagues"].values
        assert people == (stage.ada.id, stage.lena.id)
        assert "Ada Admin, Lena Berg" in knows.text


def _documents(stage: Stage) -> None:
    """A link and a file that come with a reply are in the document list."""
    sheet = asked(stage.olga, "Where are their results tracked")
    sheet.reply("https://sheets.example/results every month", [("results.csv", b"a,b")])
    stage.until(lambda: len(documents(stage.stored())) >= 2)
    found = documents(stage.stored())
    assert {"https://sheets.example/results"} <= {document.link for document in found}
    assert "results.csv" in {document.file.name for document in found if document.file}


def _until_read(stage: Stage, message: Message, words: str) -> None:
    stage.until(lambda: words in message.text)


def _stakeholders(stage: Stage) -> None:
    """Added, changed and removed in a modal; typed as lines; at least five here."""
    people = asked(stage.olga, "Who are the people that matter")
    for name in ("Ana", "Tom", "Zoe"):
        people.click("Add a stakeholder")
        form = stage.olga.modal("Add a stakeholder")
        form.fill("Name", name)
        form.choose("Part they play", "Champion")
        assert form.submit().closed
        _until_read(stage, people, name)
    people.click("Change")
    form = stage.olga.modal("Change a stakeholder")
    assert form.value("Name") == "Ana"
    form.fill("Role", "Head of support")
    assert form.submit().closed
    people.click("Done adding")
    stage.olga.dm().wait("One more detail: 2 more stakeholders")
    people.click("Remove")
    stage.until(lambda: "Ana – Head" not in people.text)
    people.reply("Mia – buyer – dislikes calls\nSam – IT\nKim – CEO")
    stage.until(lambda: "Answered ✓" in people.text)
    listed = records_of(stage.stored(), RecordKind.STAKEHOLDER)
    kept = [record.details["name"] for record in listed]
    assert sorted(kept) == ["Kim", "Mia", "Sam", "Tom", "Zoe"]


def test_the_ways_around_a_question(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start()
        first = question(stage.olga, "1 of 12")
        reply = first.reply("They love us")
        first.reply("and they pay on time")
        stage.until(lambda: "pay on time" in first.text)
        first.click("Green: going well")
        second = question(stage.olga, "2 of 12")
        reply.edit("They adore us")
        stage.until(lambda: "adore" in first.text)
        assert [s.text for s in stage.stored().answers["S1"].said] == [
            "They adore us",
            "and they pay on time",
        ]
        _back_and_change(stage, second)


def _back_and_change(stage: Stage, second: Message) -> None:
    second.click("Back")
    again = asked(stage.olga, "Your next reply replaces this", since=second)
    again.click("Keep this answer")
    second = asked(stage.olga, "Who are they", since=again)
    stage.until(lambda: "Change" in again.buttons)
    again.click("Change")
    changed = asked(stage.olga, "Your next reply replaces this", since=second)
    changed.reply("They like us")
    second = asked(stage.olga, "Who are they", since=changed)
    assert [s.text for s in stage.stored().answers["S1"].said] == ["They like us"]


def test_later_and_taken_back(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        card = stage.start()
        stage.settle(stage.olga, "S2", "S3")
        second = asked(stage.olga, "Who are they")
        doomed = second.reply("Dentists")
        third = asked(stage.olga, "What do they use")
        doomed.delete()
        stage.until(lambda: "S2" not in stage.stored().answers)
        third.click("Later")
        second = asked(stage.olga, "Who are they", since=third)
        second.click("None of these")
        stage.settle(stage.olga, "S3")
        late = asked(stage.olga, "What do they use", since=third)
        late.click("Later")
        stage.until(lambda: "comes again at the end" in late.text)
        assert stage.stored().interviews[stage.olga.id].resting
        stage.olga.says("tickets")
        stage.hears(stage.olga, "Press Continue")
        stage.until(lambda: "Continue" in card.buttons)
        card.click("Continue")
        last = asked(stage.olga, "What do they use", since=late)
        last.reply("Tickets")
        stage.olga.dm().wait("Anything else?")
        assert stage.stored().answers["S2"].verdict is Verdict.NONE
        _closing(stage)


def _closing(stage: Stage) -> None:
    """What is only offered: picked and skipped, closed, and opened again from the card."""
    menu = stage.olga.dm().wait("more questions could help")
    menu.click("Ask me these")
    stage.hears(stage.olga, "Pick at least one question")
    menu.choose("Pick questions", "What is sensitive: subjects, tone, things never to say?")
    menu.click("Ask me these", times=2)
    sensitive = asked(stage.olga, "What is sensitive")
    sensitive.click("Skip")
    stage.until(lambda: stage.stored().answers["CC2"].verdict is Verdict.SKIPPED)
    menu.click("That's all")
    stage.olga.dm().wait("that's all, thank you")
    card = stage.olga.dm().wait("Knowledge pack: Northwind")
    stage.until(lambda: "Anything else?" in card.buttons)
    card.click("Anything else?")
    stage.hears(stage.olga, "more questions could help").choose(
        "Pick questions", "What is unusual about their contract?"
    )


def test_what_the_start_form_said_is_confirmed_in_one_tap(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start(reason="Leaving the company", day_is="Last working day")
        stage.settle(stage.olga, "AT1")
        last = asked(stage.olga, "When is your last working day")
        [confirm] = [label for label in last.buttons if label.startswith("Confirm")]
        last.click(confirm)
        stage.until(lambda: "AT1" in stage.stored().answers)
        [given] = stage.stored().answers["AT1"].given.values()
        assert given.values == (str(stage.stored().day),)
