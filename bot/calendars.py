"""When people do not work: the public holidays and weekends of the country that they are in.

The country is that of the person's time zone, by the list of zones that comes with the zone
database, unless a setting names another one. Both lists are read once, and only when needed.
"""

from datetime import date
from functools import cache
from importlib.resources import files

from flows.schedule.calendars import USUAL, DaysOff
from storage.people import Person

_YEARS_AHEAD = 2
_SATURDAY_SUNDAY = USUAL.weekend


def days_off(person: Person | None, start: date) -> DaysOff:
    """When somebody does not work from a day on, for as long as a plan may look ahead."""
    country = (person.country or country_of(person.tz)) if person else ""
    weekend, holidays = public_holidays(country, start.year) if country else (_SATURDAY_SUNDAY, ())
    ahead = (day for day in holidays if day >= start and day.weekday() not in weekend)
    return DaysOff(weekend=weekend, days=tuple(ahead))


def country_of(zone: str) -> str:
    """The ISO code of the country that a time zone belongs to; none for UTC and the like."""
    return _countries().get(zone) or _countries().get(_links().get(zone, ""), "")


@cache
def public_holidays(country: str, year: int) -> tuple[tuple[int, ...], tuple[date, ...]]:
    """Weekend days (Monday is 0) and public holidays of a country, this year and the next ones."""
    # Half a second and tens of megabytes, for whom the first handover of a process pays.
    import holidays  # noqa: PLC0415

    years = range(year, year + _YEARS_AHEAD + 1)
    try:
        found = holidays.country_holidays(country, years=years)
    except NotImplementedError:
        return _SATURDAY_SUNDAY, ()
    return tuple(sorted(found.weekend)), tuple(sorted(found))


@cache
def _countries() -> dict[str, str]:
    """Zones with their country, from lines like "DE, +5230+01322, Europe/Berlin, most of"."""
    rows = (line.split("\t") for line in _lines("zone.tab") if not line.startswith("#"))
    return {row[2].strip(): row[0] for row in rows}


@cache
def _links() -> dict[str, str]:
    """Zones by their other names, from lines like "L Asia/Kolkata Asia/Calcutta"."""
    rows = (line.split() for line in _lines("tzdata.zi") if line.startswith("L "))
    return {other: zone for _mark, zone, other in rows}


def _lines(name: str) -> list[str]:
    text = files("tzdata").joinpath("zoneinfo", name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip()]
