"""Counting in working days: Monday to Friday."""

from datetime import date, datetime, time, timedelta

_WEEK, _WORKDAYS = 7, 5
AHEAD = timedelta(days=1)
"""So far is the day somewhere on earth ahead of a moment's own."""


def is_workday(day: date) -> bool:
    """Whether people work on this day of the week."""
    return day.weekday() < _WORKDAYS


def last_workday(day: date) -> date:
    """The last working day on or before a day."""
    return day - timedelta(days=max(0, day.weekday() - _WORKDAYS + 1))


def add_workdays(day: date, count: int) -> date:
    """The working day that lies `count` (>= 0) working days after `day`.

    Counting starts from the first working day on or after `day`.
    """
    if not is_workday(day):
        day += timedelta(days=_WEEK - day.weekday())
    weeks, rest = divmod(day.weekday() + count, _WORKDAYS)
    return day + timedelta(days=weeks * _WEEK + rest - day.weekday())


def on_day(day: date, like: datetime) -> datetime:
    """A day at the time of day, in whole seconds, and in the zone of another moment."""
    return datetime.combine(day, time(like.hour, like.minute, like.second), like.tzinfo)


def workdays_after(since: datetime, count: int) -> datetime:
    """The same time of day so many working days later."""
    return on_day(add_workdays(since.date(), count), since)
