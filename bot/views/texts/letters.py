"""The texts for the customer as drafts: what each says and lacks, and how it gets to the leader."""

from bot.ids import Act
from bot.views import people
from bot.views.blocks import (
    Block,
    Element,
    Message,
    actions,
    button,
    context,
    fitted,
    header,
    section,
)
from bot.views.scene import Scene
from bot.views.slack_text import Surface
from bot.views.texts.piece import fitted as as_far_as_fits
from bot.views.texts.piece import on, part, remark, title, to_agree
from flows.handover import Stage
from flows.happened import CLOCK
from flows.privacy import may_know, may_read_sensitive
from flows.texts.letters import PieceState
from flows.texts.pieces import (
    Piece,
    approved_texts,
    asked_to_approve,
    drafted,
    is_being_agreed,
    lacks_backup,
    pieces,
)

_TEXT = 3600
_HINT = (
    "Days and the leader's name follow the plan by themselves. [name] is filled in when it is sent."
)


def build(_subject: str, scene: Scene) -> Message | None:
    """The drafts, for whoever may know of the handover."""
    handover = scene.handover
    knows = handover.stage is Stage.IN_FLIGHT and may_know(handover, scene.viewer)
    if not (knows and drafted(handover)):
        return None
    texts = [piece for piece in pieces(handover, scene.playbook) if piece.spec]
    name = people.account(handover, scene.names, Surface.PLAIN)
    state = standing(scene)
    first: list[Block] = [header(f"Texts for the customer: {name}"), section(state), context(_HINT)]
    last = actions([_send(scene)])
    parts = [part(scene, piece, said(scene, piece), ways(scene, piece)) for piece in texts]
    blocks = [*first, *as_far_as_fits(parts, [*first, *last]), *last]
    lines = [
        f"Texts for the customer: {scene.account}. {state}",
        *(line for one in parts for line in (one.head, *one.body, one.note) if line),
    ]
    return Message(fitted([line.replace("*", "") for line in lines], _TEXT), blocks)


def standing(scene: Scene) -> str:
    """How far the texts are on their way to the customer."""
    handover, letters = scene.handover, scene.handover.letters
    leader = scene.name(handover.leader)
    if letters.asked_at:
        count, of = approved_texts(handover)
        sent = (
            f"Sent for approval by {scene.name(letters.asked_by)} on {on(scene, letters.asked_at)}"
        )
        again = f" {to_agree(scene)} agree to the reason anew." if is_being_agreed(handover) else ""
        return f"{sent}: {count} of {of} approved.{again}"
    if handover.wording is None:
        return (
            "Unfinished drafts: they follow the pack as it is answered. The reason comes into them "
            "once the pack is accepted and both CSMs agree what the customer is told."
        )
    if is_being_agreed(handover):
        return (
            f"Drafts. Before they can be sent, the reason is agreed; still open: {to_agree(scene)}."
        )
    if lacks_backup(handover):
        return f"Drafts. Before they can be sent, {leader} names who approves when they are away."
    return (
        f"Drafts. Send them for approval when you are content: {leader} reads all of them at once."
    )


def drafts_button(scene: Scene) -> Element | None:
    """Has the drafts sent, once there are some."""
    return button("Drafts", Act.DRAFTS_SHOW, scene.ref()) if drafted(scene.handover) else None


def said(scene: Scene, piece: Piece) -> str:
    """Where a piece stands, in a few words."""
    versions = scene.handover.letters.drafts.get(piece.key, ())
    writer = versions[-1].by if versions else CLOCK
    worded = f"worded by {scene.name(writer)}" if writer != CLOCK else ""
    match piece.state:
        case PieceState.APPROVED if piece.approved:
            by, day = scene.name(piece.approved.by), on(scene, piece.approved.at)
            state = f"approved by {by} on {day} ✓"
        case PieceState.CHANGES if piece.wanted:
            state = wished(scene, piece)
        case PieceState.WAITING:
            who = [scene.name(user) for user in asked_to_approve(scene.handover)]
            state = f"waits for {people.listed(who)}"
        case _:
            state = "draft"
    return " · ".join(word for word in (worded, state) if word)


def wished(scene: Scene, piece: Piece) -> str:
    """What a leader wants to be different about a piece."""
    wanted = piece.wanted
    if wanted is None or wanted.by == CLOCK:
        return "to be changed: the reason in it is no longer the agreed one"
    return f"{scene.name(wanted.by)} asked for changes: “{remark(scene, wanted.text)}”"


def ways(scene: Scene, piece: Piece) -> list[Element | None]:
    """What the reader can do with a text as a draft."""
    return [edit_button(scene, piece)]


def edit_button(scene: Scene, piece: Piece, label: str = "Edit") -> Element | None:
    """Opens the whole text; nothing for whoever only looks."""
    if piece.spec is None or not may_read_sensitive(scene.handover, scene.viewer):
        return None
    ref = scene.ref(p=piece.key, v=str(piece.version))
    return button(label, Act.LETTER_EDIT, ref, about=title(scene, piece.key, Surface.PLAIN))


def _send(scene: Scene) -> Element | None:
    handover = scene.handover
    if handover.letters.asked_at or not may_read_sensitive(handover, scene.viewer):
        return None
    return button("Send for approval", Act.LETTERS_SEND, scene.ref(), "primary")
