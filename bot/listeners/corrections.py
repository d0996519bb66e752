"""Edits and deletions of what people wrote: they follow it to wherever it went.

Slack keeps no order: an edit may come before its message. It is kept then, and the message is put
right as soon as it is recorded. Each side writes before it looks for the other, so that of two that
come at the same moment at least one finds both; to be corrected twice changes nothing.
"""

from sqlalchemy import Connection

from bot.desk import Receipt
from bot.listeners.showing import whisper
from bot.office import Office
from bot.payloads import Deletion, Edit, Reply
from flows import events as e
from flows.errors import FlowError
from flows.knowledge.replies import holds
from flows.saying import OF_BOOK
from storage import corrections, handovers, posts

Correction = e.SaidEdited | e.SaidWithdrawn


def handle_edit(office: Office, edit: Edit) -> None:
    """An edit of an earlier reply changes what it was taken for."""
    event = e.SaidEdited(
        at=office.desk.clock.now(),
        by=edit.user,
        source=edit.ts,
        text=edit.text,
        edited=edit.edited,
        links=edit.links,
    )
    _follow(office, edit, event)


def handle_deletion(office: Office, deletion: Deletion) -> None:
    """A deleted reply takes back what it was taken for."""
    event = e.SaidWithdrawn(at=office.desk.clock.now(), by=deletion.user, source=deletion.ts)
    _follow(office, deletion, event)


def catch_up(office: Office, reply: Reply) -> None:
    """Put a reply right whose edit or deletion was faster than itself."""
    ts = reply.said.source
    with office.desk.database.read() as connection:
        early = corrections.find(connection, office.team, reply.channel, ts, reply.user)
    for event in early:
        if isinstance(event, Correction):
            what = event.edited if isinstance(event, e.SaidEdited) else "gone"
            key = f"early-{ts}-{what}"
            _correct(office, (reply.channel, reply.thread), event, Receipt(reply.team, key))


def _follow(office: Office, change: Edit | Deletion, event: Correction) -> None:
    receipt, where = Receipt(change.team, change.key), (change.channel, change.thread)
    if not _correct(office, where, event, receipt):
        office.errands.keep_correction(change.team, change.channel, event)
        _correct(office, where, event, receipt)


def _correct(
    office: Office, where: tuple[str, str | None], event: Correction, receipt: Receipt
) -> bool:
    """Whether a message (by its channel and thread) was found; a refusal is told to its author."""
    channel, thread = where
    if office.errands.correct_stray(receipt.team, channel, event):
        return True
    with office.desk.database.read() as connection:
        home = next(iter(_homes(connection, office.team, where, event)), None)
    if home is None:
        return False
    try:
        office.desk.record(receipt, home, event)
    except FlowError as error:
        whisper(office, channel, event.by, error.code, thread)
    return True


def _homes(
    connection: Connection, team: str, where: tuple[str, str | None], event: Correction
) -> list[str]:
    """The handover that holds a message: its thread's, else the one where it stands."""
    channel, thread = where
    root = posts.root_of_thread(connection, team, channel, thread) if thread else None
    if root and root.handover and root.kind not in OF_BOOK:
        candidates = [root.handover]
    else:
        candidates = handovers.mentioning(connection, team, event.by, event.source)
    loaded = ((h, handovers.load(connection, team, h)) for h in candidates)
    return [key for key, stored in loaded if stored and holds(stored.value, event.source)]
