"""What of a typed reply stands in the list of records already, so that nothing is shown twice."""

from collections.abc import Sequence

from flows.handover import Record
from flows.knowledge.ledger import lines, read_line, typed_kind
from flows.playbook import Playbook, Question


def own_records(records: Sequence[Record], question: str) -> list[Record]:
    """The records that belong to a question."""
    return [record for record in records if record.question == question]


def prose(playbook: Playbook, question: Question, text: str, records: Sequence[Record]) -> str:
    """The lines of a reply that made no record; `records` are those that came from replies.

    A list is records from its first line to its last; a joined prompt is answered in prose as well.
    """
    kind = typed_kind(question)
    if kind is None or not records:
        return text
    if not question.covers:
        return ""
    spec = playbook.specs[kind]
    left = [
        line
        for line in text.split("\n")
        if not any(len(read_line(spec, piece)) > 1 for piece in lines(line))
    ]
    return "\n".join(left).strip()
