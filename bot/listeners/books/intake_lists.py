"""How accounts get into a book: typed, from a file, or picked from those that the bot knows.

A file is fetched and read after the ack. Whoever closes the modal over it finds it at
`/handover book`; if the process dies over it, they upload it again.
"""

import logging
from collections.abc import Callable, Iterable, Mapping

from bot.books.ids import BookAct, BookField, BookForm
from bot.delivery.port import Refused, Told
from bot.ids import Field, Ref
from bot.imports.reader import MOST_BYTES
from bot.imports.sheet import read_sheet
from bot.imports.trouble import UnreadableError
from bot.listeners.books.intake_desk import (
    Answer,
    View,
    directory,
    names_for,
    prepared,
    reader,
    record,
    seen_through,
    show_below,
)
from bot.listeners.clicks import about
from bot.listeners.showing import change_view, open_modal
from bot.office import Office
from bot.payloads import Click, Submission
from bot.views.books import intake_lists as lists
from bot.views.errors import say
from bot.views.slack_text import cleaned
from bot.views.state import given_files, typed
from flows.books.book import Book
from flows.books.events import RowsRead, SheetGiven
from flows.books.intake import Column, answerable, is_table, rows_of, rows_typed, with_columns
from flows.books.rows import Row
from flows.books.sheets import Sheet, read_table
from flows.errors import FlowError, FormError
from flows.handover import Handover, Stage
from flows.privacy import as_read_by, may_know
from storage import handovers

log = logging.getLogger(__name__)
_NOT_THEIRS = frozenset({Stage.DRAFT, Stage.DISCARDED, Stage.CANCELLED})


def _paste(office: Office, click: Click) -> None:
    ref = about(click)
    open_modal(office, click, lists.paste_form(prepared(office, click.user, ref.h), ref))


def _upload(office: Office, click: Click) -> None:
    ref = about(click)
    prepared(office, click.user, ref.h)
    open_modal(office, click, lists.upload_form(ref))


def _columns(office: Office, click: Click) -> None:
    """The list that waits for its columns."""
    ref = about(click)
    book = prepared(office, click.user, ref.h)
    if book.sheet is None:
        raise FlowError("no_sheet")
    open_modal(office, click, _sheet_form(office, book, book.sheet, ref))


def _pick(office: Office, click: Click) -> None:
    ref = about(click)
    book = prepared(office, click.user, ref.h)
    known = _known(office, book, click.user)
    open_modal(office, click, lists.pick_form(book, known, names_for(office, book), ref))


def _submit_paste(office: Office, submission: Submission) -> Answer | None:
    """Lines of accounts; what was copied from a spreadsheet with its head has columns to tell."""
    ref, user = Ref.load(submission.metadata), submission.user
    book = prepared(office, user, ref.h)
    text = cleaned(typed(submission.values, Field.TEXT))
    playbook = office.desk.playbooks.current
    if is_table(text, playbook):
        sheet = with_columns(read_table(text), playbook)
        event = SheetGiven(at=office.desk.clock.now(), by=user, sheet=sheet)
        book = record(office, submission, book.id, event)
        view = _sheet_form(office, book, sheet, ref)
        return {"response_action": "update", "view": view}
    people = directory(office, book)
    _add(office, submission, book, rows_typed(text, reader(office, user, people)))
    return None


def _submit_upload(office: Office, submission: Submission) -> Answer:
    """A file: it is read after this answer, and its columns come in the same place."""
    ref, user = Ref.load(submission.metadata), submission.user
    prepared(office, user, ref.h)
    files = given_files(submission.values, Field.FILES)
    if not files:
        raise FlowError("missing", field=Field.FILES)
    name, file = str(files[0].get("name") or ""), str(files[0]["id"])
    change_view(office, submission.view_id, lambda: _fetched(office, submission, name, file))
    return {"response_action": "update", "view": lists.reading_view(name, ref)}


def _fetched(office: Office, submission: Submission, name: str, file: str) -> View:
    """What comes of a file: its columns to be told apart, or what was in the way."""
    ref, user = Ref.load(submission.metadata), submission.user
    try:
        sheet = with_columns(_read(office, name, file), office.desk.playbooks.current)
        event = SheetGiven(at=office.desk.clock.now(), by=user, sheet=sheet)
        book = record(office, submission, ref.h, event)
    except (UnreadableError, FlowError) as error:
        return lists.unread_view(say(_SHEET_WORDS.get(error.code, error.code)), ref)
    show_below(office, submission, book, ref.p)
    return _sheet_form(office, book, sheet, ref)


