"""Another leader, other dates, an interim lead, another name: while a handover is under way.

What follows from the day is computed, so it moves along by itself; what somebody had set goes only
where it would stand behind the new end. Every change is noted, whichever event brought it.
"""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from flows.end.kits import NO_KIT
from flows.errors import FlowError, FormError
from flows.frozen import Moment
from flows.handover import Acceptance, Handover, Party
from flows.happened import CLOCK, Happened
from flows.knowledge.interview import pack_complete
from flows.often import ANSWERING, ASKING
from flows.playbook import Playbook
from flows.privacy import is_sensitive
from flows.remembering import entry_by_entry, unmoved_by
from flows.schedule.numbering import plan_days
from flows.schedule.plan_warnings import keeps_its_word
from flows.schedule.timeline import make_plan
from flows.schedule.workdays import add_workdays
from flows.side_by_side.lead import has_switched
from flows.staffing.change_events import (
    DatesChanged,
    InterimNamed,
    LeaderChanged,
    PersonBack,
    PersonRenamed,
)
from flows.staffing.changes import Changes, DatesChange, Interim, PersonChange
from flows.staffing.joining import asks_passed_on, day_faults, people_faults
from flows.terms import DateIs, Role
from flows.texts.wording import proposed

_NOTED = (Role.OUTGOING, Role.INCOMING, Role.LEADER, Role.BACKUP, Role.INTERIM)


class Moved(NamedTuple):
    """A step of the plan whose day is another one; none where the plan has (had) no such step."""

    key: str
    title: str
    was: date | None
    now: date | None


class Told(NamedTuple):
    """The last working day that somebody told in the interview, and when."""

    day: date
    at: Moment


def dates_changed(handover: Handover, event: DatesChanged, playbook: Playbook) -> Handover:
    """Everything is counted to another day from now on.

    Raises FormError as the start form does, FlowError `leads_already` for a day to switch by once
    the lead has switched, `outgoing_gone` for the last day of who left, `renewal_broken`.
    """
    same = (event.day, event.day_is) == (handover.day, handover.day_is)
    if same and told_last_day(handover, playbook) is None:
        return handover
    change = DatesChange(
        was=handover.day,
        was_is=handover.day_is,
        now=event.day,
        now_is=event.day_is,
        by=event.by,
        at=event.at,
        why=event.why.strip(),
    )
    noted = _with(handover, dates=(*handover.changes.dates, change))
    if same:
        return noted
    _check_dates(handover, event)
    # What was handed out for a last day that is still to come is handed out anew.
    noted = _with(noted, kit=NO_KIT) if event.day > event.at.date() else noted
    moved = noted.model_copy(update={"day": event.day, "day_is": event.day_is})
    moved = _released(_leads_again(moved, event.at), playbook)
    kept = keeps_its_word(handover, playbook, make_plan(handover, playbook))
    if kept and not keeps_its_word(moved, playbook, make_plan(moved, playbook)):
        raise FlowError("renewal_broken", field="day")
    return moved


def what_moves(before: Handover, after: Handover, playbook: Playbook) -> tuple[Moved, ...]:
    """The steps that are still to come and have another day, by their new day."""
    then = {m.key: m for m in make_plan(before, playbook).milestones if not m.done}
    now = {m.key: m for m in make_plan(after, playbook).milestones if not m.done}
    found = []
    for key in {**then, **now}:
        old, new = then.get(key), now.get(key)
        was, day = old.day if old else None, new.day if new else None
        if was != day:
            found.append(Moved(key, (new or then[key]).title, was, day))
    return tuple(sorted(found, key=lambda one: (one.now or one.was or date.max, one.key)))


@unmoved_by(ASKING)
def told_last_day(handover: Handover, playbook: Playbook) -> Told | None:
    """Another last working day than the plan is counted to, told since a leader last looked at it
    (AT1); none where it makes no difference.
    """
    days = [day for day in _each_last_day(handover, playbook).values() if day]
    told = max(days, key=lambda one: one.at, default=None)
    if told is None or handover.outgoing.gone or not handover.started_at:
        return None
    looked = handover.changes.dates[-1].at if handover.changes.dates else None
    leaves = handover.day_is is DateIs.LAST_DAY
    differs = told.day != handover.day if leaves else told.day < handover.day
    return told if differs and not (looked and looked >= told.at) else None


