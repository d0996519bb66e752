"""What several customers are told, for whoever hands over a book: to be looked at by account, and
sent for approval in one act.
"""

from collections.abc import Sequence

from bot.books.ids import BookAct
from bot.ids import Act, Ref
from bot.views import people
from bot.views.blocks import Block, Choice, Element, actions, button, fitted, section, select
from bot.views.books.orders import keyed, packed, refused, under_way
from bot.views.books.scene import BookScene
from bot.views.slack_text import Surface
from bot.views.words import counted
from flows.events import SentForApproval
from flows.handover import Handover
from flows.texts.pieces import can_be_sent, first_sender, lacks_backup

_TEXT = 1200
_MENU = 25


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
        found += actions([button(label, BookAct.SEND_ALL, scene.ref(v=rows)), _look(scene, there)])
    return found


def _look(scene: BookScene, there: Sequence[Handover]) -> Element:
    """The drafts of one account, for the asking."""
    choices = [
        Choice(Ref(h=handover.id).dump(), people.account(handover, scene.names, Surface.PLAIN))
        for handover in there[:_MENU]
    ]
    return select(choices, placeholder="Look at the texts", action=Act.DRAFTS_SHOW)
