"""The digest: many handovers in a few lines each, for a channel or for one reader (C5).

A channel reads stage, lead and dates, and what is overdue only as a number. What does not fit is
counted, and a press away.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple

from bot.ids import Act, Ref
from bot.views import people
from bot.views.blocks import (
    Block,
    Message,
    actions,
    button,
    context,
    fitted,
    header,
    section,
)
from bot.views.dates import day, near_day
from bot.views.slack_text import Names, Surface, one_line
from bot.views.words import PHASES, counted
from flows.reports.digest import Line, Phase, Told, Who, overdue, sponsors_missing
from flows.reports.weekly import last_day

_RED, _DUE = "Red", "Due this week"
_ORDER = {title: place for place, title in enumerate((_RED, _DUE, *PHASES.values()))}
_NONE = "No handover is under way."
_PAGE = 8500
"""So many characters of lines stand on a page: with what is around them a message takes them."""
_SECTION, _TEXT, _PART = 2900, 3000, 2700
_ACCOUNT, _STEPS = 100, 3


class _Entry(NamedTuple):
    """One handover in words, and the heading under which it stands."""

    group: str
    words: str


class _Week(NamedTuple):
    """The days that a digest looks ahead, and the day on which it is read."""

    first: date
    last: date
    today: date


def _week(first: date, today: date) -> _Week:
    return _Week(first, last_day(first), today)


def channel_digest(told: Sequence[Told], names: Names, first: date, today: date) -> Message:
    """What stands in a channel for a week from its `first` day on; it is the same for everybody."""
    return _message(
        "Handovers", told, names, _week(first, today), (Act.DIGEST_MORE, Act.DIGEST_MORE)
    )


def more_of_channel(
    told: Sequence[Told], names: Names, first: date, today: date, page: int
) -> Message:
    """A page of what a channel's digest has no room for, for whoever pressed."""
    return _message("Handovers", told, names, _week(first, today), _turning(Act.DIGEST_MORE), page)


def own_digest(told: Sequence[Told], names: Names, today: date, page: int = 0) -> Message:
    """A page of what somebody may know, for them alone."""
    if not told:
        words = "No handover involves you right now."
        return Message(words, [section(words)])
    week = _week(today, today)
    return _message("Your handovers", told, names, week, _turning(Act.DIGEST_PAGE), page)


def week_ahead(
    hello: str, told: Sequence[Told], names: Names, today: date
) -> tuple[list[str], list[Block]]:
    """What opens a leader's first agenda of a week: lines as text, and as blocks."""
    week = _week(today, today)
    entries = _entries(told, names, week)
    lines, room = list[str](), _PART
    shown = 0
    for group, each in groupby(entries, key=lambda entry: entry.group):
        for number, entry in enumerate(each):
            words = f"*{group}*\n{entry.words}" if number == 0 else entry.words
            room -= len(words) + 1
            if room < 0:
                break
            lines.append(words)
            shown += 1
    head = f"{hello} The week of what you lead: {_summary(told, week)}"
    left = len(entries) - shown
    show = button("Show all of it", Act.DIGEST_PAGE, Ref(v="0")) if left else None
    lines += [f"and {left} more: /handover digest"] if left else []
    return [head, *lines], [section(head), section("\n".join(lines)), *actions([show])]


def turns(action: str) -> bool:
    """Whether a button stands on a page that its reader alone sees, to be shown in its place."""
    return ":" in action


def _turning(act: Act) -> tuple[str, str]:
    return act.of("back"), act.of("on")


def ended_digest() -> Message:
    """What stands in the place of a digest that is not wanted there any more."""
    words = "This digest is not kept up to date any more. `/handover digest` shows what is yours."
    return Message(words.replace("`", ""), [section(words)])


def withdrawn_digest() -> Message:
    """What stands in the place of a digest once people from outside can read the channel."""
    words = "The digest was taken back. `/handover digest` shows what is yours, to you alone."
    return Message(words.replace("`", ""), [section(words)])


def _message(
    title: str,
    told: Sequence[Told],
    names: Names,
    week: _Week,
    turn: tuple[str, str],
    page: int = 0,
) -> Message:
    """A page; `turn` are the acts that show the one before and the one after it."""
    if not told:
        return Message(_NONE, [section(_NONE)])
    pages = list(_pages(_entries(told, names, week)))
    page = max(0, min(page, len(pages) - 1))
    left = sum(len(each) for each in pages[page + 1 :])
    head, summary = f"{title}, week from {day(week.first)}", _summary(told, week)
    hint = f"and {left} more: Show more, or `/handover digest` for yours" if left else ""
    earlier = button("Earlier", turn[0], Ref(v=str(page - 1))) if page else None
    more = button("Show more", turn[1], Ref(v=str(page + 1))) if left else None
    blocks = [
        header(head),
        section(summary),
        *_sections(pages[page]),
        *([context(hint)] if hint else []),
        *actions([earlier, more]),
    ]
    lines = [entry.words.replace("\n", "; ").replace("*", "") for entry in pages[page]]
    said = fitted(lines, _TEXT)
    end = f"\n{hint.replace('`', '')}" if hint else ""
    return Message(f"{head}. {summary.replace('*', '')}\n{said}{end}", blocks)


def _summary(told: Sequence[Told], week: _Week) -> str:
    """The digest in numbers."""
    lines = [one.line for one in told]
    ahead = sum(line.phase is not Phase.COMPLETE for line in lines)
    steps = sum(step.day <= week.last for line in lines for step in line.steps)
    late = sum(overdue(line, week.today) for line in lines)
    asked = sum(each <= week.last for line in lines for each in line.follow_ups)
    sponsors = sum(sponsors_missing(line, week.today) for line in lines)
    found = [
        f"*{ahead}* under way",
        f"{counted(steps, 'step')} due this week" if steps else "",
        f"{late} overdue" if late else "",
        f"{counted(sponsors, 'sponsor')} not introduced" if sponsors else "",
        f"{counted(asked, 'follow-up')} due" if asked else "",
    ]
    return " · ".join(words for words in found if words)


