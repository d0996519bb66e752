"""A full enterprise pack, and one far beyond it."""

from datetime import timedelta

from flows import events as e
from flows.advance import advance
from flows.handover import Handover
from flows.playbook import RecordSpec
from flows.terms import PartKind, RecordKind, Segment
from tests.make import NOW, OLGA, answer_all, default_playbook, make_handover

HOMES = {
    RecordKind.STAKEHOLDER: "SK1",
    RecordKind.EPISODE: "TH1",
    RecordKind.ISSUE: "OI1",
    RecordKind.COMMITMENT: "CM1",
    RecordKind.OPPORTUNITY: "OP1",
    RecordKind.RISK: "RK1",
    RecordKind.DOCUMENT: "DC1",
}
"""The question under which a record of each kind is kept."""
_TEXT = "What was agreed, by whom, and what is still <https://example.com/open|open>. " * 4


def details(spec: RecordSpec, number: int) -> dict[str, str]:
    """A record with every field filled in, its title unique."""
    found = {}
    for part in spec.fields:
        match part.kind:
            case PartKind.CHOICE:
                found[part.key] = part.options[number % len(part.options)].value
            case PartKind.DATE:
                found[part.key] = "2026-12-18"
            case PartKind.LINK:
                found[part.key] = f"https://docs.example.com/{spec.kind}/{number}"
            case _:
                found[part.key] = f"{part.label} {spec.kind} {number}."
    return found


def full_pack(records: int = 40, documents: int = 10) -> Handover:
    """Every question of an enterprise account answered, and so many records and documents more."""
    book, start = default_playbook(), make_handover(segment=Segment.ENTERPRISE)
    handover = answer_all(start, text=_TEXT)
    kinds = [kind for kind in HOMES if kind is not RecordKind.DOCUMENT]
    wanted = [kinds[number % len(kinds)] for number in range(records)]
    for number, kind in enumerate([*wanted, *([RecordKind.DOCUMENT] * documents)]):
        event = e.RecordAdded(
            at=NOW + timedelta(minutes=number),
            by=OLGA,
            id=f"X{number}",
            question=HOMES[kind],
            kind=kind,
            details=details(book.specs[kind], number),
        )
        handover = advance(handover, event, book).handover
    return handover
