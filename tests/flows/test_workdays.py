"""Counting in working days."""

from datetime import date

import pytest

from flows.schedule.workdays import add_workdays, is_workday, last_workday


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 11, 23), 0, date(2026, 11, 23)),
        (date(2026, 11, 23), 1, date(2026, 11, 24)),
        (date(2026, 11, 27), 1, date(2026, 11, 30)),
        (date(2026, 11, 28), 0, date(2026, 11, 30)),
        (date(2026, 11, 29), 2, date(2026, 12, 2)),
        (date(2026, 11, 23), 10, date(2026, 12, 7)),
    ],
)
def test_working_days_leave_out_the_weekend(day: date, count: int, expected: date) -> None:
    assert add_workdays(day, count) == expected
    assert is_workday(expected)


@pytest.mark.parametrize(("day", "friday"), [(26, 26), (27, 27), (28, 27), (29, 27), (30, 30)])
def test_the_last_working_day_may_be_the_day_itself(day: int, friday: int) -> None:
    assert last_workday(date(2026, 11, day)) == date(2026, 11, friday)
