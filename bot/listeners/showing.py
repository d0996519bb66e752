"""What somebody is shown for a click: where they clicked, and to nobody else.

In a conversation it is a whisper, in a modal another modal on top, on Home a modal. Where a modal
cannot be opened any more (its trigger lives three seconds), a whisper says so.
"""

from collections.abc import Callable
from typing import Any

from bot.delivery.port import Told, Trouble
from bot.ids import Form, Ref
from bot.office import Office
from bot.payloads import Click
from bot.views.blocks import Message, modal, section
from bot.views.errors import say
from flows.errors import FlowError

View = dict[str, Any]
Opener = Callable[[str, View], Told | Trouble]


def note(words: str) -> Message:
    """A message of one line."""
    return Message(words, [section(words)])


def note_view(message: Message, about: Ref | None = None) -> View:
    """A modal that only says something; `about` is the handover that it shows, if it shows one."""
    return modal(Form.SHOWN, "Handover", message.blocks, close="Close", carried=about)


def hint(office: Office, click: Click, words: str) -> None:
    """Tell somebody something that only they see."""
    show(office, click, note(words))


def whisper(office: Office, channel: str, user: str, code: str, thread: str | None) -> None:
    """Tell somebody something under what they wrote; only they see it."""
    office.soon(lambda: office.gateway.tell(channel, user, say(code), thread))


def show(office: Office, click: Click, message: Message, about: Ref | None = None) -> None:
    """Show a message to whoever clicked, where they clicked."""
    if click.view is None:
        office.soon(_whisperer(office, click, message))
    else:
        _open(office, click, note_view(message, about), instead=message)


def open_modal(office: Office, click: Click, view: View) -> None:
    """Open a modal for a click, on top of the one that was clicked in, if it was one."""
    _open(office, click, view, instead=note(say("press_again")))


def modal_of(click: Click) -> View:
    """What was clicked in. Raises FlowError `not_found` for a click in nothing that can change."""
    if click.view is None:
        raise FlowError("not_found")
    return click.view


def change_view(office: Office, view: str, made: Callable[[], View], seen: str = "") -> None:
    """Put what is `made` into an open modal after the answer, one change after the other; with the
    hash of what was `seen` only if nothing else stands there by then.
    """
    office.soon(lambda: office.gateway.views_update(view, made(), seen or None), lane=view)


def is_in(click: Click, kind: str) -> bool:
    """Whether somebody clicked in a "modal", or on "home"."""
    return click.view is not None and click.view.get("type") == kind


def _open(office: Office, click: Click, view: View, *, instead: Message) -> None:
    opener = office.gateway.views_push if is_in(click, "modal") else office.gateway.views_open
    if not opened(office, opener, click.trigger, view):
        office.soon(_whisperer(office, click, instead))


def opened(office: Office, opener: Opener, trigger: str, view: View) -> bool:
    """Whether a modal came up, now or when the same delivery came before."""
    return not office.triggers.use(trigger) or isinstance(opener(trigger, view), Told)


def _whisperer(office: Office, click: Click, message: Message) -> Callable[[], object]:
    gateway = office.gateway

    def whisper() -> object:
        if click.thread:
            where = (click.channel, click.user)
            return gateway.tell(*where, message.text, click.thread, message.blocks)
        if click.response_url:
            return gateway.respond(click.response_url, message, replace=False)
        opened = gateway.open_dm(click.user)
        if not isinstance(opened, Told):
            return opened
        channel = opened.data["channel"]["id"]
        return gateway.tell(channel, click.user, message.text, blocks=message.blocks)

    return whisper
