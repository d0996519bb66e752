"""How whoever hands over a book sends what several customers are told for approval, in one act."""

from bot.book_ids import BookAct
from bot.views.blocks import Block, actions, button, fitted, section
from bot.views.book_orders import keyed, packed, refused, under_way
from bot.views.book_scene import BookScene
from bot.views.words import counted
from flows.events import SentForApproval
from flows.handover import Handover
from flows.pieces import can_be_sent, first_sender, lacks_backup

_TEXT = 1200


def ready(scene: BookScene) -> list[Handover]:
    """The accounts whose drafts the reader can send now."""
    return [
        handover
        for handover in scene.handovers
        if can_be_sent(handover)
        and first_sender(handover) == scene.viewer
        and not lacks_backup(handover)
    ]


def blocks(scene: BookScene) -> list[Block]:
    """The button that sends all of them, and what could not be sent; nothing where nothing can."""
    there = ready(scene)
    faults = refused(scene, SentForApproval, there)
    found: list[Block] = []
    if faults:
        found.append(section(fitted(["*Not sent:*", *faults], _TEXT)))
    if there and not under_way(scene, SentForApproval):
        rows = packed(keyed(scene, there))
        label = f"Send for approval for {counted(len(there), 'account')}"
        found += actions([button(label, BookAct.SEND_ALL, scene.ref(v=rows))])
    return found
