"""The customer's texts: drafts, sending them for approval, approving, changing and objecting."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from bot.desk import Receipt
from bot.ids import Act, Field, Form, Ref
from bot.listeners.clicks import about
from bot.listeners.following import bring_up_to_date
from bot.listeners.leaking import leaking
from bot.listeners.reading import looked_at, scene_of
from bot.listeners.rows import Row
from bot.listeners.showing import hint, note_view, open_modal
from bot.office import Office
from bot.payloads import Click, Submission
from bot.views import people
from bot.views.blocks import Message
from bot.views.errors import say
from bot.views.scene import Scene
from bot.views.slack_text import from_form
from bot.views.staffing.leader_forms import read_text
from bot.views.texts import letter_forms
from bot.views.texts.approval import answer_to_words
from bot.views.texts.leaks import leak_words, read_despite
from bot.views.texts.letter_text import read_edit
from bot.views.texts.piece import title, to_agree
from flows import events as e
from flows.effects import Kind, Post
from flows.errors import FlowError
from flows.privacy import leads
from flows.texts.leaks import LeakError
from flows.texts.pieces import (
    Piece,
    approvers,
    drafted,
    has_others,
    has_own,
    pending,
    pieces,
    text_of,
)

View = dict[str, Any]
Answer = dict[str, Any]
_LONGEST, _REMARK = 6000, 2000
"""How long a text for a customer, and a word about one, may be as they are stored."""


def show_drafts(office: Office, click: Click) -> None:
    """Have the drafts sent to a person's DM. Raises FlowError `no_drafts`."""
    scene = scene_of(office, click.user, about(click).h)
    if not drafted(scene.handover):
        raise FlowError("no_drafts")
    post = Post(to=click.user, kind=Kind.LETTERS)
    office.errands.order(Receipt(click.team, click.key), scene.handover, (post,))
    hint(office, click, say("drafts_coming"))


def send(office: Office, click: Click) -> None:
    """Send everything for approval; what it waits for is told by name."""
    ref = about(click)
    event = e.SentForApproval(at=office.desk.clock.now(), by=click.user)
    try:
        office.desk.record(Receipt(click.team, click.key), ref.h, event)
    except FlowError as error:
        hint(office, click, _why_not(scene_of(office, click.user, ref.h), error))
        return
    bring_up_to_date(office, click)


def approve(office: Office, click: Click) -> None:
    """Approve the versions that somebody read; where nobody else looks at them, ask why first."""
    ref = about(click)
    scene, wanted = scene_of(office, click.user, ref.h), _versions(ref.n)
    if _looks_alone(scene, wanted):
        open_modal(office, click, letter_forms.alone_form(scene, ref.n))
        return
    event = e.PiecesApproved(at=office.desk.clock.now(), by=click.user, pieces=wanted)
    try:
        recorded = office.desk.record(Receipt(click.team, click.key), ref.h, event)
    except FlowError as error:
        hint(office, click, _not_approved(scene_of(office, click.user, ref.h), wanted, error))
    else:
        if not (recorded.changed or recorded.again):
            hint(office, click, _approved_before(scene_of(office, click.user, ref.h), wanted))
    bring_up_to_date(office, click)


def read(office: Office, click: Click) -> None:
    """Show one piece whole."""
    ref = about(click)
    open_modal(office, click, note_view(looked_at(office, click.user, ref), ref))


def answered_in_words(office: Office, user: str, handover: str, said: str) -> Message | None:
    """What somebody is shown who writes under a card instead of pressing; none where it is over.

    Raises FlowError `not_found`.
    """
    return answer_to_words(scene_of(office, user, handover), said)


def customer_text(scene: Scene, typed: str, before: str | None = None) -> str:
    """What somebody typed for the customer to read, in the stored form: all of it comes by here.

    With the text that stood there `before`, days and names of it are slots again.
    """
    return from_form(typed) if before is None else read_edit(scene, typed, before)


