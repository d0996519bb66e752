"""An invitation, read back by the library and held to the rules of its format."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from bot.exports.invitation import invitation, uid
from flows.customer.coverage_events import Intended, IntroductionsPlanned
from flows.customer.introductions import Channel, Coverage, Introduction
from flows.errors import FlowError
from flows.events import MarkedSensitive
from flows.handover import Handover, Party
from flows.schedule.appointments import CallTime, Fetched, Issued
from flows.schedule.calls import find_call
from flows.terms import DateIs, Reason, RecordKind, Segment
from tests.make import (
    IVAN,
    KIM,
    LENA,
    NOW,
    OLGA,
    PEOPLE,
    default_playbook,
    make_handover,
    name_of,
    record,
    reply,
)

BOOK = default_playbook()
DAY = date(2027, 2, 26)
CONTENT_LINE = re.compile(rb"[A-Z-]+(;[A-Z-]+=(\"[^\"]*\"|[^\";:,]*))*:.*", re.DOTALL)


def made(*then: Any, by: str = LENA, **changes: object) -> Handover:  # noqa: ANN401 - any event
    known: dict[str, Any] = {
        "segment": Segment.ENTERPRISE,
        "reason": Reason.REALLOCATION,
        "day": DAY,
        "day_is": DateIs.SWITCH_BY,
    }
    return make_handover(then, by=by, **(known | changes))


def stakeholder(number: int, name: str, part: str, **more: str) -> Any:  # noqa: ANN401 - an event
    known = {"name": name, "type": part} | more
    return record(RecordKind.STAKEHOLDER, "SK1", number, **known)


def timed(handover: Handover, key: str, start: time, zone: str, minutes: int = 45) -> Handover:
    times = {key: CallTime(start=start, zone=zone, minutes=minutes)}
    calls = handover.calls.model_copy(update={"times": times})
    return handover.model_copy(update={"calls": calls})


def fetch(handover: Handover, key: str, viewer: str = OLGA, at: datetime = NOW) -> bytes:
    content = invitation(handover, BOOK, viewer, key, name_of, at).content
    held_to_the_format(content)
    return content


def read(content: bytes) -> tuple[Calendar, Any]:
    calendar = Calendar.from_ical(content)
    assert isinstance(calendar, Calendar)
    (event,) = calendar.events
    assert not calendar.errors
    assert not event.errors
    return calendar, event


def held_to_the_format(content: bytes) -> None:
    """RFC 5545: CRLF, lines of 75 octets, whole characters, required properties, each once."""
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert b"\r" not in content.replace(b"\r\n", b"")
    for line in content.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
    unfolded = content.replace(b"\r\n ", b"").split(b"\r\n")[:-1]
    assert all(CONTENT_LINE.fullmatch(line) for line in unfolded), unfolded
    names = [line.split(b":")[0].split(b";")[0].decode() for line in unfolded]
    for once in ("PRODID", "VERSION", "METHOD", "UID", "DTSTAMP", "SEQUENCE", "SUMMARY", "DTEND"):
        assert names.count(once) == 1
    assert unfolded[0] == b"BEGIN:VCALENDAR"
    assert unfolded[-1] == b"END:VCALENDAR"


def test_a_call_without_a_time_is_for_all_day() -> None:
    handover = made()
    calendar, event = read(fetch(handover, "call"))
    day = find_call(handover, BOOK, "call").appointment.day
    assert calendar["METHOD"] == "PUBLISH"
    assert calendar["VERSION"] == "2.0"
    assert (event.start, event.end) == (day, day + timedelta(days=1))
    assert event["DTSTART"].params["VALUE"] == "DATE"
    assert event["DTSTAMP"].dt == datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    assert event["SUMMARY"] == "Northwind: Internal handover call"
    assert event["DESCRIPTION"] == "With Olga and Ivan."
    assert event["TRANSP"] == "TRANSPARENT"
    assert (event["SEQUENCE"], event["STATUS"]) == (0, "CONFIRMED")
    assert calendar.timezones == []


@pytest.mark.parametrize(
    "zone",
    ["Europe/Lisbon", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Europe/Dublin"],
)
@pytest.mark.parametrize("day", [date(2027, 2, 26), date(2027, 6, 28), date(2027, 11, 12)])
def test_a_time_stands_in_the_zone_of_whoever_set_it(zone: str, day: date) -> None:
    handover = timed(made(day=day), "introduction", time(14, 30), zone)
    calendar, event = read(fetch(handover, "introduction"))
    there = find_call(handover, BOOK, "introduction").appointment.day
    begins = datetime.combine(there, time(14, 30), ZoneInfo(zone))
    assert event.start == begins
    assert event.end - event.start == timedelta(minutes=45)
    assert event["TRANSP"] == "OPAQUE"
    (told,) = calendar.timezones
    assert told.tz_name == zone
    assert "COMMENT" not in told
    local = told.to_tz()
    for apart in (-200, -100, -40, 0, 40, 100, 200):
        moment = begins + timedelta(days=apart)
        if moment.year >= there.year:
            assert moment.replace(tzinfo=local).utcoffset() == moment.utcoffset()


@pytest.mark.parametrize("zone", ["UTC", "", "Mars/Olympus"])
def test_without_a_known_zone_it_is_utc(zone: str) -> None:
    content = fetch(timed(made(), "call", time(9), zone), "call")
    calendar, event = read(content)
    assert event.start.utcoffset() == timedelta()
    assert calendar.timezones == []
    assert b"T090000Z" in content


def test_an_hour_that_the_clock_leaps_over_or_repeats_lasts_as_long() -> None:
    for day, start in ((date(2027, 3, 26), time(1, 30)), (date(2027, 10, 29), time(1, 30))):
        handover = timed(made(day=day), "introduction", start, "Europe/Lisbon", 60)
        _calendar, event = read(fetch(handover, "introduction"))
        assert event.end.astimezone(UTC) - event.start.astimezone(UTC) == timedelta(hours=1)


def test_the_customer_reads_names_and_nothing_that_is_said_among_us() -> None:
    said = [
        reply("S1", "Heliotrope: they nearly left us."),
        stakeholder(1, "Ana Silva (sceptic, careful!)", "champion", contact="ana@x.example"),
        stakeholder(2, "Ben Roth – hates calls", "sponsor", watch_outs="Quicksilver"),
        stakeholder(3, "Cleo Meyer", "day_to_day"),
        stakeholder(4, "Dan Ode", "technical"),
        MarkedSensitive(at=NOW, by=OLGA, question="S1", sensitive=True),
        IntroductionsPlanned(
            at=NOW,
            by=LENA,
            people={"R3": Intended(channel=Channel.MAIL)},
            why="Saxifrage",
        ),
    ]
    content = fetch(made(*said, reason=Reason.ATTRITION), "introduction")
    _calendar, event = read(content)
    assert event["SUMMARY"] == "Introduction: Olga and your new contact"
    assert event["DESCRIPTION"] == "With Olga, Ivan, Ben Roth and Ana Silva."
    (ana,) = event.attendees
    assert (ana, ana.params["CN"]) == ("mailto:ana@x.example", "Ana Silva")
    unfolded = content.replace(b"\r\n ", b"").decode()
    for word in ("Heliotrope", "Quicksilver", "Saxifrage", "sceptic", "hates", "attrition"):
        assert word not in unfolded
    for word in ("handover", "shadow", "reverse", "H1", "T1", *PEOPLE):
        told = unfolded.replace("PRODID:-//Handover//Handover//EN", "")
        assert not re.search(rf"\b{word}\b", told, re.IGNORECASE), word


@pytest.mark.parametrize("key", ["shadow_1", "shadow_2", "reverse_1", "reverse_2"])
def test_no_session_is_called_by_what_it_is_among_us(key: str) -> None:
    file = invitation(made(), BOOK, IVAN, key, name_of, NOW)
    assert b"hadow" not in file.content + file.name.encode()
    assert b"everse" not in file.content + file.name.encode()
    assert file.name.startswith("northwind-call-")


def test_whoever_is_gone_is_not_announced() -> None:
    gone = made(outgoing=Party(user=None, name="Pat", gone=True))
    _calendar, event = read(fetch(gone, "introduction", LENA))
    assert event["SUMMARY"] == "Introduction: Lena and your new contact"
    assert "Pat" not in event["DESCRIPTION"]


def test_only_whoever_works_on_it_has_one() -> None:
    for viewer, code in ((KIM, "not_yours"), ("UZOE", "not_found")):
        with pytest.raises(FlowError, match=code):
            invitation(made(by=KIM), BOOK, viewer, "call", name_of, NOW)
    with pytest.raises(FlowError, match="no_such_milestone"):
        invitation(made(), BOOK, OLGA, "pack", name_of, NOW)


def test_a_uid_stays_and_tells_nothing() -> None:
    handover = made()
    moved = timed(handover, "call", time(9), "UTC")
    assert uid(handover, "call") == uid(moved, "call")
    others = {uid(handover, key) for key in BOOK.calls}
    others.add(uid(handover.model_copy(update={"id": "H2"}), "call"))
    assert len(others) == len(BOOK.calls) + 1
    assert all(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", one) for one in others)


def test_another_date_has_the_next_sequence_number_and_a_dropped_call_is_cancelled() -> None:
    handover = made()
    known = find_call(handover, BOOK, "shadow_2").appointment
    earlier = known.model_copy(update={"day": known.day - timedelta(days=1)})
    calls = handover.calls.model_copy(
        update={
            "issued": {"shadow_2": Issued(sequence=3, appointment=earlier)},
            "fetched": {"shadow_2": {OLGA: Fetched(sequence=3, at=NOW)}},
        }
    )
    handover = handover.model_copy(update={"calls": calls})
    _calendar, event = read(fetch(handover, "shadow_2"))
    assert (event["SEQUENCE"], event.start) == (4, known.day)
    short = handover.model_copy(update={"day": date(2026, 12, 18)})
    calendar, gone = read(fetch(short, "shadow_2"))
    assert calendar["METHOD"] == "CANCEL"
    assert (gone["STATUS"], gone["SEQUENCE"], gone.start) == ("CANCELLED", 4, earlier.day)
    assert gone["UID"] == event["UID"]


names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=200)


@settings(max_examples=50)
@given(names, names, st.times().map(lambda at: at.replace(microsecond=0)), st.integers(5, 480))
def test_whatever_people_are_called_the_file_holds(
    account: str, name: str, start: time, minutes: int
) -> None:
    handover = made(stakeholder(1, "Ana", "sponsor", contact="ana@x.example"))
    people = tuple(r.model_copy(update={"details": {"name": name}}) for r in handover.records)
    known = Coverage(people={"R1": Introduction(email="ana@x.example")})
    handover = handover.model_copy(
        update={
            "account": account,
            "records": people,
            "coverage": known,
        }
    )
    for key in ("introduction", "shadow_1"):
        content = fetch(timed(handover, key, start, "Europe/Berlin", minutes), key)
        _calendar, event = read(content)
        assert "\n" not in event["SUMMARY"]
        lasts = event.end.astimezone(UTC) - event.start.astimezone(UTC)
        assert lasts == timedelta(minutes=minutes)
