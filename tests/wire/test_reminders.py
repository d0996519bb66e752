"""Reminders as people get them: one message a day, when it suits them, and true when it is read."""

from datetime import UTC, datetime, time
from pathlib import Path

from bot.desk import Receipt
from bot.views.dates import day
from flows.events import AwayGiven, PackAccepted
from flows.schedule.calendars import Absence
from tests.wire.stage import record, sqlite_url
from tests.wire.week import week

HELLO = "For today:"
DONE = "All done for today. Thank you!"
PAST = "Nothing is left to do in this message. Everything open stands on Home."
LATE = "Overdue with others"


def test_two_handovers_make_one_message_a_day_and_none_at_the_weekend(database_url: str) -> None:
    with week(database_url) as play:
        ivan = play.stage.ivan
        play.starts("Northwind", "Acme")
        assert play.told(ivan) == []
        play.comes(1, "09:29")
        assert play.told(ivan) == []
        play.comes(1, "09:30")
        [first] = play.told(ivan)
        assert f"{HELLO} 2 things" in first.text
        for account in ("Northwind", "Acme"):
            assert account in first.text
            assert account in first.fallback
        assert first.text.count("say whether you take it over, due today") == 2
        play.comes(1, "12:00")
        assert len(play.told(ivan)) == 1
        counts = []
        for days in (2, 3, 4, 5, 6, 7):
            play.comes(days, "10:00")
            counts.append(len(play.told(ivan)))
        assert counts == [2, 2, 3, 3, 3, 3]
        assert "was due on" in play.told(ivan)[-1].text


def test_what_is_done_meanwhile_is_not_told_and_what_was_told_follows(tmp_path: Path) -> None:
    with week(sqlite_url(tmp_path)) as play:
        ivan = play.stage.ivan
        play.starts("Northwind", "Acme", "Globex")
        ivan.dm().wait("take Globex over").click("Accept handover")
        play.comes(1, "09:30")
        [agenda] = play.told(ivan)
        assert "Globex" not in agenda.text
        ivan.dm().wait("take Acme over").click("Accept handover")
        ivan.dm().wait_until(lambda: "Acme" not in agenda.text)
        assert f"{HELLO} 1 thing." in agenda.text
        agenda.click("Open")
        task = ivan.modal()
        assert "Will you take Northwind over" in task.text
        task.click("Accept handover")
        play.stage.until(lambda: "Accept handover" not in task.buttons)
        ivan.dm().wait_until(lambda: agenda.text == DONE)


def test_a_step_is_marked_in_the_agenda(tmp_path: Path) -> None:
    with week(sqlite_url(tmp_path)) as play:
        stage = play.stage
        play.starts("Northwind")
        stage.ivan.dm().wait("take Northwind over").click("Accept handover")
        stage.settle(stage.olga)
        play.looks()
        for days in (1, 2, 3, 4):
            play.comes(days, "10:00")
        first, *_, last = [m for m in play.told(stage.olga) if "Internal handover call" in m.text]
        first.click("Done", below="Internal handover call")
        stage.until(lambda: first.text == PAST)
        stage.until(lambda: last.text == DONE)
        assert "call" in stage.stored().schedule.done


def test_a_task_is_put_off_and_not_for_ever(tmp_path: Path) -> None:
    with week(sqlite_url(tmp_path)) as play:
        ivan = play.stage.ivan
        play.starts("Northwind")
        play.comes(1, "09:30")
        [first] = play.told(ivan)
        first.choose("Snooze", "3 working days")
        play.stage.hears(ivan, f"Put off: I remind you on {day(play.clock.day(4))}.")
        ivan.dm().wait_until(lambda: first.text == DONE)
        for days in (2, 3):
            play.comes(days, "10:00")
        assert len(play.told(ivan)) == 1
        play.comes(4, "09:30")
        _, second = play.told(ivan)
        second.choose("Snooze", "1 working day")
        play.stage.hears(ivan, f"Put off: I remind you on {day(play.clock.day(7))}.")
        play.comes(7, "09:30")
        *_, third = play.told(ivan)
        assert "Snooze" not in third.text
        assert "Open" in third.buttons


def test_what_fell_due_while_the_bot_was_down_is_told_once(database_url: str) -> None:
    with week(database_url) as play:
        stage = play.stage
        play.starts("Northwind")
        stage.house.end()
        play.clock.goes_to(3, "09:45")
        stage.house.begin()
        play.looks()
        play.looks()
        [agenda] = play.told(stage.ivan)
        assert "say whether you take it over" in agenda.text
        stage.house.restart()
        play.looks()
        assert play.told(stage.ivan) == [agenda]


