"""Who reads what is written, told before it is written."""

from bot.views import people
from bot.views.scene import Scene
from flows.terms import Role

_CLOSE = (Role.LEADER, Role.BACKUP, Role.OUTGOING, Role.INTERIM)


def everybody(scene: Scene) -> str:
    """Who reads what is written here, and who reads what its author marks as sensitive."""
    wide = _others([*_close(scene), *_named(scene, Role.CREATOR)])
    later = f"whoever leads {scene.account} later"
    read = f"What you write is read by {people.listed([*wide, later])}"
    return f"{read}; what you mark sensitive, only {people.listed(_close(scene))}."


def few(scene: Scene) -> str:
    """Who reads a sensitive answer: "only Ivan and Lena read this"."""
    close = _close(scene)
    return f"only {people.listed(close)} {'read' if len(close) > 1 else 'reads'} this"


def _close(scene: Scene) -> list[str]:
    """The readers of `privacy.may_read_sensitive`, as the reader calls them."""
    taking_over = scene.handover.user(Role.INCOMING) == scene.viewer
    successor = "you" if taking_over else scene.successor
    return _others([successor, *_named(scene, *_CLOSE)])


def _named(scene: Scene, *roles: Role) -> list[str]:
    users = (scene.handover.user(role) for role in roles)
    return [scene.name(user) for user in users if user]


def _others(names: list[str]) -> list[str]:
    return [name for name in dict.fromkeys(names) if name != "you"]
