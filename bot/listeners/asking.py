"""Asking about an account: the pack is searched first, then somebody is asked (A13, N12)."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.desk import Receipt
from bot.ids import Field, Ref
from bot.listeners.clicks import about
from bot.listeners.reading import own_rows, scene_of
from bot.listeners.showing import change_view, note, note_view
from bot.listeners.starting import Answer
from bot.office import Office
from bot.payloads import Click, Command, Submission
from bot.views import people
from bot.views.blocks import Message
from bot.views.errors import say
from bot.views.scene import Scene
from bot.views.staffing import leader_forms
from bot.views.taking_over import pack
from flows.account_names import account_key
from flows.errors import FlowError
from flows.events import Asked, PackAnswered
from flows.handover import Ask, Handover, Stage
from flows.taking_over.knocks import topic
from flows.taking_over.passages import passages
from flows.taking_over.search import search

_MOST_WORDS = 40
_SHORTEST = 3
_AFTER_A_NAME = ",:;"


def ask(office: Office, command: Command) -> Message:
    """`/handover ask ACCOUNT QUESTION`. Raises FlowError."""
    if not command.rest:
        return note(say("ask_how"))
    known = [row.handover for row in own_rows(office, command.user)]
    found, question = read_asked(known, command.rest)
    names = office.roster.names()
    if len(found) > 1:
        return pack.several(found, question, names)
    if not found:
        raise FlowError("not_found")
    if not question:
        return note(say("ask_what", account=people.account(found[0], names)))
    return answered(office, command, found[0].id, question)


def read_asked(known: Sequence[Handover], typed: str) -> tuple[list[Handover], str]:
    """The handovers that a name at the beginning may mean, and the question behind it.

    The longest account's name counts, else the longest beginning that is a part of one. Of several
    handovers of one account it is the one that was started last.
    """
    beginnings = list(_beginnings(typed))
    for name, question in beginnings:
        if exact := [h for h in known if account_key(h.account) in (name, _bare(name))]:
            return [max(exact, key=_newest)], question
    for name, question in beginnings:
        part = _bare(name)
        fitting = [h for h in known if len(part) >= _SHORTEST and part in account_key(h.account)]
        if fitting:
            latest = {account_key(h.account): h for h in sorted(fitting, key=_newest)}
            return list(latest.values()), question
    return [], typed


def answered(office: Office, act: Command | Submission, handover: str, question: str) -> Message:
    """What the pack says to a question, or who was asked instead. Raises FlowError.

    `question` is in its stored form. Either is recorded, once for one delivery.
    """
    scene, once = scene_of(office, act.user, handover), act.key[:20]
    row, book = scene.handover, scene.playbook
    known = passages(row, book, act.user)
    found = search(known, question, scene.names, without=row.account)
    about_it = found[0].about if found else topic(book, question, scene.names, row.account)
    told = {"id": once, "text": question, "about": about_it}
    receipt = Receipt(act.team, act.key)
    if not found:
        return _put(office, receipt, scene, Asked(at=_now(office), by=act.user, knock=True, **told))
    event = PackAnswered(at=_now(office), by=act.user, **told)
    office.desk.record(receipt, handover, event)
    return pack.told(found, question, once, scene)


def knock(office: Office, click: Click) -> None:
    """What the pack says is not what was needed: the same question goes to whoever knows."""
    ref = about(click)
    scene, receipt = scene_of(office, click.user, ref.h), Receipt(click.team, click.key)
    found = next((f for f in scene.handover.found if (f.id, f.by) == (ref.a, click.user)), None)
    if put := _ask_of(scene, ref.a):
        message = pack.on_its_way(put, scene, not_found=False)
    elif found:
        told = found.model_dump(include={"id", "text", "about"})
        event = Asked(at=_now(office), by=click.user, knock=True, **told)
        message = _put(office, receipt, scene, event)
    else:
        raise FlowError("not_found")
    if click.view:
        change_view(office, click.view["id"], lambda: note_view(message))
    else:
        url = click.response_url
        office.soon(lambda: office.gateway.respond(url, message, replace=True))


def submit_question(office: Office, submission: Submission) -> Answer:
    """The question of the form; the answer takes the form's place."""
    ref, text = Ref.load(submission.metadata), leader_forms.read_text(submission.values)
    if not text:
        raise FlowError("missing", field=Field.TEXT)
    message = answered(office, submission, ref.h, text)
    return {"response_action": "update", "view": note_view(message)}


def _put(office: Office, receipt: Receipt, scene: Scene, event: Asked) -> Message:
    """Ask somebody; the words that tell whom."""
    from_pack = any(found.id == event.id for found in scene.handover.found)
    recorded = office.desk.record(receipt, scene.handover.id, event).handover
    put = next(ask for ask in recorded.asks if ask.id == event.id)
    return pack.on_its_way(put, scene, not_found=not from_pack)


def _ask_of(scene: Scene, ask: str) -> Ask | None:
    asks = scene.handover.asks
    return next((one for one in asks if (one.id, one.by) == (ask, scene.viewer)), None)


def _beginnings(typed: str) -> Iterator[tuple[str, str]]:
    """Every beginning of whole words that may be a name, the longest first, and what follows."""
    for count in range(min(len(typed.split()), _MOST_WORDS), 0, -1):
        words = typed.split(maxsplit=count)
        yield account_key(" ".join(words[:count])), "".join(words[count:])


def _bare(name: str) -> str:
    return name.rstrip(_AFTER_A_NAME)


def _newest(handover: Handover) -> tuple[bool, float]:
    """By which the newest handover is the greatest; a draft comes before any that is under way."""
    return handover.stage is not Stage.DRAFT, handover.created_at.timestamp()


def _now(office: Office) -> datetime:
    return office.desk.clock.now()
