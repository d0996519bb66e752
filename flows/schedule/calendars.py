"""Days on which people work: a week's working days, without anybody's days off.

Whose days they are is told from outside; here they are only counted.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import count, islice

from pydantic import model_validator

from flows.frozen import Frozen

FURTHEST = timedelta(days=1100)
"""No plan looks further ahead from its start."""
_WEEK = 7


class Absence(Frozen):
    """Calendar days on which somebody is away, both ends included."""

    first: date
    last: date

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> "Absence":
        if self.last < self.first:
            raise ValueError("it ends before it begins")
        return self


class DaysOff(Frozen):
    """When one person does not work: days of the week (Monday is 0), and single days."""

    weekend: tuple[int, ...] = (5, 6)
    days: tuple[date, ...] = ()

    def and_away(self, absences: Iterable[Absence]) -> "DaysOff":
        """These days off, and the days of some absences."""
        told = {
            one.first + timedelta(days=number)
            for one in absences
            for number in range((one.last - one.first).days + 1)
        }
        if not told:
            return self
        return DaysOff(weekend=self.weekend, days=tuple(sorted(told.union(self.days))))


USUAL = DaysOff()
"""Of somebody of whom nothing is known: Saturday and Sunday."""


class Calendar:
    """The days on which all of these people work, numbered from `start`: that day, or the first
    working day after it, is day 0.
    """

    def __init__(self, start: date, people: Iterable[DaysOff]) -> None:
        known = tuple(people) or (USUAL,)
        self._weekend = frozenset(day for one in known for day in one.weekend)
        self._off = frozenset(day.toordinal() for one in known for day in one.days)
        if len(self._weekend) >= _WEEK:
            # No day of the week suits everybody; then the first one's week has to do.
            self._weekend = frozenset(known[0].weekend)
        self._walk = self._working(start.toordinal())
        self._days = list(islice(self._walk, 1))

    def works(self, day: date) -> bool:
        """Whether everybody works on a day."""
        return day.weekday() not in self._weekend and day.toordinal() not in self._off

    def day(self, number: int) -> date:
        """The working day of this number, 0 or more."""
        if number >= len(self._days):
            self._days += islice(self._walk, number + 1 - len(self._days))
        return date.fromordinal(self._days[number])

    def before(self, day: date) -> int:
        """The number of the last working day on or before a day; negative before the first."""
        return bisect_right(self._up_to(day), day.toordinal()) - 1

    def after(self, day: date) -> int:
        """The number of the first working day on or after a day."""
        return bisect_left(self._up_to(day), day.toordinal())

    def _up_to(self, day: date) -> list[int]:
        while self._days[-1] < day.toordinal():
            self._days += islice(self._walk, 1)
        return self._days

    def _working(self, start: int) -> Iterator[int]:
        """Ordinals of working days; that of Monday, 1 January of the year 1, is 1."""
        weekend, off = self._weekend, self._off
        return (day for day in count(start) if (day - 1) % _WEEK not in weekend and day not in off)