def leader_changed(handover: Handover, event: LeaderChanged, _playbook: Playbook) -> Handover:
    """Another leader decides from now on; what the former one was asked is theirs to answer.

    Raises FormError `leader_is_csm`, `backup_has_a_part`; FlowError `not_yours` for an example.
    """
    if handover.example:
        raise FlowError("not_yours")
    people = handover.outgoing, handover.incoming
    if faults := list(people_faults(*people, event.leader, event.backup)):
        raise FormError(faults)
    named = {"leader": event.leader, "leader_gone": False, "backup": event.backup}
    return asks_passed_on(handover.model_copy(update=named), handover.leader)


def interim_named(handover: Handover, event: InterimNamed, playbook: Playbook) -> Handover:
    """Somebody stands ready to lead in between.

    Raises FlowError `leads_already`, `outgoing_is_interim` and `date_past`, with their fields.
    """
    if has_switched(handover):
        raise FlowError("leads_already")
    if event.person.user is None or event.person.user == handover.outgoing.user:
        raise FlowError("outgoing_is_interim", field="person")
    if event.until < event.at.date():
        raise FlowError("date_past", field="until")
    interim = Interim(
        user=event.person.user,
        name=event.person.name,
        until=event.until,
        by=event.by,
        at=event.at,
    )
    named = _with(handover, interim=interim)
    # Without anybody to read the pack, this is when the customer can be told (decisions, "Start").
    return proposed(named, event, playbook) if pack_complete(named, playbook) else named


def lacks_interim(handover: Handover) -> bool:
    """Whether nobody has been found to take over, nor to lead until somebody is."""
    nobody = handover.incoming is None or handover.acceptance is Acceptance.DECLINED
    return nobody and handover.changes.interim is None and not handover.example


def proposed_interim(handover: Handover) -> str:
    """Whom the outgoing CSM named to cover (AT3), by Slack id; empty where nobody was."""
    given = (answer.given.get("cover") for answer in handover.answers.values())
    return next((found.values[0] for found in given if found and found.values), "")


def person_renamed(handover: Handover, event: PersonRenamed, _playbook: Playbook) -> Handover:
    """What the customer is told names them as they are called; what they have read stays."""
    change: dict[str, object] = {}
    for role, party in (("outgoing", handover.outgoing), ("incoming", handover.incoming)):
        if party and party.user == event.user and party.name != event.name:
            change[role] = party.model_copy(update={"name": event.name})
            change |= _with_other_name(handover, party.name, event)
    interim = handover.changes.interim
    if interim and interim.user == event.user and interim.name != event.name:
        named = interim.model_copy(update={"name": event.name})
        change["changes"] = handover.changes.model_copy(update={"interim": named})
    return handover.model_copy(update=change) if change else handover


def _with_other_name(handover: Handover, before: str, event: PersonRenamed) -> dict[str, object]:
    """The reason as it is agreed, for a name is no other reason; and what people wrote, anew."""
    changed: dict[str, object] = {}
    words = handover.wording
    if words and before in words.text:
        text = words.text.replace(before, event.name)
        changed["wording"] = words.model_copy(update={"text": text})
    drafts = dict(handover.letters.drafts)
    for key, versions in drafts.items():
        last = versions[-1] if versions else None
        if last and last.by != CLOCK and before in last.text and not handover.sending.by_key(key):
            text = last.text.replace(before, event.name)
            newer = {"number": last.number + 1, "text": text, "at": event.at, "approved": None}
            drafts[key] = (*versions, last.model_copy(update=newer))
    if drafts != handover.letters.drafts:
        changed["letters"] = handover.letters.model_copy(update={"drafts": drafts})
    return changed


def person_back(handover: Handover, event: PersonBack, _playbook: Playbook) -> Handover:
    """Whoever was switched off by mistake has their part again; what passed on stays passed on."""
    gone = tuple(user for user in handover.changes.gone if user != event.user)
    if gone == handover.changes.gone:
        return handover
    after = _with(handover, gone=gone)
    if after.leader == event.user:
        after = after.model_copy(update={"leader_gone": False})
    if after.outgoing.user != event.user:
        return after
    return after.model_copy(update={"outgoing": after.outgoing.model_copy(update={"gone": False})})


