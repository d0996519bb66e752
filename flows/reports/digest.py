"""What a digest says of a handover: one narrow line, made of the whole document (C5).

A line is what everybody may read once a handover is announced: stage, lead and dates, and of what
is owed nothing but its days, to be counted. How the customer seems stands apart from it, for
whoever leads.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from flows.customer.covering import introduced_late
from flows.customer.moods import Colour
from flows.customer.sentiment import is_round, rounds
from flows.end.completing import is_over
from flows.end.following_up import still_to_visit
from flows.frozen import Frozen
from flows.handover import Acceptance, Choice, Handover, Party, Stage, Warn
from flows.knowledge.interview import pack_complete
from flows.playbook import Playbook
from flows.privacy import everybody, is_announced, leads, shared
from flows.schedule.renewal import decided
from flows.schedule.timeline import make_plan
from flows.side_by_side.lead import has_switched, lead_now
from flows.tasks import Todo, all_tasks
from flows.terms import RecordKind
from flows.texts.leaks import is_never_told

_STEPS = 8
"""So many steps ahead are kept of a plan: a week has no more."""
_OF_MOODS = frozenset({Todo.ACT_ON_RED, Todo.DO_ACTION, Todo.BREAK_SILENCE, Todo.AFTERCARE})
"""What is owed because of how the customer seems; not even its number is told."""
_RED = "high"


class Phase(StrEnum):
    """How far a handover is, as a digest groups them."""

    TOLD = "told"
    READY = "ready"
    PACK = "pack"
    SWITCHED = "switched"
    PAUSED = "paused"
    COMPLETE = "complete"


class Who(Frozen):
    """Somebody by Slack id, or by name where they are not on Slack."""

    user: str = ""
    name: str = ""


class Step(Frozen):
    """A step of the plan that is still to be taken."""

    title: str
    day: date


class Line(Frozen):
    """One handover as a digest tells of it.

    `until` is the day until which `lead` leads, `until_signed` that it is until the renewal is
    signed, which `renews` leads. `owed` counts what is owed by the day it is due. From
    `sponsors_from` on so many `sponsors` count as not introduced. `book` names the whole book that
    it is handed over with, `of` whose book that is.
    """

    id: str
    account: str
    phase: Phase
    lead: Who
    until: date | None = None
    until_signed: bool = False
    renews: Who | None = None
    steps: tuple[Step, ...] = ()
    owed: dict[date, int] = {}
    sponsors: int = 0
    sponsors_from: date | None = None
    follow_ups: tuple[date, ...] = ()
    paused_until: date | None = None
    book: str = ""
    of: Who | None = None
    accepted: bool = False


class Alarm(Frozen):
    """What only whoever leads reads beside a line: a red mood, what is planned about it until when,
    and how many risks are likely and bad (G20, G28).
    """

    red: bool = False
    planned: date | None = None
    risks: int = 0


CALM = Alarm()


class Told(NamedTuple):
    """A line with what its reader may know besides."""

    line: Line
    alarm: Alarm = CALM


def is_listed(handover: Handover, playbook: Playbook) -> bool:
    """Whether a channel may hear of a handover, were it but in a number: once everybody on it
    knows, and unless the account's name itself says what nobody is told.
    """
    if handover.example or not is_announced(handover):
        return False
    return not is_never_told(handover.account, handover, playbook)


def readers(handover: Handover) -> dict[str, bool]:
    """Whoever may have a handover in a digest of their own, by Slack id; true where they lead."""
    return {user: leads(handover, user) for user in sorted(everybody(handover))}


def make_line(handover: Handover, playbook: Playbook) -> Line | None:
    """What there is to tell of a handover; none where it is over and nobody is to look again."""
    if handover.started_at is None or handover.stage is Stage.CANCELLED:
        return None
    days = still_to_visit(handover, playbook)
    if is_over(handover) and not days:
        return None
    lead, until = lead_now(handover)
    answered = handover.schedule.answered.get(Warn.RENEWAL)
    renews = answered.person if answered else None
    late, sponsors = introduced_late(handover, playbook)
    open_ones = sum(shared(handover, playbook, one.record) for one in sponsors)
    under_way = not (is_over(handover) or handover.ending.pause)
    return Line(
        id=handover.id,
        account=handover.account,
        phase=phase_of(handover, playbook),
        lead=_who(lead, (handover.outgoing, handover.incoming)),
        until=until,
        until_signed=until is None
        and not (handover.outgoing.gone or has_switched(handover))
        and decided(handover) is Choice.AFTER,
        renews=_who(renews.key, (renews,)) if renews else None,
        steps=_steps(handover, playbook) if under_way else (),
        owed=_owed(handover, playbook),
        sponsors=open_ones if under_way else 0,
        sponsors_from=late if under_way and open_ones else None,
        follow_ups=tuple(sorted(days.values())),
        paused_until=handover.ending.pause.until if handover.ending.pause else None,
        book=handover.book,
        of=_who(handover.outgoing.key, (handover.outgoing,)) if handover.book else None,
        accepted=handover.acceptance is Acceptance.ACCEPTED,
    )


def make_alarm(handover: Handover) -> Alarm:
    """What whoever leads is told besides."""
    found = rounds(handover)
    newest = found[-1] if found else None
    risks = (r for r in handover.records if r.kind is RecordKind.RISK and r.done is None)
    bad = sum(r.details.get("likely") == r.details.get("impact") == _RED for r in risks)
    if is_over(handover) or newest is None or newest.colour is not Colour.RED:
        return Alarm(risks=bad)
    return Alarm(red=True, planned=newest.action.due if newest.action else None, risks=bad)


def overdue(line: Line, today: date) -> int:
    """How much was to be done before today."""
    return sum(many for day, many in line.owed.items() if day < today)


def sponsors_missing(line: Line, today: date) -> int:
    """How many sponsors nobody has introduced, some working days after the planned day (N5)."""
    return line.sponsors if line.sponsors_from and line.sponsors_from <= today else 0


def phase_of(handover: Handover, playbook: Playbook) -> Phase:
    """How far a handover is."""
    if is_over(handover):
        return Phase.COMPLETE
    if handover.ending.pause:
        return Phase.PAUSED
    if has_switched(handover):
        return Phase.SWITCHED
    if "heads_up" in handover.schedule.done:
        return Phase.TOLD
    return Phase.READY if pack_complete(handover, playbook) else Phase.PACK


def _who(key: str, known: Iterable[Party | None]) -> Who:
    typed = any(party and not party.user and party.key == key for party in known)
    return Who(name=key) if typed else Who(user=key)


def _steps(handover: Handover, playbook: Playbook) -> tuple[Step, ...]:
    ahead = (
        milestone
        for milestone in make_plan(handover, playbook).milestones
        if not (milestone.done or milestone.waived or is_round(milestone.key))
    )
    return tuple(Step(title=m.title, day=m.day) for m in list(ahead)[:_STEPS])


def _owed(handover: Handover, playbook: Playbook) -> dict[date, int]:
    """How much is due on which day, without what would tell of something that is kept close."""
    close = {r.id for r in handover.records if not shared(handover, playbook, r)}
    found = Counter(
        task.due
        for task in all_tasks(handover, playbook)
        if task.todo not in _OF_MOODS and task.subject not in close
    )
    return dict(sorted(found.items()))
