"""The last-day kit of whoever leaves: meetings, inboxes, texts, systems, and a look afterwards.

It is handed out on the working day before the last one; until then nobody is asked for any of it.
Two texts are composed from facts that a customer may know, and told to nobody where one leaks.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from flows.end.kits import KIT_FACTS, Kit, KitItem, Ticked
from flows.errors import FlowError
from flows.frozen import Moment
from flows.handover import Acceptance, Handover, Stage, Verdict
from flows.playbook import Playbook
from flows.privacy import is_led, leads, may_read_sensitive, outgoing_or_leader, told_user
from flows.saying import Effect, Kind, Post, Refresh
from flows.schedule.calls import Call, calls
from flows.schedule.workdays import add_workdays, last_workday
from flows.staffing.change_events import KitTicked
from flows.terms import DateIs, Role
from flows.texts.leaks import check
from flows.texts.letter_facts import leads_between, letter_facts
from flows.texts.letters import slot

_MORNING = time(7)
_BEFORE_A_CALL = 2
"""So many days before a meeting at the latest somebody is to lead it."""
INBOXES = "AT2"
"""The question that tells what the customer depends on."""


class Todo(NamedTuple):
    """One item that is to be done: whose it is (a Slack id), and by which calendar day."""

    item: KitItem
    owner: str
    due: date


class Unled(NamedTuple):
    """A meeting with the customer that nobody leads by then (G2), and by when somebody should."""

    call: Call
    due: date


def given_at(handover: Handover, _playbook: Playbook) -> Moment | None:
    """When the kit is handed out: in the morning (UTC) of the working day before the last one."""
    leaves = handover.day_is is DateIs.LAST_DAY and handover.stage is not Stage.CANCELLED
    if not leaves or handover.changes.kit.at or handover.example or not handover.started_at:
        return None
    day = last_workday(handover.day - timedelta(days=1))
    return max(datetime.combine(day, _MORNING, handover.started_at.tzinfo), handover.started_at)


def given(handover: Handover, at: Moment, _playbook: Playbook) -> Handover:
    """The kit is there."""
    return _with(handover, handover.changes.kit.model_copy(update={"at": at}))


def ticked(handover: Handover, event: KitTicked, playbook: Playbook) -> Handover:
    """An item is done; said twice it changes nothing.

    Raises FlowError `not_yours` where it is somebody else's, `no_such_item`.
    """
    kit = handover.changes.kit
    if kit.at is None:
        raise FlowError("no_such_item")
    if event.item in kit.done:
        return handover
    todo = next((t for t in to_do(handover, playbook) if t.item is event.item), None)
    if todo is None:
        raise FlowError("no_such_item")
    if event.by != todo.owner and not leads(handover, event.by):
        raise FlowError("not_yours")
    done = kit.done | {event.item: Ticked(by=event.by, at=event.at)}
    return _with(handover, kit.model_copy(update={"done": done}))


def to_do(handover: Handover, playbook: Playbook) -> tuple[Todo, ...]:
    """What of the kit is still to be done; nothing before it was handed out."""
    if handover.changes.kit.at is None:
        return ()
    return tuple(t for t in items(handover, playbook) if t.item not in handover.changes.kit.done)


def items(handover: Handover, playbook: Playbook) -> tuple[Todo, ...]:
    """Every item with whose it is, done or not."""
    last, outgoing, leader = handover.day, outgoing_or_leader(handover), handover.leader
    after = successor(handover) or leader
    audit = add_workdays(last, playbook.kit.audit)
    found = [Todo(KitItem.MEETINGS, outgoing, last)]
    if _told_inboxes(handover):
        found.append(Todo(KitItem.INBOXES, leader, last))
    if auto_reply(handover, playbook):
        found.append(Todo(KitItem.AUTO_REPLY, outgoing, last))
    if goodbye(handover, playbook):
        found.append(Todo(KitItem.GOODBYE, outgoing, last))
    found += [
        Todo(KitItem.CRM, after, last),
        Todo(KitItem.PAY, leader, last),
        Todo(KitItem.AUDIT, after, audit),
    ]
    return tuple(found)


def successor(handover: Handover) -> str | None:
    """The Slack id of who looks after the account afterwards; none while nobody does."""
    accepted = handover.acceptance is Acceptance.ACCEPTED
    incoming = told_user(handover, Role.INCOMING) if accepted else None
    return incoming or told_user(handover, Role.INTERIM)


def auto_reply(handover: Handover, playbook: Playbook) -> str:
    """What is answered to who writes to them afterwards, with slots; empty where it would leak.

    Before the customer knows of the change it names the leader alone.
    """
    return _composed(handover, playbook, playbook.kit.auto_reply)


def goodbye(handover: Handover, playbook: Playbook) -> str:
    """A last word to the customer, with slots; empty before the customer knows."""
    knows = "heads_up" in handover.schedule.done and told_user(handover, Role.OUTGOING)
    return _composed(handover, playbook, playbook.kit.goodbye) if knows else ""


def without_lead(handover: Handover, playbook: Playbook) -> Iterator[Unled]:
    """The meetings with the customer that stand in the plan once they know, and nobody leads."""
    if "heads_up" not in handover.schedule.done or not is_led(handover):
        return
    for call in calls(handover, playbook):
        if call.with_customer and call.time and call.milestone and not lead_of(handover, call):
            soonest = last_workday(call.appointment.day - timedelta(days=_BEFORE_A_CALL))
            yield Unled(call, soonest)


def lead_of(handover: Handover, call: Call) -> str:
    """Who of those in a call leads it: somebody who looks after the customer and is there that
    day; empty where nobody is.
    """
    day = call.appointment.day
    left = handover.day_is is DateIs.LAST_DAY and day > handover.day
    csms = [None if left else told_user(handover, Role.OUTGOING), successor(handover)]
    there = [user for user in csms if user and not _is_away(handover, user, day)]
    if handover.schedule.without_outgoing and handover.leader in call.appointment.people:
        # The leader took it over from the outgoing CSM.
        there.append(handover.leader)
    return next(iter(there), "")


def kit_effects(before: Handover | None, after: Handover, playbook: Playbook) -> Iterator[Effect]:
    """Whoever has something to do in it gets the kit, and sees what becomes of it."""
    if before is None or before.changes.kit == after.changes.kit:
        return
    owners = {todo.owner for todo in items(after, playbook)}
    readers = [user for user in sorted(owners) if may_read_sensitive(after, user)]
    new = after.changes.kit.at and not before.changes.kit.at
    for user in readers:
        yield (Post if new else Refresh)(to=user, kind=Kind.KIT)


def _told_inboxes(handover: Handover) -> bool:
    answer = handover.answers.get(INBOXES)
    return answer is not None and answer.verdict is Verdict.GIVEN


def _composed(handover: Handover, playbook: Playbook, template: str) -> str:
    known = letter_facts(handover, playbook)
    knows = "heads_up" in handover.schedule.done
    interim = leads_between(handover)
    contact = known.get("incoming", "") or (known.get("interim", "") if interim else "")
    facts = {name: known.get(name, "") for name in KIT_FACTS}
    facts |= {"contact": contact if knows and contact else slot("leader")}
    if not template or not all(facts[name] for name in KIT_FACTS):
        return ""
    text = template.format_map(facts)
    return "" if check(text, handover, playbook) else text


def _is_away(handover: Handover, user: str, day: date) -> bool:
    return any(a.first <= day <= a.last for a in handover.schedule.away.get(user, ()))


def _with(handover: Handover, kit: Kit) -> Handover:
    return handover.model_copy(update={"changes": handover.changes.model_copy(update={"kit": kit})})
