"""One message of several: what came soon after the first is added to it, with its own buttons."""

from collections.abc import Sequence

from bot.views.blocks import (
    MESSAGE_BLOCKS,
    Block,
    Message,
    context,
    cut,
    divider,
    fitted,
    section,
)
from bot.views.words import counted

_TEXT = 3500
_LINE = 700
_FOOT = 1


def joined(messages: Sequence[Message]) -> Message:
    """All of them in one, in order; what does not fit whole says in a line what it is about."""
    head = _head(messages)
    blocks = [section(f"*{head}*")]
    for number, message in enumerate(messages):
        left = len(messages) - number - 1
        room = MESSAGE_BLOCKS - _FOOT - len(blocks) - left
        if len(message.blocks) < room and not _names(blocks) & _names(message.blocks):
            blocks += [divider(), *message.blocks]
        elif room > 0:
            blocks.append(section(f"{cut(message.text, _LINE)} _Its buttons are on Home._"))
        else:
            blocks.append(context(f"{counted(left + 1, 'more thing')} on Home."))
            break
    lines = [head, *(cut(message.text, _LINE) for message in messages)]
    return Message(fitted(lines, _TEXT), blocks)


def _head(messages: Sequence[Message]) -> str:
    """How much of it waits for its reader: whatever still has something to press."""
    waits = sum(any(_is_pressed(block) for block in message.blocks) for message in messages)
    rest = len(messages) - waits
    if not waits:
        return f"{counted(rest, 'thing')} to know"
    wait = f"{counted(waits, 'thing')} {'waits' if waits == 1 else 'wait'} for you"
    return f"{wait}, {rest} to know" if rest else wait


def _is_pressed(block: Block) -> bool:
    return block["type"] == "actions" or "accessory" in block


def _names(blocks: Sequence[Block]) -> set[str]:
    return {block["block_id"] for block in blocks if "block_id" in block}
