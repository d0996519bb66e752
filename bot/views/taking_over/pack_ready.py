"""What the incoming CSM hears when everything required is answered."""

from bot.ids import Act
from bot.views.blocks import Element, Message, actions, button, section
from bot.views.scene import Scene
from bot.views.taking_over.reading import pack_state, read_button
from flows.handover import Acceptance
from flows.knowledge.interview import next_question, pack_complete, progress, respondents
from flows.terms import Role


def build(_subject: str, scene: Scene) -> Message | None:
    """The pack is there, or what it waits for since an answer is open again."""
    handover = scene.handover
    if scene.viewer != handover.user(Role.INCOMING):
        return None
    if not pack_complete(handover, scene.playbook):
        words = (
            f"In the pack for {scene.account} some answers are open again. "
            "I write to you when it is whole."
        )
        brief = button("Show the brief", Act.CARD_BRIEF, scene.ref())
        return Message(words, [section(words), *actions([brief])])
    done = progress(handover, scene.playbook, Role.OUTGOING)
    counts = f"{done.answered} of {done.required} required answered"
    # Where the outgoing CSM can't answer, the reader is one of those who did.
    author = "" if scene.viewer in respondents(handover, Role.OUTGOING) else f" by {scene.outgoing}"
    words = f"The knowledge pack for {scene.account} is ready: {counts}{author}."
    found: list[Element] = []
    if handover.acceptance is Acceptance.ACCEPTED:
        words += f" {pack_state(scene)}"
        found.append(read_button(scene))
    found.append(button("Show the brief", Act.CARD_BRIEF, scene.ref()))
    own = next_question(handover, scene.playbook, scene.viewer)
    if own and handover.acceptance is Acceptance.ACCEPTED:
        words += " A few questions are yours, too."
        found.append(button("Continue", Act.CARD_CONTINUE, scene.ref()))
    return Message(words, [section(words), *actions(found)])