def test_nobody_is_reminded_who_wants_no_notifications(tmp_path: Path) -> None:
    with week(sqlite_url(tmp_path)) as play:
        stage, ivan = play.stage, play.stage.ivan
        play.starts("Northwind")
        begin = play.clock.goes_to(1, "09:00")
        quiet = {"dnd_from": int(begin.timestamp()), "dnd_until": int(begin.timestamp()) + 7200}
        stage.slack.update_person(ivan, **quiet)
        play.comes(1, "09:30")
        play.comes(1, "10:59")
        assert play.told(ivan) == []
        play.comes(1, "11:00")
        assert len(play.told(ivan)) == 1


def test_nobody_is_reminded_whose_status_says_away(tmp_path: Path) -> None:
    with week(sqlite_url(tmp_path)) as play:
        stage, ivan = play.stage, play.stage.ivan
        play.starts("Northwind")
        back = datetime.combine(play.clock.day(4), time(7), UTC)
        away = {"status": "Vacationing", "status_until": int(back.timestamp())}
        stage.slack.update_person(ivan, **away)
        for days in (1, 2, 3):
            play.comes(days, "10:00")
        assert play.told(ivan) == []
        play.comes(4, "09:30")
        assert len(play.told(ivan)) == 1


def test_nobody_is_reminded_on_days_on_which_they_said_to_be_away(tmp_path: Path) -> None:
    with week(sqlite_url(tmp_path)) as play:
        stage, ivan = play.stage, play.stage.ivan
        play.starts("Northwind", "Acme")
        absence = Absence(first=play.clock.day(1), last=play.clock.day(3))
        event = AwayGiven(at=stage.bot.clock.now(), by=ivan.id, away=(absence,))
        stage.bot.desk.record(Receipt(stage.slack.team_id, "away"), stage.stored("Acme").id, event)
        for days in (1, 2, 3):
            play.comes(days, "10:00")
        assert play.told(ivan) == []
        play.comes(4, "09:30")
        [agenda] = play.told(ivan)
        assert f"{HELLO} 2 things" in agenda.text


def test_everybody_is_reminded_where_they_are(tmp_path: Path) -> None:
    with week(sqlite_url(tmp_path)) as play:
        stage, ivan = play.stage, play.stage.ivan
        play.starts("Northwind")
        stage.slack.update_person(ivan, tz="Etc/GMT-9")
        stage.rest()
        play.comes(1, "09:29", "Etc/GMT-9")
        assert play.told(ivan) == []
        play.comes(1, "09:30", "Etc/GMT-9")
        assert len(play.told(ivan)) == 1


def test_somebody_is_reminded_as_often_as_they_want(tmp_path: Path) -> None:
    with week(sqlite_url(tmp_path)) as play:
        ivan = play.stage.ivan
        play.starts("Northwind")
        ivan.opens_home().click("Reminders")
        form = ivan.modal("My reminders")
        form.choose("Remind me", "On Mondays, or the week's first working day")
        assert form.submit().closed
        play.comes(1, "10:00")
        assert play.told(ivan) == []
        play.comes(2, "10:00")
        [overdue] = play.told(ivan)
        overdue.click("Change my reminders")
        form = ivan.modal("My reminders")
        assert "On Mondays" in form.value("Remind me")
        form.pick_date("No reminders until", play.clock.day(40))
        assert "At most 30 days" in form.submit().errors["No reminders until"]
        form.pick_date("No reminders until", play.clock.day(14))
        assert form.submit().closed
        for days in (3, 4, 7, 8):
            play.comes(days, "10:00")
        assert len(play.told(ivan)) == 1
        play.comes(14, "10:00")
        assert len(play.told(ivan)) == 2


def test_the_leader_sees_what_is_late_and_gives_more_time(tmp_path: Path) -> None:
    with week(sqlite_url(tmp_path)) as play:
        stage, lena = play.stage, play.stage.lena
        play.starts("Northwind")
        for days in (1, 2, 3):
            play.comes(days, "10:00")
        assert not any(LATE in m.text for m in play.told(lena))
        play.comes(4, "10:00")
        seen = play.told(lena)[-1]
        assert "Ivan Petrov: say whether you take it over, was due on" in seen.text
        assert "Extend" not in seen.buttons
        for days in (7, 8):
            play.comes(days, "10:00")
        asked = play.told(lena)[-1]
        asked.click("Extend", below="Ivan Petrov: say whether you take it over")
        form = lena.modal("Extend")
        assert "Ivan Petrov: say whether you take it over" in form.text
        form.pick_date("New date", play.clock.day(8))
        assert "This date has passed" in form.submit().errors["New date"]
        form.pick_date("New date", play.clock.day(10))
        form.fill("Why?", "He is at a fair.")
        assert form.submit().closed
        stage.until(lambda: "Ivan Petrov: say whether" not in asked.text)
        play.looks()
        play.comes(10, "10:00")
        assert "say whether you take it over, due today" in play.told(stage.ivan)[-1].text


