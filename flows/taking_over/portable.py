"""The brief as data: what other software reads, and what can be read back in.

Texts are as Slack stores them: `&amp; &lt; &gt;` stand for themselves, what is between angle
brackets is a mention, a link or a date. Users are Slack ids, whose names are under `people`; days
are calendar days (ISO 8601), moments are in UTC.

`brief.schema.json` beside this file is the JSON Schema of `PortableBrief`. Whoever changes a field
raises `schema_version`: files of an older one are somewhere already.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date
from typing import Any, Literal

from flows.frozen import Frozen, Moment
from flows.handover import Ask, File, Given, Heard, Party, Record, Unsorted, Verdict
from flows.knowledge.ledger import Document
from flows.taking_over.brief import Brief, Entry, Section
from flows.terms import DateIs, Reason, RecordKind, Segment, Sureness

_USER = re.compile(r"\b[UW][A-Z0-9]{2,}\b")


class PortableParty(Frozen):
    """One of the two CSMs; `user` is none for a name that is not on Slack."""

    user: str | None
    name: str


class PortableAnswer(Frozen):
    """One answered question. `question` is its id, `asked` how it read; `texts` leave out what was
    listed line by line, which stands among the records. `open` says that a part is still missing,
    `short` that it stayed short when one more detail was asked for, `heard` from whom it was heard
    outside Slack.
    """

    question: str
    asked: str
    verdict: Verdict
    texts: tuple[str, ...]
    given: dict[str, Given]
    files: tuple[File, ...]
    by: str
    at: Moment | None
    open: bool
    sureness: Sureness = Sureness.KNOW
    short: bool = False
    heard: tuple[Heard, ...] = ()


class PortableRecord(Frozen):
    """One stakeholder, promise, issue ...; `details` are by the field's key."""

    id: str
    kind: RecordKind
    question: str
    details: dict[str, str]
    by: str
    at: Moment


class PortableDocument(Frozen):
    """One document: of the list, with `details` by the field's key, or a link or file that came
    with an answer; `file` is its id in Slack.
    """

    title: str
    link: str
    question: str
    details: dict[str, str]
    file: str


class PortableSection(Frozen):
    """One section, also where nothing is known of it yet."""

    title: str
    answers: tuple[PortableAnswer, ...]
    records: tuple[PortableRecord, ...]
    documents: tuple[PortableDocument, ...]
    pieces: tuple[Unsorted, ...] = ()


class PortableBrief(Frozen):
    """A brief as one person may read it: `version` of the handover, `made_at` for them."""

    kind: Literal["handover-brief"] = "handover-brief"
    schema_version: Literal[1] = 1
    account: str
    version: int
    made_at: Moment
    unfinished: bool
    answered: int
    required: int
    lead: str
    lead_until: date | None
    renewal_lead: str = ""
    outgoing: PortableParty
    incoming: PortableParty | None
    segment: Segment
    reason: Reason
    day: date
    day_is: DateIs
    renewal: date | None
    crm_link: str
    people: dict[str, str]
    sections: tuple[PortableSection, ...]
    asked: tuple[Ask, ...] = ()
    unsorted: tuple[Unsorted, ...]


def portable(brief: Brief, names: Callable[[str], str]) -> PortableBrief:
    """The brief as data. Nothing is read but what the brief shows its viewer."""
    handover = brief.handover
    sections = tuple(_section(brief, part) for part in brief.sections)
    found = PortableBrief(
        account=handover.account,
        version=brief.version,
        made_at=brief.made_at.astimezone(UTC),
        unfinished=brief.unfinished,
        answered=brief.answered,
        required=brief.required,
        lead=brief.lead,
        lead_until=brief.lead_until,
        renewal_lead=brief.renewal_lead,
        outgoing=_party(handover.outgoing),
        incoming=_party(handover.incoming) if handover.incoming else None,
        segment=handover.segment,
        reason=handover.reason,
        day=handover.day,
        day_is=handover.day_is,
        renewal=handover.renewal,
        crm_link=handover.crm_link,
        people={},
        sections=sections,
        asked=tuple(ask.model_copy(update={"at": ask.at.astimezone(UTC)}) for ask in brief.asked),
        unsorted=tuple(_piece(piece) for piece in brief.unsorted),
    )
    users = dict.fromkeys(user for text in _told(found) for user in _USER.findall(text))
    known = {user: names(user) for user in users}
    return found.model_copy(
        update={"people": {user: name for user, name in known.items() if name != user}}
    )


def write_portable(found: PortableBrief) -> str:
    """The file's text."""
    return found.model_dump_json(indent=2) + "\n"


def read_portable(text: str) -> PortableBrief:
    """A file's content. Raises pydantic's ValidationError for what is not such a file."""
    return PortableBrief.model_validate_json(text)


def brief_schema() -> str:
    """The JSON Schema of the file, as it is published."""
    schema: dict[str, Any] = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    schema |= PortableBrief.model_json_schema(mode="serialization")
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _section(brief: Brief, part: Section) -> PortableSection:
    return PortableSection(
        title=part.title,
        answers=tuple(_answer(brief, entry) for entry in part.entries),
        records=tuple(_record(record) for record in part.records),
        documents=tuple(_document(document) for document in part.documents),
        pieces=tuple(_piece(piece) for piece in part.pieces),
    )


def _piece(piece: Unsorted) -> Unsorted:
    return piece.model_copy(update={"at": piece.at.astimezone(UTC)})


def _answer(brief: Brief, entry: Entry) -> PortableAnswer:
    answer = brief.handover.answers.get(entry.question.id)
    return PortableAnswer(
        question=entry.question.id,
        asked=entry.question.text,
        verdict=entry.verdict,
        texts=entry.texts,
        given=entry.given,
        files=entry.files,
        by=entry.by,
        at=answer.at.astimezone(UTC) if answer else None,
        open=entry.open,
        sureness=entry.sureness,
        short=entry.short,
        heard=entry.heard,
    )


def _record(record: Record) -> PortableRecord:
    return PortableRecord(
        id=record.id,
        kind=record.kind,
        question=record.question,
        details=record.details,
        by=record.by,
        at=record.at.astimezone(UTC),
    )


def _document(document: Document) -> PortableDocument:
    return PortableDocument(
        title=document.title,
        link=document.link,
        question=document.question,
        details=document.details,
        file=document.file.id if document.file else "",
    )


def _party(party: Party) -> PortableParty:
    return PortableParty(user=party.user, name=party.name)


def _told(found: PortableBrief) -> Iterator[str]:
    """Every text in which a user's id may stand."""
    yield from (found.lead, found.renewal_lead)
    yield from (who.user for who in (found.outgoing, found.incoming) if who and who.user)
    for section in found.sections:
        for answer in section.answers:
            yield from (answer.by, *answer.texts)
            for given in answer.given.values():
                yield from given.values
        for record in section.records:
            yield from (record.by, *record.details.values())
        yield from _pasted(section.pieces)
    yield from (piece for ask in found.asked for piece in (ask.by, ask.to, ask.text, ask.reply))
    yield from _pasted(found.unsorted)


def _pasted(unsorted: Iterable[Unsorted]) -> Iterator[str]:
    for piece in unsorted:
        yield from (piece.by, piece.text, piece.note, piece.quoted.author if piece.quoted else "")
