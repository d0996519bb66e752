"""Everything that somebody does with a book as a whole: the command, clicks and modals."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.book_ids import BookAct
from bot.ids import act
from bot.listeners import (
    book_approving,
    book_intake,
    book_offering,
    book_pasting,
    book_sharing,
    book_sitting,
)
from bot.listeners.book_scenes import book_for
from bot.listeners.clicks import about
from bot.listeners.showing import show
from bot.office import Office
from bot.payloads import Click, Submission
from bot.views import book_notice
from flows.errors import FlowError

Answer = dict[str, Any]


def handle_book_click(office: Office, click: Click) -> None:
    """A button about a book. Raises FlowError."""
    do = CLICKS.get(act(click.action))
    if do is None:
        raise FlowError("not_found")
    do(office, click)


def _show(office: Office, click: Click) -> None:
    scene = book_for(office, click.user, about(click).h)
    message = book_notice.build("", scene)
    if message is None:
        raise FlowError("not_found")
    show(office, click, message)


CLICKS: Mapping[str, Callable[[Office, Click], None]] = {
    BookAct.SHOW: _show,
    **book_intake.CLICKS,
    **book_sitting.CLICKS,
    **book_pasting.CLICKS,
    **book_offering.CLICKS,
    **book_approving.CLICKS,
    **book_sharing.CLICKS,
}
SUBMISSIONS: Mapping[str, Callable[[Office, Submission], Answer | None]] = {
    **book_intake.SUBMISSIONS,
    **book_sharing.SUBMISSIONS,
    **book_sitting.SUBMISSIONS,
    **book_pasting.SUBMISSIONS,
}
