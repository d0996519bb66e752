"""What people write to the bot: answers, and replies that need a home.

A reply answers the question whose post was newest in its thread when it was sent. Outside a thread
it goes to the one interview that is open; with several open it is kept, and the person is asked.
What is written under a message that is about no account is kept as well.
"""

from bot.desk import NoAccountError, NothingAskedError, Receipt
from bot.listeners.approving import answered_in_words
from bot.listeners.corrections import catch_up
from bot.listeners.reuse import read_reply
from bot.listeners.showing import whisper
from bot.named import mentioned
from bot.office import Office
from bot.payloads import Reply
from bot.views.errors import say
from bot.watch.watch import note_refusal
from flows import events as e
from flows.account_names import account_key
from flows.effects import Kind
from flows.errors import FlowError
from flows.handover import Handover, Interview
from flows.knowledge.interview import current_question
from flows.knowledge.landing import could_mean
from flows.privacy import may_take_part
from storage import handovers, posts, strays


def handle_reply(office: Office, reply: Reply) -> None:
    """Record a reply where it belongs; never lose it."""
    # Whoever is mentioned is shown by name at once, also if never seen before.
    office.roster.meet(mentioned(reply.said.text))
    try:
        _take(office, reply)
        catch_up(office, reply)
    except FlowError as error:
        note_refusal(error.code)
        whisper(office, reply.channel, reply.user, error.code, reply.thread)


def _take(office: Office, reply: Reply) -> None:
    try:
        if not (reply.thread and _in_thread(office, reply, reply.thread)):
            _outside(office, reply)
    except NoAccountError as elsewhere:
        _under(office, reply, elsewhere.root)
    except NothingAskedError as buttons:
        _instead_of_pressing(office, reply, buttons.root)


def _in_thread(office: Office, reply: Reply, thread: str) -> bool:
    """Whether the thread asks something, and the reply was recorded as its answer."""
    receipt, where = Receipt(reply.team, reply.key), (reply.channel, thread)
    recorded = office.desk.record_reply(receipt, where, reply.user, reply.said)
    if recorded and recorded.changed:
        read_reply(office, recorded.handover, reply.user, reply.said.source)
    return recorded is not None


def _outside(office: Office, reply: Reply) -> None:
    """A reply outside the threads: to the one open interview, or kept until its author says."""
    known = _known(office, reply.user)
    open_ones = [handover for handover in known if current_question(handover, reply.user)]
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
            recorded = office.desk.record(Receipt(reply.team, reply.key), only.id, event)
            if recorded.changed:
                read_reply(office, recorded.handover, reply.user, reply.said.source)
        case _:
            _keep(office, reply)


def _under(office: Office, reply: Reply, root: posts.Standing) -> None:
    """A reply under a message that is about no account, or that asks for one.

    It is no answer to a question that stands elsewhere: where its account is known it is kept with
    what is unsorted there, else its author is asked.
    """
    about = could_mean(_known(office, reply.user), reply.user)
    if not about:
        raise FlowError("no_question")
    if root.kind != Kind.WHICH:
        _keep(office, reply)
        return
    receipt, (channel, _, ts) = Receipt(reply.team, reply.key), root.subject.partition(":")
    with office.desk.database.read() as connection:
        stray = strays.find(connection, office.team, channel, ts, reply.user)
    named = [h.id for h in about if account_key(h.account) == account_key(reply.said.text)]
    if stray and stray.handover:
        said = reply.said
        event = e.Pasted(
            at=office.desk.clock.now(),
            by=reply.user,
            id=said.source,
            text=said.text,
            files=said.files,
        )
        office.desk.record(receipt, stray.handover, event)
        whisper(office, reply.channel, reply.user, "kept_unsorted", reply.thread)
    elif stray and len(named) == 1:
        office.desk.file_stray(receipt, (channel, ts), reply.user, named[0])
    else:
        _keep(office, reply)


def _instead_of_pressing(office: Office, reply: Reply, root: posts.Standing) -> None:
    """A word under buttons counts for nothing; who wrote it gets them with what they wrote."""
    message, code = None, "press_it"
    if root.kind == Kind.APPROVAL:
        message = answered_in_words(office, reply.user, root.handover, reply.said.text)
        code = "nothing_waits"
    words = message.text if message else say(code)
    blocks = message.blocks if message else ()
    tell = office.gateway.tell
    office.soon(lambda: tell(reply.channel, reply.user, words, reply.thread, blocks))


def _keep(office: Office, reply: Reply) -> None:
    receipt = Receipt(reply.team, reply.key)
    office.errands.keep_stray(receipt, reply.channel, reply.user, reply.said)


def _known(office: Office, user: str) -> list[Handover]:
    with office.desk.database.read() as connection:
        theirs = handovers.taking_part(connection, office.team, user)
    return [handover for handover in theirs if may_take_part(handover, user)]
