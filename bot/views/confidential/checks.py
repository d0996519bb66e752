"""That the leader has something to answer; what it is stands in the modal alone."""

from bot.ids import Act
from bot.views.blocks import Message, actions, button, section
from bot.views.scene import Scene
from flows.privacy import may_open_vault


def build(_subject: str, scene: Scene) -> Message | None:
    """One line and one button; after it is done, just that."""
    if not may_open_vault(scene.handover, scene.viewer):
        return None
    if scene.vault.checked_at:
        words = f"{scene.account}: done, thank you."
        return Message(words, [section(words)])
    words = f"{scene.account}: a question for you"
    return Message(words, [section(words), *actions([_open(scene)])])


def _open(scene: Scene) -> dict[str, object]:
    return button("Open", Act.CHECKS_OPEN, scene.ref())
