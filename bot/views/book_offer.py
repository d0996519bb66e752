"""What an incoming CSM is asked to take over from a book, in one message."""

from bot.ids import Act, Ref
from bot.views import people
from bot.views.blocks import Block, Message, actions, button, fitted, header, section
from bot.views.book_scene import BookScene
from bot.views.slack_text import Surface
from bot.views.words import SEGMENTS, counted
from flows.handover import Acceptance
from flows.terms import Role

_SHOWN = 20
_TEXT = 3700


def build(_subject: str, scene: BookScene) -> Message | None:
    """Every account that is theirs, each with its own answer; nothing for whoever takes none."""
    mine = [h for h in scene.handovers if h.user(Role.INCOMING) == scene.viewer]
    if not mine:
        return None
    title = f"From {scene.plain_outgoing}: {counted(len(mine), 'account')} for you"
    blocks: list[Block] = [header(title)]
    lines = []
    for handover in mine:
        account = people.account(handover, scene.names)
        said = {
            Acceptance.WAITING: "",
            Acceptance.ACCEPTED: ", you take it over",
            Acceptance.DECLINED: ", you declined",
        }[handover.acceptance]
        line = f"{account} ({SEGMENTS[handover.segment]}){said}"
        lines.append(line)
        if len(lines) > _SHOWN:
            continue
        blocks.append(section(line))
        if handover.acceptance is Acceptance.WAITING:
            name, ref = people.account(handover, scene.names, Surface.PLAIN), Ref(h=handover.id)
            blocks += actions(
                [
                    button("Accept handover", Act.ACCEPT_YES, ref, "primary", about=name),
                    button("Ask first", Act.ACCEPT_ASK, ref, about=name),
                    button("Decline", Act.ACCEPT_NO, ref, about=name),
                ]
            )
    return Message(fitted([f"{title}.", *lines], _TEXT), blocks)
