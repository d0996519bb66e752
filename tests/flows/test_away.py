"""Days away: read as people write them, kept to be changed, and avoided by the plan."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views.dates import span
from flows.events import AwayGiven, DaysOffLearned
from flows.happened import CLOCK
from flows.known.written_days import UnreadableDaysError, read_days
from flows.saying import Kind, Refresh
from flows.schedule.away import MOST_ABSENCES, away, days_off_of
from flows.schedule.calendars import Absence, DaysOff
from flows.schedule.numbering import calendar_of
from flows.schedule.timeline import make_plan
from tests.flows.make import BORIS, IVAN, LENA, OLGA, PLAYBOOK, Story

TODAY = date(2026, 11, 23)
FAR = date(2027, 2, 26)


def between(first: str, last: str = "") -> Absence:
    return Absence(first=date.fromisoformat(first), last=date.fromisoformat(last or first))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("12–14 March", ["2027-03-12 2027-03-14"]),
        ("2026-12-23 to 2026-12-31", ["2026-12-23 2026-12-31"]),
        ("2026-12-23 - 2026-12-31", ["2026-12-23 2026-12-31"]),
        ("5 Dec", ["2026-12-05 2026-12-05"]),
        ("dec 5th", ["2026-12-05 2026-12-05"]),
        ("March 12-14", ["2027-03-12 2027-03-14"]),
        ("Dec 23 – Jan 2", ["2026-12-23 2027-01-02"]),
        ("23 Dec 2026 until 2 Jan", ["2026-12-23 2027-01-02"]),
        ("23 Dec - 2 Jan 2027", ["2026-12-23 2027-01-02"]),
        ("from Mon 7 Dec to Fri 11 Dec", ["2026-12-07 2026-12-11"]),
        ("I'm away on the 12th of March", ["2027-03-12 2027-03-12"]),
        ("24.12.–31.12.", ["2026-12-24 2026-12-31"]),
        ("24.12.2026-2.1.2027", ["2026-12-24 2027-01-02"]),
        ("24/12", ["2026-12-24 2026-12-24"]),
        ("12/24/2026", ["2026-12-24 2026-12-24"]),
        ("March 5, 2027 to March 9, 2027", ["2027-03-05 2027-03-09"]),
        ("5 and 8 December", ["2026-12-05 2026-12-05", "2026-12-08 2026-12-08"]),
        ("5 December and 8", ["2026-12-05 2026-12-05", "2026-12-08 2026-12-08"]),
        ("5, 8–9 Dec;\n\n3 Jan", ["2026-12-05 " * 2, "2026-12-08 2026-12-09", "2027-01-03 " * 2]),
        ("1 Nov to 30 Nov", ["2026-11-01 2026-11-30"]),
        ("29 Feb", ["2028-02-29 2028-02-29"]),
        ("", []),
        (" \n , ", []),
    ],
)
def test_days_are_read_as_people_write_them(text: str, found: list[str]) -> None:
    assert list(read_days(text, TODAY)) == [between(*days.split()) for days in found]


@pytest.mark.parametrize(
    ("text", "code", "piece"),
    [
        ("5 Dec, next week", "no_such_days", "next week"),
        ("31 Feb", "no_such_days", "31 feb"),
        ("12", "no_such_days", "12"),
        ("March", "no_such_days", "march"),
        ("marbles 3", "no_such_days", "marbles 3"),
        ("3/12", "which_month", "3/12"),
        ("13/13", "no_such_days", "13/13"),
        ("2027-01-05 to 2027-01-02", "no_such_days", "2027-01-05 to 2027-01-02"),
        ("1-2-3 March", "no_such_days", "1-2-3 march"),
    ],
)
def test_what_nobody_can_read_is_told(text: str, code: str, piece: str) -> None:
    with pytest.raises(UnreadableDaysError) as refused:
        read_days(text, TODAY)
    assert (refused.value.code, refused.value.field) == (code, "days")
    assert refused.value.piece == piece


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_told(text: str) -> None:
    with suppress(UnreadableDaysError):
        assert all(one.first <= one.last for one in read_days(text, TODAY))


@given(st.dates(TODAY, date(2029, 1, 1)), st.integers(0, 180))
def test_what_is_shown_can_be_typed_again(first: date, length: int) -> None:
    one = Absence(first=first, last=first + timedelta(days=length))
    assert read_days(span(one.first, one.last), TODAY) == (one,)


def test_the_plan_avoids_days_away_and_the_holidays_beside_them() -> None:
    story = Story(day=FAR)
    holiday = DaysOff(days=(date(2026, 11, 24),))
    story.does(CLOCK, DaysOffLearned, people={OLGA: holiday})
    story.does(OLGA, AwayGiven, away=(between("2026-11-25", "2026-11-27"),))
    assert days_off_of(story.handover, OLGA).days[0] == date(2026, 11, 24)
    accept = make_plan(story.handover, PLAYBOOK).find("accept")
    assert accept
    assert accept.day == date(2026, 11, 30)
    assert Refresh(to=LENA, kind=Kind.PLAN) in story.effects
    assert Refresh(to=OLGA, kind=Kind.ACCEPT) in story.effects
    # Other holidays take the place of these, not of what she told.
    story.does(CLOCK, DaysOffLearned, people={OLGA: DaysOff()})
    assert calendar_of(story.handover).works(date(2026, 11, 24))
    assert not calendar_of(story.handover).works(date(2026, 11, 25))


def test_what_is_told_takes_the_place_of_what_was_and_nothing_removes_it() -> None:
    story = Story(day=FAR)
    first, second = between("2026-12-07", "2026-12-09"), between("2026-12-01")
    story.does(OLGA, AwayGiven, away=(first, second, first))
    story.does(IVAN, AwayGiven, away=(second,))
    assert story.handover.schedule.away == {OLGA: (second, first), IVAN: (second,)}
    story.ignores(OLGA, AwayGiven, away=(second, first))
    story.does(OLGA, AwayGiven, away=(first, between("2026-11-02", "2026-11-20")))
    assert story.handover.schedule.away[OLGA] == (first,)
    story.does(OLGA, AwayGiven, away=())
    assert story.handover.schedule.away == {IVAN: (second,)}


def test_too_much_is_refused() -> None:
    story = Story(day=FAR)
    days = [between(f"2027-01-{day:02}") for day in range(1, MOST_ABSENCES + 2)]
    assert story.refuses(OLGA, AwayGiven, away=days) == "too_many_days"
    long = (between("2026-12-01", "2027-08-01"),)
    assert story.refuses(OLGA, AwayGiven, away=long) == "days_too_long"
    assert story.refuses(OLGA, AwayGiven, away=(between("2036-12-01"),)) == "too_far"


def test_whoever_is_away_is_back_on_their_next_working_day() -> None:
    story = Story(day=FAR)
    story.does(CLOCK, DaysOffLearned, people={LENA: DaysOff(days=(date(2026, 12, 7),))})
    story.does(LENA, AwayGiven, away=(between("2026-12-02", "2026-12-04"),))
    back = date(2026, 12, 8)
    assert [away(story.handover, LENA, date(2026, 12, day)) for day in range(1, 6)] == [
        None,
        back,
        back,
        back,
        None,
    ]
    # Two absences in a row are one.
    more = (*story.handover.schedule.away[LENA], between("2026-12-08", "2026-12-09"))
    story.does(LENA, AwayGiven, away=more)
    assert away(story.handover, LENA, date(2026, 12, 2)) == date(2026, 12, 10)
    assert away(story.handover, BORIS, date(2026, 12, 2)) is None
