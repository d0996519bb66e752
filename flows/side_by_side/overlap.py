"""Side by side until the incoming CSM leads alone: the ladder of sessions, readiness, the switch.

What stands before the switch is told by `before_switch`, each with who sees to it; a leader may
pass over it with a reason. Rows G22, G27, N3, N6, A20-A22.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from flows.errors import FlowError
from flows.handover import Acceptance, Handover
from flows.playbook import Playbook
from flows.privacy import leads, outgoing_or_leader, told_user
from flows.schedule.timeline import make_plan, message_approved
from flows.schedule.workdays import AHEAD
from flows.side_by_side.lead import LADDER, has_switched, sessions_held
from flows.side_by_side.lead_events import (
    LeadSwitched,
    ReadinessAsked,
    ReadinessGiven,
    SessionDebriefed,
    SessionLogged,
)
from flows.side_by_side.leading import Debrief, Leading, Readiness, Session, SessionKind
from flows.taking_over.teach_back import is_passed
from flows.terms import Role

READY = 3
"""From this score on the incoming CSM may lead; below it the leader decides (A22)."""


class Before(StrEnum):
    """What can stand before the lead switch."""

    NOT_ACCEPTED = "not_accepted"
    NOT_APPROVED = "not_approved"
    TEACH_BACK = "teach_back"
    SHADOW = "shadow"
    REVERSE = "reverse"
    READINESS = "readiness"
    NOT_READY = "not_ready"


class Hurdle(NamedTuple):
    """One thing that is open before the switch, how much of it, and whose it is (a Slack id)."""

    what: Before
    owner: str
    done: int = 0
    of: int = 0


def sessions_due(handover: Handover, playbook: Playbook, kind: SessionKind) -> int:
    """How many sessions of a kind the plan has."""
    plan = make_plan(handover, playbook)
    return sum(milestone.key.startswith(LADDER[kind]) for milestone in plan.milestones)


def sessions_short(handover: Handover, playbook: Playbook, kind: SessionKind) -> int:
    """How many sessions of a kind are still to be held."""
    return max(0, sessions_due(handover, playbook, kind) - len(sessions_held(handover, kind)))


def readiness(handover: Handover) -> Readiness | None:
    """What the incoming CSM said last about leading alone; none once they were asked again."""
    said, again = handover.leading.readiness, handover.leading.asked_again_at
    return said[-1] if said and (again is None or said[-1].at > again) else None


def to_debrief(handover: Handover) -> list[tuple[Session, str]]:
    """Who has not said yet how a session went."""
    roles = (Role.OUTGOING, Role.INCOMING)
    there = [user for role in roles if (user := told_user(handover, role))]
    return [
        (session, user)
        for session in handover.leading.sessions
        for user in there
        if user in (session.lead, session.observer) and user not in session.debriefs
    ]


def before_switch(handover: Handover, playbook: Playbook) -> tuple[Hurdle, ...]:
    """What is open before the incoming CSM may lead; nothing once they do."""
    return () if has_switched(handover) else tuple(_hurdles(handover, playbook))


def session_logged(handover: Handover, event: SessionLogged, _playbook: Playbook) -> Handover:
    """A session took place; the one who did not lead it watched.

    Raises FlowError `date_to_come`, `nobody_to_watch`.
    """
    if any(session.id == event.id for session in handover.leading.sessions):
        return handover
    if event.on > event.at.date() + AHEAD:
        raise FlowError("date_to_come", field="day")
    incoming = told_user(handover, Role.INCOMING)
    if incoming is None or handover.acceptance is not Acceptance.ACCEPTED:
        raise FlowError("nobody_to_watch")
    outgoing = outgoing_or_leader(handover)
    shadow = event.kind is SessionKind.SHADOW
    session = Session(
        id=event.id,
        kind=event.kind,
        on=event.on,
        lead=outgoing if shadow else incoming,
        observer=incoming if shadow else outgoing,
        by=event.by,
        at=event.at,
        note=event.note.strip(),
    )
    return _leading(handover, sessions=(*handover.leading.sessions, session))


def session_debriefed(handover: Handover, event: SessionDebriefed, _playbook: Playbook) -> Handover:
    """How it went; a later word replaces an earlier one. Raises FlowError `no_such_session`."""
    session = next((s for s in handover.leading.sessions if s.id == event.session), None)
    if session is None or event.by not in (session.lead, session.observer):
        raise FlowError("no_such_session")
    before = session.debriefs.get(event.by)
    kept = before.note if before else ""
    note = kept if event.note is None else event.note.strip()
    debrief = Debrief(went=event.went, at=event.at, note=note)
    told = session.model_copy(update={"debriefs": session.debriefs | {event.by: debrief}})
    sessions = tuple(told if s.id == told.id else s for s in handover.leading.sessions)
    return _leading(handover, sessions=sessions)


def readiness_given(handover: Handover, event: ReadinessGiven, _playbook: Playbook) -> Handover:
    """How ready they are; below 3 what is missing is told. Raises FlowError `missing`."""
    if event.score < READY and not event.missing.strip():
        raise FlowError("missing", field="text")
    said = Readiness(score=event.score, at=event.at, missing=event.missing.strip())
    return _leading(handover, readiness=(*handover.leading.readiness, said))


def readiness_asked(handover: Handover, event: ReadinessAsked, _playbook: Playbook) -> Handover:
    """What was said of readiness does not count any more; nothing where nothing was said."""
    if has_switched(handover) or readiness(handover) is None:
        return handover
    return _leading(handover, asked_again_at=event.at)


def lead_switched(handover: Handover, event: LeadSwitched, playbook: Playbook) -> Handover:
    """The incoming CSM leads; said twice it changes nothing.

    Raises FlowError `nobody_to_lead`, `before_the_switch` (see `before_switch`), and `missing` for
    the reason of a leader who passes over it.
    """
    if has_switched(handover):
        return handover
    if told_user(handover, Role.INCOMING) is None:
        raise FlowError("nobody_to_lead")
    if handover.acceptance is not Acceptance.ACCEPTED:
        raise FlowError("nobody_to_lead")
    if before_switch(handover, playbook):
        if not leads(handover, event.by):
            raise FlowError("before_the_switch")
        if not event.why.strip():
            raise FlowError("missing", field="why")
    switched = _leading(handover, switched_at=event.at, said_by=event.by, why=event.why.strip())
    # Whoever was to lead in between is not needed any more.
    changes = switched.changes.model_copy(update={"interim": None})
    return (
        switched.model_copy(update={"changes": changes}) if switched.changes.interim else switched
    )


def for_somebody_new(leading: Leading) -> Leading:
    """What is left when another CSM takes over: who led, and nothing of the former one's ladder."""
    return Leading(spans=leading.spans, passed_at=leading.passed_at)


def _hurdles(handover: Handover, playbook: Playbook) -> Iterator[Hurdle]:
    incoming, outgoing = told_user(handover, Role.INCOMING), outgoing_or_leader(handover)
    if incoming is None or handover.reading.accepted_at is None:
        yield Hurdle(Before.NOT_ACCEPTED, incoming or handover.leader)
        return
    if not message_approved(handover):
        yield Hurdle(Before.NOT_APPROVED, handover.leader)
    if not is_passed(handover):
        yield Hurdle(Before.TEACH_BACK, incoming)
    for kind, what in ((SessionKind.SHADOW, Before.SHADOW), (SessionKind.REVERSE, Before.REVERSE)):
        due = sessions_due(handover, playbook, kind)
        if short := sessions_short(handover, playbook, kind):
            yield Hurdle(what, outgoing, due - short, due)
    said = readiness(handover)
    if said is None:
        yield Hurdle(Before.READINESS, incoming)
    elif said.score < READY:
        yield Hurdle(Before.NOT_READY, handover.leader)


def _leading(handover: Handover, **change: object) -> Handover:
    leading = handover.leading.model_copy(update=change)
    return handover.model_copy(update={"leading": leading})
