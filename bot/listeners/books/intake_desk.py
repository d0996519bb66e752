"""What every step of a book's preparation does: open it, record what was said, show it again."""

from collections.abc import Iterable
from typing import Any

from bot.books.rendering import people_of
from bot.desk import Receipt
from bot.listeners.showing import change_view, is_in, open_modal
from bot.listeners.start_checks import today_where
from bot.office import Office
from bot.payloads import Click, Submission, key_of
from bot.views.books.intake import Edge, accounts_view
from bot.views.slack_text import Names, from_form
from flows.account_names import account_key
from flows.books.book import Book, BookStage, may_prepare
from flows.books.events import BookEvent, RowsChanged
from flows.books.intake import Reader, looked_up
from flows.books.rows import Row
from flows.errors import FlowError
from flows.known.namesakes import Directory
from flows.privacy import may_know
from flows.saying import Post
from storage import handovers

View = dict[str, Any]
Answer = dict[str, Any]


def prepared(office: Office, user: str, book: str) -> Book:
    """A book that somebody may put together. Raises FlowError `not_found`, `already_started`."""
    found = office.books.find(office.team, book)
    if found.stage is BookStage.DISCARDED or not may_prepare(found, user):
        raise FlowError("not_found")
    if found.stage is not BookStage.PREPARING:
        raise FlowError("already_started")
    return found


def record(
    office: Office, act: Click | Submission, book: str, event: BookEvent, posts: Iterable[Post] = ()
) -> Book:
    """Record one of the things that an act says, once. Raises FlowError."""
    view = act.view or {}
    which = str(getattr(event, "order", ""))
    key = key_of("book", act.key, str(view.get("hash", "")), event.type, which)
    return office.books.record(Receipt(act.team, key), book, event, posts)


def names_for(office: Office, book: Book) -> Names:
    """Names of everybody in a book."""
    return office.roster.names(people_of(book))


def edge(office: Office, user: str) -> Edge:
    """Whom somebody may pick as a leader."""
    leaders = office.roster.leaders
    return Edge(leaders, name_leaders=not leaders and office.roster.is_admin(user))


def accounts(office: Office, book: Book, page: str = "") -> View:
    """The accounts of a book, from a page that a view carried; what is no page is the first one."""
    return accounts_view(book, names_for(office, book), int(page) if page.isdecimal() else 0)


def directory(office: Office, book: Book) -> Directory:
    """Everybody whom a name in a list can mean."""
    names = {user: person.name for user, person in office.roster.colleagues().items()}
    outgoing = book.outgoing
    if outgoing and outgoing.user:
        names.setdefault(outgoing.user, outgoing.name)
    return Directory(names)


def reader(office: Office, user: str, people: Directory) -> Reader:
    """What it takes to read a list where somebody is."""
    return Reader(people=people, today=today_where(office, user), stored=from_form)


def seen_through(
    office: Office, book: Book, rows: Iterable[Row], people: Directory, *but: str
) -> tuple[Row, ...]:
    """Rows with what is told from beyond the list.

    An account counts as under way where everybody who prepares the book (and `but`, who will) may
    know of it: what one of them may not know of, no mark gives away.
    """
    rows, viewers = tuple(rows), {book.created_by, *but}
    shared = book.shared
    if book.shown_to_leader and shared:
        viewers |= {shared.leader, shared.backup or shared.leader}
    named = {row.account for row in rows if row.account}
    with office.desk.database.read() as connection:
        under_way = frozenset(
            account_key(handover.account)
            for handover in handovers.in_flight_of(connection, office.team, named)
            if not handover.example and all(may_know(handover, viewer) for viewer in viewers)
        )
    return looked_up(rows, book.outgoing, people, under_way)


def looked_at_again(office: Office, act: Click | Submission, book: Book, *but: str) -> Book:
    """A book whose marks tell how things are now."""
    after = seen_through(office, book, book.rows, directory(office, book), *but)
    changed = tuple(row for row, old in zip(after, book.rows, strict=True) if row != old)
    if not changed:
        return book
    event = RowsChanged(at=office.desk.clock.now(), by=act.user, rows=changed)
    return record(office, act, book.id, event)


def show_below(office: Office, submission: Submission, book: Book, page: str = "") -> None:
    """Bring the modal beneath a submitted one up to date."""
    root = submission.view.get("root_view_id") or submission.view_id
    change_view(office, root, lambda: accounts(office, book, page))


def open_view(office: Office, click: Click, view: View) -> None:
    """Open a modal for a click, in the place of the one that was clicked in, if it was one."""
    clicked_in = click.view
    if clicked_in and is_in(click, "modal"):
        change_view(office, clicked_in["id"], lambda: view)
    else:
        open_modal(office, click, view)
