"""What is known already, used again: pastes and their files, an earlier handover, the incoming CSM.

A file's content is fetched and read after the ack. If the process dies over it, the file stands
among what is unsorted and is read again by a tap.
"""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from bot.delivery.port import Refused, Told
from bot.desk import Receipt
from bot.earlier import earlier_of
from bot.ids import Field, Form, Ref
from bot.imports.reader import MOST_BYTES, is_readable, read_content, read_text
from bot.imports.trouble import UnreadableError
from bot.listeners.asked import check_parts, people_in
from bot.listeners.clicks import about
from bot.listeners.rows import Row, open_interview, open_row
from bot.listeners.showing import change_view, hint
from bot.named import people_of
from bot.office import Office
from bot.payloads import Click, Submission, key_of
from bot.views.errors import say
from bot.views.knowledge import forms
from bot.views.known import unsorted
from bot.views.slack_text import from_form
from flows import events as e
from flows.errors import FlowError
from flows.handover import READ, File, Given, Handover, Known
from flows.knowledge.interview import put_to, roles_answered_by
from flows.known.matching import Match
from flows.known.prefills import askable, may_write_ahead, open_ahead
from flows.known.reading_back import known_of
from flows.known.unsorted import is_own, piece_of
from flows.playbook import Playbook
from flows.taking_over.brief import make_brief
from flows.taking_over.portable import portable
from flows.terms import PartKind

log = logging.getLogger(__name__)

View = dict[str, Any]
R = TypeVar("R")
_CLOSE: View = {"response_action": "clear"}


def paste_form(_office: Office, click: Click, ref: Ref, row: Row) -> View:
    """Where somebody hands in what they have."""
    if not roles_answered_by(row[0], click.user):
        raise FlowError("not_found")
    return forms.paste_form(ref)


def submit_paste(office: Office, submission: Submission) -> View | None:
    """Keep what was handed in; what it says to questions waits there to be confirmed."""
    ref = Ref.load(submission.metadata)
    text, files = forms.read_paste(submission.values)
    row, _vault, playbook = open_interview(office, ref.h, submission.user)
    match = read_text(text, playbook, askable(row, playbook), people_named(office, row))
    found = vetted(office, match.found, playbook)
    event = e.Pasted(
        at=office.desk.clock.now(),
        by=submission.user,
        id=submission.makes,
        text=match.left if found else from_form(text),
        files=files,
        found=found,
    )
    office.desk.record(Receipt(submission.team, submission.key), ref.h, event)
    read_soon(office, ref.h, submission.user, submission.makes, files)
    return None


def read_soon(
    office: Office, handover: str, user: str, piece: str, files: tuple[File, ...]
) -> None:
    """Fetch and read files after the ack, one after the other; `piece` is where they stand."""
    for file in files:
        office.soon(partial(_read, office, handover, user, piece, file))


def read_again(office: Office, click: Click) -> None:
    """A file that could not be read is tried once more."""
    ref = about(click)
    row = open_interview(office, ref.h, click.user)[0]
    piece = piece_of(row, ref.v)
    file = next((file for file in piece.files if file.id == ref.r), None)
    if file is None or not roles_answered_by(row, click.user):
        raise FlowError("no_such_piece")
    read_soon(office, ref.h, click.user, piece.id, (file,))
    hint(office, click, say("reading_again"))


def read_reply(office: Office, handover: Handover, user: str, source: str) -> None:
    """Read the files that came with a reply; what they say to other questions waits there."""
    files = (
        file
        for answer in handover.answers.values()
        for said in answer.said
        if said.source == source
        for file in said.files
    )
    kept = next((piece.files for piece in handover.unsorted if piece.id == source), ())
    readable = tuple(file for file in (*files, *kept) if is_readable(file.name))
    read_soon(office, handover.id, user, source, readable)


def _read(office: Office, handover: str, user: str, piece: str, file: File) -> None:
    """Fetch one file and record what it says, or what was in the way."""
    row, _vault, playbook = open_interview(office, handover, user)
    known: dict[str, Any]
    try:
        match = _matched(office, row, playbook, file)
        known = {"found": vetted(office, match.found, playbook), "left": match.left}
        outcome = READ
    except UnreadableError as error:
        known, outcome = {"trouble": error.code}, error.code
    now = office.desk.clock.now()
    event = e.FileRead(at=now, by=user, piece=piece, file=file.id, **known)
    key = key_of("file", handover, piece, file.id, outcome, now.isoformat())
    office.desk.record(Receipt(office.team, key), handover, event)


def _matched(office: Office, row: Handover, playbook: Playbook, file: File) -> Match:
    people = people_named(office, row)

    def read(content: bytes) -> Match:
        return read_content(file.name, content, playbook, askable(row, playbook), people)

    return fetched(office, file, read)


def fetched(office: Office, file: File, read: Callable[[bytes], R]) -> R:
    """What a file says, as `read` understands it. Raises UnreadableError."""
    if not is_readable(file.name):
        raise UnreadableError("file_kind")
    match office.gateway.fetch_file(file.id, MOST_BYTES):
        case Told(data):
            try:
                return read(data["content"])
            except UnreadableError:
                raise
            except Exception as error:
                # Whatever a file can do to a parser: it is kept, and its person told.
                log.warning("a file could not be read: %s", type(error).__name__)
                raise UnreadableError("file_unreachable") from error
        case Refused(code) if code in {"file_too_large", "file_elsewhere"}:
            raise UnreadableError(code)
        case _:
            raise UnreadableError("file_unreachable")