def noted(before: Handover, after: Handover, event: Happened) -> Handover:
    """The handover with a line for everybody whose role passed to somebody else."""
    if not before.started_at or _holders(before) == _holders(after):
        return after
    people = [
        PersonChange(
            role=role,
            was=_holder(before, role),
            now=_holder(after, role),
            by=event.by,
            at=event.at,
            why=str(getattr(event, "why", "")).strip() if event.by != CLOCK else "",
        )
        for role in _NOTED
        if _holder(before, role) != _holder(after, role)
    ]
    back = {change.now for change in people}
    gone = tuple(user for user in after.changes.gone if user not in back)
    return _with(after, people=(*after.changes.people, *people), gone=gone)


class What(StrEnum):
    """What a change asks of the leader; the same words as in `flows.tasks.Todo`."""

    MOVE_DATES = "move_dates"
    NAME_INTERIM = "name_interim"


class ToDecide(NamedTuple):
    """What the leader decides, by when, and what it is about."""

    what: What
    owner: str
    due: date
    subject: str = ""


def to_decide(handover: Handover, playbook: Playbook) -> Iterator[ToDecide]:
    """Another last day that was told, and a customer who has nobody by it."""
    if told := told_last_day(handover, playbook):
        due = add_workdays(told.at.date(), 1)
        yield ToDecide(What.MOVE_DATES, handover.leader, due, told.day.isoformat())
    if lacks_interim(handover) and pack_complete(handover, playbook):
        due = plan_days(handover, playbook)["approved"]
        yield ToDecide(What.NAME_INTERIM, handover.leader, due)


@unmoved_by(ANSWERING)
def _holders(handover: Handover) -> tuple[str, ...]:
    return tuple([_holder(handover, role) for role in _NOTED])


def _holder(handover: Handover, role: Role) -> str:
    party: Party | None = None
    match role:
        case Role.OUTGOING:
            party = handover.outgoing
        case Role.INCOMING:
            party = handover.incoming
        case Role.LEADER:
            return "" if handover.leader_gone else handover.leader
        case _:
            return handover.user(role) or ""
    return party.key if party and not party.gone else ""


@entry_by_entry("answers")
def _each_last_day(handover: Handover, key: str, playbook: Playbook) -> Told | None:
    """The last working day that one answer tells."""
    answer, question = handover.answers[key], playbook.by_id.get(key)
    given = answer.given.get("last_day")
    if not (given and given.values and question) or is_sensitive(question, answer):
        return None
    return Told(date.fromisoformat(given.values[0]), answer.at)


def _check_dates(handover: Handover, event: DatesChanged) -> None:
    if faults := list(day_faults(event.day, event.day_is, event.today)):
        raise FormError(faults)
    if event.day_is is DateIs.SWITCH_BY and has_switched(handover):
        raise FlowError("leads_already", field="day_is")
    if event.day_is is DateIs.LAST_DAY and handover.outgoing.gone:
        raise FlowError("outgoing_left", field="day_is")


def _leads_again(handover: Handover, at: Moment) -> Handover:
    """Whoever stays longer than was thought leads again; a last noon is still to come."""
    leading = handover.leading
    stays = handover.day_is is DateIs.SWITCH_BY or handover.day > at.date()
    if leading.passed_at is None or handover.outgoing.gone or not stays:
        return handover
    return handover.model_copy(update={"leading": leading.model_copy(update={"passed_at": None})})


def _released(handover: Handover, playbook: Playbook) -> Handover:
    """What was set for steps to come is let go where the lead would switch behind the new end."""
    schedule, plan = handover.schedule, make_plan(handover, playbook)
    switch = plan.find("switch")
    if not schedule.moves or switch is None or switch.done or switch.day <= handover.day:
        return handover
    done = {m.key for m in plan.milestones if m.done}
    moves = tuple(move for move in schedule.moves if move.key in done)
    return handover.model_copy(update={"schedule": schedule.model_copy(update={"moves": moves})})


def _with(handover: Handover, **change: object) -> Handover:
    changes: Changes = handover.changes.model_copy(update=change)
    return handover.model_copy(update={"changes": changes})
