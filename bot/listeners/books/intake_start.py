"""The last steps of a book: what can't be taken is read, who is told what, start and undo.

Nobody is told for some minutes after the start (the playbook says how many), so that it can be
taken back whole until the first person is.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial

from bot.books.ids import BookAct, BookField, BookForm
from bot.desk import Receipt
from bot.ids import Draft, Field, Ref
from bot.listeners.books.intake_desk import (
    Answer,
    View,
    accounts,
    directory,
    looked_at_again,
    names_for,
    open_view,
    prepared,
    record,
)
from bot.listeners.clicks import about
from bot.listeners.reading import local_now
from bot.listeners.start_checks import today_where
from bot.listeners.starting import tellings_of
from bot.office import Office
from bot.payloads import Click, Submission, key_of
from bot.views.books import intake_start as views
from bot.views.staffing.start_form import NONE, read_tellings
from bot.views.state import picked_option
from flows.books.book import (
    Book,
    BookStage,
    Shared,
    can_be_taken,
    leads_book,
    started_rows,
    unacknowledged,
)
from flows.books.events import (
    BookBegun,
    BookOpened,
    BookUndone,
    FaultsAcknowledged,
    LeaderAsked,
    Ordered,
    RowsRead,
    SharedSet,
)
from flows.books.keeping import can_be_undone
from flows.books.rows import Row, faults
from flows.errors import FlowError, FormError
from flows.events import Told
from flows.frozen import Moment
from flows.handover import Telling, When
from flows.saying import Kind, Post
from flows.terms import Confidential, Role
from flows.who_may import Do, granted

_BEGIN, _UNDO = "begin", "undo"
"""The ids of orders of which a book has one at most."""


def begun(office: Office, book: Book, user: str) -> View:
    """A started book as long as it can be taken back, and afterwards."""
    begins = book.begun and book.begun.begins
    now = local_now(office, user)
    undo = can_be_undone(book, now) and _may_undo(book, user)
    tellings = begins.tellings if begins else {}
    return views.begun_view(book, names_for(office, book), user, (tellings, now), undo=undo)


def _submit_accounts(office: Office, submission: Submission) -> Answer:
    """From the accounts to what is left to be read, or to who is told what."""
    ref = Ref.load(submission.metadata)
    book = looked_at_again(office, submission, prepared(office, submission.user, ref.h))
    return _next(office, submission, book, ref)


def _submit_faults(office: Office, submission: Submission) -> Answer:
    """What can't be taken has been read, kind by kind."""
    ref = Ref.load(submission.metadata)
    book = prepared(office, submission.user, ref.h)
    ticked = views.read_faults(submission.values, book)
    unread = [kind for kind in faults(book.rows, book.outgoing) if kind not in ticked]
    if missing := [kind for kind in unread if BookField.FAULT.of(kind) in submission.inputs]:
        raise FormError([FlowError("not_read", field=BookField.FAULT.of(kind)) for kind in missing])
    event = FaultsAcknowledged(at=office.desk.clock.now(), by=submission.user, kinds=ticked)
    return _next(office, submission, record(office, submission, book.id, event), ref)


def _next(office: Office, submission: Submission, book: Book, ref: Ref) -> Answer:
    """The first step that is not done yet."""
    rows, names, user = can_be_taken(book), names_for(office, book), submission.user
    if unacknowledged(book):
        view = views.faults_view(book, names, directory(office, book), ref)
        return {"response_action": "update", "view": view}
    if not rows:
        raise FlowError("no_rows")
    shared = _check_parts(book, rows)
    office.roster.refresh()
    is_leader = office.roster.is_leader(user)
    leader_view = is_leader and user not in views.csms(rows, shared)
    view = views.start_view(book, shared, names, user, leader_view=leader_view, ref=ref)
    return {"response_action": "update", "view": view}


def _check_parts(book: Book, rows: tuple[Row, ...]) -> Shared:
    """Leader and backup take none of the accounts. Raises FlowError."""
    shared = book.shared
    if shared is None:
        raise FlowError("no_shared")
    incoming = {row.incoming.user for row in rows if row.incoming}
    if shared.leader in incoming:
        raise FlowError("book_leader_takes")
    if shared.backup and shared.backup in incoming:
        raise FlowError("book_backup_takes")
    return shared


def _submit_start(office: Office, submission: Submission) -> Answer:
    """Start the book, or ask its leader to; pressed twice, it is started once."""
    ref, user = Ref.load(submission.metadata), submission.user
    found = office.books.find(office.team, ref.h)
    if found.begun and found.begun.by == user:
        return {"response_action": "update", "view": begun(office, found, user)}
    book = looked_at_again(office, submission, prepared(office, user, ref.h))
    rows = can_be_taken(book)
    if unacknowledged(book) or not rows:
        return _next(office, submission, book, ref)
    shared = _check_parts(book, rows)
    if user in views.csms(rows, shared):
        return _ask_leader(office, submission, book, shared)
    event = BookBegun(
        at=office.desk.clock.now(),
        by=user,
        order=_BEGIN,
        today=today_where(office, user),
        tellings=_tellings(office, submission),
        confidential=_confidential(office, submission),
    )
    book = record(office, submission, book.id, event)
    office.soon(partial(office.books.carry, office.team, book.id))
    return {"response_action": "update", "view": begun(office, book, user)}


