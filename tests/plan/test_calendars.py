"""Whose day off is when: countries by time zone, their holidays, and plans that avoid them."""

from datetime import UTC, date, datetime, timedelta
from itertools import cycle, pairwise, product
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calendars import country_of, days_off, public_holidays
from flows.handover import Handover
from flows.schedule.calendars import DaysOff
from flows.schedule.timeline import make_plan
from flows.terms import DateIs, Reason, Segment
from storage.people import Person
from tests.flows.make import IVAN, LENA, MONDAY, OLGA, PLAYBOOK, Story
from tests.flows.test_timeline import FAR, assert_sound, between

COUNTRIES = (
    "DE",
    "FR",
    "GB",
    "US",
    "CA",
    "BR",
    "MX",
    "ES",
    "PT",
    "IT",
    "NL",
    "SE",
    "PL",
    "IN",
    "JP",
    "CN",
    "AU",
    "ZA",
    "IL",
    "AE",
)
START = MONDAY.date()
PLACELESS = {"Factory", "EET", "CET", "MET", "WET", "EST", "MST", "HST", "UTC", "UCT", "GMT"}


def living_in(tz: str, country: str | None = None) -> Person:
    return Person(team="T1", user="U1", name="Somebody", tz=tz, country=country)


@pytest.mark.parametrize(
    ("zone", "country"),
    [
        ("Europe/Berlin", "DE"),
        ("America/Los_Angeles", "US"),
        ("Europe/Oslo", "NO"),
        ("Asia/Calcutta", "IN"),
        ("US/Eastern", "US"),
        ("Etc/UTC", ""),
        ("", ""),
        ("Not/AZone", ""),
    ],
)
def test_a_zone_tells_the_country(zone: str, country: str) -> None:
    assert country_of(zone) == country


def test_every_zone_of_a_place_has_a_country() -> None:
    lost = {zone for zone in available_timezones() if not country_of(zone)}
    elsewhere = {z for z in lost if not z.startswith(("Etc/", "SystemV/", "posix", "right"))}
    numbered = {z for z in elsewhere if z.startswith(("GMT", "EST5", "CST6", "MST7", "PST8"))}
    named = elsewhere - numbered - PLACELESS
    assert named <= {"Universal", "Zulu", "Greenwich", "localtime"}


def test_a_setting_counts_more_than_the_zone() -> None:
    german = days_off(living_in("Europe/Berlin"), START)
    assert date(2026, 12, 25) in german.days
    abroad = days_off(living_in("Europe/Berlin", "IL"), START)
    assert date(2026, 12, 25) not in abroad.days
    assert abroad.weekend == (4, 5)


def test_nobody_known_works_from_monday_to_friday() -> None:
    assert days_off(None, START) == days_off(living_in("Etc/UTC"), START) == DaysOff()
    assert public_holidays("XX", 2026) == ((5, 6), ())


def test_days_off_are_those_to_come() -> None:
    off = days_off(living_in("America/New_York"), START).days
    assert off[0] == date(2026, 11, 26)
    assert all(day.weekday() < 5 for day in off)


@st.composite
def plans(draw: st.DrawFn) -> Handover:
    """Three persons anywhere on earth, and any plan."""
    where = st.one_of(
        st.sampled_from(COUNTRIES).map(lambda code: living_in("", code)),
        st.sampled_from(sorted(available_timezones())).map(living_in),
    )
    start = date(2026, draw(st.integers(1, 12)), draw(st.integers(1, 28)))
    story = Story(
        segment=draw(st.sampled_from(Segment)),
        reason=draw(st.sampled_from(Reason)),
        day=FAR,
        day_is=draw(st.sampled_from(DateIs)),
    )
    off = {user: days_off(draw(where), start) for user in (IVAN, OLGA, LENA)}
    schedule = story.handover.schedule.model_copy(update={"days_off": off})
    day = date.fromordinal(start.toordinal() + draw(st.integers(0, 150)))
    began = MONDAY.replace(month=start.month, day=start.day)
    change = {"day": day, "started_at": began, "schedule": schedule}
    return story.handover.model_copy(update=change)


@settings(max_examples=80)
@given(plans())
def test_plans_avoid_holidays_everywhere(handover: Handover) -> None:
    assert_sound(handover, make_plan(handover, PLAYBOOK))


def changes_of_the_clock(zone: str) -> list[datetime]:
    """The moments in two years at which clocks are put forward or back, or one where none is."""
    where, first = ZoneInfo(zone), datetime(2026, 1, 1, tzinfo=UTC)
    days = [first + timedelta(days=number) for number in range(2 * 365 + 1)]
    offsets = [moment.astimezone(where).utcoffset() for moment in days]
    pairs = zip(days, pairwise(offsets), strict=False)
    return [moment for moment, (before, after) in pairs if before != after] or [first]


def test_a_plan_holds_in_every_zone_and_across_every_change_of_the_clock() -> None:
    """Begun at the change by two who live there, led from each of the countries in turn."""
    stories = {
        (segment, day_is): Story(segment=segment, reason=Reason.ATTRITION, day=FAR, day_is=day_is)
        for segment, day_is in product(Segment, DateIs)
    }
    kinds, leaders, lengths = cycle(stories.values()), cycle(COUNTRIES), cycle(range(0, 100, 7))
    seen = set()
    for zone in sorted(available_timezones()):
        for moment in changes_of_the_clock(zone):
            here, there = living_in(zone), living_in("", next(leaders))
            country, start = country_of(zone) or zone, moment.date()
            if (country, start) in seen:
                continue
            seen.add((country, start))
            off = {IVAN: days_off(here, start), OLGA: days_off(here, start)}
            off[LENA] = days_off(there, start)
            away = {OLGA: (between(start + timedelta(days=9), 3),)}
            handover = next(kinds).handover
            known = {"days_off": off, "away": away}
            change = {
                "day": start + timedelta(days=next(lengths)),
                "started_at": moment,
                "schedule": handover.schedule.model_copy(update=known),
            }
            begun = handover.model_copy(update=change)
            assert_sound(begun, make_plan(begun, PLAYBOOK))
    assert len(seen) > len({country_of(zone) for zone in available_timezones()})
