"""What people write to the bot: answers, edits of answers, and replies that need a home.

A reply answers the question whose post was newest in its thread when it was sent. Outside a thread
it goes to the one interview that is open; with several open it is kept, and the person is asked.
"""

from bot.desk import Receipt
from bot.office import Office
from bot.payloads import Deletion, Edit, Reply
from bot.rendering import mentioned
from bot.views.errors import say
from flows import events as e
from flows.answering import find_said
from flows.errors import FlowError
from flows.handover import Handover, Interview
from flows.interview import current_question
from flows.privacy import may_know
from storage import handovers


def handle_reply(office: Office, reply: Reply) -> None:
    """Record a reply where it belongs; never lose it."""
    # Whoever is mentioned is shown by name at once, also if never seen before.
    office.roster.meet(mentioned(reply.said.text))
    try:
        if not (reply.thread and _in_thread(office, reply, reply.thread)):
            _outside(office, reply)
    except FlowError as error:
        _hint(office, reply, error.code)


def handle_edit(office: Office, edit: Edit) -> None:
    """An edit of an earlier reply changes the answer it was."""
    event = e.SaidEdited(
        at=office.desk.clock.now(),
        by=edit.user,
        source=edit.ts,
        text=edit.text,
        edited=edit.edited,
        links=edit.links,
    )
    _record_where_said(office, edit, event)


def handle_deletion(office: Office, deletion: Deletion) -> None:
    """A deleted reply withdraws the answer it was."""
    event = e.SaidWithdrawn(at=office.desk.clock.now(), by=deletion.user, source=deletion.ts)
    _record_where_said(office, deletion, event)


def _hint(office: Office, written: Reply | Edit | Deletion, code: str) -> None:
    thread = written.thread if isinstance(written, Reply) else None
    office.soon(lambda: office.gateway.tell(written.channel, written.user, say(code), thread))


def _in_thread(office: Office, reply: Reply, thread: str) -> bool:
    """Whether the thread asks something, and the reply was recorded as its answer."""
    receipt, where = Receipt(reply.team, reply.key), (reply.channel, thread)
    return office.desk.record_reply(receipt, where, reply.user, reply.said) is not None


def _outside(office: Office, reply: Reply) -> None:
    """A reply outside the threads: to the one open interview, or kept until its author says."""
    known = _known(office, reply.user)
    open_ones = [handover for handover in known if current_question(handover, reply.user)]
    receipt = Receipt(reply.team, reply.key)
    match open_ones:
        case []:
            paused = any(h.interviews.get(reply.user, Interview()).resting for h in known)
            raise FlowError("paused" if paused else "no_question")
        case [only]:
            event = e.AnswerGiven(
                at=office.desk.clock.now(),
                by=reply.user,
                question=current_question(only, reply.user),
                said=reply.said,
            )
            office.desk.record(receipt, only.id, event)
        case _:
            office.errands.keep_stray(receipt, reply.channel, reply.user, reply.said)


def _record_where_said(
    office: Office, change: Edit | Deletion, event: e.SaidEdited | e.SaidWithdrawn
) -> None:
    for handover in _known(office, change.user):
        if find_said(handover, change.ts):
            receipt = Receipt(change.team, change.key)
            try:
                office.desk.record(receipt, handover.id, event)
            except FlowError as error:
                _hint(office, change, error.code)
            return


def _known(office: Office, user: str) -> list[Handover]:
    with office.desk.database.read() as connection:
        theirs = handovers.taking_part(connection, office.team, user)
    return [handover for handover in theirs if may_know(handover, user)]
