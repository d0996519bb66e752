"""What is brought up to date when the plan of a handover changes."""

from collections.abc import Iterator

from flows.customer.coverage import covered_days
from flows.handover import Handover
from flows.knowledge.interview import pack_complete
from flows.playbook import Playbook
from flows.privacy import everybody, told_user
from flows.saying import Effect, Kind, Post, Refresh
from flows.terms import Role


def plan_effects(before: Handover | None, after: Handover, playbook: Playbook) -> Iterator[Effect]:
    """The plan where it stands, for everybody who may know of it."""
    if before is None or not before.started_at:
        return
    if _shown(before) != _shown(after) or (
        pack_complete(before, playbook) != pack_complete(after, playbook)
        or _covered(before, after, playbook)
    ):
        for user in sorted(everybody(after)):
            yield Refresh(to=user, kind=Kind.PLAN)
    if before.calls is not after.calls:
        yield from _invitations(before, after)
    if before.schedule != after.schedule:
        yield Refresh(to=after.leader, kind=Kind.NOTICE)
        incoming = told_user(after, Role.INCOMING)
        if incoming and before.schedule.away != after.schedule.away:
            yield Refresh(to=incoming, kind=Kind.ACCEPT)


def _invitations(before: Handover, after: Handover) -> Iterator[Effect]:
    """What somebody fetched, and the plan that says whether theirs is true."""
    for key, fetched in after.calls.fetched.items():
        known = before.calls.fetched.get(key, {})
        for user, mine in fetched.items():
            if known.get(user) != mine:
                yield Post(to=user, kind=Kind.INVITATION, subject=key)
                yield Refresh(to=user, kind=Kind.PLAN)


def _covered(before: Handover, after: Handover, playbook: Playbook) -> bool:
    """Whether what stakeholders decide about came out otherwise."""
    if before.coverage is after.coverage and before.records is after.records:
        return False
    return covered_days(before, playbook) != covered_days(after, playbook)


def _shown(handover: Handover) -> tuple[object, ...]:
    """What a plan is made of that changes seldom."""
    return (
        handover.day,
        handover.day_is,
        handover.schedule,
        handover.calls.times,
        handover.rulings,
        handover.acceptance,
        handover.outgoing,
        handover.incoming,
        handover.leader,
        handover.reading.accepted_at,
    )
