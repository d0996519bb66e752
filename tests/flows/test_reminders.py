"""Reminders keep to the hours, days and wishes of whoever is reminded, and lose nothing."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from flows.errors import FlowError
from flows.nudges.reminders import (
    About,
    Frequency,
    Hours,
    Reminder,
    Wishes,
    check_wishes,
    is_required,
    is_to_decide,
    look,
    next_day,
    snoozed,
)
from flows.nudges.rhythm import Rhythm
from flows.schedule.calendars import DaysOff
from flows.tasks import Todo

BERLIN, TOKYO = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Tokyo")
MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)
RHYTHM = Rhythm()


def hours(
    off: DaysOff | None = None,
    frequency: Frequency = Frequency.DAILY,
    stop: date | None = None,
) -> Hours:
    return Hours(off or DaysOff(), Wishes(frequency=frequency, stopped_until=stop), RHYTHM)


def owed(due: date, todo: Todo = Todo.READ_PACK, **more: object) -> Reminder:
    known = {"about": About.OWN, "since": MONDAY - 7 * DAY} | more
    return Reminder("H1", f"{todo}:U1", todo, due, **known)  # type: ignore[arg-type]


def at(day: date, clock: str, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), zone)


def told_days(one: Reminder, its: Hours, most: int = 8) -> list[date]:
    """The days on which something is told that nobody ever does."""
    found = list[date]()
    while len(found) < most and (day := next_day(one, its)):
        found.append(day)
        one = one._replace(since=day, told=True)
    return found


def test_a_task_is_told_the_day_before_on_the_day_and_twice_after() -> None:
    days = [date(2026, 11, day) for day in (25, 26, 27)] + [date(2026, 12, 1)]
    assert told_days(owed(date(2026, 11, 26)), hours()) == days


def test_a_step_of_the_plan_is_told_earlier() -> None:
    found = told_days(owed(date(2026, 12, 2), Todo.MILESTONE), hours())
    assert found == [date(2026, 11, 27), *(date(2026, 12, day) for day in (2, 3, 7))]


def test_somebodys_holidays_are_not_counted() -> None:
    off = DaysOff(days=(date(2026, 11, 25), date(2026, 11, 27)))
    days = [date(2026, 11, 24), date(2026, 11, 26), date(2026, 11, 30), date(2026, 12, 2)]
    assert told_days(owed(date(2026, 11, 26)), hours(off)) == days


def test_what_is_due_on_a_day_off_is_told_on_both_sides_of_it() -> None:
    saturday = date(2026, 11, 28)
    found = told_days(owed(saturday), hours())
    assert found[:2] == [date(2026, 11, 27), date(2026, 11, 30)]


def test_what_came_up_today_is_not_told_today() -> None:
    tomorrow = MONDAY + DAY
    assert next_day(owed(tomorrow, since=MONDAY), hours()) == tomorrow


def test_what_comes_up_too_late_is_told_once() -> None:
    assert told_days(owed(date(2026, 9, 1), since=MONDAY), hours()) == [MONDAY + DAY]


def test_the_leader_sees_what_is_late_and_is_asked_until_there_is_a_decision() -> None:
    late = owed(date(2026, 11, 26), about=About.OTHERS)
    found = told_days(late, hours(), most=4)
    assert found == [date(2026, 12, day) for day in (1, 3, 10, 17)]
    decided = [is_to_decide(date(2026, 11, 26), day, hours()) for day in found]
    assert decided == [False, True, True, True]


@pytest.mark.parametrize(
    ("now", "first"),
    [
        (at(MONDAY, "08:00"), at(MONDAY, "09:30")),
        (at(MONDAY, "11:00"), at(MONDAY, "11:00")),
        (at(MONDAY, "16:30"), at(MONDAY + DAY, "09:30")),
        (at(MONDAY - DAY, "11:00"), at(MONDAY, "09:30")),
    ],
)
def test_hours_are_kept(now: datetime, first: datetime) -> None:
    assert hours().first(now, urgent=False) == first


def test_a_week_is_counted_from_its_own_first_day() -> None:
    sunday_first = DaysOff(weekend=(4, 5))
    week = [date(2026, 11, 22) + number * DAY for number in range(7)]
    noon = [at(day, "12:00") for day in week]
    for off, frequency, days in (
        (None, Frequency.MONDAYS, ["Mon"]),
        (None, Frequency.EVERY_OTHER_DAY, ["Mon", "Wed", "Fri"]),
        (DaysOff(days=(MONDAY,)), Frequency.MONDAYS, ["Tue"]),
        (sunday_first, Frequency.EVERY_OTHER_DAY, ["Sun", "Tue", "Thu"]),
    ):
        its = hours(off, frequency)
        assert [f"{day:%a}" for day in noon if its.first(day, urgent=False) == day] == days


def test_what_is_overdue_and_required_comes_on_any_working_day() -> None:
    its, wednesday = hours(frequency=Frequency.MONDAYS), at(MONDAY + 2 * DAY, "10:00")
    due = owed(MONDAY + DAY, day=MONDAY + DAY)
    assert look([due], its, wednesday, wednesday).now == (due,)
    draft = owed(MONDAY + DAY, Todo.FINISH_DRAFT, day=MONDAY + DAY)
    later = at(MONDAY + 7 * DAY, "09:30")
    assert look([draft], its, wednesday, wednesday).later == ((draft, later),)


def test_what_is_not_due_yet_waits_for_its_monday_or_for_being_overdue() -> None:
    tuesday = at(MONDAY + DAY, "10:00")
    due = owed(MONDAY + 2 * DAY, day=MONDAY + DAY)
    found = look([due], hours(frequency=Frequency.MONDAYS), tuesday, tuesday)
    assert found.later == ((due, at(MONDAY + 3 * DAY, "09:30")),)


def test_nothing_is_told_until_somebody_wants_it_again() -> None:
    its, now = hours(stop=MONDAY + 3 * DAY), at(MONDAY, "10:00")
    due = owed(MONDAY - 2 * DAY, day=MONDAY)
    assert look([due], its, now, now).later == ((due, at(MONDAY + 3 * DAY, "09:30")),)


def test_a_stop_has_an_end() -> None:
    check_wishes(Wishes(stopped_until=MONDAY + DAY), MONDAY)
    for day, code in ((MONDAY, "date_past"), (MONDAY + 31 * DAY, "stopped_too_long")):
        with pytest.raises(FlowError) as refused:
            check_wishes(Wishes(stopped_until=day), MONDAY)
        assert (refused.value.code, refused.value.field) == (code, "stopped_until")


def test_a_task_is_put_off_by_working_days_and_not_for_ever() -> None:
    friday, one = date(2026, 11, 27), owed(MONDAY)
    assert [snoozed(one, days, friday, hours()) for days in (1, 3, 5)] == [
        date(2026, 11, 30),
        date(2026, 12, 2),
        date(2026, 12, 4),
    ]
    assert snoozed(one, 1, friday + DAY, hours()) == date(2026, 11, 30)
    for todo, days, code in (
        (Todo.READ_PACK, 2, "not_a_choice"),
        (Todo.READ_PACK, 1, "snoozed_enough"),
    ):
        with pytest.raises(FlowError) as refused:
            snoozed(owed(MONDAY, todo, snoozed=2), days, friday, hours())
        assert refused.value.code == code
    draft = owed(MONDAY, Todo.FINISH_DRAFT, snoozed=9)
    assert snoozed(draft, 1, friday, hours()) == date(2026, 11, 30)


@pytest.mark.parametrize(
    "wrong",
    [
        {"opens": "17:00"},
        {"leader_sees": 5},
        {"after": [3, 1]},
        {"snooze": [1, 1]},
        {"snooze": []},
        {"before": 0},
    ],
)
def test_a_rhythm_out_of_order_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Rhythm.model_validate(wrong)


class Desk:
    """One person's reminders as they are kept, looked at again and again."""

    def __init__(self, its: Hours, kept: list[Reminder]) -> None:
        self.its = its
        self.kept: dict[str, tuple[Reminder, datetime | None]] = {
            one.key: (one, datetime.min.replace(tzinfo=UTC)) for one in kept
        }
        self.agendas: list[tuple[datetime, list[str]]] = []

    def ticks(self, now: datetime) -> None:
        due = [one for one, moment in self.kept.values() if moment and moment <= now]
        last = self.agendas[-1][0].date() if self.agendas else None
        tomorrow = datetime.combine(now.date() + DAY, time.min, now.tzinfo)
        found = look(due, self.its, now, tomorrow if last == now.date() else now)
        if found.now:
            self.agendas.append((now, [one.key for one in found.now]))
        for one, moment in found.later:
            self.kept[one.key] = (one, moment)
        for one in found.now:
            told = one._replace(since=now.date(), day=None, told=True)
            self.kept[one.key] = (told, now)

    def snoozes(self, key: str, today: date) -> None:
        one, _ = self.kept[key]
        try:
            until = snoozed(one, 3, today, self.its)
        except FlowError:
            return
        again = one._replace(day=until, snoozed=one.snoozed + 1)
        self.kept[key] = (again, datetime.min.replace(tzinfo=UTC))


