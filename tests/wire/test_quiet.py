"""What people hear that they did not cause: in their own hours, joined, and a few times a day."""

from pathlib import Path

from bot.sandbox import Message, Person
from tests.wire.stage import sqlite_url
from tests.wire.week import Week, week

THREE = ("Northwind", "Acme", "Globex")
FIVE = (*THREE, "Initech", "Umbrella")


def declines(play: Week, *accounts: str) -> None:
    """Ivan will not take these over."""
    ivan = play.stage.ivan
    for account in accounts:
        ivan.dm().wait(f"take {account} over").click("Decline")
        form = ivan.modal("Decline the handover")
        form.fill("Why?", f"{account} is too much for me")
        assert form.submit().closed
    play.stage.rest()


def heard(play: Week, person: Person) -> list[Message]:
    """The messages in which somebody hears of what was declined."""
    play.delivers()
    return [m for m in person.dm().messages if "See why and name another" in m.text]


def test_what_somebody_waits_for_comes_in_the_morning_and_in_one_message(database_url: str) -> None:
    with week(database_url, quiet=True) as play:
        lena = play.stage.lena
        play.starts(*THREE)
        declines(play, "Northwind", "Acme")
        assert heard(play, lena) == []
        play.clock.goes_to(0, "09:29")
        assert heard(play, lena) == []
        play.clock.goes_to(0, "09:31")
        [first] = heard(play, lena)
        assert first.text.startswith("2 things wait for you")
        play.clock.goes_to(0, "09:39")
        declines(play, "Globex")
        assert heard(play, lena) == [first]
        play.stage.until(lambda: first.text.startswith("3 things wait for you"))
        for account in THREE:
            assert account in first.text
            assert account in first.fallback
        first.click("See why and name another", below="take Acme over")
        form = lena.modal("Name the incoming CSM")
        assert "Acme is too much for me" in form.text
        form.pick_person("Incoming CSM", play.stage.ada)
        assert form.submit().closed
        play.stage.until(lambda: first.text.startswith("2 things wait for you, 1 to know"))
        assert "Ada Admin is asked now to take Acme over." in first.text
        asked = play.stage.ada.dm().wait("take Acme over")
        assert "wait" not in asked.text.splitlines()[0]


def test_three_begin_in_a_day_and_the_rest_comes_the_next_morning(tmp_path: Path) -> None:
    with week(sqlite_url(tmp_path), quiet=True) as play:
        lena = play.stage.lena
        play.starts(*FIVE)
        for number, account in enumerate(FIVE):
            play.clock.goes_to(0, f"{10 + number}:00")
            declines(play, account)
        assert [m.text.split("\n")[0] for m in heard(play, lena)] == [
            f"Ivan Petrov can't take {account} over." for account in THREE
        ]
        play.clock.goes_to(0, "16:00")
        assert len(heard(play, lena)) == len(THREE)
        play.clock.goes_to(1, "09:31")
        *_, last = heard(play, lena)
        assert len(heard(play, lena)) == len(THREE) + 1
        assert last.text.startswith("2 things wait for you")
        play.stage.house.restart()
        assert len(heard(play, lena)) == len(THREE) + 1


def test_whoever_wants_no_notifications_is_left_alone_until_they_do(tmp_path: Path) -> None:
    with week(sqlite_url(tmp_path), quiet=True) as play:
        lena = play.stage.lena
        play.starts("Northwind", "Acme")
        begin = int(play.clock.goes_to(0, "10:00").timestamp())
        play.stage.slack.update_person(lena, dnd_from=begin, dnd_until=begin + 7200)
        play.stage.rest()
        declines(play, "Northwind")
        assert heard(play, lena) == []
        play.clock.goes_to(0, "12:01")
        assert len(heard(play, lena)) == 1


def test_a_question_among_others_is_answered_by_its_button(tmp_path: Path) -> None:
    with week(sqlite_url(tmp_path), quiet=True) as play:
        stage, olga = play.stage, play.stage.olga
        play.starts("Northwind", "Acme")
        play.clock.goes_to(0, "10:00")
        for account, words in (("Northwind", "Who signs?"), ("Acme", "Who pays?")):
            stage.ivan.dm().wait(f"take {account} over").click("Ask first")
            form = stage.ivan.modal()
            form.fill("Your question", words)
            assert form.submit().closed
        both = olga.dm().wait("Who signs?")
        stage.until(lambda: "Who pays?" in both.text)
        assert both.text.startswith("2 things wait for you")
        assert "Reply in this thread" not in both.text
        both.reply("It is Karla")
        stage.hears(olga, "press")
        assert not any(ask.reply for ask in stage.stored().asks)
        both.click("Answer", below="asks before taking Acme over")
        form = olga.modal()
        form.fill("Your answer", "Their treasurer")
        assert form.submit().closed
        stage.until(lambda: both.text.startswith("1 thing waits for you, 1 to know"))
        stage.ivan.dm().wait("Their treasurer")
