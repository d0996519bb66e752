"""Who may know of a handover, and who may do what with it.

Whoever may not know is answered as if the handover were not there.
"""

from flows.handover import Handover, Stage
from flows.terms import Role

_ALWAYS = frozenset({Role.LEADER, Role.BACKUP, Role.CREATOR})


def is_told(handover: Handover, role: Role) -> bool:
    """Whether whoever has this role has been told that the handover exists."""
    if handover.stage is Stage.DRAFT:
        return role is Role.CREATOR
    if role in _ALWAYS:
        return True
    telling = handover.tellings.get(role)
    return telling is not None and telling.told_at is not None


def may_know(handover: Handover, viewer: str) -> bool:
    """Whether the viewer may learn that this handover exists."""
    return any(is_told(handover, role) for role in handover.roles(viewer))


def told_user(handover: Handover, role: Role) -> str | None:
    """The Slack id of whoever has this role, if they can be written to and know of it."""
    user = handover.user(role)
    return user if user and may_know(handover, user) else None


def leads(handover: Handover, viewer: str) -> bool:
    """Whether the viewer decides as a leader here; one of its own CSMs never does."""
    roles = handover.roles(viewer)
    return bool(roles & {Role.LEADER, Role.BACKUP}) and not _is_csm(roles)


def may_open_vault(handover: Handover, viewer: str) -> bool:
    """Whether the viewer may read what only leaders may: never one of the row's own CSMs.

    The creator counts, for a leader may prepare a row for another one; a CSM who started their
    own row is its outgoing CSM and stays out.
    """
    roles = handover.roles(viewer)
    return bool(roles & _ALWAYS) and not _is_csm(roles) and may_know(handover, viewer)


def _is_csm(roles: frozenset[Role]) -> bool:
    return bool(roles & {Role.OUTGOING, Role.INCOMING})