days = st.integers(0, 40).map(lambda number: MONDAY + number * DAY)
todos = st.sampled_from([Todo.READ_PACK, Todo.MILESTONE, Todo.FINISH_DRAFT])


@given(
    zone=st.sampled_from([BERLIN, TOKYO, ZoneInfo("America/New_York")]),
    weekend=st.sampled_from([(5, 6), (4, 5), (6,)]),
    holidays=st.frozensets(days, max_size=8),
    frequency=st.sampled_from(Frequency),
    stop=st.none() | days,
    tasks=st.lists(st.tuples(days, todos, st.sampled_from(About)), min_size=1, max_size=6),
    asleep=st.frozensets(st.integers(0, 50), max_size=30),
    done=st.dictionaries(st.integers(0, 5), st.integers(0, 50), max_size=4),
    put_off=st.dictionaries(st.integers(0, 50), st.integers(0, 5), max_size=6),
)
@settings(max_examples=60)
@example(BERLIN, (5, 6), frozenset(), Frequency.MONDAYS, None, [], frozenset(), {}, {})
def test_a_person_is_reminded_when_it_suits_them(  # noqa: PLR0917 - a story of its own
    zone: ZoneInfo,
    weekend: tuple[int, ...],
    holidays: frozenset[date],
    frequency: Frequency,
    stop: date | None,
    tasks: list[tuple[date, Todo, About]],
    asleep: frozenset[int],
    done: dict[int, int],
    put_off: dict[int, int],
) -> None:
    its = hours(DaysOff(weekend=weekend, days=tuple(holidays)), frequency, stop)
    kept = [
        owed(due, todo, about=about, since=MONDAY - DAY)._replace(key=str(number))
        for number, (due, todo, about) in enumerate(tasks)
    ]
    desk = Desk(its, kept)
    hidden: list[tuple[str, date, date]] = []
    gone: dict[str, date] = {}
    for number in range(51):
        day = MONDAY + number * DAY
        for clock in ("06:00", "19:00") if number in asleep else ("06:00", "09:30", "16:29"):
            desk.ticks(datetime.combine(day, time.fromisoformat(clock), zone))
        if (key := str(put_off.get(number))) in desk.kept:
            before = desk.kept[key][0].snoozed
            desk.snoozes(key, day)
            if (one := desk.kept[key][0]).snoozed > before and one.day:
                hidden.append((key, day, one.day))
        for key in [str(k) for k, when in done.items() if when == number]:
            desk.kept.pop(key, None)
            gone[key] = day
    told = [when for when, _ in desk.agendas]
    assert all(time(9, 30) <= when.time() < time(16, 30) for when in told)
    assert all(its.works(when.date()) for when in told)
    assert all(not stop or when.date() >= stop for when in told)
    assert all(one.date() < other.date() for one, other in pairwise(told))
    for when, keys in desk.agendas:
        assert all(key not in gone or when.date() <= gone[key] for key in keys)
        assert not any(key in keys and day < when.date() < until for key, day, until in hidden)
    for one in kept:
        _is_told_in_time(one, desk, asleep, gone, {key for key, _, _ in hidden})


def _is_told_in_time(
    one: Reminder,
    desk: Desk,
    asleep: frozenset[int],
    gone: dict[str, date],
    snoozed_ones: set[str],
) -> None:
    """A day of the rhythm leads to an agenda, at the latest on the next day that suits."""
    days_told = [when.date() for when, keys in desk.agendas if one.key in keys]
    first = next_day(one, desk.its)
    assert first
    awake = (
        day
        for number in range((first - MONDAY).days, 51)
        if number not in asleep
        and (day := MONDAY + number * DAY) >= first
        and desk.its.first(noon := at(day, "12:00"), urgent=is_required(one) and day > one.due)
        == noon
    )
    wanted = next(awake, None)
    if wanted and one.key not in snoozed_ones and gone.get(one.key, wanted) >= wanted:
        assert days_told
        assert days_told[0] <= wanted
    if one.about is About.OWN and one.key not in snoozed_ones:
        assert len(days_told) <= len(list(RHYTHM.own(milestone=False)))
