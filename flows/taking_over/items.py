"""Open items: what becomes of each promise and issue, and who has it (N2, G9, G16, G18, A23).

The incoming CSM accepts an item, proposes other words or another date, or declines; the outgoing
CSM confirms a proposal, the leader decides about what was declined. Whoever has an item is read
from the handover, never stored, so that nobody's leaving can leave one without an owner.
"""

from datetime import date

from flows.errors import FlowError
from flows.events import (
    ItemDeclined,
    ItemDone,
    ItemProposed,
    ItemReopened,
    ItemsAccepted,
    ItemSettled,
    ProposalSettled,
)
from flows.handover import Acceptance, Decision, Done, Handover, Record, Standing
from flows.happened import Happened
from flows.knowledge.ledger import checked_details
from flows.often import UNLISTED
from flows.playbook import Playbook
from flows.privacy import is_led, may_read_sensitive, outgoing_or_leader, told_user
from flows.remembering import unmoved_by
from flows.taking_over.receiving_events import ItemOutcome
from flows.terms import RecordKind, Role

ITEM_KINDS = (RecordKind.COMMITMENT, RecordKind.ISSUE)
"""The records that are decided one by one; all others come with the pack."""

_INCOMINGS_WORD = frozenset({Standing.ACCEPTED, Standing.PROPOSED, Standing.DECLINED})
LEADERS_WORD = frozenset({Standing.KEPT, Standing.PASSED, Standing.WITHDRAWN})
"""What only a leader decides, and opens again."""
_UNSETTLED = frozenset({Standing.UNDECIDED, Standing.PROPOSED, Standing.DECLINED})
_DUE = "due"


def items(handover: Handover) -> list[Record]:
    """Every promise and issue, in the order in which they were added."""
    return [record for record in handover.records if record.kind in ITEM_KINDS]


@unmoved_by(UNLISTED)
def open_items(handover: Handover) -> tuple[Record, ...]:
    """The promises and issues that are not done with."""
    return tuple([item for item in items(handover) if item.done is None])


def undecided(handover: Handover) -> list[Record]:
    """What the incoming CSM has not said a word to."""
    return [i for i in open_items(handover) if i.decision.standing is Standing.UNDECIDED]


def unsettled(handover: Handover) -> list[Record]:
    """What is not decided to the end, whoever's turn it is."""
    return [item for item in open_items(handover) if item.decision.standing in _UNSETTLED]


def due_day(item: Record) -> date | None:
    """When an item is due: what the leader set, else its own date; none where nobody said."""
    told = item.details.get(_DUE)
    return item.decision.until or (date.fromisoformat(told) if told else None)


def owner(handover: Handover, item: Record) -> str:
    """The Slack id of whoever has an item now; somebody always does.

    What falls due before the lead switch stays with the outgoing CSM (A23), and so does what
    nobody has taken over; the rest is the incoming CSM's. Where that person cannot be reached it is
    the other CSM's, at last the leader's. A passed one is its keeper's, or the leader's to chase
    where the keeper has no close part in the handover, or has not been told of it.
    """
    decision, leader = item.decision, handover.leader
    if decision.standing is Standing.PASSED:
        keeper = decision.keeper.user if decision.keeper else None
        return keeper if keeper and may_read_sensitive(handover, keeper) else leader
    csms = (told_user(handover, Role.OUTGOING), _taker(handover))
    stays = decision.standing in {Standing.KEPT, Standing.DECLINED} or _is_before_switch(
        handover, item
    )
    first, second = csms if stays else csms[::-1]
    return first or second or leader


def decider(handover: Handover, item: Record) -> str | None:
    """Whose word an item waits for; none where it waits for nobody, or for nobody yet."""
    if item.done:
        return None
    match item.decision.standing:
        case Standing.UNDECIDED:
            return _taker(handover)
        case Standing.PROPOSED:
            return outgoing_or_leader(handover)
        case Standing.DECLINED:
            return handover.leader if is_led(handover) else None
        case _:
            return None


def find_item(handover: Handover, key: str) -> Record:
    """An open item by its record's id. Raises FlowError `no_such_record`, `item_done`."""
    found = next((item for item in items(handover) if item.id == key), None)
    if found is None:
        raise FlowError("no_such_record")
    if found.done:
        raise FlowError("item_done")
    return found


def items_accepted(handover: Handover, event: ItemsAccepted, _playbook: Playbook) -> Handover:
    """Accepted as they are; what was accepted before stays so.

    Of several at once, only those are meant that nothing has been said of and that are still there.
    Raises FlowError `item_settled`, `no_such_record`, `item_done` for one alone.
    """
    several = {item.id for item in undecided(handover)} if len(event.ids) > 1 else None
    for key in event.ids:
        if several is not None and key not in several:
            continue
        item = find_item(handover, key)
        if item.decision.standing is Standing.ACCEPTED:
            continue
        _refuse_settled(item)
        handover = _decided(handover, item, _decision(event, Standing.ACCEPTED))
    return handover


def item_proposed(handover: Handover, event: ItemProposed, playbook: Playbook) -> Handover:
    """Other words or another date; FlowError with the field at fault, `nothing_changed`."""
    item = find_item(handover, event.id)
    _refuse_settled(item)
    proposal = _changes(item, event.proposal, playbook)
    decision = _decision(event, Standing.PROPOSED, why=event.why, proposal=proposal)
    return _decided(handover, item, decision)


