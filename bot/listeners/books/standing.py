"""Where a started book stands, for whoever may know of any of its accounts."""

from typing import Any

from bot.books.ids import BookForm
from bot.ids import Ref
from bot.listeners.books.scenes import book_for
from bot.listeners.clicks import about
from bot.listeners.reading import own_rows
from bot.listeners.showing import change_view, is_in, open_modal, show
from bot.named import people_of
from bot.office import Office
from bot.payloads import Click
from bot.views.blocks import Message, modal, section
from bot.views.books import offer as book_offer
from bot.views.books import table as book_table
from bot.views.books.rows import group_block, group_line
from bot.views.rows import Row
from flows.books.book import BookStage, may_prepare
from flows.tasks import Todo
from storage import books

View = dict[str, Any]
_MOST_BOOKS = 40


def standing_of(office: Office, user: str) -> Message | None:
    """`/handover book` for somebody whom started books involve: the one there is, or which ones."""
    rows = [row for row in own_rows(office, user) if row.handover.book]
    started = _started_by(office, user)
    known = list(dict.fromkeys([*(row.handover.book for row in rows), *started]))
    if not known:
        return None
    if len(known) == 1:
        return book_table.build(book_for(office, user, known[0]), Ref(h=known[0]))
    return _several(office, rows, known)


def show_book(office: Office, click: Click) -> None:
    """A book, or what somebody has to do in it; another page of it in the place of the one shown.

    Raises FlowError `not_found`.
    """
    ref = about(click)
    message = table(office, click.user, ref)
    view = shown_view(message, ref)
    if ":" not in click.action:
        if click.view is None:
            show(office, click, message)
        else:
            open_modal(office, click, view)
    elif click.view and is_in(click, "modal"):
        change_view(office, click.view["id"], lambda: view)
    else:
        respond = office.gateway.respond
        office.soon(lambda: respond(click.response_url, message, replace=True))


def table(office: Office, user: str, ref: Ref) -> Message:
    """What a button shows of book `ref.h`. Raises FlowError `not_found`."""
    scene = book_for(office, user, ref.h)
    offer = book_offer.build("", scene) if ref.k == Todo.ACCEPT else None
    return offer or book_table.build(scene, ref)


def shown_view(message: Message, ref: Ref) -> View:
    """A book in a modal, which knows what it shows."""
    blocks = message.blocks
    return modal(BookForm.SHOWN, "Book", blocks, close="Close", carried=ref)


def anew(office: Office, user: str, view: View) -> View:
    """What a modal that shows a book says now."""
    ref = Ref.load(view["private_metadata"])
    return shown_view(table(office, user, ref), ref)


def _started_by(office: Office, user: str) -> list[str]:
    """The started books that somebody prepared or leads as a whole, newest first."""
    with office.desk.database.read() as connection:
        found = books.of_person(connection, office.team, user)
    return [b.id for b in found if b.stage is BookStage.STARTED and may_prepare(b, user)]


def _several(office: Office, rows: list[Row], known: list[str]) -> Message:
    names = office.roster.names({user for row in rows for user in people_of(row.handover)})
    groups = [tuple(row for row in rows if row.handover.book == book) for book in known]
    found = [group for group in groups if group][:_MOST_BOOKS]
    lines = [group_line(group, names).replace("*", "") for group in found]
    first = "Your books"
    blocks = [section(f"*{first}*"), *(group_block(group, names) for group in found)]
    return Message("\n".join([f"{first}:", *lines]), blocks)
