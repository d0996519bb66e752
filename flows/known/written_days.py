"""Days as people write them: "12–14 March", "2026-12-23 to 2026-12-31", "5 Dec, 8 Dec and 3 Jan".

A day without a year is the next one to come; a range under way counts as to come.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from flows.errors import FlowError
from flows.schedule.calendars import Absence

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = r"(?:,?\s*(?P<year>\d{4}))?"
_FORMS = tuple(
    re.compile(form)
    for form in (
        r"(?P<year>\d{4})-(?P<number>\d{1,2})-(?P<day>\d{1,2})",
        rf"(?P<day>\d{{1,2}})\.?\s*{_MONTH}{_YEAR}",
        rf"{_MONTH}\s*(?P<day>\d{{1,2}}){_YEAR}",
        r"(?P<day>\d{1,2})\.(?P<number>\d{1,2})\.?(?P<year>\d{4})?",
        r"(?P<one>\d{1,2})/(?P<other>\d{1,2})(?:/(?P<year>\d{4}))?",
        r"(?P<day>\d{1,2})\.?",
    )
)
_SAID_BESIDE = re.compile(
    r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b,?\.?"
    r"|\b(?:i'?m|i am|away|off|out|from|on|of|the|and back|all day|holidays?|vacation|leave)\b:?"
)
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b")
_NEXT = re.compile(r"[;\n]|\s&\s|\band\b|,(?!\s*\d{4}\b)")
_UNTIL = re.compile(r"\s*(?:–|—|\bto\b|\buntil\b|\btill?\b|\bthrough\b|\bthru\b|\s-\s)\s*")
_HYPHEN = re.compile(r"(?<=[\da-z.])-(?=[\da-z])")
_ISO = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")
_LAST_MONTH = 12


class _Day(NamedTuple):
    """A day as far as it was written; 0 stands for what was not."""

    year: int
    month: int
    day: int

    def within(self, month: int) -> "_Day":
        """The day, of this month where none was written."""
        return self if self.month else self._replace(month=month)


def read_days(text: str, today: date) -> tuple[Absence, ...]:
    """The absences that a text names, in its order; none for an empty one.

    Raises UnreadableDaysError with what is not understood: `no_such_days`, or `which_month` where
    12/3 could be either day.
    """
    pieces = [bare for piece in _NEXT.split(text.lower()) if (bare := _bare(piece))]
    ranges = [_range(piece) for piece in pieces]
    months = [first.month for first, _last in ranges]
    absences = []
    for number, (piece, (first, last)) in enumerate(zip(pieces, ranges, strict=True)):
        # "5 and 8 December": what has no month has that of what comes next, else of what was last.
        near = [*months[number:], *reversed(months[:number])]
        month = next((month for month in near if month), 0)
        if not month:
            raise UnreadableDaysError("no_such_days", piece)
        absences.append(_absence(piece, first.within(month), last.within(month), today))
    return tuple(absences)


class UnreadableDaysError(FlowError):
    """Days that nobody can read; `piece` is what was written."""

    def __init__(self, code: str, piece: str) -> None:
        super().__init__(code, field="days")
        self.piece = piece


def _bare(piece: str) -> str:
    words = _ORDINAL.sub("", _SAID_BESIDE.sub(" ", piece))
    return " ".join(words.split()).strip(" .:,")


def _range(piece: str) -> tuple[_Day, _Day]:
    ends = [end for end in _ends(piece) if end]
    if len(ends) not in (1, 2):
        raise UnreadableDaysError("no_such_days", piece)
    first, last = _day(ends[0], piece), _day(ends[-1], piece)
    return first.within(last.month), last.within(first.month)


def _ends(piece: str) -> Iterator[str]:
    """The two ends of a range, or a single day; the hyphens of an ISO date part nothing."""
    marked = _ISO.sub(lambda found: found[0].replace("-", "\0"), piece)
    parted = _HYPHEN.sub(" - ", marked)
    return (end.replace("\0", "-").strip() for end in _UNTIL.split(parted))


def _day(text: str, piece: str) -> _Day:
    for form in _FORMS:
        if found := form.fullmatch(text):
            said = found.groupdict()
            break
    else:
        raise UnreadableDaysError("no_such_days", piece)
    year = int(said.get("year") or 0)
    if "one" in said:
        one, other = int(said["one"]), int(said["other"])
        if one <= _LAST_MONTH and other <= _LAST_MONTH and one != other:
            raise UnreadableDaysError("which_month", piece)
        month, day = (one, other) if other > _LAST_MONTH else (other, one)
        return _Day(year, month, day)
    name = said.get("month")
    month = _MONTHS.index(name[:3]) + 1 if name else int(said.get("number") or 0)
    return _Day(year, month, int(said["day"]))


def _absence(piece: str, first: _Day, last: _Day, today: date) -> Absence:
    """The range with its years: the first one that is not over by today."""
    try:
        if last.year:
            end = date(*last)
            begin = date(first.year or last.year, first.month, first.day)
            if begin > end and not first.year:
                begin = date(last.year - 1, first.month, first.day)
        elif first.year:
            begin = date(*first)
            end = _at_or_after(last, begin)
        else:
            end = _at_or_after(last, today)
            begin = _at_or_before(first, end)
        return Absence(first=begin, last=end)
    except ValueError as error:
        raise UnreadableDaysError("no_such_days", piece) from error


def _at_or_after(day: _Day, other: date) -> date:
    """The next such day; 29 February waits for its year."""
    return min(d for d in _around(day, other) if d >= other)


def _at_or_before(day: _Day, other: date) -> date:
    return max(d for d in _around(day, other) if d <= other)


def _around(day: _Day, other: date) -> Iterator[date]:
    years = range(other.year - 8, other.year + 9)
    for year in years:
        try:
            yield date(year, day.month, day.day)
        except ValueError:
            continue
