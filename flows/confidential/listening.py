"""The listening loop: an unhappy customer is heard out, and each point gets an answer (G24, N14).

It is part of the vault: only whoever may open that reads of it, in modals, and none of it touches
the handover. Two things go out: a point that is passed on becomes an item of the handover in the
leader's own new words, made by the same event as any other action of a leader; and the incoming CSM
may be given a word (`flows.word`).

Outwardly there is one gate, "Leader's checks: open or done". It is done once the leader's questions
are answered, and no point ever opens it again: done turning to open would tell everybody that
something was said. What is left of the loop is kept in here until the handover is to be completed.
Completing is the leader's own act, on every handover alike, and the last of its gates is open until
that very act; so whether `still_open` refuses it is seen by nobody who may not open the vault.
"""

import re
from datetime import date, timedelta
from enum import StrEnum

from flows.confidential.listening_events import (
    CallHeld,
    ListeningEvent,
    PointChanged,
    PointClosed,
    PointPassedOn,
    PointRaised,
    PointReopened,
    PointTold,
)
from flows.errors import FlowError
from flows.frozen import Frozen, Moment
from flows.handover import Done, Handover, Record, Stage
from flows.playbook import Playbook
from flows.privacy import may_open_vault, vault_openers
from flows.schedule.numbering import calendar_of, plan_days

_WORDS = re.compile(r"\w+")


class Held(Frozen):
    """That the call was held, on which day; none where the customer wants no such call."""

    by: str
    at: Moment
    on: date | None


class ToldCustomer(Frozen):
    """That the customer was told what became of a point, and on which day."""

    by: str
    at: Moment
    on: date


class Point(Frozen):
    """One thing the customer said. `owner` is a Slack id, `action` the id of the item it became."""

    id: str
    said: str
    owner: str
    due: date
    by: str
    at: Moment
    action: str = ""
    closed: Done | None = None
    told: ToldCustomer | None = None


class Listening(Frozen):
    """What was heard, in the order in which it was written down."""

    held: Held | None = None
    points: tuple[Point, ...] = ()


class State(StrEnum):
    """How far a point is."""

    OPEN = "open"
    PASSED_ON = "passed_on"
    CLOSED = "closed"
    TOLD = "told"


class Call(Frozen):
    """The listening call: who hears the customer out and when, as Slack ids and a calendar day.

    `introduction` is the day by which it has to have been; `due` the last one to hold it.
    """

    listeners: tuple[str, ...]
    on: date
    introduction: date
    due: date


class Lack(StrEnum):
    """What the leader still has to see to before the handover can be completed."""

    CALL = "call"
    CLOSE = "close"
    TELL = "tell"


class Left(Frozen):
    """One thing that is left; `point` is the id of what it is about, empty for the call."""

    lack: Lack
    point: str = ""


def planned_call(
    handover: Handover, playbook: Playbook, listeners: tuple[str, ...], on: date
) -> Call:
    """The call as the leader answered who holds it and when; due before the introduction."""
    days, calendar = plan_days(handover, playbook), calendar_of(handover)
    introduction = days.get("introduction", days["switch"])
    last = calendar.day(max(0, calendar.before(introduction - timedelta(days=1))))
    return Call(listeners=listeners, on=on, introduction=introduction, due=min(on, last))


def action_of(handover: Handover, point: Point) -> Record | None:
    """The item that a point was passed on as."""
    return next((r for r in handover.records if point.action and r.id == point.action), None)


def state_of(handover: Handover, point: Point) -> State:
    """How far a point is; the doing of what it was passed on as closes it."""
    if point.told:
        return State.TOLD
    action = action_of(handover, point)
    if point.closed or (action and action.done):
        return State.CLOSED
    return State.PASSED_ON if action else State.OPEN