def test_a_leader_waives_what_can_be_done_without(tmp_path: Path) -> None:
    with week(sqlite_url(tmp_path)) as play:
        stage, lena = play.stage, play.stage.lena
        play.starts("Northwind")
        stage.ivan.dm().wait("take Northwind over").click("Ask first")
        form = stage.ivan.modal("Ask first")
        form.fill("Your question", "How many hours a week?")
        assert form.submit().closed
        for days in (1, 2, 3, 4, 7, 8):
            play.comes(days, "10:00")
        asked = play.told(lena)[-1]
        asked.click("Waive", below="Olga Costa: answer a question")
        form = lena.modal("Waive")
        form.fill("Why?", "Settled on the phone.")
        assert form.submit().closed
        stage.until(lambda: "Olga Costa: answer a question" not in asked.text)
        [ruling] = stage.stored().rulings.values()
        assert (ruling.waived, ruling.why) == (True, "Settled on the phone.")


def test_a_leader_passes_on_what_somebody_else_can_do(tmp_path: Path) -> None:
    with week(sqlite_url(tmp_path)) as play:
        stage, lena = play.stage, play.stage.lena
        play.starts("Northwind")
        stage.ivan.dm().wait("take Northwind over").click("Ask first")
        form = stage.ivan.modal("Ask first")
        form.fill("Your question", "How many hours a week?")
        assert form.submit().closed
        for days in (1, 2, 3, 4, 7, 8):
            play.comes(days, "10:00")
        asked = play.told(lena)[-1]
        asked.click("Reassign", below="Olga Costa: answer a question")
        form = lena.modal("Reassign")
        assert "Olga Costa: answer a question" in form.text
        form.choose("Who does it instead", "Lena Berg")
        assert form.submit().closed
        stage.until(lambda: "Olga Costa: answer a question" not in asked.text)
        lena.dm().wait("How many hours a week?").click("Answer")
        form = lena.modal()
        form.fill("Your answer", "About four.")
        assert form.submit().closed
        stage.ivan.dm().wait("About four.")


def test_what_only_one_can_do_says_so(tmp_path: Path) -> None:
    with week(sqlite_url(tmp_path)) as play:
        stage, lena = play.stage, play.stage.lena
        play.starts("Northwind")
        stage.ivan.dm().wait("take Northwind over").click("Accept handover")
        for days in (1, 2, 3, 4, 7, 8, 9, 10, 11, 14, 15):
            play.comes(days, "10:00")
        late = [m.text for m in play.told(lena) if LATE in m.text]
        assert "Only Olga Costa can do this" in late[-1]


def test_the_weekly_check_in_takes_the_place_of_that_days_message(tmp_path: Path) -> None:
    with week(sqlite_url(tmp_path)) as play:
        stage, olga = play.stage, play.stage.olga
        play.starts("Northwind")
        stage.ivan.dm().wait("take Northwind over").click("Accept handover")
        stage.settle(stage.ivan)
        stage.settle(olga)
        record(stage, stage.ivan, PackAccepted)
        play.looks()
        for days in (1, 2, 3, 4):
            play.comes(days, "10:00")
        assert not any("weekly check-in" in m.text for m in play.told(olga))
        before = len(play.told(olga))
        play.comes(7, "10:00")
        assert len(play.told(olga)) == before + 1
        asked = play.told(olga)[-1]
        assert "Your weekly check-in." in asked.text
        assert "Also open:" in asked.text
        asked.click("I need help")
        form = olga.modal("I need help")
        form.fill("What would help?", "Somebody else for the call")
        assert form.submit().closed
        stage.until(lambda: "say how it goes this week" not in asked.text)
        told = stage.lena.dm().wait("Olga Costa needs help with Northwind")
        assert "Somebody else for the call" in told.text
        stage.ivan.types("/handover show Northwind")
        assert "needs help: Somebody else for the call" in stage.told(stage.ivan)
        play.looks()
        play.comes(14, "10:00")
        play.told(olga)[-1].click("All is well")
        stage.until(lambda: [bool(said.help) for said in stage.stored().check_ins] == [True, False])
