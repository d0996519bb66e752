"""The plan of a handover: every milestone with its day, in working days of those who act.

A plan is computed from the handover and its playbook; only what people changed is stored. It goes
forward from the start. What the customer sees is counted back from the day of the switch, where one
was given, or from the last working day of whoever leaves; where that is too close, the plan gets
shorter, not denser. Rows G12, G21, A14, A16-A19.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from math import floor
from typing import NamedTuple

from typing_extensions import override

from flows.customer.coverage import covered_days
from flows.customer.sentiment import is_round, round_done
from flows.handover import Acceptance, Handover, Move
from flows.knowledge.interview import pack_complete, strictest_segment
from flows.knowledge.ledger import records_of
from flows.nudges.ruling import acting, of_milestone
from flows.often import ANSWERING, ASKING
from flows.playbook import Playbook
from flows.privacy import close_ones, leads, shared, told_part, told_parts, told_user
from flows.remembering import Latest, unmoved_by
from flows.schedule.away import began, days_off_of
from flows.schedule.calendars import FURTHEST, Calendar
from flows.schedule.milestones import LeftOut, Milestone, Notice, Track, earliest
from flows.schedule.renewal import switch_bounds
from flows.side_by_side.lead import has_switched, session_reached
from flows.terms import DateIs, RecordKind, Role, Segment
from flows.texts.letter_specs import marked_by_texts

_ACTORS = (Role.OUTGOING, Role.INCOMING, Role.LEADER)
_ABANDONED = 3
"""Whoever left nothing behind is replaced in so many working days at the earliest."""
_ORDER = tuple(Notice)


class OverlapRule(StrEnum):
    """Why outgoing and incoming CSM go side by side for longer (G22)."""

    SEGMENT = "segment"
    ARR = "arr"
    STAKEHOLDERS = "stakeholders"


class Planned(NamedTuple):
    """One milestone of one handover. `owners` are Slack ids, the leader's where nobody else can.

    `move` is the newest change of its day; `done` whether it is behind us, `done_on` the day on
    which it was, `waived` that it need not be; `locked` ones wait until message and plan are
    approved. One `by_text` is done by what becomes of a customer's text: that it is sent, or
    answered.
    """

    key: str
    title: str
    track: Track
    day: date
    owners: tuple[str, ...]
    derived: bool = False
    by_text: bool = False
    locked: bool = False
    done: bool = False
    done_on: date | None = None
    move: Move | None = None
    waived: bool = False


class Plan(NamedTuple):
    """All milestones by day, and what they were made of. As a key, one only equals itself.

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

    @override
    def __hash__(self) -> int:
        return id(self)

    def find(self, key: str) -> Planned | None:
        """A milestone by its key."""
        for milestone in self.milestones:
            if milestone.key == key:
                return milestone
        return None


_latest = Latest[Plan]()
_BUT_FOR_ANSWERS = tuple(name for name in Handover.model_fields if name not in ANSWERING)


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


@unmoved_by(ASKING)
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
        covered_days(handover, playbook),
        *but_for_answers(handover),
    )


@unmoved_by(ANSWERING)
def but_for_answers(handover: Handover) -> tuple[object, ...]:
    """Everything of a handover that answers leave as it is."""
    return tuple([getattr(handover, name) for name in _BUT_FOR_ANSWERS])


