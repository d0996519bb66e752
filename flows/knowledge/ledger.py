"""Stakeholders, issues, promises, risks, opportunities and documents: what is listed one by one."""

import hashlib
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from flows.errors import FlowError
from flows.frozen import Frozen
from flows.handover import File, Given, Handover, Record, Said
from flows.often import UNLISTED
from flows.playbook import Part, Playbook, Question, RecordSpec
from flows.remembering import unmoved_by
from flows.terms import PartKind, RecordKind

_BULLET = re.compile(r"^\s*(?:[-*•–]|\d+[.)])\s+")
_AROUND = re.compile(r"[\s'’€$£%~]|\b(?:eur|usd|gbp|chf)\b|[.,]?-$", re.IGNORECASE)
_NUMBER = re.compile(r"(?P<digits>[0-9][0-9.,]{0,20}?)(?P<factor>k|m|mio)?", re.IGNORECASE)
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+")
_FACTORS = {"": 1, "k": 1000, "m": 1_000_000, "mio": 1_000_000}
_BETWEEN = re.compile(r"\s+[–—-]\s+|\s*[|\t]\s*")


class Document(Frozen):
    """One entry of the document list: a record, or a link or file that came with an answer.

    `details` are the record's fields by their keys.
    """

    title: str
    link: str
    question: str
    file: File | None = None
    by: str = ""
    details: dict[str, str] = {}

    @property
    def key(self) -> str:
        """Names a document by where it leads; another link is another document."""
        return hashlib.sha256(self.link.encode()).hexdigest()[:12] if self.link else ""


@unmoved_by(UNLISTED)
def records_of(handover: Handover, kind: RecordKind) -> tuple[Record, ...]:
    """All records of a kind, in the order in which they were added."""
    return tuple([record for record in handover.records if record.kind is kind])


def documents(handover: Handover) -> list[Document]:
    """Every document there is: records, and each link or file in any answer or paste, once."""
    mentioned = list(_mentioned(handover))
    files = {found.link: found.file for found in mentioned if found.file and found.link}
    listed = [
        Document(
            title=next(iter(record.details.values())),
            link=record.details.get("link", ""),
            question=record.question,
            file=files.get(record.details.get("link", "")),
            by=record.by,
            details=record.details,
        )
        for record in records_of(handover, RecordKind.DOCUMENT)
    ]
    known = {document.link for document in listed}
    found = []
    for document in mentioned:
        if document.link not in known:
            known.add(document.link)
            found.append(document)
    return listed + found


def given_file(handover: Handover, file_id: str) -> Document | None:
    """The document that a file is; none where no answer or paste has it."""
    return next((d for d in documents(handover) if d.file and d.file.id == file_id), None)


def _mentioned(handover: Handover) -> Iterator[Document]:
    for question, answer in handover.answers.items():
        told = {"question": question, "by": answer.by}
        for said in answer.said:
            yield from (Document(title=link, link=link, **told) for link in said.links)
            yield from (_given_file(file, **told) for file in said.files)
        for given in answer.given.values():
            links = (value for value in given.values if _is_link(value))
            yield from (Document(title=link, link=link, **told) for link in links)
    for piece in handover.unsorted:
        told = {"question": piece.question, "by": piece.by}
        yield from (Document(title=link, link=link, **told) for link in piece.links)
        yield from (_given_file(file, **told) for file in piece.files)


def _given_file(file: File, question: str, by: str) -> Document:
    return Document(title=file.name, link=file.url, question=question, file=file, by=by)


def typed_kind(question: Question) -> RecordKind | None:
    """The kind of record that a typed line means; none where a prompt has several kinds."""
    return question.records[0] if len(question.records) == 1 else None


def lines(text: str) -> list[str]:
    """The lines of a reply that say something, without their bullets."""
    found = (_BULLET.sub("", f"{line} ").strip() for line in text.splitlines())
    return [line for line in found if line]


def read_line(spec: RecordSpec, line: str) -> dict[str, str]:
    """A typed line "Name – role – note" as a record's fields.

    Free-text fields take what comes, in their order; what is left over joins the last of them.
    """
    pieces = [piece for piece in _BETWEEN.split(line) if piece]
    fields = [part.key for part in spec.fields if part.kind is PartKind.TEXT]
    details = dict(zip(fields, pieces, strict=False))
    if len(pieces) > len(fields):
        details[fields[-1]] = " – ".join(pieces[len(fields) - 1 :])
    return details or {fields[0]: line}


