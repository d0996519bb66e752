"""Accounts of a book are corrected: one by one, or several in one act."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal

from bot.books.ids import BookAct, BookField, BookForm
from bot.ids import Field, Ref
from bot.listeners.books.intake_desk import (
    Answer,
    accounts,
    directory,
    names_for,
    prepared,
    record,
    seen_through,
    show_below,
)
from bot.listeners.clicks import about
from bot.listeners.showing import change_view, open_modal
from bot.listeners.start_checks import ARR, LONGEST_NAME, colleague_faults
from bot.office import Office
from bot.payloads import Click, Submission
from bot.views.books import intake_rows as forms
from bot.views.slack_text import from_form
from bot.views.state import picked_date, picked_option, picked_user, typed
from flows.books.book import Book
from flows.books.events import RowsChanged, RowsPut
from flows.books.intake import skills_in
from flows.books.rows import Fault, Row
from flows.errors import FlowError, FormError
from flows.handover import Party
from flows.knowledge.ledger import checked_value
from flows.terms import Segment


def _act_on(office: Office, click: Click) -> None:
    """The menu beside an account: edit it, take it out, put it back."""
    ref = about(click)
    book = prepared(office, click.user, ref.h)
    if ref.v == "edit":
        form = forms.row_form(_row_of(book, ref.r), names_for(office, book), ref)
        open_modal(office, click, form)
        return
    now, out = office.desk.clock.now(), ref.v == "out"
    put = RowsPut(at=now, by=click.user, rows=(ref.r,), out=out)
    book, view = record(office, click, book.id, put), click.view
    if view:
        shown = accounts(office, book, ref.p)
        change_view(office, view["id"], lambda: shown)


def _segments(office: Office, click: Click) -> None:
    ref = about(click)
    lacking = _lacking(prepared(office, click.user, ref.h))
    if not lacking:
        raise FlowError("nothing_open")
    open_modal(office, click, forms.segment_form(lacking, ref))


def _who(office: Office, click: Click) -> None:
    ref = about(click)
    book = prepared(office, click.user, ref.h)
    people = directory(office, book)
    first = _unknown(book)[: forms.MOST_NAMES]
    unknown = {typed: people.closest(typed) for typed in first}
    if not unknown:
        raise FlowError("nothing_open")
    open_modal(office, click, forms.who_form(unknown, names_for(office, book), ref))


def _submit_row(office: Office, submission: Submission) -> Answer | None:
    """One account as its form says; what could not be read is put right by that."""
    ref, values = Ref.load(submission.metadata), submission.values
    book = prepared(office, submission.user, ref.h)
    row = _row_of(book, ref.r)
    account, arr = from_form(typed(values, Field.ACCOUNT)), typed(values, Field.ARR)
    faults = [] if account else [FlowError("missing", field=Field.ACCOUNT)]
    if len(account) > LONGEST_NAME:
        faults.append(FlowError("too_long", field=Field.ACCOUNT))
    user = picked_user(values, Field.INCOMING)
    met, found = _met(office, {user} - {""}, {user: Field.INCOMING})
    try:
        revenue = Decimal(checked_value(ARR, arr)) if arr else None
    except FlowError as fault:
        raise FormError([*faults, *found, fault]) from fault
    if faults or found:
        raise FormError([*faults, *found])
    segment, renewal = picked_option(values, Field.SEGMENT), picked_date(values, Field.RENEWAL)
    changed = row.model_copy(
        update={
            "account": account,
            "segment": Segment(segment) if segment else None,
            "incoming": met.get(user),
            "incoming_typed": "",
            "arr": revenue,
            "renewal": date.fromisoformat(renewal) if renewal else None,
            "crm_link": typed(values, Field.CRM_LINK),
            "skills": skills_in(typed(values, BookField.SKILLS)),
            "marks": row.marks - {Fault.UNREADABLE_VALUE},
        }
    )
    _change(office, submission, book, [changed])
    return None


def _submit_segment(office: Office, submission: Submission) -> Answer | None:
    ref = Ref.load(submission.metadata)
    book = prepared(office, submission.user, ref.h)
    segment = Segment(picked_option(submission.values, Field.SEGMENT))
    rows = [row.model_copy(update={"segment": segment}) for row in _lacking(book)]
    _change(office, submission, book, rows)
    return None


def _submit_who(office: Office, submission: Submission) -> Answer | None:
    """Each name that somebody was picked for is theirs on every line."""
    ref = Ref.load(submission.metadata)
    book = prepared(office, submission.user, ref.h)
    unknown = _unknown(book)
    picked = forms.read_who(submission.values, unknown)
    places = {user: forms.who_field(typed) for typed, user in picked.items()}
    met, found = _met(office, places, places)
    if found:
        raise FormError(found)
    rows = [
        row.model_copy(update={"incoming": met[picked[row.incoming_typed]], "incoming_typed": ""})
        for row in book.rows
        if row.incoming_typed in picked and row.incoming is None
    ]
    _change(office, submission, book, rows)
    return None


def _met(
    office: Office, users: Iterable[str], places: Mapping[str, str]
) -> tuple[dict[str, Party], list[FlowError]]:
    """People as they take part, and what is wrong with any of them, at their fields."""
    users = set(users)
    met = office.roster.meet(users)
    faults = [fault for user in users for fault in colleague_faults(met.get(user), places[user])]
    return {user: Party(user=user, name=one.name) for user, one in met.items()}, faults


def _change(office: Office, submission: Submission, book: Book, rows: Iterable[Row]) -> None:
    changed = seen_through(office, book, rows, directory(office, book))
    event = RowsChanged(at=office.desk.clock.now(), by=submission.user, rows=changed)
    after = record(office, submission, book.id, event)
    show_below(office, submission, after, Ref.load(submission.metadata).p)


def _row_of(book: Book, key: str) -> Row:
    row = next((row for row in book.rows if row.key == key), None)
    if row is None:
        raise FlowError("not_found")
    return row


def _lacking(book: Book) -> list[Row]:
    return [row for row in book.rows if row.segment is None and not row.out]


def _unknown(book: Book) -> list[str]:
    """The names that mean nobody, each once, in the order of their lines."""
    return list(
        dict.fromkeys(
            row.incoming_typed
            for row in book.rows
            if row.incoming_typed and row.incoming is None and not row.out
        )
    )


CLICKS: Mapping[str, Callable[[Office, Click], None]] = {
    BookAct.ROW: _act_on,
    BookAct.SEGMENT: _segments,
    BookAct.WHO: _who,
}
SUBMISSIONS: Mapping[str, Callable[[Office, Submission], Answer | None]] = {
    BookForm.ROW: _submit_row,
    BookForm.SEGMENT: _submit_segment,
    BookForm.WHO: _submit_who,
}
