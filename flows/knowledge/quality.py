"""How sure and how fresh an answer is, as its author says (N10)."""

from flows.errors import FlowError
from flows.handover import Answer, Handover
from flows.knowledge.quality_events import AsOfGiven, SurenessGiven
from flows.playbook import Part, Playbook


def sureness_given(handover: Handover, event: SurenessGiven, _playbook: Playbook) -> Handover:
    """How sure an author is changes nothing else of the answer."""
    answer = handover.answers[event.question]
    sure = answer.model_copy(update={"sureness": event.sureness})
    return _answered(handover, event.question, sure)


def as_of_given(handover: Handover, event: AsOfGiven, playbook: Playbook) -> Handover:
    """A number gets the day on which it was true. Raises FlowError `no_such_part`."""
    answer = handover.answers[event.question]
    parts = {part.key: part for part in playbook.by_id[event.question].parts}
    part, given = parts.get(event.part), answer.given.get(event.part)
    if part is None or given is None or not part.as_of:
        raise FlowError("no_such_part", field=event.part)
    dated = {part.key: given.model_copy(update={"as_of": event.day})}
    fresh = answer.model_copy(update={"given": answer.given | dated})
    return _answered(handover, event.question, fresh)


def undated(parts: tuple[Part, ...], answer: Answer) -> list[Part]:
    """The numbers of an answer that want a day and have none."""
    return [p for p in parts if p.as_of and p.key in answer.given and not answer.given[p.key].as_of]


def _answered(handover: Handover, question: str, answer: Answer) -> Handover:
    return handover.model_copy(update={"answers": handover.answers | {question: answer}})
