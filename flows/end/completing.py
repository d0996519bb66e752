"""The end of a handover: nothing that matters is open, both sign, the leader confirms (G9, A24).

What is open is told with whose it is; a leader may waive a point with a reason. A pause asks
nothing of anybody; calling it off once the customer knows needs a word for the customer.
"""

from collections.abc import Iterator
from datetime import datetime, time
from typing import NamedTuple

from flows.customer.sentiment import red_without_action
from flows.end.ending_events import (
    Completed,
    HandoverCancelled,
    HandoverPaused,
    HandoverTakenUp,
    PointWaived,
    Reversed,
    Signed,
)
from flows.end.endings import Ended, Ending, Open, Pause, Signature, Waived
from flows.errors import FlowError
from flows.frozen import Moment
from flows.handover import Handover, Party, Stage
from flows.knowledge.interview import pack_complete
from flows.nudges.ruling import is_waived
from flows.playbook import Playbook
from flows.privacy import leads, outgoing_or_leader, told_user
from flows.schedule.timeline import Plan, make_plan, message_approved
from flows.side_by_side.lead import has_switched, may_lead_again
from flows.side_by_side.leading import SessionKind
from flows.side_by_side.overlap import sessions_short
from flows.taking_over.items import decider, unsettled
from flows.terms import Role
from flows.texts.pieces import pending, wanted


class OpenPoint(NamedTuple):
    """One thing that keeps a handover from being complete: whose it is, and how much of it."""

    what: Open
    owner: str
    much: int = 1


def is_over(handover: Handover) -> bool:
    """Whether it is complete or was called off: read-only from then on."""
    return handover.stage in {Stage.COMPLETE, Stage.CANCELLED}


def open_points(handover: Handover, playbook: Playbook) -> tuple[OpenPoint, ...]:
    """What is open and not waived, in the order in which it is seen to."""
    found = _points(handover, playbook, make_plan(handover, playbook))
    return tuple(point for point in found if point.what not in handover.ending.waived)


def signers(handover: Handover) -> list[Party]:
    """Who signs: the two CSMs."""
    return [party for party in (handover.outgoing, handover.incoming) if party]


def signature_of(handover: Handover, party: Party) -> Signature | None:
    """How one of the CSMs signed, or somebody for them; none before."""
    return handover.ending.signed.get(party.key)


def to_sign(handover: Handover) -> list[Party]:
    """The CSMs who have not signed, and nobody signed for them."""
    return [party for party in signers(handover) if signature_of(handover, party) is None]


def pause_ends(handover: Handover, _playbook: Playbook) -> Moment | None:
    """When a pause is over by itself, at the beginning of its last day."""
    pause = handover.ending.pause
    return datetime.combine(pause.until, time(0), pause.at.tzinfo) if pause else None


def pause_ended(handover: Handover, _at: Moment, _playbook: Playbook) -> Handover:
    """The pause is over."""
    return _ending(handover, pause=None)


def point_waived(handover: Handover, event: PointWaived, playbook: Playbook) -> Handover:
    """A point is let be. Raises FlowError `missing`, `seen_to`."""
    if not event.why.strip():
        raise FlowError("missing", field="why")
    if all(point.what is not event.what for point in open_points(handover, playbook)):
        raise FlowError("seen_to")
    waived = Waived(by=event.by, at=event.at, why=event.why.strip())
    return _ending(handover, waived=handover.ending.waived | {event.what: waived})


def signed(handover: Handover, event: Signed, playbook: Playbook) -> Handover:
    """A signature; a second one of the same changes nothing.

    Raises FlowError `still_open`, `nothing_to_sign`, `not_absent` for somebody who can sign.
    """
    party = _signer(handover, event)
    if party.key in handover.ending.signed:
        return handover
    if open_points(handover, playbook):
        raise FlowError("still_open")
    own = party.reachable == event.by
    signature = Signature(by=event.by, at=event.at, absent="" if own else party.key)
    received = handover.incoming is not None and party == handover.incoming
    rating = event.rating if received and own else handover.ending.rating
    signatures = handover.ending.signed | {party.key: signature}
    return _ending(handover, signed=signatures, rating=rating)


def completed(handover: Handover, event: Completed, playbook: Playbook) -> Handover:
    """It is over. Raises FlowError `still_open`, `not_signed`."""
    if open_points(handover, playbook):
        raise FlowError("still_open")
    if to_sign(handover):
        raise FlowError("not_signed")
    after = _ending(handover, completed=Ended(by=event.by, at=event.at), pause=None)
    return after.model_copy(update={"stage": Stage.COMPLETE})


