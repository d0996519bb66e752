"""Rows of tables and lines of lists, read back as the fields of records."""

from collections.abc import Iterator

from flows.known.readings import folded, labelled_part, read_value
from flows.playbook import Part, RecordSpec
from flows.terms import PartKind, RecordKind

_TITLES = frozenset({"name", "title", "what", "who", "document"})


def field_of(spec: RecordSpec, label: str) -> Part | None:
    """The field that a table's column is about."""
    told = folded(label).rstrip("?")
    if told in _TITLES:
        return spec.fields[0]
    return next((p for p in spec.fields if folded(p.label).rstrip("?") == told), None)


def row_of(spec: RecordSpec, head: tuple[str, ...], row: tuple[str, ...]) -> dict[str, str]:
    """One row of a table as a record's fields; without its title it is none."""
    details: dict[str, str] = {}
    for label, cell in zip(head, row, strict=False):
        part = field_of(spec, label)
        if part is spec.fields[0] and spec.kind is RecordKind.DOCUMENT:
            details |= document_of(spec, cell)
        elif part and (value := read_value(part, cell)):
            details[part.key] = value
        elif part is None:
            details |= dict(_labelled(spec, cell))
    ordered = {p.key: details[p.key] for p in spec.fields if p.key in details}
    return ordered if spec.fields[0].key in ordered else {}


def _labelled(spec: RecordSpec, cell: str) -> Iterator[tuple[str, str]]:
    """The fields in a cell that holds several, a line each."""
    for line in cell.split("\n"):
        found = labelled_part(line, spec.fields)
        if found and (value := read_value(*found)):
            yield found[0].key, value


def document_of(spec: RecordSpec, text: str) -> dict[str, str]:
    """A document's line: its title, with its link in it, and notes between dashes."""
    title, *notes = text.split(" – ")
    link = next((p for p in spec.fields if p.kind is PartKind.LINK), None)
    address = read_value(link, title) if link else ""
    details = {spec.fields[0].key: _titled(title, address)}
    if link and address:
        details[link.key] = address
    left = [part for part in spec.fields[1:] if part is not link]
    for note in notes:
        fitting = [part for part in left if read_value(part, note)]
        chosen = next(
            (p for p in fitting if p.kind is not PartKind.TEXT), next(iter(fitting), None)
        )
        if chosen:
            details[chosen.key] = read_value(chosen, note)
            left.remove(chosen)
    return {p.key: details[p.key] for p in spec.fields if details.get(p.key)}


def _titled(text: str, address: str) -> str:
    """The words of a link, or what stands before it; the address where there are none."""
    before, mark, rest = text.partition("<")
    if not (address and mark):
        return text.strip()
    words = rest.partition(">")[0].partition("|")[2]
    return (words or before.strip(" :") or address).strip()
