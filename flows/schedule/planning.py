"""What people change about the plan: days, what is done, and decisions about its timing (G21, N13).

The plan is computed anew from what is stored here; a change that would break a rule is refused.
"""

from collections.abc import Mapping
from datetime import datetime

from flows.confidential.leading_events import CallsArranged
from flows.errors import FlowError
from flows.handover import Answered, Choice, Done, Handover, Move
from flows.knowledge.interview import pack_complete
from flows.playbook import Playbook
from flows.privacy import leads
from flows.schedule.away import LONGEST, MOST_ABSENCES
from flows.schedule.calendars import FURTHEST, Absence
from flows.schedule.numbering import actors, calendar_of, first_day
from flows.schedule.plan_events import (
    AwayGiven,
    DaysOffLearned,
    MilestoneDone,
    MilestoneMoved,
    MilestoneReopened,
    WarningAnswered,
)
from flows.schedule.plan_warnings import choices, keeps_its_word, plan_warnings
from flows.schedule.timeline import Plan, Planned, make_plan, may_mark
from flows.terms import DateIs

_NAMES_SOMEBODY = frozenset({Choice.NAMED, Choice.HELP})


def lacks_days_off(handover: Handover) -> set[str]:
    """Those who act on a handover under way, and of whom it is not known when they don't work."""
    if not handover.started_at:
        return set()
    return set(actors(handover)) - set(handover.schedule.days_off)


def days_off_learned(handover: Handover, event: DaysOffLearned, _playbook: Playbook) -> Handover:
    """The plan avoids these days from now on."""
    return _scheduled(handover, days_off=handover.schedule.days_off | event.people)


def away_given(handover: Handover, event: AwayGiven, _playbook: Playbook) -> Handover:
    """Somebody's days away are these and no others; the plan avoids them from now on.

    What is over by then is left out. Raises FlowError `too_many_days`, `days_too_long`, `too_far`.
    """
    today = event.at.date()
    told = sorted(set(event.away), key=lambda one: (one.first, one.last))
    kept = tuple(one for one in told if one.last >= today)
    if len(kept) > MOST_ABSENCES:
        raise FlowError("too_many_days", field="days")
    if any(one.last - one.first > LONGEST for one in kept):
        raise FlowError("days_too_long", field="days")
    if any(one.first > today + FURTHEST for one in kept):
        raise FlowError("too_far", field="days")
    others = {user: days for user, days in handover.schedule.away.items() if user != event.by}
    mine: dict[str, tuple[Absence, ...]] = {event.by: kept} if kept else {}
    return _scheduled(handover, away=others | mine)


def pack_noted(handover: Handover, playbook: Playbook, at: datetime) -> Handover:
    """When the pack was complete for the first time: days with it are counted from then (A4)."""
    known = handover.schedule.pack_at or not handover.started_at
    if known or not pack_complete(handover, playbook):
        return handover
    return _scheduled(handover, pack_at=at)


def milestone_moved(handover: Handover, event: MilestoneMoved, playbook: Playbook) -> Handover:
    """A milestone gets a day, and what depends on it moves along.

    Raises FlowError `no_such_milestone`, `milestone_done`, `date_past`, `too_far`, `day_off`, and,
    unless a leader insists and says why, `too_close`, `after_the_last_day`, `after_the_switch` and
    `renewal_broken`.
    """
    plan = make_plan(handover, playbook)
    milestone = _find(plan, event.key)
    if milestone.done:
        raise FlowError("milestone_done")
    _check_day(handover, plan, event)
    if event.insist:
        _check_insisting(handover, event)
    elif event.day < first_day(handover, playbook, event.key, event.at.date()):
        raise FlowError("too_close", field="day")
    elif event.day == milestone.day:
        return handover
    move = Move(
        key=event.key,
        day=event.day,
        by=event.by,
        at=event.at,
        why=event.why.strip(),
        insisted=event.insist,
    )
    moved = _scheduled(handover, moves=(*handover.schedule.moves, move))
    if not event.insist:
        after = make_plan(moved, playbook)
        _check_end(handover, plan, after)
        if keeps_its_word(handover, playbook, plan) > keeps_its_word(moved, playbook, after):
            raise FlowError("renewal_broken", field="day")
    return moved


def milestone_done(handover: Handover, event: MilestoneDone, playbook: Playbook) -> Handover:
    """A milestone is behind us; to say so twice changes nothing (A14).

    Raises FlowError `no_such_milestone`, `derived`, `locked`, `by_text`, `not_yours`.
    """
    milestone = _find(make_plan(handover, playbook), event.key)
    if not may_mark(handover, milestone, event.by):
        raise FlowError("not_yours")
    if milestone.derived:
        raise FlowError("derived")
    if milestone.locked:
        raise FlowError("locked")
    if milestone.by_text:
        raise FlowError("by_text")
    if milestone.done:
        return handover
    return with_marks(handover, {event.key: Done(by=event.by, at=event.at)})


