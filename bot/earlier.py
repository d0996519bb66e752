"""An earlier handover of the same account, for somebody who knows of it anyway."""

from sqlalchemy import Connection

from flows.handover import Handover
from flows.knowledge.interview import BRIEF_FROM, answers_so_far, respondents
from flows.privacy import may_know
from flows.terms import Role
from storage import handovers


def earlier_of(connection: Connection, handover: Handover, viewer: str) -> Handover | None:
    """The newest earlier handover of the account that the viewer could use here, once.

    Only one that they may know of is looked at: what they may not know is not there for them.
    """
    if viewer not in respondents(handover, Role.OUTGOING) or not may_know(handover, viewer):
        return None
    found = [
        other
        for other in handovers.of_account(connection, handover.team, handover.account)
        if other.id != handover.id
        and not other.example
        and other.started_at
        and other.created_at < handover.created_at
        and may_know(other, viewer)
        and answers_so_far(other) >= BRIEF_FROM
    ]
    newest = max(found, key=lambda other: other.created_at, default=None)
    used = {prefill.source for prefill in handover.prefilled.values()}
    return newest if newest and newest.id not in used else None