def compose(handover: Handover, playbook: Playbook) -> Plan:
    """A plan made anew."""
    frame = _frame(handover, playbook)
    numbers = _numbers(handover, playbook, frame)
    there = {role: user for role in _ACTORS if (user := told_user(handover, role))}
    short = frame.notice is not Notice.FULL
    covered = covered_days(handover, playbook)
    texts = marked_by_texts(playbook.letters, handover.segment, handover.reason)
    milestones = [
        _covered(
            _planned(
                handover, playbook, spec, frame.calendar.day(numbers[spec.key]), there, short=short
            )._replace(by_text=spec.key in texts),
            covered,
        )
        for spec in playbook.plan
        if spec.key in numbers and not _is_dropped(handover, spec)
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


def message_approved(handover: Handover) -> bool:
    """Whether the customer may hear of it: message, reason and plan are approved (M5, G12)."""
    words = handover.wording
    return bool(handover.letters.opened_at and words and words.approved_at)


def calendar_of(handover: Handover) -> Calendar:
    """The working days of everybody who acts on the handover, from its start."""
    return Calendar(began(handover), [days_off_of(handover, user) for user in actors(handover)])


def actors(handover: Handover) -> list[str]:
    """Whose days off a plan avoids: both CSMs and the leader, as Slack ids."""
    users = (handover.user(role) for role in _ACTORS)
    return list(dict.fromkeys(user for user in users if user))


def first_day(handover: Handover, playbook: Playbook, key: str, today: date) -> date:
    """The first day to which a milestone may be moved without breaking a distance.

    What takes days with the pack counts them from when it was complete, or may be yet (A4).
    """
    frame = _frame(handover, playbook)
    numbers = _numbers(handover, playbook, frame)
    found = next(milestone for milestone in playbook.plan if milestone.key == key)
    if frame.packed is None and "pack" in found.waits_for:
        numbers["pack"] = max(numbers["pack"], frame.calendar.after(today))
    base = _base(handover, playbook, frame)
    return frame.calendar.day(max(_least(found, frame, numbers), _with_pack(found, frame, base)))


def whose_turn(plan: Plan, playbook: Playbook) -> list[Planned]:
    """The milestones that somebody marks and that nothing before them holds up."""
    return [m for m in in_turn(plan, playbook) if not (m.derived or m.by_text)]


def in_turn(plan: Plan, playbook: Playbook) -> list[Planned]:
    """The milestones that are not behind us and that nothing before them holds up."""
    ahead = {milestone.key for milestone in plan.milestones if not milestone.done}
    held_up = {spec.key for spec in playbook.plan if not ahead.isdisjoint(spec.waits_for)}
    return [
        milestone
        for milestone in plan.milestones
        if not (milestone.done or milestone.locked) and milestone.key not in held_up
    ]


def may_mark(handover: Handover, milestone: Planned, user: str) -> bool:
    """Whether somebody may say that a milestone is done: whoever acts in it, and leaders."""
    return user in milestone.owners or leads(handover, user)


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


def _frame(handover: Handover, playbook: Playbook) -> Frame:
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


def _numbers(handover: Handover, playbook: Playbook, frame: Frame) -> dict[str, int]:
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


def _acting(handover: Handover, key: str, owners: Iterable[str]) -> tuple[str, ...]:
    """Who acts in a step, as whoever leads may have passed it on."""
    if not handover.rulings:
        return tuple(dict.fromkeys(owners))
    there = close_ones(handover)
    return tuple(dict.fromkeys(acting(handover.rulings, key, who, there) for who in owners))


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
    if _stays_out(handover, spec):
        there = {role: user for role, user in there.items() if role is not Role.OUTGOING}
        there |= {Role.OUTGOING: handover.leader}
    waived = handover.rulings.get(of_milestone(spec.key))
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
        owners=_acting(handover, spec.key, owners) or (handover.leader,),
        derived=spec.derived,
        locked=spec.track is Track.CUSTOMER and not message_approved(handover),
        done=bool(marked or waived) or (spec.derived and _is_so(handover, playbook, spec)),
        done_on=(marked.on or marked.at.date()) if marked else None,
        move=move,
        waived=waived is not None,
    )


def _stays_out(handover: Handover, milestone: Milestone) -> bool:
    return milestone.track is Track.CUSTOMER and handover.schedule.without_outgoing is not None


def _is_dropped(handover: Handover, milestone: Milestone) -> bool:
    return milestone.left_out is LeftOut.DROP and _stays_out(handover, milestone)


def _covered(milestone: Planned, covered: Mapping[str, date | None]) -> Planned:
    """Where there are stakeholders, what was ticked for them decides and nobody marks it."""
    if milestone.key not in covered:
        return milestone
    day = covered[milestone.key]
    return milestone._replace(derived=True, done=day is not None, done_on=day)


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
        case "switch":
            return has_switched(handover)
        case "complete":
            return handover.ending.completed is not None
        case key if is_round(key):
            return round_done(handover, key)
        case key:
            return session_reached(handover, key)
