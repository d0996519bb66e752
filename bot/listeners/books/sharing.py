"""Sharing the accounts of a book out, before it is started."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.books.ids import BookAct, BookForm
from bot.calendars import days_off
from bot.desk import Receipt
from bot.ids import Field, Ref
from bot.listeners.books.intake_desk import accounts, prepared
from bot.listeners.books.scenes import book_for
from bot.listeners.clicks import about
from bot.listeners.colleagues import colleague
from bot.listeners.showing import change_view, modal_of, open_modal
from bot.office import Office
from bot.payloads import Click, Submission
from bot.views.books import sharing as book_sharing
from bot.views.books.scene import BookScene
from bot.views.books.sharing import Sheet
from bot.workload import absences, earlier, loads
from flows.books.book import Book, can_be_taken
from flows.books.events import SharedOut
from flows.books.rules import BookRules
from flows.books.sharing_out import (
    Candidate,
    Known,
    Week,
    counted_from,
    loads_after,
    propose,
    weeks_off,
)
from flows.errors import FlowError
from flows.handover import Party
from storage import people

Answer = dict[str, Any]
View = dict[str, Any]


def _open(office: Office, click: Click) -> None:
    scene = _prepared(office, click.user, about(click).h)
    open_modal(office, click, book_sharing.candidates_form(scene))


def _page(office: Office, click: Click) -> None:
    ref = about(click)
    _show(office, click, _prepared(office, click.user, ref.h), int(ref.v))


def _change(office: Office, click: Click) -> None:
    """One account goes to somebody else, or waits."""
    ref, picked = about(click), click.chosen[0] if click.chosen else ""
    scene = _prepared(office, click.user, ref.h)
    party = None
    if picked != book_sharing.NOBODY:
        party = _party(scene.book, ref.v, picked)
    event = SharedOut(at=office.desk.clock.now(), by=click.user, incoming={ref.v: party})
    office.books.record(Receipt(click.team, click.key), ref.h, event)
    scene = _prepared(office, click.user, ref.h)
    _show(office, click, scene, int(ref.p))
    _show_below(office, click.view or {}, scene.book)


def _party(book: Book, row: str, user: str) -> Party:
    """Whoever was thought of, or has it. Raises FlowError `not_found` for anybody else."""
    found = {one.user: Party(user=one.user, name=one.name) for one in book.sharing.candidates}
    has = next((known.incoming for known in book.rows if known.key == row), None)
    if has and has.user:
        found.setdefault(has.user, has)
    if user not in found:
        raise FlowError("not_found")
    return found[user]


def _show(office: Office, click: Click, scene: BookScene, page: int) -> None:
    view = _table(office, scene, page)
    change_view(office, modal_of(click)["id"], lambda: view)


def _submit_candidates(office: Office, submission: Submission) -> Answer:
    """Who knows what is asked next, where an account asks for something."""
    scene = _prepared(office, submission.user, Ref.load(submission.metadata).h)
    users, anew = book_sharing.read_candidates(submission.values)
    _check(office, scene.book, users)
    if book_sharing.asked_skills(can_be_taken(scene.book)):
        view = book_sharing.skills_form(scene, users, anew=anew)
        return {"response_action": "update", "view": view}
    return _proposed(office, submission, users, {}, anew=anew)


def _submit_skills(office: Office, submission: Submission) -> Answer:
    ref = Ref.load(submission.metadata)
    scene = _prepared(office, submission.user, ref.h)
    skills = book_sharing.read_skills(submission.values, scene.book, ref.n)
    anew = ref.v == book_sharing.ANEW
    return _proposed(office, submission, ref.n, skills, anew=anew)


def _check(office: Office, book: Book, users: Sequence[str]) -> None:
    """Raises FlowError with the field where somebody can take nothing over."""
    if not users:
        raise FlowError("missing", field=Field.PERSON)
    if len(users) > book_sharing.MOST_CANDIDATES:
        raise FlowError("too_many_people", field=Field.PERSON)
    shared = book.shared
    if shared and shared.outgoing.user in users:
        raise FlowError("same_person", field=Field.PERSON)
    if shared and {shared.leader, shared.backup} & set(users):
        raise FlowError("leader_is_csm", field=Field.PERSON)
    for user in users:
        colleague(office, user, Field.PERSON)


def _proposed(
    office: Office,
    submission: Submission,
    users: Sequence[str],
    skills: Mapping[str, frozenset[str]],
    *,
    anew: bool,
) -> Answer:
    """The proposal goes into the book, where every line of it can be changed, and is shown."""
    ref = Ref.load(submission.metadata)
    book = _prepared(office, submission.user, ref.h).book
    there = [_candidate(office, book, user, skills.get(user)) for user in users]
    rules = _rules(office)
    with office.desk.database.read() as connection:
        now = loads(connection, office.team, users, submission.user, rules)
    every = can_be_taken(book)
    open_rows = [row for row in every if anew or row.incoming is None]
    kept = [row for row in every if row not in open_rows]
    shares = propose(open_rows, there, loads_after(kept, now, rules), rules)
    event = SharedOut(
        at=office.desk.clock.now(),
        by=submission.user,
        incoming={
            row: Party(user=share.to.user, name=share.to.name) if share.to else None
            for row, share in shares.items()
        },
        candidates=tuple(there),
        why={row: share.why for row, share in shares.items()},
    )
    office.books.record(Receipt(submission.team, submission.key), ref.h, event)
    scene = _prepared(office, submission.user, ref.h)
    _show_below(office, submission.view, scene.book)
    return {"response_action": "update", "view": _table(office, scene, 0)}


def _show_below(office: Office, view: View, book: Book) -> None:
    """Bring the accounts beneath up to date."""
    below = view.get("previous_view_id")
    if below:
        change_view(office, below, lambda: accounts(office, book))


def _candidate(office: Office, book: Book, user: str, skills: frozenset[str] | None) -> Candidate:
    """Somebody with what was said of them now, or before where nothing was asked."""
    known = {one.user: one.skills for one in book.sharing.candidates}
    said = known.get(user, frozenset()) if skills is None else skills
    return book_sharing.candidate_of(user, office.roster.names({user})(user), said)


def _table(office: Office, scene: BookScene, page: int) -> View:
    return book_sharing.table(scene, _sheet(office, scene, page), page)


def _sheet(office: Office, scene: BookScene, page: int) -> Sheet:
    """What each has to do, and what is known of the accounts of a page, as the viewer may know."""
    book, rules, team, viewer = scene.book, _rules(office), office.team, scene.viewer
    today, shared = scene.now.date(), scene.book.shared
    users = {one.user for one in book.sharing.candidates}
    users |= {row.incoming.user for row in book.rows if row.incoming and row.incoming.user}
    outgoing = shared.outgoing.user if shared else None
    last = max(shared.day, today) if shared else today
    since = counted_from(today, rules)
    off: dict[str, frozenset[Week]] = {}
    with office.desk.database.read() as connection:
        now = loads(connection, team, users, viewer, rules)
        met = people.find_all(connection, team, users | ({outgoing} if outgoing else set()))
        for user, person in met.items():
            away = absences(connection, team, user, viewer)
            off[user] = weeks_off(today, last, away, days_off(person, today).days)
        before = {
            row.key: earlier(connection, team, row.account, viewer, since)
            for row in book_sharing.shown_rows(book, page)
        }
    return Sheet(rules, now, Known(today, outgoing, before, off))


def _prepared(office: Office, user: str, book: str) -> BookScene:
    """A book that somebody prepares. Raises FlowError `not_found`, `already_started`."""
    prepared(office, user, book)
    return book_for(office, user, book)


def _rules(office: Office) -> BookRules:
    return office.desk.playbooks.current.books


CLICKS: Mapping[str, Callable[[Office, Click], None]] = {
    BookAct.SHARE_OPEN: _open,
    BookAct.SHARE_PAGE: _page,
    BookAct.SHARE_ROW: _change,
}
SUBMISSIONS: Mapping[str, Callable[[Office, Submission], Answer | None]] = {
    BookForm.SHARE: _submit_candidates,
    BookForm.SKILLS: _submit_skills,
}
