"""Asking which handover a reply is for, where it could belong to several."""

from collections.abc import Sequence

from bot.ids import Act, Ref
from bot.views import people
from bot.views.blocks import LABEL, Message, actions, button, context, cut, section
from bot.views.scene import quoted
from bot.views.slack_text import Names, Surface, render
from flows.handover import Handover, Said

_QUOTE = 300
_MOST = 20


def which_account(said: Said, open_ones: Sequence[Handover], names: Names) -> Message:
    """The reply, kept, and a button for each handover that it may answer."""
    words = "Which account is this about? I have kept it and add it where you say."
    reply = quoted(render(said.text, Surface.MRKDWN, names, _QUOTE))
    buttons = [
        button(
            cut(people.account(handover, names, Surface.PLAIN), LABEL),
            Act.STRAY_FILE.of(handover.id),
            Ref(h=handover.id, v=said.source),
        )
        for handover in open_ones[:_MOST]
    ]
    accounts = ", ".join(people.account(handover, names) for handover in open_ones[:_MOST])
    hint = "To answer one directly, reply in its thread."
    blocks = [section(f"{words}\n{reply}"), *actions(buttons), context(hint)]
    return Message(f"{words} {accounts}. {hint}", blocks)


def filed(handover: Handover | None, names: Names) -> Message:
    """The same message once the reply has its place; none where it was taken back."""
    words = "You took this back: nothing is left to sort."
    if handover:
        words = f"Added to {people.account(handover, names)}. Thank you!"
    return Message(words, [section(words)])
