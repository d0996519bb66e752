"""Edits and deletions follow a message to wherever it went, in whatever order Slack tells them."""

from bot.sandbox import Message, Person
from tests.wire.stage import Stage, list_leaders, question, staged


def asks(stage: Stage, words: str) -> Message:
    """Ivan asks Olga before taking the account over; what she reads."""
    stage.ivan.dm().wait("take Northwind over").click("Ask first")
    form = stage.ivan.modal("Ask first")
    form.fill("Your question", words)
    assert form.submit().closed
    return stage.olga.dm().wait("asks before taking")


def which(stage: Stage, person: Person, words: str) -> Message:
    """The message that asks for the account of a reply."""

    def found() -> Message | None:
        shown = (m for m in person.dm().every_message if "Which account" in m.text)
        return next((message for message in shown if words in message.text), None)

    message = person.dm().wait_until(found, f"which account {words!r} is about")
    assert isinstance(message, Message)
    return message


def test_what_was_replied_between_people_is_edited_and_taken_back(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        list_leaders(stage)
        stage.start()
        ask = asks(stage, "Who is their CFO?")
        reply = ask.reply("Ana")
        answer = stage.ivan.dm().wait("answered your question")
        reply.edit("Ana Lima, since May")
        stage.until(lambda: "Ana Lima, since May" in answer.text)
        stage.until(lambda: "Ana Lima, since May" in ask.text)
        assert len([m for m in stage.ivan.dm().every_message if "Ana" in m.text]) == 1
        reply.delete()
        stage.until(lambda: "took back the answer" in answer.text)
        stage.until(lambda: "Answer" in ask.buttons)
        ask.reply("Tom")
        stage.ivan.dm().wait("Tom")
        assert [ask.reply for ask in stage.stored().asks] == ["Tom"]


def test_a_reply_without_a_home_is_edited_and_taken_back(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        list_leaders(stage)
        stage.start()
        question(stage.olga, "1 of 12")
        stage.start("Contoso")
        question(stage.olga, "1 of 12", "Contoso")
        first, second = stage.olga.says("They lov us"), stage.olga.says("Never mind")
        kept = which(stage, stage.olga, "They lov us")
        first.edit("They love us")
        stage.until(lambda: "They love us" in kept.text)
        other = which(stage, stage.olga, "Never mind")
        second.delete()
        stage.until(lambda: "You took this back" in other.text)
        assert other.buttons == []
        kept.click("Contoso")
        stage.olga.dm().wait("Added to Contoso")
        first.edit("They love us, most days")

        def said() -> list[str]:
            return [said.text for said in stage.stored("Contoso").answers["S1"].said]

        stage.until(lambda: said() == ["They love us, most days"])
        assert stage.stored().answers == {}


def test_an_edit_and_a_deletion_that_are_faster_than_their_message(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        list_leaders(stage)
        stage.start()
        first = question(stage.olga, "1 of 12")
        stage.rest()
        stage.slack.reorder = True
        reply = first.reply("They lov us")
        reply.edit("They love us")
        reply.edit("They love us, really")
        stage.until(lambda: "They love us, really" in first.text)
        first.reply("Not for anybody to read").delete()
        stage.olga.says("Outside of it, too").edit("Outside, too")
        stage.until(lambda: "Outside, too" in first.text)
        stage.rest()
        said = [said.text for said in stage.stored().answers["S1"].said]
        assert said == ["They love us, really", "Outside, too"]
        ask = asks(stage, "Who is their CFO?")
        ask.reply("Anna").edit("Ana")
        stage.until(lambda: [ask.reply for ask in stage.stored().asks] == ["Ana"])


def test_what_is_written_under_a_message_about_no_account_is_kept(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        list_leaders(stage)
        stage.start()
        question(stage.olga, "1 of 12")
        stage.start("Contoso")
        question(stage.olga, "1 of 12", "Contoso")
        stage.olga.says("They love us")
        kept = which(stage, stage.olga, "They love us")
        kept.reply("contoso")
        stage.until(lambda: "Added to Contoso" in kept.text)
        assert [s.text for s in stage.stored("Contoso").answers["S1"].said] == ["They love us"]
        more = kept.reply("and they pay on time")
        stage.hears(stage.olga, "Unsorted")
        more.edit("and they pay early")
        stage.until(
            lambda: [p.text for p in stage.stored("Contoso").unsorted] == ["and they pay early"]
        )
        more.delete()
        stage.until(lambda: not stage.stored("Contoso").unsorted)


def test_a_reply_to_news_about_the_leaders_finds_a_home(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        list_leaders(stage)
        stage.ada.types("/handover settings")
        form = stage.ada.modal()
        form.pick_person("Leaders", stage.lena, stage.ada)
        assert form.submit().closed
        news = stage.lena.dm().wait("added Ada Admin to the leaders")
        news.reply("Good to know")
        stage.hears(stage.lena, "/handover shows what I can do")
        form = stage.form()
        told = form.submit().modal
        assert told
        assert told.submit().closed
        stage.slack.update_person(stage.olga, deleted=True)
        question(stage.lena, "1 of 12")
        news.reply("Northwind loves us")
        which(stage, stage.lena, "loves us").click("Northwind")
        stage.lena.dm().wait("Added to Northwind")
        assert [said.text for said in stage.stored().answers["S1"].said] == ["Northwind loves us"]
