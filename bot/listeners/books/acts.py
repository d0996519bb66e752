"""What a leader does with several accounts of a book at once: every act is an order of the book.

Each account is judged on its own when the order is carried out; what is refused is told by account.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from bot.books.ids import BookAct, BookForm
from bot.desk import Receipt
from bot.ids import Field, Ref
from bot.listeners.books import standing as book_standing
from bot.listeners.books.scenes import book_for
from bot.listeners.clicks import about
from bot.listeners.showing import hint, open_modal, show
from bot.office import Office
from bot.payloads import Click, Submission, key_of
from bot.views.books import acts_forms as book_acts_forms
from bot.views.books.order import outcome
from bot.views.books.scene import BookScene
from bot.views.errors import say
from flows import events as e
from flows.books.events import Ordered
from flows.books.standing import Verb, keys_of, untold_in
from flows.errors import FlowError
from flows.events import Event
from flows.handover import Party
from flows.privacy import leads
from flows.saying import Kind, Post
from flows.terms import Role

Answer = dict[str, Any]
_AT_ONCE = 20
"""So many accounts are seen to while somebody waits; Slack waits three seconds."""


def _open_choice(office: Office, click: Click) -> None:
    """Which accounts. Raises FlowError `not_yours` for whoever leads none."""
    ref = about(click)
    scene, verb = _led(office, click.user, ref.h), Verb(ref.v)
    fitting = book_acts_forms.fitting(scene, verb)
    form = book_acts_forms.choose_form if fitting else book_acts_forms.nothing_form
    open_modal(office, click, form(scene, verb))


def _submit_choice(office: Office, submission: Submission) -> Answer:
    ref = Ref.load(submission.metadata)
    scene, verb = _led(office, submission.user, ref.h), Verb(ref.v)
    keys = book_acts_forms.read_chosen(scene, verb, submission.values)
    if not keys:
        raise FlowError("no_accounts_picked", field=Field.WHAT)
    return _instead(book_acts_forms.sure_form(scene, verb, keys))


def _submit_sure(office: Office, submission: Submission) -> Answer:
    """The order, with what is needed for it. Raises FlowError with the field of the form."""
    ref = Ref.load(submission.metadata)
    scene, verb = _led(office, submission.user, ref.h), Verb(ref.v)
    event = _EVENTS[verb](office, scene, submission)
    return _ordered(office, submission, scene, book_acts_forms.unpacked(ref.n), event)


def _pause(office: Office, scene: BookScene, submission: Submission) -> Event:
    why, day, _user = book_acts_forms.read_sure(submission.values)
    if not why:
        raise FlowError("missing", field=Field.TEXT)
    if not day:
        raise FlowError("missing", field=Field.DAY)
    until = date.fromisoformat(day)
    if until <= scene.now.date():
        raise FlowError("date_past", field=Field.DAY)
    now = office.desk.clock.now()
    return e.HandoverPaused(at=now, by=submission.user, why=why, until=until)


def _take_up(office: Office, _scene: BookScene, submission: Submission) -> Event:
    return e.HandoverTakenUp(at=office.desk.clock.now(), by=submission.user)


def _cancel(office: Office, _scene: BookScene, submission: Submission) -> Event:
    why, _day, _user = book_acts_forms.read_sure(submission.values)
    if not why:
        raise FlowError("missing", field=Field.TEXT)
    return e.HandoverCancelled(at=office.desk.clock.now(), by=submission.user, why=why)


def _change(office: Office, _scene: BookScene, submission: Submission) -> Event:
    """Raises FlowError `missing`, `not_a_colleague`; who may take what over is asked by account."""
    _why, _day, user = book_acts_forms.read_sure(submission.values)
    if not user:
        raise FlowError("missing", field=Field.INCOMING)
    met = office.roster.meet({user})
    if user not in met or not met[user].is_colleague:
        raise FlowError("not_a_colleague", field=Field.INCOMING)
    named = Party(user=user, name=office.roster.names({user})(user))
    return e.IncomingNamed(at=office.desk.clock.now(), by=submission.user, incoming=named)


_EVENTS: Mapping[Verb, Callable[[Office, BookScene, Submission], Event]] = {
    Verb.PAUSE: _pause,
    Verb.TAKE_UP: _take_up,
    Verb.CANCEL: _cancel,
    Verb.CHANGE: _change,
}


def _tell(office: Office, click: Click) -> None:
    """Everybody of one part, or one of them (`ref.u`), is told of every account now.

    Raises FlowError `already_told`.
    """
    ref = about(click)
    scene = _led(office, click.user, ref.h)
    role = Role(ref.v)
    untold = untold_in(scene.handovers, click.user)
    ids = [h.id for (part, user), hs in untold.items() if (part, user) == (role, ref.u) for h in hs]
    if not ids:
        raise FlowError("already_told")
    told = e.Told(at=office.desk.clock.now(), by=click.user, role=role)
    keys = keys_of(scene.book)
    order = key_of("order", click.key)[:20]
    rows = tuple(keys[handover] for handover in ids)
    event = Ordered(at=told.at, by=click.user, order=order, rows=rows, event=told)
    _give(office, click, scene, event)


def _open_backup(office: Office, click: Click) -> None:
    scene = _led(office, click.user, about(click).h)
    csms = {party.user for h in scene.handovers for party in (h.outgoing, h.incoming) if party}
    leading = {handover.leader for handover in scene.handovers}
    others = [user for user in office.roster.leaders if user not in csms | leading]
    if not others:
        raise FlowError("no_other_leader")
    office.roster.names(others)
    open_modal(office, click, book_acts_forms.backup_form(scene, others))


def _submit_backup(office: Office, submission: Submission) -> Answer:
    ref, user = Ref.load(submission.metadata), book_acts_forms.read_backup(submission.values)
    scene = _led(office, submission.user, ref.h)
    office.roster.refresh()
    if not user or not office.roster.is_leader(user):
        raise FlowError("not_a_leader", field=Field.BACKUP)
    event = e.BackupNamed(at=office.desk.clock.now(), by=submission.user, user=user)
    keys = keys_of(scene.book)
    rows = tuple(keys[h.id] for h in scene.handovers if leads(h, submission.user))
    return _ordered(office, submission, scene, rows, event)


def _send_rows(office: Office, click: Click) -> None:
    """The table as a file, in the reader's messages. Raises FlowError `not_found`."""
    scene = book_for(office, click.user, about(click).h)
    post = Post(to=click.user, kind=Kind.BOOK_ROWS)
    office.errands.order_of_book(Receipt(click.team, click.key), scene.book.id, (post,))
    hint(office, click, say("file_coming"))


