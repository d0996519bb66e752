"""Counting in working days: Monday to Friday."""

from datetime import date, timedelta

_FRIDAY = 4


def is_workday(day: date) -> bool:
    """Whether people work on this day of the week."""
    return day.weekday() <= _FRIDAY


def add_workdays(day: date, count: int) -> date:
    """The working day that lies `count` (>= 0) working days after `day`.

    Counting starts from the first working day on or after `day`.
    """
    while not is_workday(day):
        day += timedelta(days=1)
    for _ in range(count):
        day += timedelta(days=1)
        while not is_workday(day):
            day += timedelta(days=1)
    return day
