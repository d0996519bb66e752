"""When a person is reminded of what they owe: an agenda a day at most, when they are at work (C4).

Everything here is asked for one person, in their own zone and by their own days. What was to be
told while they were away is told once they are back: a day that has passed stays due until then.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

from flows.errors import FlowError
from flows.frozen import Frozen, Moment
from flows.handover import Handover
from flows.nudges.rhythm import Rhythm
from flows.privacy import is_led, may_know
from flows.schedule.calendars import Calendar, DaysOff
from flows.tasks import ADMINS, Todo

LONGEST_STOP = timedelta(days=30)
"""How long somebody may ask not to be reminded: nobody is forgotten by it."""
_DAY = timedelta(days=1)
_REACH = timedelta(days=45)
_WEEK = 7

MILESTONES = frozenset({Todo.MILESTONE, Todo.LOG_SESSION, Todo.SAY_MOOD, Todo.SWITCH_LEAD})
"""The tasks that are steps of the plan; people arrange them with others, so they hear earlier."""

OPTIONAL = frozenset({Todo.FINISH_DRAFT})
"""What nobody else waits for; all else is required."""

PRIVATE = frozenset({Todo.FINISH_DRAFT, Todo.LEADERS_CHECKS, Todo.NAME_LEADER})
"""What is never told to whoever leads as overdue with somebody else."""


class Frequency(StrEnum):
    """On which of their working days somebody wants to be reminded."""

    DAILY = "daily"
    EVERY_OTHER_DAY = "every_other_day"
    MONDAYS = "mondays"


_STEPS = {Frequency.DAILY: 1, Frequency.EVERY_OTHER_DAY: 2, Frequency.MONDAYS: _WEEK}


class Wishes(Frozen):
    """What somebody asked for; until `stopped_until` they are not reminded, on it they are again.

    What is required and overdue comes on any working day, whatever the frequency.
    """

    frequency: Frequency = Frequency.DAILY
    stopped_until: date | None = None


class About(StrEnum):
    """Whose task it is: one's own, or one that is overdue with others, for whoever leads."""

    OWN = "own"
    OTHERS = "others"


class Reminder(NamedTuple):
    """One task of which one person is reminded.

    `since` is the calendar day on which it came up or was last told. `day` is when it is to be told
    next: none until that is worked out, and where nothing is left to be told. `told` says whether
    it ever was.
    """

    handover: str
    key: str
    todo: str
    due: date
    about: About
    since: date
    day: date | None = None
    told: bool = False
    snoozed: int = 0


class Look(NamedTuple):
    """What a look at a person's reminders finds: those of an agenda that goes now, and all others
    with the moment to look again, none where there is nothing more to tell.
    """

    now: tuple[Reminder, ...]
    later: tuple[tuple[Reminder, Moment | None], ...]


class Hours:
    """When one person can be reminded: their working days and hours, and what they asked for."""

    def __init__(self, off: DaysOff, wishes: Wishes, rhythm: Rhythm) -> None:
        self.off = off
        self.rhythm = rhythm
        self._wishes = wishes
        self._calendar = Calendar(date.min, [off])
        self._weekend = frozenset(off.weekend)

    def works(self, day: date) -> bool:
        """Whether the person works on a day."""
        return self._calendar.works(day)

    def fits(self, at: Moment) -> bool:
        """Whether somebody may be told something at a moment in their zone, if it is urgent."""
        return self.first(at, urgent=True) == at

    def first(self, at: Moment, *, urgent: bool) -> Moment:
        """The first moment from `at` on, in the person's zone, at which they can be told."""
        while True:
            day, clock = at.date(), at.time()
            if clock < self.rhythm.closes and self._is_open(day, urgent=urgent):
                return max(at, _at(day, self.rhythm.opens, at))
            at = _at(day + _DAY, time.min, at)

    def _is_open(self, day: date, *, urgent: bool) -> bool:
        stop = self._wishes.stopped_until
        if not self.works(day) or (stop and day < stop):
            return False
        step = _STEPS[self._wishes.frequency]
        return urgent or step == 1 or self._place(day) % step == 0

    def _place(self, day: date) -> int:
        """The how many-th working day of the person's week it is, from 0; the week begins after
        their weekend.
        """
        place = 0
        for back in range(1, _WEEK):
            before = day - back * _DAY
            if before.weekday() in self._weekend:
                break
            place += self.works(before)
        return place


