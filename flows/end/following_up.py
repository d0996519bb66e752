"""Weeks later: the leader hears from the customer how it went, and learns for the next one.

Follow-ups are counted in working days from the day of completion, by segment and reason. What the
customer had to explain again is tied to the question that should have told it. Rows G31, G10, N15.
"""

from datetime import date

from flows.end.ending_events import AftercareBegun, AftercareDone, FollowedUp
from flows.end.endings import Aftercare, Visit
from flows.errors import FlowError
from flows.frozen import Moment
from flows.handover import Handover, Stage
from flows.knowledge.interview import questions, strictest_segment
from flows.playbook import Playbook, Question
from flows.privacy import may_know
from flows.schedule.milestones import Milestone
from flows.schedule.workdays import add_workdays, on_day
from flows.terms import Need, RecordKind, Role

_SINCE = "complete"
_LATE = 5
"""So many working days after a follow-up was due, the backup is asked too."""


def follow_ups(handover: Handover, playbook: Playbook) -> dict[str, date]:
    """The day of every follow-up and review that there is, by its milestone's key."""
    ended = handover.ending.completed
    return days_after(handover, playbook, ended.at.date()) if ended else {}


def days_after(handover: Handover, playbook: Playbook, ended: date) -> dict[str, date]:
    """The days of the follow-ups of a handover that is complete on a day, by milestone."""
    found = {}
    for milestone in playbook.plan:
        days = _days(handover, milestone)
        if milestone.since == _SINCE and days is not None:
            found[milestone.key] = add_workdays(ended, days)
    return found


def tellable(handover: Handover, playbook: Playbook) -> tuple[Question, ...]:
    """The questions that could have told what a customer had to explain again."""
    needs = (Need.REQUIRED, Need.OFFERED)
    found = (questions(handover, playbook, Role.OUTGOING, need) for need in needs)
    return tuple(question for many in found for question in many)


def still_to_visit(handover: Handover, playbook: Playbook) -> dict[str, date]:
    """The follow-ups that are not done."""
    done = {visit.key for visit in handover.ending.visits}
    return {k: day for k, day in follow_ups(handover, playbook).items() if k not in done}


def late_at(handover: Handover, playbook: Playbook) -> Moment | None:
    """When the backup is asked about a follow-up that nobody did."""
    ended = handover.ending.completed
    if ended is None or not handover.backup:
        return None
    days = [
        day
        for key, day in still_to_visit(handover, playbook).items()
        if key not in handover.ending.late
    ]
    return on_day(add_workdays(min(days), _LATE), ended.at) if days else None


def late_passed(handover: Handover, at: Moment, playbook: Playbook) -> Handover:
    """The backup is asked about what nobody did."""
    days = still_to_visit(handover, playbook)
    late = [key for key, day in days.items() if add_workdays(day, _LATE) <= at.date()]
    known = dict.fromkeys([*handover.ending.late, *late])
    return _ending(handover, late=tuple(known))


def asked_to_visit(handover: Handover, key: str) -> list[str]:
    """Who is asked for a follow-up: the leader, and the backup once it is late."""
    late = key in handover.ending.late and handover.backup
    return [handover.leader, handover.backup] if late and handover.backup else [handover.leader]


def sees_to(handover: Handover, care: Aftercare) -> str:
    """Whose aftercare is: its owner's, or the leader's where they are not there any more."""
    return care.owner if may_know(handover, care.owner) else handover.leader


def talking_points(handover: Handover, playbook: Playbook) -> list[str]:
    """What to ask about: the risks of the pack by title, for the leader's own eyes."""
    title = playbook.specs[RecordKind.RISK].fields[0].key
    risks = (record for record in handover.records if record.kind is RecordKind.RISK)
    return [record.details.get(title, "") for record in risks]


def followed_up(handover: Handover, event: FollowedUp, playbook: Playbook) -> Handover:
    """What the customer said; a later word about the same follow-up replaces it.

    Raises FlowError `no_such_follow_up`, `which_question` where something was explained again.
    """
    if event.key not in follow_ups(handover, playbook):
        raise FlowError("no_such_follow_up")
    known = tuple(gap for gap in event.gaps if gap.question in playbook.by_id)
    if event.explained_again and not known:
        raise FlowError("which_question", field="gaps")
    visit = Visit(
        key=event.key,
        by=event.by,
        at=event.at,
        explained_again=event.explained_again,
        gaps=known if event.explained_again else (),
        well=event.well,
        notes=event.notes.strip(),
    )
    others = (other for other in handover.ending.visits if other.key != event.key)
    return _ending(handover, visits=(*others, visit))


def aftercare_begun(handover: Handover, event: AftercareBegun, _playbook: Playbook) -> Handover:
    """One thing is done about it. Raises FlowError `not_over`, `missing`, `date_past`."""
    if handover.stage is not Stage.COMPLETE:
        raise FlowError("not_over")
    if not event.what.strip():
        raise FlowError("missing", field="text")
    if event.due < event.at.date():
        raise FlowError("date_past", field="day")
    if not may_know(handover, event.owner):
        raise FlowError("not_on_it", field="owner")
    care = Aftercare(
        owner=event.owner, what=event.what.strip(), due=event.due, by=event.by, at=event.at
    )
    return _ending(handover, aftercare=(*handover.ending.aftercare, care))


def aftercare_done(handover: Handover, event: AftercareDone, _playbook: Playbook) -> Handover:
    """It is done; said twice it changes nothing. Raises FlowError `no_such_aftercare`."""
    known = handover.ending.aftercare
    if not 0 <= event.number < len(known):
        raise FlowError("no_such_aftercare")
    care = known[event.number]
    if care.done_at:
        return handover
    done = care.model_copy(update={"done_at": event.at})
    changed = (*known[: event.number], done, *known[event.number + 1 :])
    return _ending(handover, aftercare=changed)


def _days(handover: Handover, milestone: Milestone) -> int | None:
    days = milestone.days.get(strictest_segment(handover))
    return None if days is None else min(days, milestone.by_reason.get(handover.reason, days))


def _ending(handover: Handover, **change: object) -> Handover:
    return handover.model_copy(update={"ending": handover.ending.model_copy(update=change)})