def keeper(handover: Handover, point: Point) -> str | None:
    """Whose a point is now: its owner's, or where they may not look (any more) the first's who may.

    Nobody's where nobody is left who may open the vault.
    """
    if may_open_vault(handover, point.owner):
        return point.owner
    return next(iter(vault_openers(handover)), None)


def still_open(listening: Listening, handover: Handover, call: Call | None) -> tuple[Left, ...]:
    """What is left before the handover can be completed, for whoever may open the vault alone.

    Everybody else only ever reads "Leader's checks".
    """
    found = [Left(lack=Lack.CALL)] if call and not listening.held else []
    for point in listening.points:
        state = state_of(handover, point)
        if state is not State.TOLD:
            lack = Lack.TELL if state is State.CLOSED else Lack.CLOSE
            found.append(Left(lack=lack, point=point.id))
    return tuple(found)


def heard(listening: Listening, handover: Handover, event: ListeningEvent) -> Listening:
    """What the event makes of it; said twice it changes nothing.

    Raises FlowError `still_a_draft`, `is_over`, `no_such_point`, `point_open`, `point_settled`,
    `passed_on`, and with a field `not_in_the_vault` and `same_words`.
    """
    if handover.stage is not Stage.IN_FLIGHT:
        raise FlowError("still_a_draft" if handover.started_at is None else "is_over")
    if isinstance(event, CallHeld):
        held = Held(by=event.by, at=event.at, on=event.on)
        return listening.model_copy(update={"held": held})
    if isinstance(event, PointRaised):
        return _raised(listening, handover, event)
    point = _find(listening, event.id)
    changed = _changed(handover, point, event)
    points = tuple(changed if other.id == point.id else other for other in listening.points)
    return listening.model_copy(update={"points": points})


def same_words(one: str, other: str) -> bool:
    """Whether two texts say the same but for case, blanks and punctuation."""
    return _WORDS.findall(one.casefold()) == _WORDS.findall(other.casefold())


def _raised(listening: Listening, handover: Handover, event: PointRaised) -> Listening:
    _check_owner(handover, event.owner)
    if any(point.id == event.id for point in listening.points):
        return listening
    point = Point(**event.model_dump(exclude={"type"}))
    return listening.model_copy(update={"points": (*listening.points, point)})


def _changed(
    handover: Handover,
    point: Point,
    event: PointChanged | PointClosed | PointReopened | PointTold | PointPassedOn,
) -> Point:
    state = state_of(handover, point)
    match event:
        case PointChanged():
            _check_owner(handover, event.owner)
            return point.model_copy(update=event.model_dump(include={"said", "owner", "due"}))
        case PointClosed():
            closed = point.closed or Done(by=event.by, at=event.at)
            return point.model_copy(update={"closed": closed})
        case PointReopened():
            # What has been done is not to be waited for; the point may be passed on anew.
            action = action_of(handover, point)
            kept = "" if action and action.done else point.action
            return point.model_copy(update={"closed": None, "told": None, "action": kept})
        case PointTold():
            if state not in (State.CLOSED, State.TOLD):
                raise FlowError("point_open")
            told = ToldCustomer(by=event.by, at=event.at, on=event.on)
            return point.model_copy(update={"told": told})
        case PointPassedOn():  # pragma: no branch - the last kind
            return _passed_on(state, point, event)


def _passed_on(state: State, point: Point, event: PointPassedOn) -> Point:
    if point.action == event.action:
        return point
    if state is State.PASSED_ON:
        raise FlowError("passed_on")
    if state is not State.OPEN:
        raise FlowError("point_settled")
    if same_words(point.said, event.text):
        raise FlowError("same_words", field="text")
    return point.model_copy(update={"action": event.action})


def _check_owner(handover: Handover, owner: str) -> None:
    if not may_open_vault(handover, owner):
        raise FlowError("not_in_the_vault", field="owner")


def _find(listening: Listening, key: str) -> Point:
    found = next((point for point in listening.points if point.id == key), None)
    if found is None:
        raise FlowError("no_such_point")
    return found