def use_earlier(office: Office, click: Click) -> None:
    """Have the answers of an earlier handover wait here, as far as everybody may read them there.

    Raises FlowError `no_earlier` where there is none that this person knows of.
    """
    ref = about(click)
    row, _vault, playbook = open_row(office, ref.h, click.user)
    with office.desk.database.read() as connection:
        earlier = earlier_of(connection, row, click.user)
        if earlier is None or earlier.id != ref.v:
            raise FlowError("no_earlier")
        then = office.desk.playbooks.of(connection, earlier)
    now = office.desk.clock.now()
    brief = make_brief(earlier, then, click.user, now, shared=True)
    found = known_of(portable(brief, lambda user: user), playbook)
    event = e.EarlierUsed(at=now, by=click.user, earlier=earlier.id, found=found)
    office.desk.record(Receipt(click.team, click.key), ref.h, event)


def ahead_form(office: Office, click: Click, ref: Ref, row: Row) -> View:
    """Where the incoming CSM writes what they know, from the first section that is open."""
    handover, _vault, playbook = row
    view = _next_section(office, handover, playbook, click.user, ref)
    if view is None:
        raise FlowError("nothing_open")
    return view


def submit_ahead(office: Office, submission: Submission) -> View | None:
    """Keep what the incoming CSM wrote, and go on to the next section."""
    ref = Ref.load(submission.metadata)
    row, _vault, playbook = open_row(office, ref.h, submission.user)
    if not may_write_ahead(row, playbook, submission.user):
        raise FlowError("nothing_open")
    asked = [q for q in open_ahead(row, playbook, submission.user) if q.section == ref.v]
    answers = forms.read_questions(submission.values, asked)
    for question in asked:
        check_parts(question, answers.get(question.id))
    office.roster.meet(people_in(asked, answers))
    if answers:
        found = {key: Known(text=a.text, given=a.given, raw=a.text) for key, a in answers.items()}
        now = office.desk.clock.now()
        event = e.WroteAhead(at=now, by=submission.user, id=submission.makes, found=found)
        receipt = Receipt(submission.team, submission.key)
        row = office.desk.record(receipt, ref.h, event).handover
    view = _next_section(office, row, playbook, submission.user, ref)
    return {"response_action": "update", "view": view} if view else None


def unsorted_modal(office: Office, click: Click, ref: Ref, row: Row) -> View:
    """The pieces that belong to no question yet."""
    if not roles_answered_by(row[0], click.user):
        raise FlowError("not_found")
    about_all = Ref(h=ref.h)
    return unsorted.unsorted_view(row[0], about_all, office.roster.names(people_of(row[0])))


def filing_form(office: Office, click: Click, ref: Ref, row: Row) -> View:
    """Where one piece is given its question."""
    handover, _vault, playbook = row
    piece = piece_of(handover, ref.v)
    asked = put_to(handover, playbook, click.user)
    if not asked:
        raise FlowError("not_found")
    names = office.roster.names(people_of(handover))
    order = list(playbook.sections)
    asked.sort(key=lambda question: order.index(question.section))
    return unsorted.filing_form(piece, asked, ref, names, mine=is_own(piece, click.user))


def submit_filing(office: Office, submission: Submission) -> View | None:
    """A piece goes to its question."""
    ref = Ref.load(submission.metadata)
    question = unsorted.read_question(submission.values)
    if not question:
        raise FlowError("missing", field=Field.QUESTION)
    now = office.desk.clock.now()
    event = e.UnsortedFiled(at=now, by=submission.user, piece=ref.v, question=question)
    office.desk.record(Receipt(submission.team, submission.key), ref.h, event)
    return _CLOSE


def drop(office: Office, click: Click) -> None:
    """A piece goes; the modal shows what is left."""
    ref, now = about(click), office.desk.clock.now()
    event = e.UnsortedDropped(at=now, by=click.user, piece=ref.v)
    office.desk.record(Receipt(click.team, click.key), ref.h, event)
    view = click.view
    if view and view.get("callback_id") == Form.UNSORTED:

        def left() -> View:
            row = open_interview(office, ref.h, click.user)[0]
            return unsorted.unsorted_view(row, Ref(h=ref.h), office.roster.names(people_of(row)))

        change_view(office, view["id"], left)


def _next_section(
    office: Office, handover: Handover, playbook: Playbook, user: str, ref: Ref
) -> View | None:
    """The form of the first section after `ref.v` in which something is open."""
    if not may_write_ahead(handover, playbook, user):
        return None
    order = playbook.sections
    after = order[order.index(ref.v) + 1 :] if ref.v in order else order
    asked = open_ahead(handover, playbook, user)
    title = next((title for title in after if any(q.section == title for q in asked)), None)
    if title is None:
        return None
    names = office.roster.names(people_of(handover))
    shown = [question for question in asked if question.section == title]
    return forms.ahead_form(title, shown, handover, Ref(h=ref.h, v=title), names)


def people_named(office: Office, handover: Handover) -> dict[str, str]:
    """The Slack ids of those on a handover, by name."""
    users = people_of(handover)
    names = office.roster.names(users)
    return {names(user): user for user in users}


def vetted(office: Office, found: dict[str, Known], playbook: Playbook) -> dict[str, Known]:
    """What was found, with nobody in it whom the bot never met; Slack is not asked about a file's
    ids.
    """
    kinds = {
        (question.id, part.key)
        for question in playbook.questions
        for part in question.parts
        if part.kind is PartKind.PEOPLE
    }

    def is_known(user: str) -> bool:
        person = office.roster.known(user)
        return person is not None and not person.is_stranger

    def kept(key: str, given: dict[str, Given]) -> dict[str, Given]:
        return {
            part: told
            for part, told in given.items()
            if (key, part) not in kinds or all(map(is_known, told.values))
        }

    return {
        key: known.model_copy(update={"given": kept(key, known.given)})
        for key, known in found.items()
    }
