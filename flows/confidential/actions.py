"""What a leader gives somebody to do on a handover: an open issue that is passed on from the start.

On any handover, and always the same kind of item, so that none tells where it comes from. It
answers no question of the interview, so nobody's answers or counts change with it.
"""

from collections.abc import Iterator

from flows.confidential.leading_events import ActionAdded
from flows.errors import FlowError
from flows.handover import Decision, Done, Handover, Record, Standing
from flows.knowledge.ledger import checked_details
from flows.playbook import Playbook
from flows.privacy import close_ones
from flows.saying import Effect, Kind, Post, Refresh
from flows.taking_over.items import owner
from flows.terms import RecordKind

_NO_QUESTION = ""


def action_added(handover: Handover, event: ActionAdded, playbook: Playbook) -> Handover:
    """One more item, with whoever is to do it. Raises FlowError `missing`, `no_part`, by field."""
    if any(record.id == event.id for record in handover.records):
        return handover
    if not event.text.strip():
        raise FlowError("missing", field="text")
    if event.owner.user not in close_ones(handover):
        raise FlowError("no_part", field="owner")
    spec = playbook.specs[RecordKind.ISSUE]
    told = {spec.fields[0].key: event.text, "due": event.due.isoformat()}
    action = Record(
        id=event.id,
        kind=spec.kind,
        question=_NO_QUESTION,
        details=checked_details(spec, told),
        by=event.by,
        at=event.at,
        decision=Decision(
            standing=Standing.PASSED,
            by=event.by,
            at=event.at,
            until=event.due,
            keeper=event.owner,
        ),
    )
    return handover.model_copy(update={"records": (*handover.records, action)})


def find_action(handover: Handover, key: str) -> Record | None:
    """A leader's action by its record's id."""
    return next((action for action in _actions(handover) if action.id == key), None)


def action_effects(before: Handover | None, after: Handover) -> Iterator[Effect]:
    """Whoever is given something to do hears of it, and of what becomes of it."""
    if before is None or (before.records is after.records and _people(before) == _people(after)):
        return
    known = {action.id: _stands(before, action) for action in _actions(before)}
    for action in _actions(after):
        then, now = known.get(action.id), _stands(after, action)
        if then == now:
            continue
        if then:
            yield Refresh(to=then[0], kind=Kind.ACTION, subject=action.id)
        is_new = then is None or then[0] != now[0]
        if is_new and not action.done and (then or now[0] != action.by):
            yield Post(to=now[0], kind=Kind.ACTION, subject=action.id)


def _actions(handover: Handover) -> Iterator[Record]:
    return (record for record in handover.records if record.question == _NO_QUESTION)


def _stands(handover: Handover, action: Record) -> tuple[str, Standing, Done | None]:
    return owner(handover, action), action.decision.standing, action.done


def _people(handover: Handover) -> tuple[object, ...]:
    return handover.outgoing, handover.incoming, handover.leader, handover.backup
