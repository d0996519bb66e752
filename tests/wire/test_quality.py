"""Thin answers, how sure they are, and what somebody else is asked for, as people see them."""

from pathlib import Path

from bot.sandbox import Message, Person
from flows.terms import Sureness
from tests.wire.stage import Stage, asked, list_leaders, question, sqlite_url, staged


def unknown(stage: Stage) -> Message:
    """Olga does not know who they are; the answered question."""
    second = asked(stage.olga, "Who are they")
    second.click("I don't know")
    stage.until(lambda: "Ask somebody" in second.buttons)
    return second


def colleague(stage: Stage, name: str) -> Person:
    return stage.slack.person(name, tz="Europe/Berlin")


def test_a_thin_answer_gets_one_kind_question_and_is_then_kept(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start()
        stage.settle(stage.olga, "S2", "S3", "S4")
        second = asked(stage.olga, "Who are they")
        # Who replies faster than the bot notes where its question stands is asked in its place.
        stage.rest()
        second.reply("It's all in Salesforce")
        stage.until(lambda: "stands again below" in second.text)
        more = stage.olga.dm().wait("One more detail?")
        assert "What do they sell, and who decides there?" in more.text
        assert "Keep it as it is" in more.buttons
        assert "None of these" not in more.buttons
        assert more.ts > second.ts
        more.click("Keep it as it is")
        third = asked(stage.olga, "What do they use")
        stage.rest()
        third.reply("ok")
        stage.until(lambda: "stands again below" in third.text)
        again = stage.olga.dm().wait("Who uses it, and what do they want to reach")
        again.reply("ok")
        asked(stage.olga, "technical events")
        stage.until(lambda: "Answered ✓" in again.text)
        stage.olga.types("/handover brief Northwind")
        brief = stage.olga.dm().wait("Brief: Northwind")
        assert "(short answer)" in brief.text
        said = " ".join(m.text.lower() for m in stage.olga.dm().every_message)
        assert "thin" not in said.split()


def test_an_author_says_how_sure_they_are(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start()
        stage.settle(stage.olga, "S2", "S9", "S10")
        second = asked(stage.olga, "Who are they")
        second.reply("Dentists, 40 of them")
        stage.until(lambda: "It is a guess" in second.buttons)
        second.click("It is a guess")
        stage.until(lambda: "A guess" in second.text)
        assert stage.stored().answers["S2"].sureness is Sureness.GUESS
        ninth = asked(stage.olga, "Which promises")
        ninth.reply("They asked for a discount, nothing is promised")
        asked(stage.olga, "What could go wrong")
        stage.until(lambda: "Add a promise" in ninth.buttons)
        ninth.click("Add a promise")
        form = stage.olga.modal()
        form.fill("What was promised", "Ten percent off")
        assert form.submit().closed
        stage.until(lambda: "Ten percent off" in ninth.text)
        assert len(stage.stored().records) == 1


def test_a_colleague_is_asked_and_their_answer_joins_the_pack(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        kim = colleague(stage, "Kim Lund")
        stage.start()
        stage.settle(stage.olga, "S2", "S3")
        second = unknown(stage)
        second.click("Ask somebody")
        form = stage.olga.modal()
        form.pick_person("Who could know?", kim)
        assert form.submit().closed
        stage.until(lambda: "Kim Lund is asked, by" in second.text)
        ask = kim.dm().wait("Olga Costa asks about Northwind")
        assert "Who are they" in ask.text
        home = kim.opens_home()
        stage.until(lambda: "answer a question" in home.text)
        assert "Your handovers" not in home.text
        ask.reply("Dentists, and their CEO decides")
        heard = stage.olga.dm().wait("Kim Lund answered your question about Northwind")
        assert "their CEO decides" in heard.text
        stage.until(lambda: "their CEO decides" in second.text)
        assert stage.stored().answers["S2"].by == kim.id
        kim.types("/handover show Northwind")
        seen = " ".join(m.text for m in kim.dm().every_message) + stage.told(kim)
        for hidden in ("Ivan", "Lena", "Balancing", "required"):
            assert hidden not in seen


def test_somebody_not_in_slack_is_asked_by_mail_and_two_answers_are_one(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start()
        stage.settle(stage.olga, "S2", "S3")
        second = unknown(stage)
        second.click("Ask somebody")
        form = stage.olga.modal()
        assert "Please fill this in." in form.submit().errors["Who could know?"]
        form.fill("Or a name", "Sam Lee, account executive")
        assert form.submit().closed
        mail = stage.olga.dm().wait("For Sam Lee, account executive, about Northwind")
        assert "Copy this and send it" in mail.text
        mail.click("Record their answer")
        record = stage.olga.modal()
        record.fill("What did they say?", "Dentists, 40 of them")
        assert record.submit().closed
        stage.until(lambda: "this was noted" in mail.text)
        stage.until(lambda: "Dentists, 40 of them" in second.text)
        stage.olga.types("/handover brief Northwind")
        brief = stage.olga.dm().wait("Brief: Northwind")
        assert "heard from Sam Lee, account executive by mail" in brief.text
        question(stage.olga, "2 of 12")
