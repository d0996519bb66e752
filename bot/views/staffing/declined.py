"""What the leader hears when the incoming CSM declines or stays silent; never a reason."""

from bot.ids import Act
from bot.views.blocks import Element, Message, actions, button, section
from bot.views.scene import Scene
from flows.handover import Acceptance
from flows.privacy import leads


def build_declined(_subject: str, scene: Scene) -> Message | None:
    """The incoming CSM cannot; why is told in the modal alone."""
    if not leads(scene.handover, scene.viewer):
        return None
    if scene.handover.acceptance is not Acceptance.DECLINED:
        return _settled(scene)
    words = f"{scene.incoming} can't take {scene.account} over."
    label = "See why and name another"
    return _message(words, button(label, Act.DECLINE_OPEN, scene.ref(), "primary"))


def build_silent(_subject: str, scene: Scene) -> Message | None:
    """The incoming CSM has not answered; the leader can help."""
    if not leads(scene.handover, scene.viewer):
        return None
    if not (scene.handover.chased and scene.handover.acceptance is Acceptance.WAITING):
        return _settled(scene)
    words = (
        f"{scene.incoming} has not said yet whether they take {scene.account} over. "
        "You are told so that you can help: a short word from you, or somebody else."
    )
    return _message(words, button("Name another CSM", Act.INCOMING_NAME, scene.ref()))


def _settled(scene: Scene) -> Message:
    outcomes = {
        Acceptance.WAITING: f"{scene.incoming} is asked now to take {scene.account} over.",
        Acceptance.ACCEPTED: f"{scene.incoming} takes {scene.account} over.",
        Acceptance.DECLINED: f"{scene.incoming} can't take {scene.account} over.",
    }
    return _message(outcomes[scene.handover.acceptance])


def _message(words: str, *buttons: Element) -> Message:
    return Message(words, [section(words), *actions(buttons)])
