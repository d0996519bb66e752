"""What is to be said while the incoming CSM takes the pack over, item by item."""

from collections.abc import Iterator

from flows.handover import Handover, Record, Standing
from flows.knowledge.interview import respondents
from flows.knowledge.ledger import Document
from flows.playbook import Playbook
from flows.privacy import outgoing_or_leader, told_user
from flows.saying import Effect, Kind, Post, Refresh
from flows.taking_over.items import decider, open_items
from flows.taking_over.reading import broken, fixer
from flows.taking_over.teach_back import additions_unread, is_due, unmarked
from flows.terms import Role

_ASKED = {Standing.PROPOSED: Kind.PROPOSAL, Standing.DECLINED: Kind.ITEM_DECLINED}
"""The message that asks whoever is to decide about an item."""


def receiving_effects(
    before: Handover | None, after: Handover, _playbook: Playbook
) -> Iterator[Effect]:
    """What is to be said because `before` became `after`."""
    if before is None:
        return
    yield from _pages(before, after)
    yield from _returned(before, after)
    yield from _items(before, after)
    yield from _links(before, after)
    yield from _teach_back(before, after)
    if before.reading.accepted_at != after.reading.accepted_at:
        yield Refresh(to=after.leader, kind=Kind.NOTICE)


def _pages(before: Handover, after: Handover) -> Iterator[Effect]:
    reader = told_user(after, Role.INCOMING)
    if reader is None or not after.reading.page:
        return
    if not before.reading.page:
        yield Post(to=reader, kind=Kind.READING)
    elif _content(before) != _content(after):
        yield Refresh(to=reader, kind=Kind.READING)
    if before.reading is not after.reading:
        yield Refresh(to=reader, kind=Kind.PACK_READY)


def _content(handover: Handover) -> tuple[object, ...]:
    """Everything that a page may show, by identity where that is quick."""
    lists = (handover.answers, handover.records, handover.asks, handover.unsorted)
    people = (handover.outgoing, handover.incoming, handover.leader)
    return (handover.reading, people, *map(id, lists))


def _returned(before: Handover, after: Handover) -> Iterator[Effect]:
    if before.reading.rounds == after.reading.rounds or not after.reading.rounds:
        return
    for user in respondents(after, Role.OUTGOING):
        if user != after.user(Role.INCOMING):
            yield Post(to=user, kind=Kind.RETURNED, subject=str(after.reading.rounds))


def _items(before: Handover, after: Handover) -> Iterator[Effect]:
    people = (before.outgoing, before.incoming, before.leader, before.tellings)
    if before.records is after.records and people == (
        after.outgoing,
        after.incoming,
        after.leader,
        after.tellings,
    ):
        return
    old = {item.id: item for item in open_items(before)}
    waiting = {item.id: _waits_for(before, item) for item in old.values()}
    for item in open_items(after):
        now, then = _waits_for(after, item), waiting.pop(item.id, None)
        if now and now != then:
            yield Post(to=now[0], kind=now[1], subject=item.id)
        if then and now != then:
            yield Refresh(to=then[0], kind=then[1], subject=item.id)
    for key, then in waiting.items():
        if then:
            yield Refresh(to=then[0], kind=then[1], subject=key)


def _waits_for(handover: Handover, item: Record) -> tuple[str, Kind] | None:
    """Who is asked to decide, by which message; none where nobody is."""
    kind, who = _ASKED.get(item.decision.standing), decider(handover, item)
    return (who, kind) if kind and who else None


def _links(before: Handover, after: Handover) -> Iterator[Effect]:
    if not before.reading.ticks and not after.reading.ticks:
        return
    old, new = _broken(before), _broken(after)
    for key, (who, _document) in new.items():
        if key not in old:
            yield Post(to=who, kind=Kind.LINK_BROKEN, subject=key)
    for key, (who, _document) in old.items():
        if key not in new or before.reading.ticks.get(key) != after.reading.ticks.get(key):
            yield Refresh(to=who, kind=Kind.LINK_BROKEN, subject=key)


def _broken(handover: Handover) -> dict[str, tuple[str, Document]]:
    return {d.key: (fixer(handover, d), d) for d in broken(handover)}


def _teach_back(before: Handover, after: Handover) -> Iterator[Effect]:
    reader = told_user(after, Role.INCOMING)
    if reader and is_due(after) and not is_due(before):
        yield Post(to=reader, kind=Kind.TEACH_BACK)
    was, taught = before.teach_back, after.teach_back
    old, new = (outgoing_or_leader(h) if unmarked(h) else "" for h in (before, after))
    if new and (new != old or was is None):
        yield Post(to=new, kind=Kind.TAUGHT)
    if was == taught:
        return
    if reader:
        yield Refresh(to=reader, kind=Kind.TEACH_BACK)
        yield Refresh(to=reader, kind=Kind.ADDITIONS)
        if additions_unread(after) and not additions_unread(before):
            yield Post(to=reader, kind=Kind.ADDITIONS)
    for user in {outgoing_or_leader(after), after.leader}:
        yield Refresh(to=user, kind=Kind.TAUGHT)
    yield Refresh(to=after.leader, kind=Kind.NOTICE)
