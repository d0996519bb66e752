"""Somebody else is asked for an answer: what they tell joins the pack under its question."""

from collections.abc import Iterable

from flows.errors import FlowError
from flows.events import AskAnswered
from flows.frozen import Moment
from flows.handover import FORM, Ask, Handover, Heard, Said
from flows.knowledge import answering
from flows.knowledge.quality_events import AnswerRecorded, SomebodyAsked
from flows.parts import has_left
from flows.playbook import Playbook
from flows.privacy import may_know
from flows.staffing.joining import ask_answered, with_replies


def somebody_asked(handover: Handover, event: SomebodyAsked, _playbook: Playbook) -> Handover:
    """A question goes to somebody who may know; of whoever is not in Slack, the asker hears it.

    Raises FlowError `missing`, `asks_oneself`, `not_to_them` for whoever is not to hear of the
    handover yet, and `left_here` for whoever has no part in it any more.
    """
    if any(ask.id == event.id for ask in handover.asks):
        return handover
    if not (event.to or event.whom):
        raise FlowError("missing", field="to")
    if event.to == event.by:
        raise FlowError("asks_oneself", field="to")
    if event.to and _is_kept_from(handover, event.to):
        raise FlowError("not_to_them", field="to")
    if has_left(handover, event.to):
        raise FlowError("left_here", field="to")
    ask = Ask(
        id=event.id,
        by=event.by,
        to=event.to or event.by,
        at=event.at,
        text=event.text,
        about=event.question,
        fills=True,
        whom="" if event.to else event.whom,
        due=event.due,
    )
    return handover.model_copy(update={"asks": (*handover.asks, ask)})


def asks_for(handover: Handover, question: str) -> list[Ask]:
    """The asks whose replies become part of a question's answer."""
    return [ask for ask in handover.asks if ask.fills and ask.about == question]


def waiting(asks: Iterable[Ask]) -> list[Ask]:
    """Those of them that nobody has answered yet."""
    return [ask for ask in asks if not ask.reply]


def answered(handover: Handover, event: AskAnswered, playbook: Playbook) -> Handover:
    """A reply joins its ask, and what it fills. Raises FlowError `no_such_ask`, `ask_taken`."""
    before = find_ask(handover, event.ask)
    after = ask_answered(handover, event, playbook)
    if before.replies and before.replies[0].by != event.by:
        # One person answers, and may add to it; whoever comes after somebody else is told.
        raise FlowError("ask_taken")
    replied = find_ask(after, event.ask)
    if not before.fills or replied == before:
        return after
    return _filled(after, replied, event.at, playbook)


def recorded(handover: Handover, event: AnswerRecorded, playbook: Playbook) -> Handover:
    """What was told outside Slack, written down once by whoever asked.

    Raises FlowError `no_such_ask`, `ask_taken`.
    """
    ask = find_ask(handover, event.ask)
    if not (ask.fills and event.by in (ask.by, ask.to)):
        raise FlowError("no_such_ask")
    if ask.replies:
        raise FlowError("ask_taken")
    heard = Heard(who=event.who, on=event.on, how=event.how)
    said = Said(source=FORM, text=event.text, by=event.by, heard=heard)
    after = with_replies(handover, ask, (said,))
    return _filled(after, find_ask(after, ask.id), event.at, playbook)


def find_ask(handover: Handover, ask: str) -> Ask:
    """An ask by its id. Raises FlowError `no_such_ask`."""
    found = next((other for other in handover.asks if other.id == ask), None)
    if found is None:
        raise FlowError("no_such_ask")
    return found


def _is_kept_from(handover: Handover, user: str) -> bool:
    """Whether somebody has a part in the handover and is not to know of it yet, or is gone."""
    parties = (party for party in (handover.outgoing, handover.incoming) if party)
    has_part = any(party.user == user for party in parties)
    return has_part and not may_know(handover, user)


def _filled(handover: Handover, ask: Ask, at: Moment, playbook: Playbook) -> Handover:
    """The newest reply becomes part of the answer; a form's gets a name of its own there."""
    said = ask.replies[-1]
    if said.source == FORM:
        said = said.model_copy(update={"source": f"{ask.id}.{len(ask.replies)}"})
    return answering.filled(handover, playbook, ask.about, said, at)