CLICKS: Mapping[str, Callable[[Office, Click], None]] = {
    BookAct.SEVERAL: _open_choice,
    BookAct.TELL_ONE: _tell,
    BookAct.BACKUP: _open_backup,
    BookAct.ROWS: _send_rows,
}
SUBMISSIONS: Mapping[str, Callable[[Office, Submission], Answer | None]] = {
    BookForm.SEVERAL: _submit_choice,
    BookForm.SURE: _submit_sure,
    BookForm.BACKUP: _submit_backup,
}


def _led(office: Office, user: str, book: str) -> BookScene:
    """A book for whoever leads any of its accounts. Raises FlowError `not_found`, `not_yours`."""
    scene = book_for(office, user, book)
    if not any(leads(handover, user) for handover in scene.handovers):
        raise FlowError("not_yours")
    return scene


def _ordered(
    office: Office, submission: Submission, scene: BookScene, rows: tuple[str, ...], event: Event
) -> Answer:
    """Give an order; the modal says what came of it, or later what does."""
    book, order = scene.book.id, key_of("order", submission.view_id)[:20]
    ordered = Ordered(at=event.at, by=submission.user, order=order, rows=rows, event=event)
    office.books.record(Receipt(submission.team, submission.key), book, ordered)
    if len(rows) <= _AT_ONCE:
        office.books.carry(office.team, book)
    said = outcome(book_for(office, submission.user, book), order)

    def rest() -> None:
        office.books.carry(office.team, book)
        if below := submission.view.get("previous_view_id"):
            message = book_standing.table(office, submission.user, Ref(h=book))
            shown = book_standing.shown_view(message, Ref(h=book))
            office.gateway.views_update(below, shown)

    office.soon(rest)
    return _instead(book_standing.shown_view(said, Ref(h=book)))


def _give(office: Office, click: Click, scene: BookScene, event: Ordered) -> None:
    """Record what gives an order, and say what came of it once it is carried out."""
    team, book = office.team, scene.book.id
    office.books.record(Receipt(click.team, click.key), book, event)

    def carry() -> None:
        office.books.carry(team, book)
        after = replace(scene, book=office.books.find(team, book))
        show(office, click, outcome(after, event.order))

    office.soon(carry)


def _instead(view: dict[str, Any]) -> Answer:
    return {"response_action": "update", "view": view}
