"""What the leader of a book reads: how far it is, in one message."""

from bot.book_ids import BookAct
from bot.views import book_prepared
from bot.views.blocks import Block, Message, actions, button, header, section
from bot.views.book_scene import BookScene
from bot.views.words import counted
from flows.books import BookStage
from flows.handover import Acceptance
from flows.interview import pack_complete
from flows.privacy import leads


def build(_subject: str, scene: BookScene) -> Message | None:
    """How many accounts are accepted and packed; nothing for whoever leads none of them."""
    if scene.book.stage is not BookStage.STARTED:
        return book_prepared.build(scene)
    led = [row for row in scene.rows if leads(row.handover, scene.viewer)]
    if not led:
        return None
    taken = [row for row in led if row.handover.acceptance is Acceptance.ACCEPTED]
    packed = [row for row in led if pack_complete(row.handover, row.playbook)]
    title = f"Book of {scene.plain_outgoing}: {counted(len(led), 'account')}"
    words = f"{len(taken)} accepted, {len(packed)} with a complete knowledge pack."
    less = [row for row in led if row.handover.asked_less]
    if less:
        words += f" Only the essentials are asked of {counted(len(less), 'account')}."
    again = button("Ask everything again", BookAct.MORE, scene.ref()) if less else None
    blocks: list[Block] = [
        header(title),
        section(words),
        *actions([button("Show the book", BookAct.SHOW, scene.ref()), again]),
    ]
    return Message(f"{title}. {words}", blocks)
