"""`/handover book`: a book is begun, gone on with, corrected as a whole, or given up."""

from collections.abc import Callable, Mapping

from bot.books.ids import BookAct, BookForm
from bot.desk import Receipt
from bot.ids import Draft, Ref
from bot.listeners.books import intake_lists as book_intake_lists
from bot.listeners.books import intake_rows as book_intake_rows
from bot.listeners.books import intake_start as book_intake_start
from bot.listeners.books.intake_desk import (
    Answer,
    View,
    accounts,
    edge,
    looked_at_again,
    names_for,
    open_view,
    prepared,
    record,
)
from bot.listeners.books.standing import standing_of
from bot.listeners.clicks import about
from bot.listeners.showing import note, open_modal, opened
from bot.listeners.start_checks import shared_in
from bot.listeners.starting import begin_list, refused
from bot.office import Office
from bot.payloads import Click, Command, Submission
from bot.views.blocks import Message
from bot.views.books.intake import chooser, draft_of, shared_form
from bot.views.books.intake_start import said_view
from bot.views.errors import facts_of, say
from bot.views.staffing.start_form import read_start
from flows.books.book import Book, BookStage, leads_book, may_prepare
from flows.books.events import BookDiscarded, BookOpened, SharedSet
from flows.books.keeping import can_be_undone
from flows.errors import FlowError, FormError
from storage import books


def book_command(office: Office, command: Command) -> Message | None:
    """`/handover book`: go on with what is prepared, see where a started one stands, or begin."""
    if not _under_way(office, command.user) and (standing := standing_of(office, command.user)):
        return standing
    view = _first_view(office, command.user)
    came = opened(office, office.gateway.views_open, command.trigger, view)
    return None if came else note(say("type_again"))


def _first_view(office: Office, user: str) -> View:
    found = _under_way(office, user)
    if not found:
        return _blank_form(office, user)
    if len(found) == 1:
        return _view_of(office, found[0], user)
    return chooser(found, office.roster.names(_outgoing(found)))


def _under_way(office: Office, user: str) -> list[Book]:
    """The books that somebody prepares, or can still take back, newest first."""
    with office.desk.database.read() as connection:
        known = books.of_person(connection, office.team, user)
    now = office.desk.clock.now()
    return [
        book
        for book in known
        if (book.stage is BookStage.PREPARING and may_prepare(book, user))
        or (can_be_undone(book, now) and (user == book.created_by or leads_book(book, user)))
    ]


def _view_of(office: Office, book: Book, user: str) -> View:
    if book.stage is BookStage.PREPARING:
        return accounts(office, book)
    return book_intake_start.begun(office, book, user)


def _outgoing(found: list[Book]) -> set[str]:
    return {book.outgoing.user for book in found if book.outgoing and book.outgoing.user}


def _blank_form(office: Office, user: str) -> View:
    """The first form; a leader hands somebody else's accounts over, everybody else their own."""
    leads = office.roster.is_leader(user)
    draft = Draft(leader=user) if leads else Draft(outgoing=user)
    names = office.roster.names({user, *office.roster.leaders})
    return shared_form(draft, names, edge(office, user), Ref())


def _begin(office: Office, click: Click) -> None:
    open_modal(office, click, _first_view(office, click.user))


def _new(office: Office, click: Click) -> None:
    open_view(office, click, _blank_form(office, click.user))


def _open(office: Office, click: Click) -> None:
    """Go on with a book. Raises FlowError `not_found` for whoever may not."""
    key = about(click).h
    book = next((book for book in _under_way(office, click.user) if book.id == key), None)
    if book is None:
        raise FlowError("not_found")
    open_view(office, click, _view_of(office, book, click.user))


def _accounts(office: Office, click: Click) -> None:
    ref = about(click)
    open_view(office, click, accounts(office, prepared(office, click.user, ref.h), ref.p))


def _change_shared(office: Office, click: Click) -> None:
    book = prepared(office, click.user, about(click).h)
    names = names_for(office, book)
    form = shared_form(draft_of(book, names), names, edge(office, click.user), Ref(h=book.id))
    open_view(office, click, form)


def _discard(office: Office, click: Click) -> None:
    book, now = about(click).h, office.desk.clock.now()
    record(office, click, book, BookDiscarded(at=now, by=click.user))
    open_view(office, click, said_view("The book is discarded. Nobody was told."))


def _submit_shared(office: Office, submission: Submission) -> Answer:
    """People and date: the book is there from now on, and nothing is lost by closing it."""
    ref, user = Ref.load(submission.metadata), submission.user
    if ref.h:
        prepared(office, user, ref.h)
    draft, now = read_start(submission.values, Draft()), office.desk.clock.now()
    try:
        shared = shared_in(office, user, draft)
    except FormError as error:
        return refused(error, submission, **facts_of(draft, office.roster.names()))
    begin_list(office, submission, draft)
    key = ref.h or submission.makes
    if not ref.h:
        first = BookOpened(at=now, by=user, id=key, team=submission.team)
        office.books.open(Receipt(submission.team, f"open-{key}"), first)
    book = record(office, submission, key, SharedSet(at=now, by=user, shared=shared))
    # Whose the accounts are depends on who hands over.
    book = looked_at_again(office, submission, book)
    return {"response_action": "update", "view": accounts(office, book)}


CLICKS: Mapping[str, Callable[[Office, Click], None]] = {
    BookAct.BEGIN: _begin,
    BookAct.NEW: _new,
    BookAct.OPEN: _open,
    BookAct.ACCOUNTS: _accounts,
    BookAct.PAGE: _accounts,
    BookAct.SHARED: _change_shared,
    BookAct.DISCARD: _discard,
    **book_intake_lists.CLICKS,
    **book_intake_rows.CLICKS,
    **book_intake_start.CLICKS,
}
SUBMISSIONS: Mapping[str, Callable[[Office, Submission], Answer | None]] = {
    BookForm.SHARED: _submit_shared,
    **book_intake_lists.SUBMISSIONS,
    **book_intake_rows.SUBMISSIONS,
    **book_intake_start.SUBMISSIONS,
}
