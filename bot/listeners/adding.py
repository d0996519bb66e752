"""`Add to handover` on any message: it joins the pack of an account, with its address."""

from bot.delivery.port import Told
from bot.desk import Receipt
from bot.ids import Field, Form, Ref
from bot.listeners.reading import own_rows, scene_of
from bot.listeners.showing import View, note, note_view, opened
from bot.listeners.starting import Answer
from bot.named import mentioned
from bot.office import Office
from bot.payloads import Shortcut, Submission, links
from bot.views.errors import say
from bot.views.known.message_form import added, message_form, read_filed
from flows.errors import FlowError
from flows.events import MessageAdded
from flows.handover import Stage, Unsorted
from storage import messages
from storage.moments import to_stored


def handle_shortcut(office: Office, shortcut: Shortcut, *, is_member: bool) -> None:
    """Open the form for a message; it is kept first, for the form cannot hold all of it."""
    piece = Unsorted(
        id=shortcut.key[:20],
        by=shortcut.user,
        at=office.desk.clock.now(),
        text=shortcut.text,
        files=shortcut.files,
        links=links(shortcut.text),
        quoted=shortcut.quoted,
    )
    view = _form(office, piece) if is_member else note_view(note(say("not_a_member")))
    if opened(office, office.gateway.views_open, shortcut.trigger, view):
        if view["callback_id"] == Form.MESSAGE:
            office.soon(lambda: _look_up(office, shortcut, piece))
    else:
        again = note(say("shortcut_again"))
        office.soon(lambda: office.gateway.respond(shortcut.response_url, again, replace=False))


def submit_message(office: Office, submission: Submission) -> Answer:
    """Put the message where the form says; that it is there takes the form's place."""
    ref, filed = Ref.load(submission.metadata), read_filed(submission.values)
    with office.desk.database.read() as connection:
        piece = messages.find(connection, submission.team, ref.v, submission.user)
    if piece is None or piece.quoted is None:
        raise FlowError("message_gone")
    if not filed.handover:
        raise FlowError("missing", field=Field.ACCOUNT)
    scene = scene_of(office, submission.user, filed.handover)
    at_question = filed.place in scene.playbook.by_id
    event = MessageAdded(
        at=office.desk.clock.now(),
        by=submission.user,
        id=submission.makes,
        text=piece.text,
        files=piece.files,
        links=piece.links,
        question=filed.place if at_question else "",
        section="" if at_question else filed.place,
        note=filed.note,
        quoted=piece.quoted,
    )
    office.desk.record(Receipt(submission.team, submission.key), filed.handover, event)
    return {"response_action": "update", "view": note_view(added(filed.place, scene))}


def _form(office: Office, piece: Unsorted) -> View:
    """The form, or why there is none."""
    rows = [row for row in own_rows(office, piece.by) if row.handover.stage is Stage.IN_FLIGHT]
    if not rows:
        return note_view(note(say("nothing_to_add_to")))
    if not (piece.text.strip() or piece.files):
        return note_view(note(say("nothing_in_it")))
    with office.desk.database.write() as connection:
        messages.keep(connection, office.team, piece, to_stored(piece.at))
    return message_form(Ref(v=piece.id), piece, rows, office.roster.names())


def _look_up(office: Office, shortcut: Shortcut, piece: Unsorted) -> None:
    """What Slack has to be asked for while the form is open: who is in it, and its own address."""
    office.roster.meet({_author(piece), *mentioned(piece.text)})
    answer = office.gateway.permalink(shortcut.channel, shortcut.ts)
    if isinstance(answer, Told):
        quoted = shortcut.quoted.model_copy(update={"link": answer.data["permalink"]})
        with office.desk.database.write() as connection:
            known = piece.model_copy(update={"quoted": quoted})
            messages.change(connection, office.team, known)


def _author(piece: Unsorted) -> str:
    return piece.quoted.author if piece.quoted else piece.by