def with_marks(handover: Handover, milestones: Mapping[str, Done | None]) -> Handover:
    """Each of these milestones is behind us, or is not any more."""
    known = {key: mark for key, mark in handover.schedule.done.items() if key not in milestones}
    done = known | {key: mark for key, mark in milestones.items() if mark}
    return handover if done == handover.schedule.done else _scheduled(handover, done=done)


def milestone_reopened(
    handover: Handover, event: MilestoneReopened, playbook: Playbook
) -> Handover:
    """A milestone is to be done after all; the journal keeps that it was marked.

    Raises FlowError `no_such_milestone`, `by_text`, `not_yours`; to say so twice changes nothing.
    """
    if _find(make_plan(handover, playbook), event.key).by_text:
        raise FlowError("by_text")
    marked = handover.schedule.done.get(event.key)
    if marked is None:
        return handover
    if event.by != marked.by and not leads(handover, event.by):
        raise FlowError("not_yours")
    left = {key: done for key, done in handover.schedule.done.items() if key != event.key}
    return _scheduled(handover, done=left)


def warning_answered(handover: Handover, event: WarningAnswered, playbook: Playbook) -> Handover:
    """The leader decided; a later word replaces an earlier one.

    Raises FlowError `no_such_warning`, `not_a_choice`, `missing` with the field,
    `renewal_too_close` where no day is left for a switch before the renewal, and `switch_is_set`
    where a date that was set keeps the switch from coming after it.
    """
    if all(known.kind is not event.warning for known in plan_warnings(handover, playbook)):
        raise FlowError("no_such_warning")
    if event.choice not in choices(handover, event.warning):
        raise FlowError("not_a_choice", field="choice")
    if event.choice in _NAMES_SOMEBODY and event.person is None:
        raise FlowError("missing", field="person")
    if not event.why.strip():
        raise FlowError("missing", field="why")
    answer = Answered(
        choice=event.choice,
        by=event.by,
        at=event.at,
        why=event.why.strip(),
        person=event.person if event.choice in _NAMES_SOMEBODY else None,
    )
    known = handover.schedule.answered
    decided = _scheduled(handover, answered=known | {event.warning: answer})
    _check_renewal(decided, playbook, event)
    return decided


def calls_arranged(handover: Handover, event: CallsArranged, _playbook: Playbook) -> Handover:
    """What the outgoing CSM does with the customer passes on or is dropped, or is theirs again."""
    if event.without_outgoing == bool(handover.schedule.without_outgoing):
        return handover
    decided = Done(by=event.by, at=event.at) if event.without_outgoing else None
    return _scheduled(handover, without_outgoing=decided)


def _scheduled(handover: Handover, **change: object) -> Handover:
    schedule = handover.schedule.model_copy(update=change)
    return handover.model_copy(update={"schedule": schedule})


def _find(plan: Plan, key: str) -> Planned:
    found = plan.find(key)
    if found is None:
        raise FlowError("no_such_milestone")
    return found


def _check_day(handover: Handover, plan: Plan, event: MilestoneMoved) -> None:
    if event.day < event.at.date():
        raise FlowError("date_past", field="day")
    if event.day > plan.start + FURTHEST:
        raise FlowError("too_far", field="day")
    if not calendar_of(handover).works(event.day):
        raise FlowError("day_off", field="day")


def _check_insisting(handover: Handover, event: MilestoneMoved) -> None:
    if not leads(handover, event.by):
        raise FlowError("not_yours")
    if not event.why.strip():
        raise FlowError("missing", field="why")


def _check_renewal(decided: Handover, playbook: Playbook, event: WarningAnswered) -> None:
    """What is decided about a renewal can be done: a switch before it has a day to come."""
    plan = make_plan(decided, playbook)
    switch = plan.find("switch")
    kept = keeps_its_word(decided, playbook, plan)
    if event.choice is Choice.BEFORE and switch:
        kept = kept and (switch.done or switch.day >= event.at.date())
    if event.choice in (Choice.BEFORE, Choice.AFTER) and not kept:
        code = "renewal_too_close" if event.choice is Choice.BEFORE else "switch_is_set"
        raise FlowError(code, field="choice")


def _check_end(handover: Handover, before: Plan, after: Plan) -> None:
    """The lead switches by the form's day; one that is later already may stay so."""
    old, new = before.find("switch"), after.find("switch")
    if new and old and new.day > max(old.day, handover.day):
        leaves = handover.day_is is DateIs.LAST_DAY
        raise FlowError("after_the_last_day" if leaves else "after_the_switch", field="day")
