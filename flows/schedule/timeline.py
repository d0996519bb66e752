"""The plan of a handover: every milestone with its day, in working days of those who act.

A plan is computed from the handover and its playbook; only what people changed is stored. It goes
forward from the start. What the customer sees is counted back from the day of the switch, where one
was given, or from the last working day of whoever leaves; where that is too close, the plan gets
shorter, not denser. Rows G12, G21, A14, A16-A19.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from typing_extensions import override

from flows.customer.coverage import covered_days
from flows.customer.sentiment import is_round, round_done
from flows.handover import Acceptance, Handover, Move
from flows.knowledge.interview import pack_complete, strictest_segment
from flows.nudges.ruling import acting, of_milestone
from flows.often import ANSWERING, ASKING
from flows.playbook import Playbook
from flows.privacy import close_ones, leads, told_parts, told_user
from flows.remembering import Latest, unmoved_by
from flows.schedule.milestones import LeftOut, Milestone, Notice, Track
from flows.schedule.numbering import OverlapRule, make_frame, numbered, overlap_rules
from flows.side_by_side.lead import has_switched, session_reached
from flows.terms import THE_THREE, DateIs, Role
from flows.texts.letter_specs import marked_by_texts


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
    frame = make_frame(handover, playbook)
    numbers = numbered(handover, playbook, frame)
    there = {role: user for role in THE_THREE if (user := told_user(handover, role))}
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


def message_approved(handover: Handover) -> bool:
    """Whether the customer may hear of it: message, reason and plan are approved (M5, G12)."""
    words = handover.wording
    return bool(handover.letters.opened_at and words and words.approved_at)


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
