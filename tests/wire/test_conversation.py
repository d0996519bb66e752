"""What a person does about a reply that has been taken: moves it, keeps it close."""

from tests.wire.stage import asked, list_leaders, question, staged


def test_a_reply_that_belongs_to_the_answer_before_is_moved_by_one_tap(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        list_leaders(stage)
        stage.start()
        first = question(stage.olga, "1 of 12")
        first.click("Green: going well")
        stage.until(lambda: "One more detail" in first.text)
        first.reply("They love us")
        second = question(stage.olga, "2 of 12")
        assert "Add to previous answer" not in first.buttons
        second.reply("and they pay on time")
        third = question(stage.olga, "3 of 12")
        stage.until(lambda: "Add to previous answer" in second.buttons)
        second.click("Add to previous answer", times=2)
        stage.until(lambda: "and they pay on time" in first.text)
        stage.until(lambda: "Not answered yet" in second.text)
        assert "pay on time" not in second.text
        third.reply("Tickets")
        again = asked(stage.olga, "Who are they", since=third)
        again.reply("Dentists")
        asked(stage.olga, "technical events")
        answers = stage.stored().answers
        assert [said.text for said in answers["S2"].said] == ["Dentists"]


def test_an_answer_is_marked_as_sensitive_by_its_author(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        list_leaders(stage)
        card = stage.start()
        assert "what you mark sensitive, only Ivan Petrov and Lena Berg." in card.text
        stage.settle(stage.olga, "S2")
        second = asked(stage.olga, "Who are they")
        second.reply("The owners are divorcing")
        stage.until(lambda: "Mark as sensitive" in second.buttons)
        second.click("Mark as sensitive")
        stage.until(lambda: "Sensitive: only Ivan Petrov and Lena Berg read this" in second.text)
        second.click("Not sensitive any more")
        stage.until(lambda: "Mark as sensitive" in second.buttons)
        assert "Sensitive:" not in second.text


def test_only_the_newest_copy_of_a_question_can_be_pressed(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        list_leaders(stage)
        card = stage.start()
        first = question(stage.olga, "1 of 12")
        card.click("Continue")
        again = asked(stage.olga, "top 3", since=first)
        stage.until(lambda: "stands again below" in first.text)
        assert first.buttons == []
        first.reply("They love us")
        stage.until(lambda: "They love us" in again.text)
        again.click("Green: going well")
        second = asked(stage.olga, "Who are they")
        second.click("Back")
        put_back = asked(stage.olga, "top 3", since=second)
        stage.until(lambda: "stands again below" in again.text)
        put_back.click("Keep this answer")
        stage.until(lambda: "Answered ✓" in put_back.text)
        put_back.click("Change")
        changed = asked(stage.olga, "top 3", since=put_back)
        stage.until(lambda: not put_back.buttons)
        changed.reply("They like us")
        stage.until(lambda: "They like us" in changed.text)
        copies = [m for m in stage.olga.dm().every_message if "· 1 of 12 ·" in m.text]
        assert [bool(copy.buttons) for copy in copies] == [False, False, False, True]
        assert [said.text for said in stage.stored().answers["S1"].said] == ["They like us"]
