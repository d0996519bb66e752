"""Everything that somebody does with a book as a whole: the command, clicks and modals."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.book_ids import BookAct
from bot.ids import act
from bot.listeners import (
    book_acts,
    book_approving,
    book_intake,
    book_offering,
    book_pasting,
    book_sharing,
    book_sitting,
    book_standing,
)
from bot.office import Office
from bot.payloads import Click, Submission
from flows.errors import FlowError

Answer = dict[str, Any]


def handle_book_click(office: Office, click: Click) -> None:
    """A button about a book. Raises FlowError."""
    do = CLICKS.get(act(click.action))
    if do is None:
        raise FlowError("not_found")
    do(office, click)


CLICKS: Mapping[str, Callable[[Office, Click], None]] = {
    BookAct.SHOW: book_standing.show_book,
    **book_acts.CLICKS,
    **book_intake.CLICKS,
    **book_sitting.CLICKS,
    **book_pasting.CLICKS,
    **book_offering.CLICKS,
    **book_approving.CLICKS,
    **book_sharing.CLICKS,
}
SUBMISSIONS: Mapping[str, Callable[[Office, Submission], Answer | None]] = {
    **book_acts.SUBMISSIONS,
    **book_intake.SUBMISSIONS,
    **book_sharing.SUBMISSIONS,
    **book_sitting.SUBMISSIONS,
    **book_pasting.SUBMISSIONS,
}
