"""What a brief as data says to each question: the bot's own file, or an earlier handover (A10)."""

from flows.handover import Known, Listed
from flows.playbook import Playbook
from flows.taking_over.portable import (
    PortableAnswer,
    PortableBrief,
    PortableRecord,
    PortableSection,
)
from flows.terms import RecordKind


def known_of(brief: PortableBrief, playbook: Playbook) -> dict[str, Known]:
    """What a brief tells, by question; questions are known by their id, else by how they read."""
    by_text = {question.text: question.id for question in playbook.questions}
    found: dict[str, Known] = {}
    for section in brief.sections:
        for answer in section.answers:
            key = (
                answer.question if answer.question in playbook.by_id else by_text.get(answer.asked)
            )
            key = key or answer.question
            found[key] = _with(found.get(key), _answered(answer))
        for record in section.records:
            one = Listed(kind=record.kind, details=record.details)
            found[record.question] = _with(found.get(record.question), _listing(one, record))
        for question, document in _documents(section):
            found[question] = _with(found.get(question), Known(listed=(document,)))
    return found


def left_of(brief: PortableBrief) -> str:
    """What belonged to no question there either."""
    return "\n".join(piece.text for piece in brief.unsorted if piece.text)


def _answered(answer: PortableAnswer) -> Known:
    text = "\n".join(answer.texts)
    return Known(
        text=text,
        verdict=answer.verdict,
        given=answer.given,
        files=answer.files,
        raw=f"{answer.asked}\n{text}".strip(),
    )


def _listing(one: Listed, record: PortableRecord) -> Known:
    return Known(listed=(one,), raw=" – ".join(record.details.values()))


def _documents(section: PortableSection) -> list[tuple[str, Listed]]:
    """The documents that were listed as such; the others come with their answers."""
    return [
        (document.question, Listed(kind=RecordKind.DOCUMENT, details=document.details))
        for document in section.documents
        if document.details
    ]


def _with(before: Known | None, known: Known) -> Known:
    if before is None:
        return known
    return before.model_copy(
        update={
            "text": before.text or known.text,
            "given": before.given | known.given,
            "listed": (*before.listed, *known.listed),
            "raw": "\n".join(piece for piece in (before.raw, known.raw) if piece),
        }
    )
