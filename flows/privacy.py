"""Who may know of a handover, and who may do what with it.

Whoever may not know is answered as if the handover were not there.
"""

from flows.handover import Handover, Stage
from flows.terms import Role

_ALWAYS = frozenset({Role.LEADER, Role.BACKUP, Role.CREATOR})
_CSMS = (Role.OUTGOING, Role.INCOMING)


def is_told(handover: Handover, role: Role) -> bool:
    """Whether whoever has this role has been told that the handover exists."""
    if handover.stage is Stage.DISCARDED:
        return False
    if handover.stage is Stage.DRAFT:
        return role is Role.CREATOR
    if role in _ALWAYS:
        return True
    telling = handover.tellings.get(role)
    return telling is not None and telling.told_at is not None


def may_know(handover: Handover, viewer: str) -> bool:
    """Whether the viewer may learn that this handover exists."""
    return any(is_told(handover, role) for role in handover.roles(viewer))


def everybody(handover: Handover) -> frozenset[str]:
    """The Slack ids of all who may learn that this handover exists."""
    users = {handover.user(role) for role in Role}
    return frozenset(user for user in users if user and may_know(handover, user))


def told_user(handover: Handover, role: Role) -> str | None:
    """The Slack id of whoever has this role, if they can be written to and know of it."""
    user = handover.user(role)
    return user if user and may_know(handover, user) else None


def untold(handover: Handover) -> list[Role]:
    """Which of the two CSMs, as far as they can be told anything, do not know yet."""
    people = ((role, handover.user(role)) for role in _CSMS)
    return [role for role, user in people if user and not may_know(handover, user)]


def is_announced(handover: Handover) -> bool:
    """Whether it was started and everybody on it knows, so that others may hear of it too."""
    return handover.started_at is not None and not untold(handover)


def leads(handover: Handover, viewer: str) -> bool:
    """Whether the viewer decides as a leader here; one of its own CSMs never does."""
    roles = handover.roles(viewer)
    return bool(roles & {Role.LEADER, Role.BACKUP}) and not _is_csm(roles)


def is_led(handover: Handover) -> bool:
    """Whether a handover under way has a leader who is there and decides; others never need one."""
    if handover.started_at is None:
        return True
    return not handover.leader_gone and leads(handover, handover.leader)


def may_open_vault(handover: Handover, viewer: str) -> bool:
    """Whether the viewer may read what only leaders may: never one of the row's own CSMs.

    The creator counts, for a leader may prepare a row for another one; a CSM who started their
    own row is its outgoing CSM and stays out.
    """
    roles = handover.roles(viewer)
    return bool(roles & _ALWAYS) and not _is_csm(roles) and may_know(handover, viewer)


def may_read_sensitive(handover: Handover, viewer: str) -> bool:
    """Whether the viewer reads answers marked sensitive: the two CSMs, the leader and the backup.

    Whoever only started the handover for others may know of it, but was promised nothing more.
    """
    close = {*_CSMS, Role.LEADER, Role.BACKUP}
    return may_know(handover, viewer) and bool(handover.roles(viewer) & close)


def _is_csm(roles: frozenset[Role]) -> bool:
    return not roles.isdisjoint(_CSMS)
