"""What the listeners of books share: a book for whoever may see it, an order, and a page of it."""

from collections.abc import Mapping

from bot.books.ids import BookForm
from bot.books.rendering import book_scene
from bot.desk import Receipt
from bot.listeners.showing import change_view, is_in, open_modal
from bot.named import people_of
from bot.office import Office
from bot.payloads import Click, key_of
from bot.views.blocks import Message, modal
from bot.views.books.scene import BookScene
from flows.books.book import rows_by_handover
from flows.books.events import Ordered
from flows.errors import FlowError
from flows.events import Event
from flows.parts import parts
from flows.who_may import Do, granted


def book_for(office: Office, user: str, book: str) -> BookScene:
    """A book as somebody sees it. Raises FlowError `not_found`."""
    scene = book_scene(office.desk, office.roster, (office.team, book, user), people_of)
    if scene is None:
        raise FlowError("not_found")
    return scene


def book_to(do: Do, office: Office, user: str, book: str) -> BookScene:
    """A book for whoever may do this with one of its accounts at least. Raises FlowError
    `not_found`, `not_yours`.
    """
    scene = book_for(office, user, book)
    if not any(granted(do, parts(account, user), theirs=True) for account in scene.handovers):
        raise FlowError("not_yours")
    return scene


def order(office: Office, scene: BookScene, by: tuple[str, str], each: Mapping[str, Event]) -> None:
    """Have something done to several accounts, by handover; `by` is who orders it, and the key of
    the delivery. It is carried out after the ack, and by the sweep whatever happens.
    """
    user, key = by
    known = rows_by_handover(scene.book)
    rows = {known[handover].key: event for handover, event in each.items() if handover in known}
    if not rows:
        return
    first, *others = rows.values()
    alike = all(event == first for event in others)
    ordered = Ordered(
        at=office.desk.clock.now(),
        by=user,
        order=key_of("order", key),
        rows=tuple(rows),
        event=first if alike else None,
        each={} if alike else rows,
    )
    team, book = scene.book.team, scene.book.id
    office.books.record(Receipt(team, key), book, ordered)
    office.soon(lambda: office.books.carry(team, book))


def turned(office: Office, click: Click, title: str, message: Message | None) -> None:
    """Show a page of a book in a modal, or in the place of the page that was clicked in.

    Raises FlowError `not_found` where there is nothing to show.
    """
    if message is None:
        raise FlowError("not_found")
    view = modal(BookForm.SHOWN, title, message.blocks, close="Close")
    if is_in(click, "modal") and click.view and click.view.get("callback_id") == BookForm.SHOWN:
        change_view(office, click.view["id"], lambda: view)
    else:
        open_modal(office, click, view)
