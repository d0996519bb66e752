"""The handovers that somebody has under way, as far as they know of them."""

from collections.abc import Container

from sqlalchemy import Connection

from flows.handover import Handover, Stage
from flows.privacy import may_know
from flows.terms import Role
from storage import handovers


def under_way(
    connection: Connection, team: str, user: str, but: Container[str] = ()
) -> list[Handover]:
    """Those of which a person is a CSM, without examples and those whose ids are in `but`."""
    return [
        handover
        for handover in handovers.taking_part(connection, team, user)
        if handover.id not in but
        and not handover.example
        and handover.stage is Stage.IN_FLIGHT
        and user in (handover.user(Role.INCOMING), handover.user(Role.OUTGOING))
        and may_know(handover, user)
    ]