def _read(office: Office, name: str, file: str) -> Sheet:
    match office.gateway.fetch_file(file, MOST_BYTES):
        case Told(data):
            try:
                return read_sheet(name, data["content"])
            except UnreadableError:
                raise
            except Exception as error:
                # Whatever a file can do to a parser: its person is told.
                log.warning("a list could not be read: %s", type(error).__name__)
                raise UnreadableError("not_csv") from error
        case Refused(code) if code in {"file_too_large", "file_elsewhere"}:
            raise UnreadableError(code)
        case _:
            raise UnreadableError("file_unreachable")


_SHEET_WORDS = {
    "file_too_large": "list_too_large",
    "file_empty": "list_empty",
    "no_lines": "list_empty",
    "file_elsewhere": "list_elsewhere",
    "file_unreachable": "list_unreachable",
}
"""Of a list nothing is kept as it is, so these are told in other words."""


def _submit_sheet(office: Office, submission: Submission) -> Answer | None:
    """The columns are what somebody says they are."""
    ref = Ref.load(submission.metadata)
    book = prepared(office, submission.user, ref.h)
    sheet = book.sheet
    if sheet is None or ref.o != sheet.key:
        raise FlowError("no_sheet")
    columns = lists.read_columns(submission.values, sheet)
    _check_columns(office, columns)
    people = directory(office, book)
    chosen = sheet.model_copy(update={"columns": columns})
    _add(office, submission, book, rows_of(chosen, reader(office, submission.user, people)))
    return None


def _check_columns(office: Office, columns: tuple[str, ...]) -> None:
    """One column is the accounts, and no two are the same. Raises FormError."""
    asked = {question.id for question in answerable(office.desk.playbooks.current)}
    known = {*map(str, Column), *asked}
    faults = [
        FlowError("column_twice", field=BookField.COLUMN.of(at))
        for at, column in enumerate(columns)
        if column and (column in columns[:at] or column not in known)
    ]
    if Column.ACCOUNT not in columns:
        faults.append(FlowError("no_account_column", field=BookField.COLUMN.of(0)))
    if faults:
        raise FormError(faults)


def _submit_pick(office: Office, submission: Submission) -> Answer | None:
    """Accounts of earlier handovers, as far as this person may read them."""
    ref = Ref.load(submission.metadata)
    book = prepared(office, submission.user, ref.h)
    wanted = lists.read_known(submission.values)
    picked = [one for one in _known(office, book, submission.user) if one.id in wanted]
    rows = [
        Row(
            key="1",
            line=at,
            account=one.account,
            segment=one.segment,
            arr=one.arr,
            renewal=one.renewal,
            crm_link=one.crm_link,
        )
        for at, one in enumerate(picked, start=1)
    ]
    _add(office, submission, book, rows)
    return None


def _known(office: Office, book: Book, viewer: str) -> list[Handover]:
    """The newest handover of each account that the outgoing CSM took over and did not pass on, by
    account, as the viewer may read it.
    """
    with office.desk.database.read() as connection:
        theirs = handovers.taking_part(connection, office.team, viewer)
        real = [h for h in theirs if h.stage not in _NOT_THEIRS and may_know(h, viewer)]
        newest: dict[str, Handover] = {}
        for one in sorted(real, key=lambda h: h.created_at):
            if not one.example:
                newest[one.account] = one
        found = [h for h in newest.values() if _took_over(h, book)]
        kept = {h.id: office.desk.playbooks.of(connection, h) for h in found}
    read = (as_read_by(h, kept[h.id], viewer) for h in found)
    return sorted(read, key=lambda h: h.account.casefold())


def _took_over(handover: Handover, book: Book) -> bool:
    incoming, outgoing = handover.incoming, book.outgoing
    return bool(incoming and outgoing and incoming.key == outgoing.key)


def _add(office: Office, submission: Submission, book: Book, rows: Iterable[Row]) -> None:
    """What was listed joins the book, or takes the place of what stood. Raises FlowError."""
    page = Ref.load(submission.metadata).p
    seen = seen_through(office, book, rows, directory(office, book))
    if not seen:
        raise FlowError("nothing_listed")
    instead = lists.read_instead(submission.values)
    now = office.desk.clock.now()
    event = RowsRead(at=now, by=submission.user, rows=seen, instead=instead)
    show_below(office, submission, record(office, submission, book.id, event), page)


def _sheet_form(office: Office, book: Book, sheet: Sheet, ref: Ref) -> View:
    which = ref.model_copy(update={"o": sheet.key})
    return lists.sheet_form(book, sheet, office.desk.playbooks.current, which)


CLICKS: Mapping[str, Callable[[Office, Click], None]] = {
    BookAct.PASTE: _paste,
    BookAct.UPLOAD: _upload,
    BookAct.SHEET: _columns,
    BookAct.PICK: _pick,
}
SUBMISSIONS: Mapping[str, Callable[[Office, Submission], Answer | None]] = {
    BookForm.PASTE: _submit_paste,
    BookForm.UPLOAD: _submit_upload,
    BookForm.SHEET: _submit_sheet,
    BookForm.PICK: _submit_pick,
}
