"""Days and moments as people read them."""

from datetime import date, timedelta

from flows.frozen import Moment

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_TWO_DAYS = 48
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(value: date) -> str:
    """A calendar day: "Tue 8 Dec 2026"."""
    return f"{_DAYS[value.weekday()]} {value.day} {_MONTHS[value.month - 1]} {value.year}"


def near_day(value: date, today: date) -> str:
    """A calendar day, with its year only where that is not today's: "Tue 8 Dec"."""
    year = "" if value.year == today.year else f" {value.year}"
    return f"{_DAYS[value.weekday()]} {value.day} {_MONTHS[value.month - 1]}{year}"


def span(first: date, last: date) -> str:
    """Days in a row: "5 Dec 2026", "12 to 14 Mar 2027", "30 Dec 2026 to 2 Jan 2027"."""
    end = f"{last.day} {_MONTHS[last.month - 1]} {last.year}"
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {end}"
    return f"{first.day} {_MONTHS[first.month - 1]} {first.year} to {end}"


def long_day(value: date, beside: date | None = None) -> str:
    """A calendar day: "Friday 27 November"; beside a day of the same month "Friday 27"."""
    month = "" if beside and beside.month == value.month else f" {value:%B}"
    return f"{value:%A} {value.day}{month}"


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


def duration(length: timedelta) -> str:
    """How long something took, in the round: "less than an hour", "about 5 hours"."""
    hours = round(length / timedelta(hours=1))
    if hours < 1:
        return "less than an hour"
    if hours < _TWO_DAYS:
        return f"about {hours} hour{'s' if hours > 1 else ''}"
    return f"about {round(hours / 24)} days"
