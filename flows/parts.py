"""Who somebody is: to a handover, to a book, or to the workspace. One person can be several."""

from enum import StrEnum

from flows.handover import Handover, Stage
from flows.happened import CLOCK
from flows.often import ASKING
from flows.remembering import unmoved_by
from flows.terms import Role


class Part(StrEnum):
    """The columns of the table of rights, in its order."""

    OUTGOING = "outgoing"
    INCOMING = "incoming"
    LEADER = "leader"
    BACKUP = "backup"
    CREATOR = "creator"
    INTERIM = "interim"
    SOURCE = "source"
    ASKED = "asked"
    GUEST = "guest"
    LISTED = "listed"
    ADMIN = "admin"
    MEMBER = "member"
    CLOCK = "clock"


_CSMS = (Role.OUTGOING, Role.INCOMING)
_LEAD = (Role.LEADER, Role.BACKUP)
_ALWAYS = frozenset({Role.LEADER, Role.BACKUP, Role.CREATOR, Role.INTERIM})


def told(handover: Handover) -> frozenset[Role]:
    """The roles whose holders have been told that the handover exists."""
    if handover.stage is Stage.DISCARDED:
        return frozenset()
    if handover.stage is Stage.DRAFT:
        return frozenset({Role.CREATOR})
    tellings = handover.tellings
    return _ALWAYS.union([role for role in _CSMS if role in tellings and tellings[role].told_at])


@unmoved_by(ASKING)
def parts(handover: Handover, user: str) -> frozenset[Part]:
    """What somebody is to a handover: everything, once they know of it by any of their roles;
    nothing for whoever was not told, or is gone.

    One of its own CSMs never decides as its leader, and whoever knows of it is no mere source,
    somebody asked, or a guest.
    """
    if user == CLOCK:
        return frozenset({Part.CLOCK})
    roles = handover.roles(user)
    if not handover.example and not roles.isdisjoint(_CSMS):
        roles -= frozenset(_LEAD)
    if not roles.isdisjoint(told(handover)):
        return frozenset([Part(role) for role in roles if role is not Role.SOURCE])
    if handover.started_at is None or handover.stage is Stage.DISCARDED:
        return frozenset()
    if Role.SOURCE in roles:
        return frozenset({Part.SOURCE})
    if handover.guests.has(user):
        return frozenset({Part.GUEST})
    asked = any(ask.fills and ask.to == user for ask in handover.asks)
    return frozenset({Part.ASKED}) if asked and not has_left(handover, user) else frozenset()


def has_left(handover: Handover, user: str) -> bool:
    """Whether somebody had a part here and has none any more."""
    return user in handover.guests.taken_out or user in handover.changes.gone
