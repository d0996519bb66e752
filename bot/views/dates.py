"""Days and moments as people read them."""

from datetime import date

from flows.frozen import Moment

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(value: date) -> str:
    """A calendar day: "Tue 8 Dec 2026"."""
    return f"{_DAYS[value.weekday()]} {value.day} {_MONTHS[value.month - 1]} {value.year}"


def moment(value: Moment, now: Moment) -> str:
    """A point in time in the reader's zone: "Tue 8 Dec 2026, 09:30"."""
    local = value.astimezone(now.tzinfo)
    return f"{day(local.date())}, {local:%H:%M}"


def iso_day(text: str) -> str:
    """An ISO date as people read it; anything else as it is."""
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return text
