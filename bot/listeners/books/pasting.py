"""What somebody has about all their accounts in one text or file, put where it belongs.

Files are fetched and read after the ack. What a file says under no account's name stays in the
file, and its person is told which headings those were.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from bot.books.ids import BookAct, BookForm
from bot.delivery.port import Told
from bot.ids import Ref
from bot.imports.markdown import outline_of_markdown
from bot.imports.reader import outline_of
from bot.imports.trouble import UnreadableError
from bot.listeners.books.scenes import order
from bot.listeners.books.sitting import sitting_of
from bot.listeners.clicks import about
from bot.listeners.reuse import fetched, people_named, vetted
from bot.listeners.showing import open_modal
from bot.office import Office
from bot.payloads import Click, Submission, key_of
from bot.views.books import forms as book_forms
from bot.views.books.scene import BookScene
from bot.views.errors import say
from bot.views.slack_text import Surface, one_line
from bot.views.words import counted
from flows import events as e
from flows.books.sitting import asked_of
from flows.errors import FlowError
from flows.handover import File
from flows.known.matching import matched
from flows.known.outline import Outline, Piece, Shape
from flows.known.prefills import askable
from flows.known.splitting import Split, piece_of_book, split

View = dict[str, Any]
_HEADINGS, _NAME = 5, 80


def _open(office: Office, click: Click) -> None:
    open_modal(office, click, book_forms.paste_form(sitting_of(office, click.user, about(click).h)))


def _submit(office: Office, submission: Submission) -> View | None:
    """Each account gets what stands under its name; what is left stays in the form."""
    scene = sitting_of(office, submission.user, Ref.load(submission.metadata).h)
    place, text, files = book_forms.read_paste(submission.values)
    if not (text or files):
        raise FlowError("missing", field=place)
    for file in files:
        office.soon(partial(_read, office, scene.book.id, submission.user, file))
    if not text:
        return None
    found = _split(scene, outline_of_markdown(text))
    if not found.found:
        raise FlowError("no_account_named", field=place)
    _file(office, scene, found, submission.key)
    if not found.rest.pieces:
        return None
    filed = (
        f"Kept for {counted(len(found.found), 'account')}. The rest below stands under no account "
        "of your book: put an account's name above it, or close this."
    )
    left = "\n".join(_written(piece) for piece in found.rest.pieces)
    return {"response_action": "update", "view": book_forms.paste_form(scene, left, filed)}


def _written(piece: Piece) -> str:
    return f"{'#' * piece.level} {piece.text}" if piece.shape is Shape.HEADING else piece.raw


def _split(scene: BookScene, outline: Outline) -> Split:
    own = asked_of(scene.accounts, scene.viewer)
    return split(outline, {one.handover.id: one.handover.account for one in own})


def _file(office: Office, scene: BookScene, found: Split, key: str) -> None:
    """Hand every account its part, to be confirmed there."""
    each: dict[str, e.Event] = {}
    for one in scene.accounts:
        handover, playbook = one
        outline = found.found.get(handover.id)
        if outline is None:
            continue
        asked, people = askable(handover, playbook), people_named(office, handover)
        match = matched(outline, playbook, asked, people)
        each[handover.id] = e.Pasted(
            at=office.desk.clock.now(),
            by=scene.viewer,
            id=piece_of_book(key, handover.id),
            text=match.left,
            found=vetted(office, match.found, playbook),
        )
    order(office, scene, (scene.viewer, key), each)


def _read(office: Office, book: str, user: str, file: File) -> None:
    """Fetch one file, hand every account its part, and say what came of it."""
    scene = sitting_of(office, user, book)
    try:
        found = _split(scene, fetched(office, file, partial(outline_of, file.name)))
        words = _said(file, found, scene)
        if found.found:
            _file(office, scene, found, key_of("book-file", book, user, file.id))
    except UnreadableError as error:
        words = say(error.code)
    if isinstance(opened := office.gateway.open_dm(user), Told):
        office.gateway.tell(opened.data["channel"]["id"], user, words)


def _said(file: File, found: Split, scene: BookScene) -> str:
    name = _typed(file.name, scene)
    if not found.found:
        return f"{name}: {say('no_account_named')}"
    words = f"{name}: kept for {counted(len(found.found), 'account')}, to be confirmed there."
    if strange := found.strange:
        shown = ", ".join(_typed(text, scene) for text in strange[:_HEADINGS])
        more = f" and {len(strange) - _HEADINGS} more" if len(strange) > _HEADINGS else ""
        words += f" These headings name no account of your book, and were left out: {shown}{more}."
    return words


def _typed(text: str, scene: BookScene) -> str:
    return one_line(text, Surface.MRKDWN, scene.names, _NAME)


CLICKS: Mapping[str, Callable[[Office, Click], None]] = {BookAct.NOTES: _open}
SUBMISSIONS: Mapping[str, Callable[[Office, Submission], View | None]] = {BookForm.NOTES: _submit}
