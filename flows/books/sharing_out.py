"""Who takes which accounts of a book over: a proposal by load, to be changed by hand (N9, G7).

Pure and deterministic: the same accounts, people and loads always give the same proposal.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from statistics import median
from typing import Annotated, NamedTuple

from pydantic import Field

from flows.books.rows import Row
from flows.books.rules import BookRules
from flows.frozen import Frozen
from flows.schedule.calendars import Absence

_MONTH = timedelta(days=30.44)
_MOST_OF_A_WEEK = 3
_WEEK = 5
_DAY = timedelta(days=1)
Week = tuple[int, int]
"""A week by its year and number, as in ISO 8601."""


class Why(StrEnum):
    """Why somebody was proposed for an account, or why nobody was."""

    SKILLED = "skilled"
    ONLY_ONE = "only_one"
    FEWEST = "fewest"
    MOST_TIME = "most_time"
    NOBODY_KNOWS = "nobody_knows"
    NOBODY_THERE = "nobody_there"


class Caution(StrEnum):
    """What to think of before an account changes hands."""

    RENEWAL = "renewal"
    CHANGES = "changes"
    BOTH_AWAY = "both_away"


class Candidate(Frozen):
    """Somebody who could take accounts over: a Slack user id, a name, and what is known that they
    know or speak, in the words of the accounts.
    """

    user: str = Field(min_length=1)
    name: Annotated[str, Field(min_length=1, max_length=200)]
    skills: frozenset[str] = frozenset()


class Sharing(Frozen):
    """Who was thought of for a book, and by row why somebody was proposed."""

    candidates: tuple[Candidate, ...] = ()
    why: dict[str, tuple[Why, ...]] = {}


NOT_SHARED = Sharing()


class Load(NamedTuple):
    """What somebody has: handovers under way, the hours that these ask, and the accounts that they
    took over, with what these bring in a year.
    """

    open: int = 0
    hours: float = 0
    accounts: int = 0
    revenue: Decimal = Decimal(0)

    def with_row(self, row: Row, rules: BookRules) -> "Load":
        """With one account more."""
        return Load(
            self.open + 1,
            self.hours + hours_of(row, rules),
            self.accounts + 1,
            self.revenue + (row.arr or 0),
        )


NO_LOAD = Load()


class Share(NamedTuple):
    """Who is proposed for an account, with the reasons; nobody where none of them fits."""

    to: Candidate | None
    why: tuple[Why, ...]


class Known(NamedTuple):
    """What is known besides the book: earlier handovers of an account by row, within the months
    that count, and by user the weeks that somebody is off for the most part.
    """

    today: date
    outgoing: str | None
    earlier: Mapping[str, int]
    off: Mapping[str, frozenset[Week]]


def hours_of(row: Row, rules: BookRules) -> float:
    """What an account asks of whoever takes it over, in hours."""
    return rules.hours[row.segment] if row.segment else 0


def propose(
    rows: Sequence[Row],
    candidates: Iterable[Candidate],
    loads: Mapping[str, Load],
    rules: BookRules,
) -> dict[str, Share]:
    """Who could take each account over, by row. What asks most is given first, always to whoever
    would have the least to do, of those who know what it takes.
    """
    there = sorted({one.user: one for one in candidates}.values(), key=lambda one: one.user)
    now = {one.user: loads.get(one.user, NO_LOAD) for one in there}
    found: dict[str, Share] = {}
    for row in sorted(rows, key=lambda row: _order(row, rules)):
        share = _share(row, there, now)
        if share.to:
            now[share.to.user] = now[share.to.user].with_row(row, rules)
        found[row.key] = share
    return {row.key: found[row.key] for row in rows}


def loads_after(
    rows: Iterable[Row], loads: Mapping[str, Load], rules: BookRules
) -> dict[str, Load]:
    """What everybody would have once the accounts are with whom they are given to."""
    found = dict(loads)
    for row in rows:
        if row.incoming and row.incoming.user:
            user = row.incoming.user
            found[user] = found.get(user, NO_LOAD).with_row(row, rules)
    return found


def overloaded(loads: Mapping[str, Load], rules: BookRules) -> list[str]:
    """Who would have much more to do than most of the others."""
    if len(loads) <= 1:
        return []
    most = rules.overload * median(load.hours for load in loads.values())
    return sorted(user for user, load in loads.items() if load.hours > most)


def cautions(row: Row, known: Known, rules: BookRules) -> list[Caution]:
    """What to think of before this account changes hands."""
    found = []
    soon = known.today + timedelta(days=rules.renewal_days)
    if row.renewal and known.today <= row.renewal <= soon:
        found.append(Caution.RENEWAL)
    # Before the first of some handovers there was a CSM already, and this one brings another.
    if known.earlier.get(row.key, 0) + 2 >= rules.changes:
        found.append(Caution.CHANGES)
    if row.incoming and both_away(known, row.incoming.user):
        found.append(Caution.BOTH_AWAY)
    return found


def both_away(known: Known, user: str | None) -> list[Week]:
    """The weeks in which neither the outgoing CSM nor this person is there for the most part."""
    off = known.off
    return sorted(off.get(known.outgoing or "", frozenset()) & off.get(user or "", frozenset()))


def counted_from(today: date, rules: BookRules) -> date:
    """From when on handovers of an account count as changes of its CSM."""
    return today - rules.changes_months * _MONTH


def weeks_off(
    first: date, last: date, absences: Iterable[Absence], holidays: Iterable[date]
) -> frozenset[Week]:
    """The weeks between two days in which somebody is away on most working days."""
    away, free = list(absences), set(holidays)
    gone: dict[Week, int] = {}
    for number in range((last - first).days + 1):
        on = first + number * _DAY
        if on.isoweekday() <= _WEEK and (
            on in free or any(one.first <= on <= one.last for one in away)
        ):
            week = on.isocalendar()[:2]
            gone[week] = gone.get(week, 0) + 1
    return frozenset(week for week, days in gone.items() if days >= _MOST_OF_A_WEEK)


def _order(row: Row, rules: BookRules) -> tuple[float, Decimal, int, str]:
    return (-hours_of(row, rules), -(row.arr or Decimal(0)), row.line, row.key)


def _share(row: Row, there: Sequence[Candidate], now: Mapping[str, Load]) -> Share:
    if not there:
        return Share(None, (Why.NOBODY_THERE,))
    asked = {skill.casefold() for skill in row.skills}
    able = [one for one in there if asked <= {skill.casefold() for skill in one.skills}]
    if not able:
        return Share(None, (Why.NOBODY_KNOWS,))
    chosen = min(able, key=lambda one: _weight(now[one.user], one))
    why = [Why.SKILLED] if asked else []
    if asked and len(able) == 1 < len(there):
        why.append(Why.ONLY_ONE)
    elif now[chosen.user].open == min(now[one.user].open for one in able):
        why.append(Why.FEWEST)
    else:
        why.append(Why.MOST_TIME)
    return Share(chosen, tuple(why))


def _weight(load: Load, one: Candidate) -> tuple[float, int, int, Decimal, str]:
    return (load.hours, load.open, load.accounts, load.revenue, one.user)
