"""The working days of a plan: on which day from the start each milestone stands, and why there.

Numbers are working days from the start. The full plan goes forward from it; where there is too
little time what the customer sees is counted back; what somebody moved takes along what depends on
it. Rows G12, G21, G22, A14, A16-A19.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from math import floor
from typing import NamedTuple

from flows.handover import Handover, Move
from flows.knowledge.interview import strictest_segment
from flows.knowledge.ledger import records_of
from flows.often import ASKING
from flows.playbook import Playbook
from flows.privacy import shared, told_part
from flows.remembering import unmoved_by
from flows.schedule.away import began, days_off_of
from flows.schedule.calendars import FURTHEST, Calendar
from flows.schedule.milestones import Milestone, Notice, earliest
from flows.schedule.renewal import switch_bounds
from flows.terms import THE_THREE, DateIs, RecordKind, Segment

_ABANDONED = 3
"""Whoever left nothing behind is replaced in so many working days at the earliest."""
_ORDER = tuple(Notice)


class OverlapRule(StrEnum):
    """Why outgoing and incoming CSM go side by side for longer (G22)."""

    SEGMENT = "segment"
    ARR = "arr"
    STAKEHOLDERS = "stakeholders"


class Frame(NamedTuple):
    """What the days are counted in. Numbers are working days from the start.

    `switch` is the latest day of the lead switch and `last` the last day behind it. The lead does
    not switch before `not_before`. `packed` is the day on which the pack was complete, none while
    it is not; in a `tight` plan only the order is kept, not the distances.
    """

    calendar: Calendar
    segment: Segment
    notice: Notice
    switch: int
    last: int
    natural: dict[str, int]
    overlap: tuple[OverlapRule, ...]
    not_before: int
    packed: int | None
    tight: bool


def plan_days(handover: Handover, playbook: Playbook) -> dict[str, date]:
    """The day of every milestone by its key."""
    frame = make_frame(handover, playbook)
    numbers = numbered(handover, playbook, frame)
    return {key: frame.calendar.day(number) for key, number in numbers.items()}


def first_day(handover: Handover, playbook: Playbook, key: str, today: date) -> date:
    """The first day to which a milestone may be moved without breaking a distance.

    What takes days with the pack counts them from when it was complete, or may be yet (A4).
    """
    frame = make_frame(handover, playbook)
    numbers = numbered(handover, playbook, frame)
    found = next(milestone for milestone in playbook.plan if milestone.key == key)
    if frame.packed is None and "pack" in found.waits_for:
        numbers["pack"] = max(numbers["pack"], frame.calendar.after(today))
    base = _base(handover, playbook, frame)
    return frame.calendar.day(max(_least(found, frame, numbers), _with_pack(found, frame, base)))


def calendar_of(handover: Handover) -> Calendar:
    """The working days of everybody who acts on the handover, from its start."""
    return Calendar(began(handover), [days_off_of(handover, user) for user in actors(handover)])


def actors(handover: Handover) -> list[str]:
    """Whose days off a plan avoids: both CSMs and the leader, as Slack ids."""
    users = (handover.user(role) for role in THE_THREE)
    return list(dict.fromkeys(user for user in users if user))


@unmoved_by(ASKING)
def overlap_rules(handover: Handover, playbook: Playbook) -> tuple[OverlapRule, ...]:
    """Which rules ask for a longer overlap; none where none does."""
    rule = playbook.timing.overlap
    arr = told_part(handover, playbook, "arr") or handover.arr or 0
    known = records_of(handover, RecordKind.STAKEHOLDER)
    people = sum([shared(handover, playbook, record) for record in known])
    fired = {
        OverlapRule.SEGMENT: strictest_segment(handover) in rule.segments,
        OverlapRule.ARR: float(arr) >= rule.arr,
        OverlapRule.STAKEHOLDERS: people >= rule.stakeholders,
    }
    return tuple(name for name, fires in fired.items() if fires)


def make_frame(handover: Handover, playbook: Playbook) -> Frame:
    """What the days of a handover are counted in, as it stands."""
    calendar, timing = calendar_of(handover), playbook.timing
    segment, overlap = strictest_segment(handover), overlap_rules(handover, playbook)
    natural = playbook.usual_days[segment, handover.reason, bool(overlap)]
    first, latest = switch_bounds(handover, playbook)
    target = min(handover.day, latest or handover.day, calendar.day(0) + FURTHEST)
    not_before = calendar.after(first) if first else 0
    reach = max(not_before, calendar.before(target))
    leaves = handover.day_is is DateIs.LAST_DAY
    if leaves:
        last, switch = reach, max(reach - timing.switch_before_last, min(1, reach))
        if handover.outgoing.gone:
            switch = max(switch, _ABANDONED)
            last = max(last, switch)
    else:
        last, switch = reach + timing.switch_before_last, reach
    notice = timing.notice(last, natural["switch"])
    pack_at = handover.schedule.pack_at
    packed = calendar.after(pack_at.date()) if pack_at else None
    late = leaves and packed is not None and packed > natural["pack"]
    return Frame(
        calendar=calendar,
        segment=segment,
        notice=notice,
        switch=switch,
        last=last,
        natural=natural,
        overlap=overlap,
        not_before=not_before,
        packed=packed,
        tight=late or notice is not Notice.FULL,
    )


def numbered(handover: Handover, playbook: Playbook, frame: Frame) -> dict[str, int]:
    """The working day of each milestone; what was moved takes along what depends on it, and so does
    a pack that came late.
    """
    base = _base(handover, playbook, frame)
    moves = {move.key: move for move in handover.schedule.moves}
    changed = moves or frame.packed is not None
    return _moved(handover, playbook, frame, base, moves) if changed else base


def _base(handover: Handover, playbook: Playbook, frame: Frame) -> dict[str, int]:
    """The days before anybody changed one, or a pack came."""
    if frame.notice is Notice.FULL:
        return _full(handover, playbook, frame)
    return _short(playbook, frame)


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
        if key == "pack" and frame.packed is not None:
            numbers[key] = frame.packed
            continue
        along = since in moves or not frame.tight
        if since in numbers and along and not _counted_back(handover, milestone):
            number = max(0, number + numbers[since] - base[since])
        if move:
            number = frame.calendar.after(move.day)
        if not (move and move.insisted) and key not in handover.schedule.done:
            soonest = _with_pack(milestone, frame, base)
            number = max(number, soonest, _least(milestone, frame, numbers))
        numbers[key] = number
    return numbers


def _least(milestone: Milestone, frame: Frame, numbers: Mapping[str, int]) -> int:
    """The first day that keeps the order, and where there is time the distances too.

    The lead switch also keeps the leader's word on the renewal.
    """
    soonest = frame.not_before if milestone.key == "switch" else 0
    if not frame.tight:
        since = numbers.get(milestone.since, 0)
        return max(soonest, since, earliest(milestone, frame.segment, numbers))
    return max([soonest, *(numbers[key] for key in milestone.waits_for if key in numbers)])


def _with_pack(milestone: Milestone, frame: Frame, base: Mapping[str, int]) -> int:
    """The first day of what takes some days with the pack, where there is too little time for all
    distances: as many of them as were planned, while there is time (A4).
    """
    if frame.packed is None or not frame.tight:
        return 0
    wanted = max(
        (g.days.get(frame.segment, 0) for g in milestone.after if g.on == "pack"), default=0
    )
    planned = max(0, base[milestone.key] - base["pack"])
    return min(frame.packed + min(wanted, planned), frame.last)


def _counted_back(handover: Handover, milestone: Milestone) -> bool:
    """Whether a milestone stands before or on the last day of whoever leaves."""
    leaving = handover.day_is is DateIs.LAST_DAY
    return leaving and milestone.short is not None and milestone.short.before_last is not None
