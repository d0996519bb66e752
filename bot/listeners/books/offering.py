"""What an incoming CSM does with their part of a book as a whole."""

from collections.abc import Callable, Mapping

from bot.books.ids import BookAct
from bot.listeners.books.scenes import book_for, book_to, order, turned
from bot.listeners.clicks import about
from bot.office import Office
from bot.payloads import Click
from bot.views.books import offer as book_offer
from bot.views.books.orders import keyed, unpacked
from flows.errors import FlowError
from flows.events import Accepted
from flows.who_may import Do


def _accept_all(office: Office, click: Click) -> None:
    """Take over all that waited when the button was shown, but for what was answered since."""
    ref = about(click)
    scene = book_to(Do.ACCEPT, office, click.user, ref.h)
    there = keyed(scene, (row.handover for row in book_offer.waiting(scene)))
    event = Accepted(at=office.desk.clock.now(), by=click.user)
    wanted = unpacked(ref.v)
    each = {handover.id: event for row, handover in there.items() if row in wanted}
    if not each:
        raise FlowError("already_decided")
    order(office, scene, (click.user, click.key), each)


def _page(office: Office, click: Click) -> None:
    ref = about(click)
    scene = book_for(office, click.user, ref.h)
    turned(office, click, "Your accounts", book_offer.page(scene, int(ref.v)))


CLICKS: Mapping[str, Callable[[Office, Click], None]] = {
    BookAct.OFFER_ALL: _accept_all,
    BookAct.OFFER_PAGE: _page,
}
