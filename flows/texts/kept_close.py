"""What was told in confidence on a handover, piece by piece: no customer reads a passage of it."""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from flows.handover import Answer, Handover, Topic
from flows.playbook import Playbook
from flows.privacy import is_sensitive
from flows.terms import PartKind, RecordKind

_PASSAGE = re.compile(r"(?<=[.!?;])\s+|\n+")
_INTERNAL: dict[RecordKind, tuple[str, ...]] = {
    RecordKind.STAKEHOLDER: ("watch_outs",),
    RecordKind.RISK: ("what", "tried", "next_step"),
    RecordKind.DOCUMENT: ("note",),
}
"""The fields of records that speak of a customer, not to them."""
_CLOSE_TOPICS = frozenset({Topic.SENSITIVE, Topic.RISK})


def kept_close(handover: Handover, playbook: Playbook) -> Iterator[str]:
    """Sentences and lines of sensitive answers, private notes and the like, as they were stored."""
    for text in _texts(handover, playbook):
        yield from filter(None, _PASSAGE.split(text))
        # A passage may be copied across the end of a sentence.
        yield text


def revenues(handover: Handover) -> frozenset[Decimal]:
    """What the customer pays a year, wherever the handover says it."""
    told = (answer.given["arr"] for answer in handover.answers.values() if "arr" in answer.given)
    numbers = (_number(value) for given in told for value in given.values)
    return frozenset(number for number in (handover.arr, *numbers) if number)


def _number(value: str) -> Decimal | None:
    try:
        return Decimal(value)
    except InvalidOperation:
        return None


def _texts(handover: Handover, playbook: Playbook) -> Iterator[str]:
    close = {question.id for question in playbook.questions if question.sensitive}
    for key, answer in handover.answers.items():
        question = playbook.by_id.get(key)
        if question and is_sensitive(question, answer):
            close.add(key)
            yield from _answer(playbook, key, answer)
    yield from _records(handover, close)
    yield from _asked(handover, close)
    for piece in handover.unsorted:
        yield piece.note
        if piece.question in close:
            yield piece.text
    yield from (handover.prefilled[key].known.text for key in close & set(handover.prefilled))
    yield from (move.why for move in handover.schedule.moves)
    yield from (decided.why for decided in handover.schedule.answered.values())


def _answer(playbook: Playbook, key: str, answer: Answer) -> Iterator[str]:
    yield from (said.text for said in answer.said)
    for part in playbook.by_id[key].parts:
        if part.kind is PartKind.TEXT and part.key in answer.given:
            yield from answer.given[part.key].values


def _records(handover: Handover, close: set[str]) -> Iterator[str]:
    for record in handover.records:
        fields = record.details if record.question in close else _INTERNAL.get(record.kind, ())
        yield from (record.details.get(field, "") for field in fields)
        yield record.decision.why


def _asked(handover: Handover, close: set[str]) -> Iterator[str]:
    for ask in handover.asks:
        if ask.about in close:
            yield from (ask.text, ask.reply)
    yield from (found.text for found in handover.found if found.about in close)
    for taught in handover.teach_back.items if handover.teach_back else ():
        if taught.topic in _CLOSE_TOPICS or taught.about in close:
            yield from (taught.answer, taught.added)
