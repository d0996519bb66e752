"""The closing menu: everything that is only offered, once, instead of skip after skip."""

from bot.ids import Act
from bot.views.blocks import Choice, Message, actions, button, context, multi_select, section
from bot.views.scene import Scene
from bot.views.state import Values
from bot.views.words import counted
from flows.knowledge.interview import roles_answered_by, still_offered

_TITLE = "Anything else?"


def build(_subject: str, scene: Scene) -> Message | None:
    """The menu, or what is said in its place once it is closed."""
    if not (scene.interview.menu and roles_answered_by(scene.handover, scene.viewer)):
        return None
    if scene.interview.finished:
        words = f"{scene.account}: that's all, thank you. You can add to any answer at any time."
        return Message(words, [section(words)])
    return menu(scene)


def menu(scene: Scene) -> Message:
    """The menu itself; the card opens it again after it was closed."""
    offered = still_offered(scene.handover, scene.playbook, scene.viewer)
    if not offered:
        words = f"{scene.account}: everything has been asked. Thank you!"
        return Message(words, [section(words)])
    choices = [Choice(question.id, question.text, note=question.section) for question in offered]
    words = (
        f"Everything required for {scene.account} is answered, thank you. "
        f"{counted(len(offered), 'more question')} could help {scene.successor}: "
        "pick those worth a line."
    )
    pick = multi_select(choices, "Pick questions", Act.CLOSING_PICK)
    blocks = [
        section(f"*{_TITLE}*\n{words}", pick, scene.ref(v="closing").dump()),
        *actions(
            [
                button("Ask me these", Act.CLOSING_ASK, scene.ref(), "primary"),
                button("That's all", Act.CLOSING_DONE, scene.ref()),
            ]
        ),
        context("Nothing here is required."),
    ]
    return Message(f"{_TITLE} {words}", blocks)


def read_picked(values: Values) -> list[str]:
    """The question ids picked in the menu, from the message's state."""
    return [
        option["value"]
        for block in values.values()
        for option in (block.get(Act.CLOSING_PICK) or {}).get("selected_options") or []
    ]