def _entries(told: Sequence[Told], names: Names, week: _Week) -> list[_Entry]:
    """Every handover once, what is most pressing first; those of one book that stand alike are one
    line, but what is red stands by itself.
    """
    ordered = sorted(told, key=lambda one: (_soonest(one.line), one.line.account.casefold()))
    alike: dict[tuple[str, ...], list[Told]] = {}
    for one in ordered:
        line, group = one.line, _group(one, week)
        alone = not line.book or group == _RED
        key = (group, "", line.id) if alone else (group, line.book, line.phase)
        alike.setdefault(key, []).append(one)
    found = [
        _Entry(key[0], _words(ones[0], names, week) if len(ones) == 1 else _book(ones, names, week))
        for key, ones in alike.items()
    ]
    return sorted(found, key=lambda entry: _ORDER[entry.group])


def _book(told: Sequence[Told], names: Names, week: _Week) -> str:
    """Several accounts of one book that stand alike, in numbers."""
    lines = [one.line for one in told]
    whose = _name(lines[0].of or Who(), names)
    leads = {line.lead for line in lines}
    lead = f" · Lead now: {_name(lines[0].lead, names)}" if len(leads) == 1 else ""
    taken = sum(line.accepted for line in lines)
    first = f"*{whose}'s book* · {PHASES[lines[0].phase]}{lead}"
    steps = sum(step.day <= week.last for line in lines for step in line.steps)
    asked = sum(each <= week.last for line in lines for each in line.follow_ups)
    late = sum(overdue(line, week.today) for line in lines)
    sponsors = sum(sponsors_missing(line, week.today) for line in lines)
    risks = sum(one.alarm.risks for one in told)
    found = [
        f"{counted(len(lines), 'account')}, {taken} accepted",
        f"{counted(steps, 'step')} due" if steps else "",
        f"{counted(asked, 'follow-up')} due" if asked else "",
        f"{late} overdue" if late else "",
        f"{counted(sponsors, 'sponsor')} not introduced" if sponsors else "",
        counted(risks, "red risk") if risks else "",
    ]
    return f"{first}\n{', '.join(words for words in found if words)}"


def _soonest(line: Line) -> date:
    days = (*(step.day for step in line.steps), *line.follow_ups)
    return min(days, default=line.paused_until or date.max)


def _group(one: Told, week: _Week) -> str:
    if one.alarm.red:
        return _RED
    days = (*(step.day for step in one.line.steps), *one.line.follow_ups)
    due = any(each <= week.last for each in days)
    return _DUE if due else PHASES[one.line.phase]


def _words(one: Told, names: Names, week: _Week) -> str:
    """One handover: where it stands and who leads it, and below what is next."""
    line = one.line
    account = one_line(line.account, Surface.MRKDWN, names, _ACCOUNT) or "…"
    phase = PHASES[line.phase]
    if line.paused_until:
        phase = f"{phase} until {near_day(line.paused_until, week.today)}"
    first = f"*{account}* · {phase} · {_lead(line, names, week)}"
    second = " · ".join(words for words in _next(one, week) if words)
    return f"{first}\n{second}" if second else first


def _lead(line: Line, names: Names, week: _Week) -> str:
    lead = f"Lead now: {_name(line.lead, names)}"
    if line.until:
        lead = f"{lead} (until {near_day(line.until, week.today)})"
    elif line.until_signed:
        lead = f"{lead} (until the renewal is signed)"
    return f"{lead}; {_name(line.renews, names)} leads the renewal" if line.renews else lead


def _next(one: Told, week: _Week) -> Iterator[str]:
    line, alarm = one
    if alarm.red:
        planned = f"plan until {near_day(alarm.planned, week.today)}" if alarm.planned else ""
        yield f"Mood red, {planned or 'nothing planned yet'}"
    if alarm.risks:
        yield counted(alarm.risks, "red risk")
    due = [step for step in line.steps if step.day <= week.last]
    shown = due[:_STEPS] or line.steps[:1]
    if shown:
        each = ", ".join(f"{step.title} {near_day(step.day, week.today)}" for step in shown)
        more = f" and {len(due) - _STEPS} more" if len(due) > _STEPS else ""
        yield f"{'Due' if due else 'Next'}: {each}{more}"
    for asked in line.follow_ups[:1]:
        yield f"Follow-up: {near_day(asked, week.today)}"
    if late := overdue(line, week.today):
        yield f"{late} overdue"
    if missing := sponsors_missing(line, week.today):
        yield f"{counted(missing, 'sponsor')} not introduced"


def _name(who: Who, names: Names) -> str:
    if who.user:
        return people.person(who.user, names)
    return one_line(who.name, Surface.MRKDWN, names, 80) or "…"


def _pages(entries: Sequence[_Entry]) -> Iterator[list[_Entry]]:
    page, room = list[_Entry](), _PAGE
    for entry in entries:
        room -= len(entry.words) + 1
        if room < 0 and page:
            yield page
            page, room = [], _PAGE - len(entry.words) - 1
        page.append(entry)
    yield page


def _sections(entries: Sequence[_Entry]) -> Iterator[Block]:
    """The entries under their headings; a section holds as many as it can."""
    for group, each in groupby(entries, key=lambda entry: entry.group):
        words = f"*{group}*"
        for entry in each:
            if len(words) + len(entry.words) + 1 > _SECTION:
                yield section(words)
                words = entry.words
            else:
                words = f"{words}\n{entry.words}"
        yield section(words)
