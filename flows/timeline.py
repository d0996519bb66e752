"""The plan of a handover: every milestone with its day, in working days of those who act.

A plan is computed from the handover and its playbook; only what people changed is stored. It goes
forward from the start. What the customer sees is counted back from the day of the switch, where one
was given, or from the last working day of whoever leaves; where that is too close, the plan gets
shorter, not denser. Rows G12, G21, A14, A16-A19.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import floor
from typing import NamedTuple

from flows.calendars import USUAL, Calendar
from flows.handover import Acceptance, Handover, Move, Record
from flows.interview import pack_complete, strictest_segment
from flows.milestones import Milestone, Notice, Timing, Track, earliest
from flows.playbook import Playbook
from flows.privacy import is_sensitive, leads, told_user
from flows.remembering import Latest, remembered
from flows.terms import DateIs, RecordKind, Role, Segment

FURTHEST = timedelta(days=1100)
"""No plan looks further ahead from its start."""
_ACTORS = (Role.OUTGOING, Role.INCOMING, Role.LEADER)
_ABANDONED = 3
"""Whoever left nothing behind is replaced in so many working days at the earliest."""
_ORDER = tuple(Notice)
_ANSWERING = frozenset(
    {
        "answers",
        "asks",
        "follow_ups",
        "found",
        "interviews",
        "prefilled",
        "records",
        "seq",
        "unsorted",
    }
)
"""What of a handover changes with every answer, and the days of a plan do not look at."""


class OverlapRule(StrEnum):
    """Why outgoing and incoming CSM go side by side for longer (G22)."""

    SEGMENT = "segment"
    ARR = "arr"
    STAKEHOLDERS = "stakeholders"


class Planned(NamedTuple):
    """One milestone of one handover. `owners` are Slack ids, the leader's where nobody else can.

    `move` is the newest change of its day; `done` whether it is behind us, `done_on` the day on
    which it was marked so; `locked` ones wait until message and plan are approved.
    """

    key: str
    title: str
    track: Track
    day: date
    owners: tuple[str, ...]
    derived: bool = False
    locked: bool = False
    done: bool = False
    done_on: date | None = None
    move: Move | None = None


class Plan(NamedTuple):
    """All milestones by day, and what they were made of.

    `last` is the last working day that it was counted back from; `left` and `needed` are the
    working days that there are until then, and that the full plan takes.
    """

    start: date
    notice: Notice
    last: date | None
    left: int
    needed: int
    overlap: tuple[OverlapRule, ...]
    milestones: tuple[Planned, ...]

    def find(self, key: str) -> Planned | None:
        """A milestone by its key."""
        return next((m for m in self.milestones if m.key == key), None)


_latest = Latest[Plan]()


class Frame(NamedTuple):
    """What the days are counted in. Numbers are working days from the start.

    `switch` is the latest day of the lead switch and `last` the last day behind it, none where the
    form's date is not counted back from.
    """

    calendar: Calendar
    segment: Segment
    notice: Notice
    switch: int
    last: int
    natural: dict[str, int]
    overlap: tuple[OverlapRule, ...]


@remembered
def make_plan(handover: Handover, playbook: Playbook) -> Plan:
    """The plan as it stands; the same for everybody who may know of the handover."""
    made_of = _made_of(handover, playbook)
    return _latest.of(handover.id, made_of, lambda: compose(handover, playbook))


def _made_of(handover: Handover, playbook: Playbook) -> tuple[object, ...]:
    """Whatever a plan may hang on: of what people answer, only these facts."""
    return (
        playbook,
        strictest_segment(handover),
        overlap_rules(handover, playbook),
        pack_complete(handover, playbook),
        told_parts(handover, playbook),
        *(value for name, value in handover if name not in _ANSWERING),
    )


def compose(handover: Handover, playbook: Playbook) -> Plan:
    """A plan made anew."""
    frame = _frame(handover, playbook)
    numbers = _numbers(handover, playbook, frame)
    there = {role: user for role in _ACTORS if (user := told_user(handover, role))}
    short = frame.notice is not Notice.FULL
    milestones = [
        _planned(
            handover, playbook, spec, frame.calendar.day(numbers[spec.key]), there, short=short
        )
        for spec in playbook.plan
        if spec.key in numbers
    ]
    timing = playbook.timing
    leaving = handover.day_is is DateIs.LAST_DAY
    return Plan(
        start=frame.calendar.day(0),
        notice=frame.notice,
        last=handover.day if leaving else None,
        left=frame.last if leaving else frame.switch,
        needed=frame.natural["switch"] + (timing.switch_before_last if leaving else 0),
        overlap=frame.overlap,
        milestones=tuple(sorted(milestones, key=lambda milestone: milestone.day)),
    )


def plan_days(handover: Handover, playbook: Playbook) -> dict[str, date]:
    """The day of every milestone by its key."""
    frame = _frame(handover, playbook)
    numbers = _numbers(handover, playbook, frame)
    return {key: frame.calendar.day(number) for key, number in numbers.items()}


def message_approved(_handover: Handover) -> bool:
    """Whether the customer may hear of it: message, reason and plan are approved (M5, G12)."""
    # Approvals do not exist yet; until they do, nothing is said to a customer through a plan.
    return False


def calendar_of(handover: Handover) -> Calendar:
    """The working days of everybody who acts on the handover, from its start."""
    start = (handover.started_at or handover.created_at).date()
    known = handover.schedule.days_off
    return Calendar(start, [known.get(user, USUAL) for user in actors(handover)])


def actors(handover: Handover) -> list[str]:
    """Whose days off a plan avoids: both CSMs and the leader, as Slack ids."""
    users = (handover.user(role) for role in _ACTORS)
    return list(dict.fromkeys(user for user in users if user))


def first_day(handover: Handover, playbook: Playbook, key: str) -> date:
    """The first day to which a milestone may be moved without breaking a distance."""
    frame = _frame(handover, playbook)
    numbers = _numbers(handover, playbook, frame)
    found = next(milestone for milestone in playbook.plan if milestone.key == key)
    return frame.calendar.day(_least(found, frame, numbers))


def whose_turn(plan: Plan, playbook: Playbook) -> list[Planned]:
    """The milestones that somebody marks and that nothing before them holds up."""
    ahead = {milestone.key for milestone in plan.milestones if not milestone.done}
    held_up = {spec.key for spec in playbook.plan if not ahead.isdisjoint(spec.waits_for)}
    return [
        milestone
        for milestone in plan.milestones
        if not (milestone.done or milestone.derived or milestone.locked)
        and milestone.key not in held_up
    ]


def may_mark(handover: Handover, milestone: Planned, user: str) -> bool:
    """Whether somebody may say that a milestone is done: whoever acts in it, and leaders."""
    return user in milestone.owners or leads(handover, user)


def told_part(handover: Handover, playbook: Playbook, part: str) -> str:
    """The newest value given to a part, of whichever question; nothing where it is kept close."""
    return told_parts(handover, playbook).get(part, "")


@remembered
def told_parts(handover: Handover, playbook: Playbook) -> Mapping[str, str]:
    """The newest value of each part that was given, but for what is kept close."""
    newest: dict[str, tuple[datetime, str]] = {}
    for key, answer in handover.answers.items():
        question = playbook.by_id.get(key) if answer.given else None
        if question is None or is_sensitive(question, answer):
            continue
        for part, given in answer.given.items():
            for value in given.values[:1]:
                newest[part] = max(newest.get(part, (answer.at, value)), (answer.at, value))
    return {part: value for part, (_, value) in newest.items()}


def shared(handover: Handover, playbook: Playbook, record: Record) -> bool:
    """Whether everybody on the handover may read a record."""
    answer, question = handover.answers.get(record.question), playbook.by_id[record.question]
    return answer is None or not is_sensitive(question, answer)


def overlap_rules(handover: Handover, playbook: Playbook) -> tuple[OverlapRule, ...]:
    """Which rules ask for a longer overlap; none where none does."""
    rule = playbook.timing.overlap
    arr = told_part(handover, playbook, "arr") or handover.arr or 0
    people = sum(
        record.kind is RecordKind.STAKEHOLDER and shared(handover, playbook, record)
        for record in handover.records
    )
    fired = {
        OverlapRule.SEGMENT: strictest_segment(handover) in rule.segments,
        OverlapRule.ARR: float(arr) >= rule.arr,
        OverlapRule.STAKEHOLDERS: people >= rule.stakeholders,
    }
    return tuple(name for name, fires in fired.items() if fires)


def _frame(handover: Handover, playbook: Playbook) -> Frame:
    calendar, timing = calendar_of(handover), playbook.timing
    segment, overlap = strictest_segment(handover), overlap_rules(handover, playbook)
    natural = playbook.usual_days[segment, handover.reason, bool(overlap)]
    target = min(handover.day, calendar.day(0) + FURTHEST)
    reach = max(0, calendar.before(target))
    if handover.day_is is DateIs.LAST_DAY:
        last, switch = reach, max(reach - timing.switch_before_last, min(1, reach))
        if handover.outgoing.gone:
            switch = max(switch, _ABANDONED)
            last = max(last, switch)
    else:
        last, switch = reach + timing.switch_before_last, reach
    notice = _notice(timing, last, natural["switch"])
    return Frame(calendar, segment, notice, switch, last, natural, overlap)


def _notice(timing: Timing, last: int, switch: int) -> Notice:
    if last >= switch + timing.switch_before_last:
        return Notice.FULL
    if last >= timing.short_from:
        return Notice.SHORT
    return Notice.ARTICLES if last >= timing.articles_from else Notice.EIGHT


def _numbers(handover: Handover, playbook: Playbook, frame: Frame) -> dict[str, int]:
    """The working day of each milestone; what was moved takes along what depends on it."""
    base = _full(handover, playbook, frame)
    if frame.notice is not Notice.FULL:
        base = _short(playbook, frame)
    moves = {move.key: move for move in handover.schedule.moves}
    return _moved(handover, playbook, frame, base, moves) if moves else base


def _full(handover: Handover, playbook: Playbook, frame: Frame) -> dict[str, int]:
    """The full plan; where there is more time, what the customer sees comes later."""
    slack = max(0, frame.switch - frame.natural["switch"])
    numbers: dict[str, int] = {}
    for milestone in playbook.plan:
        if milestone.key not in frame.natural:
            continue
        number = frame.natural[milestone.key] + (
            slack if milestone.key in playbook.seen_by_customer else 0
        )
        if _counted_back(handover, milestone) and milestone.short:
            number = max(numbers["switch"], frame.last - (milestone.short.before_last or 0))
        numbers[milestone.key] = number
    return numbers


def _short(playbook: Playbook, frame: Frame) -> dict[str, int]:
    """The plan where there is less time than the full one needs: shares of what there is."""
    numbers: dict[str, int] = {}
    for milestone in playbook.plan:
        short = milestone.short
        if short is None or _ORDER.index(frame.notice) > _ORDER.index(short.least):
            continue
        number = _short_number(milestone, frame, numbers)
        if number is not None:
            numbers[milestone.key] = max(number, _least(milestone, frame, numbers))
    return numbers


def _short_number(milestone: Milestone, frame: Frame, numbers: Mapping[str, int]) -> int | None:
    short, segment = milestone.short, frame.segment
    if short is None:
        return None
    if short.share is not None:
        number = floor(short.share * frame.switch + 1e-9)
        return min(number, frame.natural.get(milestone.key, number))
    if short.before_last is not None:
        return max(numbers["switch"], frame.last - short.before_last)
    if short.after_switch is not None:
        days = short.after_switch.get(segment)
        return None if days is None else numbers["switch"] + days
    days = milestone.days.get(segment)
    return None if days is None else numbers.get(milestone.since, 0) + days


def _moved(
    handover: Handover,
    playbook: Playbook,
    frame: Frame,
    base: Mapping[str, int],
    moves: Mapping[str, Move],
) -> dict[str, int]:
    """What is counted from a moved milestone moves along, what keeps a distance makes room."""
    numbers: dict[str, int] = {}
    for milestone in playbook.plan:
        key, since = milestone.key, milestone.since
        if key not in base:
            continue
        number, move = base[key], moves.get(key)
        if since in numbers and not _counted_back(handover, milestone):
            number = max(0, number + numbers[since] - base[since])
        if move:
            number = frame.calendar.after(move.day)
        if not (move and move.insisted):
            number = max(number, _least(milestone, frame, numbers))
        numbers[key] = number
    return numbers


def _least(milestone: Milestone, frame: Frame, numbers: Mapping[str, int]) -> int:
    """The first day that keeps the order, and in a full plan the distances too."""
    if frame.notice is Notice.FULL:
        return max(earliest(milestone, frame.segment, numbers), numbers.get(milestone.since, 0))
    return max((numbers[key] for key in milestone.waits_for if key in numbers), default=0)


def _counted_back(handover: Handover, milestone: Milestone) -> bool:
    """Whether a milestone stands before or on the last day of whoever leaves."""
    leaving = handover.day_is is DateIs.LAST_DAY
    return leaving and milestone.short is not None and milestone.short.before_last is not None


def _planned(
    handover: Handover,
    playbook: Playbook,
    spec: Milestone,
    day: date,
    there: Mapping[Role, str],
    *,
    short: bool,
) -> Planned:
    other, marked = spec.short if short else None, handover.schedule.done.get(spec.key)
    move = next((m for m in reversed(handover.schedule.moves) if m.key == spec.key), None)
    left = handover.day_is is DateIs.LAST_DAY and day > handover.day
    owners = [
        there[role]
        for role in (other.owners if other else ()) or spec.owners
        if role in there and not (left and role is Role.OUTGOING)
    ]
    return Planned(
        key=spec.key,
        title=(other.title if other else "") or spec.title,
        track=spec.track,
        day=day,
        owners=tuple(dict.fromkeys(owners)) or (handover.leader,),
        derived=spec.derived,
        locked=spec.track is Track.CUSTOMER and not message_approved(handover),
        done=marked is not None or (spec.derived and _is_so(handover, playbook, spec)),
        done_on=marked.at.date() if marked else None,
        move=move,
    )


def _is_so(handover: Handover, playbook: Playbook, milestone: Milestone) -> bool:
    """Whether the handover itself says that a milestone is behind us."""
    match milestone.key:
        case "accept":
            return handover.acceptance is Acceptance.ACCEPTED
        case "pack":
            return pack_complete(handover, playbook)
        case "read":
            return handover.reading.accepted_at is not None
        case "approved":
            return message_approved(handover)
        case _:
            return False
