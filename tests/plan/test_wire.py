"""The plan on people's screens: they see it, move its days, mark steps and decide."""

from datetime import date, timedelta
from pathlib import Path

from bot.sandbox import Message, Person
from bot.views.dates import day
from flows.schedule.numbering import plan_days
from tests.flows.make import PLAYBOOK
from tests.wire.stage import Stage, list_leaders, sqlite_url, staged, today


def shown_plan(stage: Stage, person: Person) -> Message:
    """Somebody asks for the plan; the list that follows the picture."""
    person.types("/handover show Northwind")
    stage.hears(person, "Northwind").click("Show the plan")
    return person.dm().wait("Plan: Northwind\n")


def days(stage: Stage) -> dict[str, date]:
    return plan_days(stage.stored(), PLAYBOOK)


def test_everybody_has_the_same_plan_as_picture_and_list(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start()
        seen = {person.name: shown_plan(stage, person) for person in (stage.ivan, stage.lena)}
        for message in seen.values():
            for words in ("Among us", "With the customer", "Locked until", "Introduction"):
                assert words in message.text
        assert "Set date" in seen["Ivan Petrov"].buttons
        pictures = [file for file in stage.slack.files if file.name.startswith("northwind-plan")]
        assert len(pictures) == 2
        for picture in pictures:
            assert picture.content.startswith(b"\x89PNG")
            assert len(picture.content) < 200_000
            assert "Gantt chart of the plan for Northwind" in picture.alt


def test_a_date_is_set_and_everybody_sees_who_did(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start()
        plan, seen = shown_plan(stage, stage.olga), shown_plan(stage, stage.lena)
        before = days(stage)
        plan.click("Set date")
        form = stage.olga.modal()
        form.choose("Step", f"Introduction · {day(before['introduction'])}")
        form.pick_date("New date", before["call"])
        assert "first day that keeps the distances" in form.submit().errors["New date"]
        form.choose("Step", f"Heads-up to the customer · {day(before['heads_up'])}")
        form.fill("Why?", "They asked <!channel> for it.")
        assert form.submit().closed
        stage.until(lambda: "moved by you: They asked" in plan.text)
        stage.until(lambda: "moved by Olga Costa: They asked" in seen.text)
        assert days(stage)["heads_up"] == before["call"]


def test_a_leader_insists_where_a_distance_gets_short(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start()
        before = days(stage)
        shown_plan(stage, stage.lena).click("Set date")
        form = stage.lena.modal()
        form.choose("Step", f"Introduction · {day(before['introduction'])}")
        form.pick_date("New date", before["call"])
        form.tick("Yes; I say why above")
        assert "fill this in" in form.submit().errors["Why?"]
        form.fill("Why?", "Their board meets on that day.")
        assert form.submit().closed
        assert days(stage)["introduction"] == before["call"]


def test_a_leader_decides_about_a_renewal_and_who_leads_it_is_named(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        form = stage.form()
        form.click("More")
        stage.until(lambda: "Renewal date" in form.labels)
        form.pick_date("Renewal date", today() + timedelta(days=30))
        tellings = form.submit().modal
        assert tellings
        assert tellings.submit().closed
        stage.olga.dm().wait("Knowledge pack: Northwind")
        seen = shown_plan(stage, stage.olga)
        assert "The renewal is on" in seen.text
        assert "Decide" not in seen.buttons
        plan = shown_plan(stage, stage.lena)
        plan.click("Decide", below="The renewal is on")
        decision = stage.lena.modal()
        decision.choose("What do you decide?", "Somebody leads the renewal")
        decision.fill("Why?", "Ada knows their buyer.")
        assert "fill this in" in decision.submit().errors["Who?"]
        decision.pick_person("Who?", stage.ada)
        assert decision.submit().closed
        stage.until(lambda: "Ada Admin leads the renewal" in plan.text)
        stage.until(lambda: "Ada knows their buyer." in seen.text)


def test_whoever_acts_brings_the_holidays_of_their_country(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start()
        schedule = stage.stored().schedule
        assert set(schedule.days_off) == {stage.olga.id, stage.ivan.id, stage.lena.id}
        christmas = date(today().year + 1, 12, 25)
        for off in schedule.days_off.values():
            assert christmas in off.days or christmas.weekday() in off.weekend


def test_a_step_is_marked_by_whoever_acts(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start()
        stage.ivan.dm().wait("take Northwind over").click("Accept handover")
        stage.settle(stage.olga)
        plan = shown_plan(stage, stage.olga)
        assert "Mark done" in plan.buttons
        plan.click("Mark done")
        stage.until(lambda: "call" in stage.stored().schedule.done)
        stage.until(lambda: "Internal handover call · done" in plan.text)
