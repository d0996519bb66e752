"""What is to be said while the customer's texts are written and approved."""

from collections.abc import Iterator

from flows.composing import letter_specs, sender
from flows.handover import Handover
from flows.pieces import approvers, asked_to_approve, author, first_sender, pending, wanted
from flows.playbook import Playbook
from flows.privacy import told_user
from flows.saying import Effect, Kind, Post, Refresh
from flows.terms import Role
from flows.wording import is_ready


def letter_effects(
    before: Handover | None, after: Handover, playbook: Playbook
) -> Iterator[Effect]:
    """What is to be said because `before` became `after`."""
    if before is None:
        return
    first = first_sender(after)
    again = _can_be_sent(before) and first_sender(before) == first
    if _can_be_sent(after) and not again:
        yield Post(to=first, kind=Kind.LETTERS)
    if before.letters == after.letters and before.wording == after.wording:
        return
    yield from _approvals(before, after)
    yield from _wanted(before, after, playbook)
    yield from _reworded(before, after)
    if after.letters.opened_at and not before.letters.opened_at:
        for user in _senders(after, playbook):
            yield Post(to=user, kind=Kind.APPROVED)
    for user in _on_it(after):
        yield Refresh(to=user, kind=Kind.LETTERS)
        yield Refresh(to=user, kind=Kind.APPROVED)
    yield Refresh(to=after.leader, kind=Kind.NOTICE)


def _can_be_sent(handover: Handover) -> bool:
    """Whether the reason stands, so that the texts can go to the leader."""
    words = handover.wording
    agreed = words is not None and (words.approved_at is not None or is_ready(handover))
    return agreed and handover.letters.asked_at is None


def _approvals(before: Handover, after: Handover) -> Iterator[Effect]:
    """One card per round, for all that waits; whoever is asked later gets the same one."""
    was, now = before.letters, after.letters
    subject = str(now.round)
    had = set(asked_to_approve(before)) if was.round == now.round else set()
    if pending(after):
        for user in asked_to_approve(after):
            if user not in had:
                yield Post(to=user, kind=Kind.APPROVAL, subject=subject)
    for user in approvers(after):
        yield Refresh(to=user, kind=Kind.APPROVAL, subject=subject)
        if was.round not in (0, now.round):
            yield Refresh(to=user, kind=Kind.APPROVAL, subject=str(was.round))


def _wanted(before: Handover, after: Handover, playbook: Playbook) -> Iterator[Effect]:
    """What is to be different goes to whoever wrote it."""
    was, now = wanted(before), wanted(after)
    for key, (number, remark) in now.items():
        if was.get(key) != (number, remark):
            yield Post(to=author(after, playbook, key), kind=Kind.WANTED, subject=f"{key}:{number}")
    for key, (number, remark) in was.items():
        if now.get(key) != (number, remark):
            for user in _on_it(after):
                yield Refresh(to=user, kind=Kind.WANTED, subject=f"{key}:{number}")


def _reworded(before: Handover, after: Handover) -> Iterator[Effect]:
    """A leader's edit is its approval; the CSMs see what was changed and may object."""
    for key, versions in after.letters.drafts.items():
        newest, old = versions[-1], before.letters.drafts.get(key, ())
        if newest in old or not newest.approved or newest.approved.by != newest.by:
            continue
        subject, known = f"{key}:{newest.number}", any(v.number == newest.number for v in old)
        said = Refresh if known else Post
        yield from (said(to=csm, kind=Kind.REWORDED, subject=subject) for csm in _csms(after))
        if known:
            yield Post(to=newest.by, kind=Kind.OBJECTION, subject=subject)


def _csms(handover: Handover) -> list[str]:
    roles = (Role.OUTGOING, Role.INCOMING)
    return [user for role in roles if (user := told_user(handover, role))]


def _on_it(handover: Handover) -> list[str]:
    return list(dict.fromkeys([*_csms(handover), *approvers(handover)]))


def _senders(handover: Handover, playbook: Playbook) -> list[str]:
    """Whoever has a text to send, each once, the sender of the first one first."""
    specs = letter_specs(handover, playbook)
    return list(dict.fromkeys(sender(handover, spec) for spec in specs))
