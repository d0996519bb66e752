"""The calls of a plan on people's screens: their times, where they are, and what can be fetched."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.ids import Field
from bot.views.messages import build
from bot.views.scene import Scene
from bot.views.schedule.calls import read_time, time_form
from flows.effects import Kind
from flows.handover import Handover
from flows.schedule.appointments import CallTime, Fetched, Issued
from flows.schedule.calls import find_call
from flows.terms import DateIs, Segment
from tests.make import IVAN, KIM, NOW, OLGA, default_playbook, make_handover
from tests.views.limits import check_message, check_view, labels, words
from tests.views.scenes import make_scene

BOOK = default_playbook()


def enterprise(**calls: object) -> Handover:
    handover = make_handover(
        segment=Segment.ENTERPRISE, day=date(2027, 2, 26), day_is=DateIs.SWITCH_BY, by=KIM
    )
    return handover.model_copy(update={"calls": handover.calls.model_copy(update=calls)})


def at(hour: int, zone: str = "Europe/Lisbon") -> dict[str, CallTime]:
    return {key: CallTime(start=time(hour), zone=zone, minutes=45) for key in BOOK.calls}


def scene_in(zone: str, handover: Handover, viewer: str = OLGA) -> Scene:
    scene = make_scene(handover, viewer)
    return Scene(**(vars(scene) | {"now": NOW.astimezone(ZoneInfo(zone))}))


def stale(handover: Handover) -> Handover:
    """Olga has fetched everything as it was once."""
    appointments = {
        key: find_call(handover, BOOK, key).appointment.model_copy(update={"minutes": 5})
        for key in BOOK.calls
    }
    fetched = {key: {OLGA: Fetched(sequence=0, at=NOW)} for key in BOOK.calls}
    issued = {key: Issued(sequence=0, appointment=one) for key, one in appointments.items()}
    return enterprise(times=handover.calls.times, issued=issued, fetched=fetched)


def test_a_plan_with_everything_fits_and_says_what_is_to_be_fetched() -> None:
    handover = stale(enterprise(times=at(10)))
    plan = check_message(build(Kind.PLAN, "", make_scene(handover, OLGA)))
    assert plan.text.count("invitation: fetch the update") == len(BOOK.calls)
    assert labels(plan).count("Change the time") == len(BOOK.calls)
    others = check_message(build(Kind.PLAN, "", make_scene(handover, IVAN)))
    assert "invitation" not in others.text
    short = handover.model_copy(update={"day": date(2026, 12, 18)})
    dropped = check_message(build(Kind.PLAN, "", make_scene(short, OLGA)))
    assert "not in the plan any more · invitation: fetch the cancellation" in words(dropped)
    looked = check_message(build(Kind.PLAN, "", make_scene(short, IVAN)))
    assert "not in the plan any more" not in words(looked)


def test_whoever_only_started_it_reads_times_and_fetches_nothing() -> None:
    plan = check_message(build(Kind.PLAN, "", make_scene(enterprise(times=at(10)), KIM)))
    assert "at 10:00, 45 minutes" in plan.text
    assert labels(plan) == []


@pytest.mark.parametrize(
    ("zone", "told"),
    [
        ("Europe/Lisbon", "at 10:00"),
        ("Europe/Berlin", "at 11:00"),
        ("Asia/Kolkata", "at 15:30"),
        ("Pacific/Auckland", "23:00"),
    ],
)
def test_a_time_is_told_where_its_reader_is(zone: str, told: str) -> None:
    handover = enterprise(times=at(10))
    plan = check_message(build(Kind.PLAN, "", scene_in(zone, handover)))
    assert told in plan.text


def test_a_time_that_is_another_day_elsewhere_says_so() -> None:
    handover = enterprise(times=at(23, "America/Los_Angeles"))
    known = find_call(handover, BOOK, "call").appointment
    local = datetime.combine(known.day, time(23), ZoneInfo("America/Los_Angeles")).astimezone(UTC)
    plan = check_message(build(Kind.PLAN, "", make_scene(handover, OLGA)))
    assert f"at {local:%a} {local.day}" in plan.text
    form = time_form(make_scene(handover, OLGA), find_call(handover, BOOK, "call"), "UTC")
    picker = next(b["element"] for b in form["blocks"] if b.get("block_id") == Field.AT)
    assert "initial_time" not in picker


def test_all_day_is_a_time_too() -> None:
    times = {"call": CallTime(start=None, zone="UTC", minutes=60)}
    plan = check_message(build(Kind.PLAN, "", make_scene(enterprise(times=times), OLGA)))
    assert "all day" in plan.text


def test_the_form_is_read_back() -> None:
    handover = enterprise(times=at(10))
    call = find_call(handover, BOOK, "introduction")
    form = check_view(time_form(scene_in("Europe/Berlin", handover), call, "Europe/Berlin"))
    fields = {b["block_id"]: b for b in form["blocks"] if b["type"] == "input"}
    assert fields[Field.AT]["element"]["initial_time"] == "11:00"
    assert "Europe/Berlin" in fields[Field.AT]["hint"]["text"]
    length = {"v": {"selected_option": {"value": "90"}}}
    assert read_time({Field.AT: {"v": {"selected_time": "09:15"}}, Field.MINUTES: length}) == (
        time(9, 15),
        90,
    )
    assert read_time({Field.AT: {"v": {"selected_time": None}}, Field.MINUTES: length})[0] is None