def paused(handover: Handover, event: HandoverPaused, _playbook: Playbook) -> Handover:
    """Nothing is asked until a day. Raises FlowError `missing`, `date_past`."""
    if not event.why.strip():
        raise FlowError("missing", field="why")
    if event.until <= event.at.date():
        raise FlowError("date_past", field="day")
    pause = Pause(by=event.by, at=event.at, why=event.why.strip(), until=event.until)
    return _ending(handover, pause=pause)


def taken_up(handover: Handover, _event: HandoverTakenUp, _playbook: Playbook) -> Handover:
    """It goes on; without a pause nothing changes."""
    return _ending(handover, pause=None) if handover.ending.pause else handover


def cancelled(handover: Handover, event: HandoverCancelled, _playbook: Playbook) -> Handover:
    """It is called off. Raises FlowError `missing`, `customer_first` once the customer knows."""
    if not event.why.strip():
        raise FlowError("missing", field="why")
    if "heads_up" in handover.schedule.done and not event.customer.strip():
        raise FlowError("customer_first", field="customer")
    ended = Ended(by=event.by, at=event.at, why=event.why.strip(), customer=event.customer.strip())
    after = _ending(handover, cancelled=ended, pause=None)
    return after.model_copy(update={"stage": Stage.CANCELLED})


def reversed_(handover: Handover, event: Reversed, _playbook: Playbook) -> Handover:
    """The outgoing CSM leads again; what was signed is void, what is known stays.

    Raises FlowError `missing`, `not_switched`, `outgoing_gone`.
    """
    if not event.why.strip():
        raise FlowError("missing", field="why")
    if not has_switched(handover):
        raise FlowError("not_switched")
    if not may_lead_again(handover):
        raise FlowError("outgoing_gone")
    leading = handover.leading.model_copy(
        update={
            "switched_at": None,
            "passed_at": None,
            "said_by": event.by,
            "why": event.why.strip(),
        }
    )
    done = {k: d for k, d in handover.schedule.done.items() if k not in {"systems", "thanks"}}
    schedule = handover.schedule.model_copy(update={"done": done})
    ending = Ending(waived=handover.ending.waived, visits=handover.ending.visits)
    return handover.model_copy(
        update={
            "leading": leading,
            "schedule": schedule,
            "ending": ending,
            "stage": Stage.IN_FLIGHT,
        }
    )


def _points(handover: Handover, playbook: Playbook, plan: Plan) -> Iterator[OpenPoint]:
    yield from _of_the_pack(handover, playbook)
    yield from _of_the_customer(handover, playbook, plan)
    waiting = (ask for ask in handover.asks if not ask.reply)
    if asks := [ask for ask in waiting if not is_waived(handover.rulings, ask.id)]:
        yield OpenPoint(Open.ASKS, asks[0].to, len(asks))


def _of_the_pack(handover: Handover, playbook: Playbook) -> Iterator[OpenPoint]:
    incoming = told_user(handover, Role.INCOMING) or handover.leader
    if not pack_complete(handover, playbook):
        yield OpenPoint(Open.ANSWERS, outgoing_or_leader(handover))
    if handover.reading.accepted_at is None:
        yield OpenPoint(Open.PACK, incoming)
    if items := unsettled(handover):
        yield OpenPoint(Open.ITEMS, decider(handover, items[0]) or incoming, len(items))


def _of_the_customer(handover: Handover, playbook: Playbook, plan: Plan) -> Iterator[OpenPoint]:
    leader, outgoing = handover.leader, outgoing_or_leader(handover)
    if not message_approved(handover) or pending(handover) or wanted(handover):
        yield OpenPoint(Open.APPROVALS, leader)
    for what, key in ((Open.INTRODUCTION, "introduction"), (Open.SYSTEMS, "systems")):
        step = plan.find(key)
        if step and not step.done:
            yield OpenPoint(what, step.owners[0])
    if short := sum(sessions_short(handover, playbook, kind) for kind in SessionKind):
        yield OpenPoint(Open.LADDER, outgoing, short)
    if not has_switched(handover):
        yield OpenPoint(Open.LEAD, told_user(handover, Role.INCOMING) or leader)
    if reds := red_without_action(handover):
        yield OpenPoint(Open.SENTIMENT, leader, len(reds))


def _signer(handover: Handover, event: Signed) -> Party:
    for party in (handover.outgoing, handover.incoming):
        if party is None:
            continue
        if not event.absent and party.reachable == event.by:
            return party
        if event.absent and event.absent == party.key:
            if not leads(handover, event.by):
                raise FlowError("not_yours")
            if party == handover.incoming and not party.gone:
                raise FlowError("not_absent")
            return party
    raise FlowError("nothing_to_sign")


def _ending(handover: Handover, **change: object) -> Handover:
    return handover.model_copy(update={"ending": handover.ending.model_copy(update=change)})
