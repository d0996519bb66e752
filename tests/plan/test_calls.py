"""The calls of a plan on people's screens: their time, and the invitation that comes as a file."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from icalendar import Calendar

from bot.sandbox import Message, Person
from bot.views.dates import day
from flows.schedule.calls import find_call
from flows.schedule.numbering import calendar_of
from tests.flows.make import PLAYBOOK
from tests.plan.test_wire import shown_plan
from tests.wire.stage import Stage, list_leaders, sqlite_url, staged


def accepted(stage: Stage) -> None:
    """Ivan has accepted, and Olga has answered everything."""
    list_leaders(stage)
    stage.start()
    stage.ivan.dm().wait("take Northwind over").click("Accept handover")
    stage.settle(stage.olga)


def files(stage: Stage) -> list[Calendar]:
    """The invitations that came, in order."""
    found = (file for file in stage.slack.files if file.name.endswith(".ics"))
    return [Calendar.from_ical(file.content) for file in found]


def call_day(stage: Stage) -> date:
    return find_call(stage.stored(), PLAYBOOK, "call").appointment.day


def fetches(stage: Stage, plan: Message, person: Person) -> Calendar:
    """Somebody has the invitation to the internal call sent."""
    before = len(files(stage))
    plan.click("Invitation (.ics)")
    stage.hears(person, "The invitation comes in a moment")
    stage.until(lambda: len(files(stage)) > before)
    return files(stage)[-1]


def test_a_time_is_set_from_home_and_everybody_reads_it_where_they_are(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        accepted(stage)
        home = stage.olga.opens_home()
        stage.until(lambda: "set the time of a call: “Internal handover call”" in home.text)
        assert "set the time of a call: “Introduction”" in home.text
        plan, seen = shown_plan(stage, stage.olga), shown_plan(stage, stage.ivan)
        home.click("Set a time", below="set the time of a call: “Internal handover call”")
        form = stage.olga.modal("Set a time")
        assert day(call_day(stage)) in form.text
        assert "Europe/Lisbon" in form.text
        form.time("Begins at", time(10, 30))
        form.choose("How long", "90 minutes")
        assert form.submit().closed
        stage.until(lambda: "at 10:30, 90 minutes" in plan.text)
        stage.until(lambda: "at 11:30, 90 minutes" in seen.text)
        stage.until(lambda: "call: “Internal handover call”" not in stage.olga.home().text)


def test_an_invitation_comes_as_a_file_and_is_stale_once_the_date_moves(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        accepted(stage)
        plan, seen = shown_plan(stage, stage.olga), shown_plan(stage, stage.ivan)
        whole_day = fetches(stage, plan, stage.olga).events[0]
        assert whole_day.start == call_day(stage)
        plan.click("Set a time")
        form = stage.olga.modal("Set a time")
        form.time("Begins at", time(9, 0))
        assert form.submit().closed
        stage.until(lambda: "invitation: fetch the update" in plan.text)
        assert "invitation" not in seen.text
        first = fetches(stage, plan, stage.olga).events[0]
        assert first.uid == whole_day.uid
        assert (whole_day.sequence, first.sequence) == (0, 1)
        begins = datetime.combine(call_day(stage), time(9), ZoneInfo("Europe/Lisbon"))
        assert isinstance(first.start, datetime)
        assert first.start.astimezone(UTC) == begins.astimezone(UTC)
        stage.until(lambda: "invitation: fetch the update" not in plan.text)
        before = call_day(stage)
        plan.click("Set date")
        move = stage.olga.modal("Set date")
        move.choose("Step", f"Internal handover call · {day(before)}")
        move.pick_date("New date", later_workday(stage, before))
        assert move.submit().closed
        stage.until(lambda: "invitation: fetch the update" in plan.text)
        second = fetches(stage, plan, stage.olga).events[0]
        assert (second.uid, second.sequence) == (first.uid, 2)
        assert second["SUMMARY"] == "Northwind: Internal handover call"
        stage.until(lambda: "invitation: fetch the update" not in plan.text)


def test_nothing_for_the_customer_is_fetched_before_the_approval(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        accepted(stage)
        plan = shown_plan(stage, stage.olga)
        assert plan.buttons.count("Invitation (.ics)") == 1
        assert plan.buttons.count("Set a time") > 1


def later_workday(stage: Stage, before: date) -> date:
    """The next day on which everybody works."""
    calendar = calendar_of(stage.stored())
    ahead = (before + timedelta(days=days) for days in range(1, 15))
    return next(found for found in ahead if calendar.works(found))
