"""What is to be said while texts are sent to the customer and answered."""

from collections.abc import Iterator

from flows.customer.sent import CustomerAnswer, Says
from flows.customer.to_send import EVERYTHING, follows_up
from flows.handover import Handover
from flows.playbook import Playbook
from flows.saying import Effect, Kind, Post, Refresh
from flows.texts.composing import letter_specs, sender
from flows.texts.pieces import approvers

_SHOWN = (
    *("letters", "wording", "sending", "schedule", "leader", "backup"),
    *("outgoing", "incoming", "acceptance", "stage"),
)
"""What the messages about sending are made of."""
_FOR_THE_LEADER = frozenset({Says.ASKS_FOR, Says.TALK})


def sending_effects(
    before: Handover | None, after: Handover, playbook: Playbook
) -> Iterator[Effect]:
    """What is to be said because `before` became `after`."""
    if before is None or not (before.letters.opened_at or after.letters.opened_at or _sent(after)):
        return
    if all(getattr(before, name) is getattr(after, name) for name in _SHOWN):
        return
    had = senders(before, playbook)
    for user in senders(after, playbook):
        yield (
            Refresh(to=user, kind=Kind.APPROVED)
            if user in had
            else Post(to=user, kind=Kind.APPROVED)
        )
    for user in had:
        yield Refresh(to=user, kind=Kind.APPROVED)
    for user in approvers(after):
        yield Refresh(to=user, kind=Kind.APPROVED, subject=EVERYTHING)
    yield from _wishes(before, after)
    yield from _silent(before, after, playbook)


def senders(handover: Handover, playbook: Playbook) -> list[str]:
    """Whoever has a text to send that was ever approved, each once, the first text's first."""
    if not handover.letters.opened_at:
        return []
    drafts = handover.letters.drafts
    approved = {key for key, versions in drafts.items() if any(v.approved for v in versions)}
    specs = [spec for spec in letter_specs(handover, playbook) if spec.key in approved]
    return list(dict.fromkeys(sender(handover, spec) for spec in specs))


def _wishes(before: Handover, after: Handover) -> Iterator[Effect]:
    """A customer who asks for whoever looked after them, or for a leader, waits for a leader."""
    was, now = _wished(before), _wished(after)
    for key, answer in now.items():
        known = was.get(key)
        new = known is None or (known.says, known.at) != (answer.says, answer.at)
        if new or before.leader != after.leader:
            yield Post(to=after.leader, kind=Kind.CUSTOMER_ASKS, subject=key)
    for key in was | now:
        for user in approvers(after):
            yield Refresh(to=user, kind=Kind.CUSTOMER_ASKS, subject=key)


def _silent(before: Handover, after: Handover, playbook: Playbook) -> Iterator[Effect]:
    """The sender is asked once what the customer said; then it stands with what was sent."""
    asked = {sent.key for sent in before.sending.last if sent.asked}
    for sent in after.sending.last:
        if not sent.asked:
            continue
        said = Refresh if sent.key in asked else Post
        who = follows_up(after, playbook, sent)
        yield said(to=who, kind=Kind.CUSTOMER_SILENT, subject=sent.key)


def _wished(handover: Handover) -> dict[str, CustomerAnswer]:
    """What a leader is to see to, by the key of the text that the customer answered."""
    return {
        sent.key: sent.answer
        for sent in handover.sending.sent
        if sent.answer and sent.answer.says in _FOR_THE_LEADER
    }


def _sent(handover: Handover) -> bool:
    return bool(handover.sending.sent)
