"""A file of the pack for one reader: a file given to the bot opens for nobody else by itself."""

from bot.views.blocks import Message, section
from bot.views.scene import Scene
from bot.views.slack_text import Surface, one_line
from flows.knowledge.ledger import Document

MOST_BYTES = 20_000_000
_NAME = 200
_WHY = {
    "file_too_large": "It is larger than 20 MB. Ask {giver} to share it with you.",
    "file_elsewhere": "It is not kept in Slack. Ask {giver} to share it with you.",
    "unsure": "Slack does not give it to me just now. Please try again in a while.",
}
_GONE = "It is not in Slack any more. Ask {giver} to upload it again."


def brought(scene: Scene, document: Document) -> Message:
    """What stands above the file."""
    name = one_line(document.title, Surface.PLAIN, scene.names, _NAME)
    return Message(f"{scene.account}: {name}", [])


def not_brought(scene: Scene, document: Document, code: str) -> Message:
    """Why the file does not come, and who can help."""
    name = one_line(document.title, Surface.MRKDWN, scene.names, _NAME)
    why = _WHY.get(code, _GONE).format(giver=scene.name(document.by))
    words = f"{scene.account}: I can't bring you {name}. {why}"
    return Message(words, [section(words)])
