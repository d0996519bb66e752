"""Telling whoever installed the bot that one of its messages will never arrive."""

from bot.views.blocks import Message, section
from bot.views.slack_text import escaped


def message_lost(error: str) -> Message:
    """Slack's word for why; neither for whom nor about what, for an admin reads no handover."""
    words = (
        "One of my messages could not be delivered and I have stopped trying. "
        f"Slack says: `{escaped(error)}`. The page /readyz counts such messages; "
        "most often somebody has left, or the app was removed from a conversation."
    )
    return Message(words, [section(words)])