def _edit(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    scene = scene_of(office, click.user, ref.h)
    return letter_forms.edit_form(scene, text_of(scene.handover, scene.playbook, ref.p))


def _changes(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    """About one piece, or about whichever waits; what was written already comes along."""
    scene = scene_of(office, click.user, ref.h)
    waits = pending(scene.handover)
    offered = [piece for piece in pieces(scene.handover, scene.playbook) if piece.key in waits]
    if ref.p:
        offered = [piece for piece in offered if piece.key == ref.p]
    if not offered:
        raise FlowError("already_approved")
    return letter_forms.changes_form(scene, offered, ref.v if not ref.p else "")


def _object(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    scene = scene_of(office, click.user, ref.h)
    return letter_forms.object_form(scene, ref.p, int(ref.v))


def _backup(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    scene = scene_of(office, click.user, ref.h)
    handover = scene.handover
    csms = {party.user for party in (handover.outgoing, handover.incoming) if party}
    others = [user for user in office.roster.leaders if user not in csms | {handover.leader}]
    office.roster.names(others)
    return letter_forms.backup_form(scene, others)


OPENERS: Mapping[str, Callable[[Office, Click, Ref, Row], View]] = {
    Act.LETTER_EDIT: _edit,
    Act.LETTER_OBJECT: _object,
    Act.PIECE_CHANGES: _changes,
    Act.BACKUP_NAME: _backup,
}
"""The modal that a click opens; who may see it is read from the stored handover."""


def _submit_letter(office: Office, submission: Submission) -> Answer | None:
    """Other words for a text; where it was changed meanwhile, what was typed stays beside it."""
    ref = Ref.load(submission.metadata)
    scene = scene_of(office, submission.user, ref.h)
    typed = letter_forms.read_edit(submission.values, ref)
    if not typed:
        raise FlowError("missing", field=Field.TEXT)
    known = text_of(scene.handover, scene.playbook, ref.p)
    read = int(ref.v)
    text = customer_text(scene, typed, _text_of_version(scene, known, read))
    _check_length(text, _LONGEST)
    why = read_despite(submission.values)
    worded = {"key": ref.p, "version": read, "text": text, "despite": why}
    try:
        _record(office, submission, e.LetterWorded, **worded)
    except LeakError as error:
        again = partial(letter_forms.leaking_form, scene, known, submission.values, ref, why)
        return leaking(error, submission, scene, again)
    except FlowError as error:
        if error.code != "other_words":
            raise
        scene = scene_of(office, submission.user, ref.h)
        newer = text_of(scene.handover, scene.playbook, ref.p)
        view = letter_forms.edit_again(scene, newer, submission.values, ref)
        return {"response_action": "update", "view": view}
    return _done(submission)


def _submit_changes(office: Office, submission: Submission) -> Answer | None:
    ref = Ref.load(submission.metadata)
    key, version, comment = letter_forms.read_changes(submission.values, ref)
    if not comment:
        raise FlowError("missing", field=Field.TEXT)
    _check_length(comment, _REMARK)
    known: dict[str, object] = {"piece": key, "version": version, "comment": comment}
    _record(office, submission, e.ChangesRequested, **known)
    return _done(submission)


def _submit_objection(office: Office, submission: Submission) -> Answer | None:
    ref, why = Ref.load(submission.metadata), read_text(submission.values)
    if not why:
        raise FlowError("missing", field=Field.TEXT)
    _check_length(why, _REMARK)
    _record(office, submission, e.LetterObjected, key=ref.p, version=int(ref.v), why=why)
    return _done(submission)


def _submit_alone(office: Office, submission: Submission) -> Answer | None:
    ref, why = Ref.load(submission.metadata), read_text(submission.values)
    wanted = _versions(ref.n)
    _check_length(why, _REMARK)
    try:
        _record(office, submission, e.PiecesApproved, pieces=wanted, why=why)
    except FlowError as error:
        if error.code == "missing":
            raise
        scene = scene_of(office, submission.user, ref.h)
        words = _not_approved(scene, wanted, error)
        return {"response_action": "errors", "errors": {Field.TEXT: words}}
    return _done(submission)


def _submit_backup(office: Office, submission: Submission) -> Answer | None:
    picked, why = letter_forms.read_backup(submission.values)
    if not picked:
        raise FlowError("missing", field=Field.BACKUP)
    _check_length(why, _REMARK)
    user = None if picked == letter_forms.NOBODY else picked
    office.roster.refresh()
    if user and not office.roster.is_leader(user):
        raise FlowError("not_a_leader", field=Field.BACKUP)
    _record(office, submission, e.BackupNamed, user=user, why=why)
    return _done(submission)


SUBMISSIONS: Mapping[str, Callable[[Office, Submission], Answer | None]] = {
    Form.LETTER: _submit_letter,
    Form.PIECE_CHANGES: _submit_changes,
    Form.LETTER_OBJECT: _submit_objection,
    Form.PIECES_APPROVE: _submit_alone,
    Form.BACKUP: _submit_backup,
}
"""What a modal's submission records."""

_FIELDS = {"text": Field.TEXT, "why": Field.TEXT, "backup": Field.BACKUP}


def _record(
    office: Office, submission: Submission, kind: type[e.Happened], /, **known: object
) -> None:
    """Record an event; a refusal names the modal's own field."""
    at, ref = office.desk.clock.now(), Ref.load(submission.metadata)
    event = e.EVENTS.validate_python(kind.model_validate({"at": at, "by": submission.user} | known))
    try:
        office.desk.record(Receipt(submission.team, submission.key), ref.h, event)
    except LeakError:
        raise
    except FlowError as error:
        raise FlowError(error.code, field=_FIELDS.get(error.field, error.field)) from error


def _check_length(text: str, most: int) -> None:
    if len(text) > most:
        raise FlowError("text_too_long", field=Field.TEXT)


def _done(submission: Submission) -> Answer | None:
    """The modal closes, and what stood below it goes too: it shows what was true before."""
    below = submission.view.get("previous_view_id")
    return {"response_action": "clear"} if below else None


def _versions(pairs: tuple[str, ...]) -> dict[str, int]:
    """What a button approves: versions by key. Raises ValueError for what is not ours."""
    found = (pair.partition(":") for pair in pairs)
    return {key: int(version) for key, _, version in found}


def _text_of_version(scene: Scene, piece: Piece, number: int) -> str:
    """The text that somebody began to edit."""
    versions = scene.handover.letters.drafts.get(piece.key, ())
    return next((version.text for version in versions if version.number == number), piece.text)


def _looks_alone(scene: Scene, wanted: Mapping[str, int]) -> bool:
    handover, user = scene.handover, scene.viewer
    own = leads(handover, user) and has_own(handover, user, wanted)
    return own and not has_others(handover, user)


def _why_not(scene: Scene, error: FlowError) -> str:
    """Why nothing can be sent yet, and on whom it waits."""
    leader = people.person(scene.handover.leader, scene.names)
    match error.code:
        case "not_agreed":
            return say("not_agreed_by", names=to_agree(scene))
        case "no_backup" if leads(scene.handover, scene.viewer):
            return say("no_backup_yours")
        case "no_backup":
            return say("no_backup", name=leader)
        case "no_reason":
            return say("no_reason_in", text=title(scene, error.field))
        case "leak" if isinstance(error, LeakError):
            return say("leak_in_facts", found=leak_words(error.leaks, scene.names))
        case code:
            return say(code)


def _not_approved(scene: Scene, wanted: Mapping[str, int], error: FlowError) -> str:
    """Why these versions cannot be approved, in words that name what is in the way."""
    match error.code:
        case "other_words":
            now = {piece.key: piece.version for piece in pieces(scene.handover, scene.playbook)}
            changed = (
                f"{title(scene, key)}: you read version {version}, now it is version {now[key]}"
                for key, version in wanted.items()
                if now.get(key, version) != version
            )
            return say("other_version", text="; ".join(changed))
        case "own_text":
            others = (user for user in approvers(scene.handover) if user != scene.viewer)
            return say("own_text", name=people.listed([scene.name(user) for user in others]))
        case "not_agreed":
            return say("not_agreed_by", names=to_agree(scene))
        case code:
            return say(code)


def _approved_before(scene: Scene, wanted: Mapping[str, int]) -> str:
    """Who was faster."""
    every = pieces(scene.handover, scene.playbook)
    words = [piece.approved for piece in every if piece.key in wanted and piece.approved]
    by = people.listed([scene.name(user) for user in dict.fromkeys(word.by for word in words)])
    return say("approved_before", name=f"{by[:1].upper()}{by[1:]}")
