"""The card on top of the one thread in which somebody hands over many accounts."""

from bot.ids import Act, Ref
from bot.views import people
from bot.views.blocks import Block, Message, actions, button, fitted, header, section
from bot.views.book_scene import BookScene
from bot.views.rows import Row
from bot.views.slack_text import Surface
from bot.views.words import counted
from flows.interview import next_question, progress, roles_answered_by
from flows.terms import Role

_SHOWN = 40
_TEXT = 3700


def build(_subject: str, scene: BookScene) -> Message | None:
    """How far each account is, and the next one; nothing for whoever answers for none of them."""
    rows = [row for row in scene.rows if roles_answered_by(row.handover, scene.viewer)]
    if not rows:
        return None
    title = f"Your book: {counted(len(rows), 'account')}"
    lines = [_line(row, scene) for row in rows]
    following = next((row for row in rows if _is_open(row, scene.viewer)), None)
    blocks: list[Block] = [header(title), section(fitted(lines, _TEXT // 2))]
    if following:
        name = people.account(following.handover, scene.names, Surface.PLAIN)
        label = f"Continue with {name}"
        blocks += actions(
            [button(label, Act.CARD_CONTINUE, Ref(h=following.handover.id), "primary")]
        )
    return Message(fitted([f"{title}.", *lines], _TEXT), blocks)


def _line(row: Row, scene: BookScene) -> str:
    done = progress(row.handover, row.playbook, Role.OUTGOING)
    account = people.account(row.handover, scene.names)
    return f"{account}: {done.answered} of {done.required} required answered"


def _is_open(row: Row, viewer: str) -> bool:
    return next_question(row.handover, row.playbook, viewer) is not None
