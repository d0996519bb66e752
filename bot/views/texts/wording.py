"""The reason for the customer: to be agreed by both CSMs, put in other words, and approved."""

from collections.abc import Sequence

from bot.ids import Act, Field, Form
from bot.views import people
from bot.views.blocks import (
    Block,
    Element,
    Message,
    actions,
    button,
    context,
    field,
    modal,
    section,
    text_input,
)
from bot.views.dates import day
from bot.views.scene import Scene, quoted
from bot.views.slack_text import to_form
from bot.views.texts.leaks import let_stand
from flows.handover import Wording
from flows.privacy import leads, may_read_sensitive
from flows.texts.leaks import Leak
from flows.texts.wording import agreers, still_to_agree

_MOST = 1000
_LONG = 2400
_SHORT = 600


def build(subject: str, scene: Scene) -> Message | None:
    """The text, to one of the two CSMs."""
    wording = scene.handover.wording
    if wording is None or scene.viewer not in agreers(scene.handover):
        return None
    if subject != str(wording.version):
        return _older(scene)
    ask = f"What do we tell {scene.account} about the change?"
    return _message(scene, wording, ask)


def ways(scene: Scene) -> list[Block]:
    """What the reader can do with the text; nothing once it is approved, or for anybody else."""
    handover, wording = scene.handover, scene.handover.wording
    if wording is None or wording.approved_at:
        return []
    ref = scene.ref(v=str(wording.version))
    agrees, approves = scene.viewer in agreers(handover), leads(handover, scene.viewer)
    found: list[Element | None] = [
        button("I agree", Act.REASON_AGREE, ref, "primary")
        if agrees and scene.viewer not in wording.agreed
        else None,
        button("Put it in other words", Act.REASON_EDIT, ref) if agrees or approves else None,
    ]
    return actions(found)


def told(scene: Scene) -> list[Block]:
    """The text with who stands behind it, for whoever looks at the handover."""
    wording = scene.handover.wording
    if wording is None:
        return []
    words = quoted(scene.typed(wording.text, _SHORT))
    text = section(f"*What the customer is told*\n{words}")
    return [text, context(_state(scene, wording), _stands(scene, wording)), *ways(scene)]


def form(scene: Scene, text: str = "", despite: str = "", leaks: Sequence[Leak] = ()) -> Block:
    """The text to be put in other words: as it stands, or as it was typed (both stored forms) by a
    leader who may let stand what was found in it.
    """
    wording = scene.handover.wording
    text = to_form(text or (wording.text if wording else ""), scene.names)
    hint = "The customer reads this, so no internal word. Both CSMs are asked to agree again."
    blocks = [
        field(
            Field.TEXT,
            "The reason, as the customer reads it",
            text_input(text, multiline=True, most=_MOST),
            hint=hint,
        ),
        *(let_stand(leaks, despite, scene.names) if leaks else []),
    ]
    ref = scene.ref(v=str(wording.version) if wording else "")
    return modal(Form.REASON, "In other words", blocks, submit="Save", carried=ref)


def _message(scene: Scene, wording: Wording, ask: str) -> Message:
    words, state = scene.typed(wording.text, _LONG), _state(scene, wording)
    stands = _stands(scene, wording)
    blocks = [section(f"*{ask}*\n{quoted(words)}"), context(state, stands), *ways(scene)]
    return Message(f"{ask} {words} {state} {stands}".strip(), blocks)


def _stands(scene: Scene, wording: Wording) -> str:
    """Why a leader let it stand; for those who work on it."""
    if not (wording.despite and may_read_sensitive(scene.handover, scene.viewer)):
        return ""
    why = scene.typed(" ".join(wording.despite.split()), _SHORT)
    return f"{scene.name(wording.by)} let it stand: {why}"


def _state(scene: Scene, wording: Wording) -> str:
    """Who stands behind it, and whose word is missing."""
    leader = people.person(scene.handover.leader, scene.names)
    if wording.approved_at:
        on = day(wording.approved_at.astimezone(scene.now.tzinfo).date())
        without = [scene.name(user) for user in wording.without]
        alone = f", without a word of {people.listed(without)}" if without else ""
        return f"Approved by {scene.name(wording.approved_by)} on {on}{alone} ✓"
    agreed = [scene.name(user) for user in agreers(scene.handover) if user in wording.agreed]
    missing = [scene.name(user) for user in still_to_agree(scene.handover)]
    pieces = [
        f"Agreed: {people.listed(agreed)} ✓" if agreed else "",
        f"Still to agree: {people.listed(missing)}" if missing else "",
        f"{leader} approves it then." if scene.viewer != scene.handover.leader else "",
    ]
    return " · ".join(piece for piece in pieces if piece)


def _older(scene: Scene) -> Message:
    words = f"The reason for {scene.account} has been put in other words; they stand below."
    return Message(words, [section(words)])