def proposal_settled(handover: Handover, event: ProposalSettled, playbook: Playbook) -> Handover:
    """Agreed: the item changes and is accepted. Otherwise it goes to the leader."""
    item = find_item(handover, event.id)
    if item.decision.standing is not Standing.PROPOSED:
        raise FlowError("item_settled")
    if not event.agreed:
        declined = _decision(event, Standing.DECLINED, why=event.why or item.decision.why)
        return _decided(handover, item, declined)
    changed = _changed(item, item.decision.proposal, playbook)
    return _decided(handover, changed, _decision(event, Standing.ACCEPTED))


def item_declined(handover: Handover, event: ItemDeclined, _playbook: Playbook) -> Handover:
    """The incoming CSM cannot; the leader decides what becomes of it."""
    item = find_item(handover, event.id)
    _refuse_settled(item)
    if not event.why.strip():
        raise FlowError("missing", field="why")
    return _decided(handover, item, _decision(event, Standing.DECLINED, why=event.why))


def item_settled(handover: Handover, event: ItemSettled, playbook: Playbook) -> Handover:
    """What the leader decides stands; FlowError with the field that is missing."""
    item = find_item(handover, event.id)
    if item.decision.standing is not Standing.DECLINED:
        raise FlowError("item_settled")
    item, decision = _settled(item, event, playbook)
    why = item.decision.why
    return _decided(handover, item, decision.model_copy(update={"why": why}))


def item_done(handover: Handover, event: ItemDone, _playbook: Playbook) -> Handover:
    """Done with, by whoever says so; to say it twice changes nothing."""
    known = next((item for item in items(handover) if item.id == event.id), None)
    if known and known.done:
        return handover
    item = find_item(handover, event.id)
    return _replaced(handover, item.model_copy(update={"done": Done(by=event.by, at=event.at)}))


def item_reopened(handover: Handover, event: ItemReopened, _playbook: Playbook) -> Handover:
    """Open again, and the incoming CSM's to decide again where that had been done."""
    item = next((item for item in items(handover) if item.id == event.id), None)
    if item is None:
        raise FlowError("no_such_record")
    if event.done is not None and event.done is not (item.done is not None):
        return handover
    if item.done:
        return _replaced(handover, item.model_copy(update={"done": None}))
    return _decided(handover, item, Decision())


def forgotten(record: Record) -> Record:
    """A record without the incoming CSM's word: it changed, or somebody else takes over."""
    if record.decision.standing not in _INCOMINGS_WORD:
        return record
    return record.model_copy(update={"decision": Decision()})


def _taker(handover: Handover) -> str | None:
    """The incoming CSM, once they have accepted the handover."""
    accepted = handover.acceptance is Acceptance.ACCEPTED
    return told_user(handover, Role.INCOMING) if accepted else None


def _is_before_switch(handover: Handover, item: Record) -> bool:
    due = due_day(item)
    return due is not None and due < handover.day


def _refuse_settled(item: Record) -> None:
    """The leader's word stands, until they reopen it."""
    if item.decision.standing in LEADERS_WORD:
        raise FlowError("item_settled")


def _settled(item: Record, event: ItemSettled, playbook: Playbook) -> tuple[Record, Decision]:
    """The item and its decision as the leader wants them."""
    match event.outcome:
        case ItemOutcome.KEEP:
            if event.until is None:
                raise FlowError("missing", field="until")
            if event.until < event.at.date():
                raise FlowError("date_past", field="until")
            return item, _decision(event, Standing.KEPT, until=event.until)
        case ItemOutcome.HAND_ON:
            if event.keeper is None:
                raise FlowError("missing", field="keeper")
            return item, _decision(event, Standing.PASSED, keeper=event.keeper)
        case ItemOutcome.CHANGE:
            changes = _changes(item, event.changes, playbook)
            return _changed(item, changes, playbook), _decision(event, Standing.UNDECIDED)
        case ItemOutcome.WITHDRAW:  # pragma: no branch - the last one
            return item, _decision(event, Standing.WITHDRAWN)


def _decision(event: Happened, standing: Standing, **more: object) -> Decision:
    return Decision.model_validate({"standing": standing, "by": event.by, "at": event.at} | more)


def _changes(item: Record, wished: dict[str, str], playbook: Playbook) -> dict[str, str]:
    """What of the wished fields is new, each of its kind."""
    checked = checked_details(playbook.specs[item.kind], item.details | wished)
    changes = {key: checked.get(key, "") for key in wished}
    changes = {k: value for k, value in changes.items() if value != item.details.get(k, "")}
    if not changes:
        raise FlowError("nothing_changed")
    return changes


def _changed(item: Record, changes: dict[str, str], playbook: Playbook) -> Record:
    details = checked_details(playbook.specs[item.kind], item.details | changes)
    return item.model_copy(update={"details": details})


def _decided(handover: Handover, item: Record, decision: Decision) -> Handover:
    return _replaced(handover, item.model_copy(update={"decision": decision}))


def _replaced(handover: Handover, item: Record) -> Handover:
    records = tuple(item if old.id == item.id else old for old in handover.records)
    return handover.model_copy(update={"records": records})
