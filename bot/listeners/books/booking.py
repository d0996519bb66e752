"""Everything that somebody does with a book as a whole: the command, clicks and modals."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.books.ids import BookAct
from bot.ids import act
from bot.listeners.books import acts as book_acts
from bot.listeners.books import approving as book_approving
from bot.listeners.books import intake as book_intake
from bot.listeners.books import offering as book_offering
from bot.listeners.books import pasting as book_pasting
from bot.listeners.books import sharing as book_sharing
from bot.listeners.books import sitting as book_sitting
from bot.listeners.books import standing as book_standing
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
