"""That another handover of the same account was started; to the leader who may know of this one."""

from bot.views.blocks import Message, section
from bot.views.scene import Scene
from flows.privacy import leads


def build(subject: str, scene: Scene) -> Message | None:
    """Who started it (`subject`), and nothing else of it: it may not be this leader's to see."""
    if not leads(scene.handover, scene.viewer):
        return None
    who = scene.name(subject)
    words = (
        f"Another handover of {scene.account} was started by {who}. Please look at both together: "
        "perhaps one of them is enough. They do not know of yours unless they take part in it."
    )
    return Message(words, [section(words)])
