"""What is asked once for a whole book, because it is about whoever leaves and not about an account
(N9).

It is told to every account as an answer of its own, so nothing else has to know that it was shared.
"""

from collections.abc import Iterable, Mapping, Sequence

from flows.books.sitting import Account
from flows.events import Event, FormAnswer, NoneDeclared, SectionFilled, UnknownDeclared
from flows.handover import Given, Handover, Verdict
from flows.happened import Happened
from flows.knowledge.interview import is_answered, questions
from flows.playbook import Playbook, Question
from flows.privacy import is_sensitive
from flows.terms import Need, Role

_VERDICTS: Mapping[Verdict, type[NoneDeclared | UnknownDeclared]] = {
    Verdict.NONE: NoneDeclared,
    Verdict.UNKNOWN: UnknownDeclared,
}


def asked_once(accounts: Iterable[Account]) -> list[Question]:
    """What one form asks for all of them, in the playbook's order: whole questions, and of others
    the parts alone. What several questions want to know is asked once.
    """
    found: dict[str, Question] = {}
    for one in accounts:
        for question in _own(one.handover, one.playbook):
            found.setdefault(question.id, _once_part(question))
    known: set[str] = set()
    for key, question in found.items():
        parts = tuple(part for part in question.parts if part.key not in known)
        known |= {part.key for part in parts}
        found[key] = question.model_copy(update={"parts": parts})
    return [q for q in found.values() if q.parts or q.text_needed]


def for_account(
    handover: Handover, playbook: Playbook, answers: Mapping[str, FormAnswer]
) -> dict[str, FormAnswer]:
    """What one form says to the questions of one account."""
    given = {part: value for answer in answers.values() for part, value in answer.given.items()}
    found = {}
    for question in _own(handover, playbook):
        parts = {p.key: given[p.key] for p in _once_part(question).parts if p.key in given}
        said = answers.get(question.id, FormAnswer()) if question.once_per_book else FormAnswer()
        if parts or said.text:
            found[question.id] = said.model_copy(update={"given": parts})
    return found


def known_from(accounts: Sequence[Account]) -> dict[str, FormAnswer]:
    """What was said for some account and is true of all, as a form would say it, wherever it was
    said; not what is kept close there.
    """
    found: dict[str, FormAnswer] = {}
    for one in accounts:
        for question in _own(one.handover, one.playbook):
            answer = one.handover.answers.get(question.id)
            if answer is None or question.id in found or is_sensitive(question, answer):
                continue
            if answer.verdict is not Verdict.GIVEN:
                continue
            parts = {part.key for part in _once_part(question).parts}
            given = {key: value for key, value in answer.given.items() if key in parts}
            said = answer.said if question.once_per_book else ()
            text = "\n".join(piece.text for piece in said if piece.text)
            if text or given:
                links = tuple(link for piece in said for link in piece.links)
                found[question.id] = FormAnswer(text=text, links=links, given=given)
    return found


def caught_up(one: Account, others: Sequence[Account], now: Happened) -> list[Event]:
    """What an account lacks of what was said for the others; `now` tells who goes on, and when."""
    about = {"at": now.at, "by": now.by}
    open_ones = {
        question.id
        for question in _own(one.handover, one.playbook)
        if not is_answered(one.handover, question)
    }
    said = for_account(one.handover, one.playbook, known_from(others))
    lacking = {
        key: answer
        for key, answer in said.items()
        if key in open_ones and not _has(one.handover, key, answer.given)
    }
    found: list[Event] = [SectionFilled(**about, answers=lacking)] if lacking else []
    for key, verdict in _declared(others).items():
        if key in open_ones and key not in said:
            found.append(_VERDICTS[verdict](**about, question=key))
    return found


def _declared(accounts: Iterable[Account]) -> dict[str, Verdict]:
    """The questions that were answered in one word for some account, though they are about all."""
    return {
        question.id: answer.verdict
        for one in accounts
        for question in _own(one.handover, one.playbook)
        if question.once_per_book
        if (answer := one.handover.answers.get(question.id)) and answer.verdict in _VERDICTS
    }


def _has(handover: Handover, question: str, given: Mapping[str, Given]) -> bool:
    answer = handover.answers.get(question)
    return answer is not None and bool(given) and given.keys() <= answer.given.keys()


def _own(handover: Handover, playbook: Playbook) -> list[Question]:
    """The questions of an account of which something is asked once for all."""
    asked = questions(handover, playbook, Role.OUTGOING, Need.REQUIRED)
    return [q for q in asked if q.once_per_book or any(part.once_per_book for part in q.parts)]


def _once_part(question: Question) -> Question:
    """A question with nothing but what is asked once."""
    if question.once_per_book:
        return question
    parts = tuple(part for part in question.parts if part.once_per_book)
    return question.model_copy(update={"parts": parts, "text_needed": False, "records": ()})