def look(reminders: Iterable[Reminder], hours: Hours, now: Moment, at: Moment) -> Look:
    """What is to be told now and what later; nothing is told before `at`, both in their zone."""
    due: list[Reminder] = []
    later: list[tuple[Reminder, Moment | None]] = []
    for one in reminders:
        planned = one if one.day else one._replace(day=next_day(one, hours))
        moment = _when(planned, hours, at)
        if moment and moment <= now:
            due.append(planned)
        else:
            later.append((planned, moment))
    return Look(tuple(due), tuple(later))


def whom_to_remind(handover: Handover, owner: str, todo: str) -> dict[str, About]:
    """Who is reminded of an open task, by Slack id: its owner, and whoever leads if it gets late.

    Nobody is of an example.
    """
    if handover.example or owner == ADMINS:
        return {}
    leader, known = handover.leader, {owner: About.OWN}
    if todo not in PRIVATE and leader != owner and is_led(handover) and may_know(handover, leader):
        known[leader] = About.OTHERS
    return known


def next_day(reminder: Reminder, hours: Hours) -> date | None:
    """The next day of the rhythm after the one on which it came up or was told.

    What came up too late for all of them is told once, on the next working day.
    """
    start = min(reminder.due, reminder.since) - _REACH
    calendar = Calendar(start, [hours.off])
    on_the_day = calendar.after(reminder.due)
    if reminder.about is About.OTHERS:
        steps = hours.rhythm.with_others()
    elif reminder.todo == Todo.CHECK_IN:
        steps = hours.rhythm.on_the_day()
    else:
        steps = hours.rhythm.own(milestone=reminder.todo in MILESTONES)
    days = (calendar.day(max(0, on_the_day + step)) for step in steps)
    found = next((day for day in days if day > reminder.since), None)
    if found or reminder.told:
        return found
    return calendar.day(calendar.before(reminder.since) + 1)


def is_required(reminder: Reminder) -> bool:
    """Whether the handover waits for it."""
    return reminder.todo not in OPTIONAL


def is_to_decide(due: date, today: date, hours: Hours) -> bool:
    """Whether something is so late that whoever leads is to decide about it."""
    calendar = Calendar(due - _REACH, [hours.off])
    number = calendar.after(due) + hours.rhythm.leader_decides
    return calendar.day(number) <= today


def snoozed(reminder: Reminder, days: int, today: date, hours: Hours) -> date:
    """The day until which somebody puts a task off, so many working days from today.

    Raises FlowError `not_a_choice`, and `snoozed_enough` where others wait.
    """
    if days not in hours.rhythm.snooze:
        raise FlowError("not_a_choice")
    if is_required(reminder) and reminder.snoozed >= hours.rhythm.snoozes:
        raise FlowError("snoozed_enough")
    calendar = Calendar(today - _REACH, [hours.off])
    return calendar.day(calendar.before(today) + days)


def check_wishes(wishes: Wishes, today: date) -> None:
    """Raises FlowError `date_past` and `stopped_too_long` with the field."""
    stop = wishes.stopped_until
    if stop and stop <= today:
        raise FlowError("date_past", field="stopped_until")
    if stop and stop > today + LONGEST_STOP:
        raise FlowError("stopped_too_long", field="stopped_until")


def _when(reminder: Reminder, hours: Hours, at: Moment) -> Moment | None:
    if reminder.day is None:
        return None
    since = max(at, _at(reminder.day, time.min, at))
    usual = hours.first(since, urgent=False)
    if not is_required(reminder):
        return usual
    overdue = max(since, _at(reminder.due + _DAY, time.min, at))
    return min(usual, hours.first(overdue, urgent=True))


def _at(day: date, clock: time, like: Moment) -> Moment:
    return datetime.combine(day, clock, like.tzinfo)
