"""What people write to the bot: answers, edits of answers, and replies that need a home.

A reply answers the question whose post was newest in its thread when it was sent. Outside a thread
it goes to the one interview that is open; with several open it is kept, and the person is asked.
"""

from bot.desk import Receipt
from bot.office import Office
from bot.payloads import Deletion, Edit, Reply
from bot.views.blocks import Message, section
from bot.views.errors import say
from flows import events as e
from flows.answering import find_said
from flows.effects import Kind
from flows.errors import FlowError
from flows.handover import Handover
from flows.privacy import may_know
from storage import handovers, posts


def handle_reply(office: Office, reply: Reply) -> None:
    """Record a reply where it belongs; never lose it."""
    target = _in_thread(office, reply) if reply.thread else None
    if target:
        _record(office, reply, *target)
        return
    open_ones = [h for h in _known(office, reply.user) if _current(h, reply.user)]
    match open_ones:
        case []:
            _hint(office, reply, "no_question")
        case [only]:
            _record(office, reply, only.id, _answer(office, reply, _current(only, reply.user)))
        case _:
            receipt = Receipt(reply.team, reply.key)
            office.desk.keep_stray(receipt, reply.channel, reply.user, reply.said)


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


def _record(office: Office, reply: Reply, handover: str, event: e.Event) -> None:
    try:
        office.desk.record(Receipt(reply.team, reply.key), handover, event)
    except FlowError as error:
        _hint(office, reply, error.code)


def _hint(office: Office, reply: Reply, code: str) -> None:
    message = Message(say(code), [section(say(code))])
    office.soon(
        lambda: office.gateway.post_ephemeral(reply.channel, reply.user, message, reply.thread)
    )


def _in_thread(office: Office, reply: Reply) -> tuple[str, e.Event] | None:
    """The handover and event of a reply in a thread; none where the thread asks nothing."""
    with office.desk.database.read() as connection:
        thread = (reply.team, reply.channel, reply.thread or "")
        post = posts.asked_before(connection, *thread, reply.said.source)
        root = posts.root_of_thread(connection, *thread)
    if root is not None and root.kind == Kind.ASK:
        event = e.AskAnswered(
            at=office.desk.clock.now(), by=reply.user, ask=root.subject, text=reply.said.text
        )
        return root.handover, event
    if post is None:
        return None
    return post.handover, _answer(office, reply, post.subject)


def _answer(office: Office, reply: Reply, question: str) -> e.Event:
    return e.AnswerGiven(
        at=office.desk.clock.now(), by=reply.user, question=question, said=reply.said
    )


def _record_where_said(
    office: Office, change: Edit | Deletion, event: e.SaidEdited | e.SaidWithdrawn
) -> None:
    for handover in _known(office, change.user):
        if find_said(handover, change.ts):
            receipt = Receipt(change.team, change.key)
            office.desk.record(receipt, handover.id, event)
            return


def _known(office: Office, user: str) -> list[Handover]:
    with office.desk.database.read() as connection:
        theirs = handovers.taking_part(connection, office.team, user)
    return [handover for handover in theirs if may_know(handover, user)]


def _current(handover: Handover, user: str) -> str:
    interview = handover.interviews.get(user)
    return (interview.current if interview else None) or ""
