"""What is to be said while the customer's texts are written and approved."""

from collections.abc import Iterator

from flows.books.together import group_of, in_group
from flows.handover import Handover
from flows.playbook import Playbook
from flows.privacy import told_user
from flows.saying import Effect, Kind, Post, Refresh
from flows.terms import Role
from flows.texts.letters import PLAN
from flows.texts.pieces import (
    approvers,
    asked_to_approve,
    author,
    can_be_sent,
    first_sender,
    lacks_backup,
    pending,
    wanted,
)
from flows.texts.renewing import MAKE_DAYS, differs

_SHOWN = (*MAKE_DAYS, "letters", "backup")
"""What the texts and who decides about them are made of."""


def letter_effects(
    before: Handover | None, after: Handover, playbook: Playbook
) -> Iterator[Effect]:
    """What is to be said because `before` became `after`."""
    if before is None:
        return
    if before.wording is None and after.wording is None:
        yield from _edited_early(before, after)
        return
    if not differs(before, after, _SHOWN):
        return
    first = first_sender(after)
    again = can_be_sent(before) and first_sender(before) == first
    if can_be_sent(after) and not again:
        yield Post(to=first, kind=Kind.LETTERS)
    yield from _backup(before, after)
    yield from _approvals(before, after)
    yield from _wanted(before, after, playbook)
    yield from _reworded(before, after)
    for user in _on_it(after):
        yield Refresh(to=user, kind=Kind.LETTERS)
    if before.letters != after.letters or before.wording != after.wording:
        yield Refresh(to=after.leader, kind=Kind.NOTICE)


def _edited_early(before: Handover, after: Handover) -> Iterator[Effect]:
    """A draft that somebody has asked to see changes under their eyes."""
    if before.letters != after.letters:
        for user in _on_it(after):
            yield Refresh(to=user, kind=Kind.LETTERS)


def _backup(before: Handover, after: Handover) -> Iterator[Effect]:
    """The leader is asked for a backup once somebody waits for it."""
    lacks, lacked = (lacks_backup(h) and can_be_sent(h) for h in (after, before))
    if lacks and not (lacked and before.leader == after.leader):
        yield Post(to=after.leader, kind=Kind.BACKUP)
    else:
        yield Refresh(to=after.leader, kind=Kind.BACKUP)


def _approvals(before: Handover, after: Handover) -> Iterator[Effect]:
    """One card per round, for all that waits; whoever is asked later gets the same one.

    Where the plan is on it, its picture comes first. One that is decided on together with others
    of its book is on their card.
    """
    was, now = before.letters, after.letters
    subject = str(now.round)
    if in_group(before) or in_group(after):
        yield from _together(before, after)
    if in_group(after):
        return
    same = was.round == now.round and pending(before) and not in_group(before)
    had = set(asked_to_approve(before)) if same else set()
    waits = pending(after)
    for user in asked_to_approve(after) if waits else ():
        if user not in had:
            if PLAN in waits:
                yield Post(to=user, kind=Kind.PLAN_PICTURE, subject=subject)
            yield Post(to=user, kind=Kind.APPROVAL, subject=subject)
    for user in approvers(after):
        for number in {was.round, now.round} - {0}:
            yield Refresh(to=user, kind=Kind.APPROVAL, subject=str(number))


def _together(before: Handover, after: Handover) -> Iterator[Effect]:
    """The card that accounts of a book share: whoever has it already sees who joined or left."""
    had = set(asked_to_approve(before)) if in_group(before) and pending(before) else set()
    for user in asked_to_approve(after) if in_group(after) and pending(after) else ():
        if user not in had:
            yield Post(to=user, kind=Kind.BOOK_APPROVAL, subject=group_of(after))
    for handover in (before, after):
        for user in approvers(handover) if in_group(handover) else ():
            yield Refresh(to=user, kind=Kind.BOOK_APPROVAL, subject=group_of(handover))


def _wanted(before: Handover, after: Handover, playbook: Playbook) -> Iterator[Effect]:
    """What is to be different goes to whoever wrote it, and to who does it in their place."""
    was, now = wanted(before), wanted(after)
    for key, (number, remark) in now.items():
        whose = author(after, playbook, key)
        if was.get(key) != (number, remark) or whose != author(before, playbook, key):
            yield Post(to=whose, kind=Kind.WANTED, subject=f"{key}:{number}")
    for key, (number, remark) in was.items():
        if now.get(key) != (number, remark):
            for user in _on_it(after):
                yield Refresh(to=user, kind=Kind.WANTED, subject=f"{key}:{number}")


def _reworded(before: Handover, after: Handover) -> Iterator[Effect]:
    """A leader's edit is its approval; the CSMs see what was changed and may object."""
    for key, former in before.letters.drafts.items():
        if former[-1:] != after.letters.drafts.get(key, ())[-1:]:
            for csm in _csms(after):
                yield Refresh(to=csm, kind=Kind.REWORDED, subject=f"{key}:{former[-1].number}")
    for key, versions in after.letters.drafts.items():
        newest, old = versions[-1], before.letters.drafts.get(key, ())
        subject = f"{key}:{newest.number}"
        known = next((v for v in old if v.number == newest.number), None)
        if known and len(newest.objections) > len(known.objections):
            yield Post(to=newest.by, kind=Kind.OBJECTION, subject=subject)
        if known is None and newest.approved and newest.approved.by == newest.by:
            for csm in _csms(after):
                yield Post(to=csm, kind=Kind.REWORDED, subject=subject)


def _csms(handover: Handover) -> list[str]:
    roles = (Role.OUTGOING, Role.INCOMING)
    return [user for role in roles if (user := told_user(handover, role))]


def _on_it(handover: Handover) -> list[str]:
    return list(dict.fromkeys([*_csms(handover), *approvers(handover)]))
