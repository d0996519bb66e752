"""What the incoming CSM may know of why the account moves: chosen in one modal, read in another."""

from bot.ids import Act, Field, Form, Ref
from bot.views import people
from bot.views.blocks import (
    Block,
    Choice,
    Element,
    Message,
    actions,
    button,
    context,
    field,
    modal,
    section,
    select,
)
from bot.views.scene import Scene
from bot.views.slack_text import Names, Surface
from bot.views.state import Values, picked_option
from bot.views.words import CONFIDENTIAL
from flows.confidential.word import word_for
from flows.handover import Handover
from flows.privacy import told_user
from flows.terms import Confidential, Role, Word

_TITLE = "A word from your leader"
_CHOICES = {
    Word.NOTHING: "Nothing",
    Word.HEARD: "That the customer wants to be heard",
    Word.REASON: "The confidential reason",
}
_HEARD = (
    "The customer wants to be heard. Listen first, write down what they say, and promise nothing "
    "before you have talked about it with {leader}."
)
_WHY = {
    Confidential.UNDERPERFORMING: "the customer was not looked after as well as they should be",
    Confidential.UNANNOUNCED: "somebody leaves, and it is not announced yet",
    Confidential.CUSTOMER_ASKED: "the customer asked for somebody else",
}


def give_button(handover: Handover, names: Names) -> Element | None:
    """For whoever may open the vault, on every handover whose incoming CSM knows of it."""
    incoming = told_user(handover, Role.INCOMING)
    if incoming is None:
        return None
    name = people.person(incoming, names, Surface.PLAIN)
    return button(f"What {name} is told", Act.WORD_GIVE, Ref(h=handover.id))


def give_form(scene: Scene, ref: Ref) -> Block:
    """What the incoming CSM (`ref.u`) is told; a reason only where there is one."""
    offered = [
        Choice(word.value, label)
        for word, label in _CHOICES.items()
        if word is not Word.REASON or scene.vault.confidential
    ]
    stands = word_for(scene.vault.spoken, scene.handover, ref.u)
    name = people.person(ref.u, scene.names, Surface.PLAIN)
    blocks: list[Block] = [
        field(Field.WORD, f"What may {name} know?", select(offered, stands.value)),
        context(
            "They hear that there is a word from you, and read it in a window like this one. "
            "What they have read stays known, whatever you choose later."
        ),
    ]
    return modal(Form.WORD, "What they are told", blocks, submit="Save", carried=ref)


def read_word(values: Values) -> Word | None:
    """What was chosen; none when it is nothing of ours."""
    picked = picked_option(values, Field.WORD)
    return Word(picked) if picked in set(Word) else None


def read_view(scene: Scene) -> Block:
    """What the incoming CSM was told; on most handovers that there is nothing to add."""
    leader = people.person(scene.handover.leader, scene.names)
    blocks: list[Block] = [section("\n".join(_lines(scene, leader)))]
    return modal(Form.SHOWN, _TITLE, blocks, close="Close")


def read_button(scene: Scene) -> list[Block]:
    """For the incoming CSM, on every handover alike."""
    if scene.viewer != told_user(scene.handover, Role.INCOMING):
        return []
    return actions([button(_TITLE, Act.WORD_READ, scene.ref())])


def build(_subject: str, scene: Scene) -> Message | None:
    """That there is a word, never which; nothing for whoever was not told."""
    if word_for(scene.vault.spoken, scene.handover, scene.viewer) is Word.NOTHING:
        return None
    leader = people.person(scene.handover.leader, scene.names)
    words = f"{scene.account}: {leader} has a word for you."
    return Message(words, [section(words), *read_button(scene)])


def _lines(scene: Scene, leader: str) -> list[str]:
    confidential = scene.vault.confidential
    match word_for(scene.vault.spoken, scene.handover, scene.viewer):
        case Word.REASON if confidential:
            why = (
                f"*Why {scene.account} moves:* {CONFIDENTIAL[confidential]}: {_WHY[confidential]}."
            )
            return [why, f"This is between you and {leader}. Please keep it to yourself."]
        case Word.HEARD:
            return [_HEARD.format(leader=leader)]
        case _:
            return [f"{leader} has nothing to add to what stands in the pack."]