def typed_records(
    playbook: Playbook, question: Question, said: Said, template: Record
) -> tuple[Record, ...]:
    """The records that a reply lists, one a line; `template` gives who, when and the kind.

    A document's line takes the reply's link where it has one. A joined prompt is answered in prose
    as well: there only a line in several pieces ("Name – role") is a record.
    """
    spec = playbook.specs[template.kind]
    found = lines(said.text) or [file.name for file in said.files]
    if question.covers:
        found = [line for line in found if _BETWEEN.search(line)]
    return tuple(
        template.model_copy(
            update={
                "id": f"{question.id}.{said.source}.{number}",
                "question": question.id,
                "details": read_line(spec, line) | _link(spec, said, line),
                "source": said.source,
            }
        )
        for number, line in enumerate(found)
    )


def _link(spec: RecordSpec, said: Said, line: str) -> dict[str, str]:
    if not any(part.kind is PartKind.LINK for part in spec.fields):
        return {}
    mentioned = [link for link in said.links if link in line] or [
        file.url for file in said.files if file.name == line
    ]
    if not mentioned and len(said.files) == len(lines(said.text)) == 1:
        # One line beside one file is the file's title.
        mentioned = [said.files[0].url]
    return {"link": mentioned[0]} if mentioned else {}


def checked_details(spec: RecordSpec, details: dict[str, str]) -> dict[str, str]:
    """A record's fields as they are kept: known ones only, each of its kind, the first one there.

    Raises FlowError with the field's key.
    """
    kept = {}
    for part in spec.fields:
        value = details.get(part.key, "").strip()
        if value:
            kept[part.key] = checked_value(part, value)
        elif part.required:
            raise FlowError("missing", field=part.key)
    return kept


def checked_given(part: Part, given: Given) -> Given:
    """A structured part as it is kept. Raises FlowError with the part's key."""
    values = tuple(checked_value(part, value.strip()) for value in given.values)
    if not all(values) or not values:
        raise FlowError("missing", field=part.key)
    if len(values) > 1 and part.kind is not PartKind.PEOPLE:
        raise FlowError("one_only", field=part.key)
    return Given(values=values, as_of=given.as_of if part.as_of else None)


def checked_value(part: Part, value: str) -> str:
    """One value in its canonical form: ISO date, plain decimal, known choice.

    Raises FlowError with the part's key.
    """
    match part.kind:
        case PartKind.CHOICE:
            if value not in {option.value for option in part.options}:
                raise FlowError("not_a_choice", field=part.key)
            return value
        case PartKind.DATE:
            return _date(part, value).isoformat()
        case PartKind.NUMBER:
            return f"{number(part, value).normalize():f}"
        case PartKind.TEXT | PartKind.PEOPLE | PartKind.LINK:  # pragma: no branch - the last kind
            return value


def number(part: Part, value: str) -> Decimal:
    """A number as people type it: blanks, currencies and separators are let go, "48k" is 48000.

    A lone separator before exactly three digits groups thousands (1.200 and 1,200), any other one
    is a decimal point; where both stand, the last one is. Raises FlowError with the part's key.
    """
    typed = _NUMBER.fullmatch(_AROUND.sub("", value))
    if typed is None:
        raise FlowError("not_a_number", field=part.key)
    plain, factor = typed["digits"], (typed["factor"] or "").lower()
    whole, point, rest = _split(plain, grouped=not (factor and "." in plain))
    if not (whole.isdigit() or _GROUPED.fullmatch(whole)) or (
        point and (point in whole or not rest.isdigit())
    ):
        raise FlowError("not_a_number", field=part.key)
    return Decimal(f"{re.sub('[.,]', '', whole)}.{rest or 0}") * _FACTORS[factor]


def _split(plain: str, *, grouped: bool) -> tuple[str, str, str]:
    """The digits before the decimal point, the point and those after it."""
    if grouped and _GROUPED.fullmatch(plain):
        return plain, "", ""
    place = max(plain.rfind("."), plain.rfind(","))
    return (plain, "", "") if place < 0 else (plain[:place], plain[place], plain[place + 1 :])


def _is_link(value: str) -> bool:
    return value.startswith(("http://", "https://"))


def _date(part: Part, value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise FlowError("not_a_date", field=part.key) from error