def _tellings(office: Office, submission: Submission) -> dict[Role, Telling]:
    """When each side is told: what is to be told now waits as long as it can be undone."""
    office.roster.refresh()
    chosen = tellings_of(office, read_tellings(submission.values, Draft()), submission.user)
    wait = timedelta(minutes=office.desk.playbooks.current.books.undo_minutes)
    if not wait:
        return chosen
    soon = Telling(when=When.LATER, at=office.desk.clock.now() + wait)
    return {role: soon if one.when is When.NOW else one for role, one in chosen.items()}


def _confidential(office: Office, submission: Submission) -> Confidential | None:
    """Raises FlowError `not_yours` for whoever is no leader."""
    picked = picked_option(submission.values, Field.CONFIDENTIAL)
    if picked in {"", NONE}:
        return None
    if not granted(Do.CONFIDE, office.roster.parts(submission.user), theirs=True):
        raise FlowError("not_yours", field=Field.CONFIDENTIAL)
    return Confidential(picked)


def _ask_leader(office: Office, submission: Submission, book: Book, shared: Shared) -> Answer:
    """The leader may see it from now on, so what only its maker may know of goes from it first."""
    seers = (shared.leader, shared.backup or shared.leader)
    book = looked_at_again(office, submission, book, *seers)
    event = LeaderAsked(at=office.desk.clock.now(), by=submission.user)
    asked = Post(to=shared.leader, kind=Kind.BOOK_NOTICE)
    book = record(office, submission, book.id, event, [asked])
    view = views.asked_view(shared, names_for(office, book))
    return {"response_action": "update", "view": view}


def _undo(office: Office, click: Click) -> None:
    """Take the start back. Raises FlowError `already_told`."""
    book, now = about(click).h, office.desk.clock.now()
    after = record(office, click, book, BookUndone(at=now, by=click.user, order=_UNDO))
    office.soon(partial(office.books.carry, office.team, book))
    open_view(office, click, views.undone_view(after, names_for(office, after)))


def _tell(office: Office, click: Click) -> None:
    """Tell everybody now who was to be told in a moment. Raises FlowError `not_found`."""
    book, now = office.books.find(office.team, about(click).h), office.desk.clock.now()
    if book.stage is not BookStage.STARTED or not leads_book(book, click.user):
        raise FlowError("not_found")
    rows = started_rows(book)
    whom = {
        Role.OUTGOING: [row.key for row in rows if book.outgoing and book.outgoing.reachable],
        Role.INCOMING: [row.key for row in rows if row.incoming],
    }
    for role, keys in whom.items():
        if keys and _waits(book, role):
            told = Told(at=now, by=click.user, role=role)
            order = Ordered(
                at=now, by=click.user, order=f"tell-{role}", rows=tuple(keys), event=told
            )
            book = record(office, click, book.id, order)
    office.soon(partial(office.books.carry, office.team, book.id))
    open_view(office, click, views.said_view("They are told now."))


def _waits(book: Book, role: Role) -> bool:
    """Whether somebody is to be told later; whom the bot is not to tell stays untold."""
    begins = book.begun and book.begun.begins
    telling = begins.tellings.get(role) if begins else None
    return telling is not None and telling.when is When.LATER


def _again(office: Office, click: Click) -> None:
    """A start that was taken back is prepared again, as another book; asked twice, the same one."""
    old, user, now = office.books.find(office.team, about(click).h), click.user, _now(office)
    if old.stage is not BookStage.UNDONE or not _may_undo(old, user) or old.shared is None:
        raise FlowError("not_found")
    key = key_of("again", old.id)[:20]
    first = BookOpened(at=now, by=user, id=key, team=click.team)
    book = office.books.open(Receipt(click.team, f"open-{key}"), first)
    if book.shared is None:
        book = record(office, click, key, SharedSet(at=now, by=user, shared=old.shared))
    if not book.rows:
        book = record(office, click, key, RowsRead(at=now, by=user, rows=old.rows))
    open_view(office, click, accounts(office, prepared(office, user, book.id)))


def _may_undo(book: Book, user: str) -> bool:
    return user == book.created_by or leads_book(book, user)


def _now(office: Office) -> Moment:
    return office.desk.clock.now()


CLICKS: Mapping[str, Callable[[Office, Click], None]] = {
    BookAct.UNDO: _undo,
    BookAct.TELL: _tell,
    BookAct.AGAIN: _again,
}
SUBMISSIONS: Mapping[str, Callable[[Office, Submission], Answer | None]] = {
    BookForm.ACCOUNTS: _submit_accounts,
    BookForm.FAULTS: _submit_faults,
    BookForm.START: _submit_start,
}
