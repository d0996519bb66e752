"""What the pack says, passage by passage: who said it, when, and to which question (A13).

Passages are not stored: the document that a question needs anyway for its rights holds them all,
so that nothing has to be kept in step and a search costs the same beside any number of handovers.
"""

import re
from collections.abc import Iterator

from flows.frozen import Moment
from flows.handover import Given, Handover, Record, Unsorted, Verdict
from flows.playbook import Part, Playbook
from flows.taking_over.brief import Entry, Known, Section, known_to
from flows.taking_over.search import Searchable
from flows.terms import PartKind

_NONE = "None."
_LONG = 500
_PIECE = re.compile(r"\s*(?:<[^<>\n]*>|[^\s<]+|<)")


class Passage(Searchable):
    """One thing that somebody said. `about` is the playbook question it belongs to, if any, and
    `link` where a message from Slack stands.
    """

    by: str
    at: Moment
    about: str = ""
    link: str = ""


def passages(handover: Handover, playbook: Playbook, viewer: str) -> list[Passage]:
    """Everything that the viewer can find. Raises FlowError `not_found` as `known_to` does."""
    known = known_to(handover, playbook, viewer)
    found = [
        passage
        for section in known.sections
        for passage in (
            *_entries(handover, section),
            *(_record(record, playbook, section) for record in section.records),
            *_documents(handover, playbook, section),
            *(_piece(piece, section.title) for piece in section.pieces),
        )
    ]
    pieces = (_piece(piece) for piece in known.unsorted)
    return [
        passage.model_copy(update={"text": part})
        for passage in (*found, *pieces, *_asked(known))
        for part in parts(passage.text)
    ]


def parts(text: str) -> Iterator[str]:
    """A text in parts that can be shown whole, so that what was found is what is read.

    They end at a line's end where one comes late enough, and never inside a link or a mention.
    """
    part = ""
    if len(text) <= _LONG:
        part, text = text, ""
    for piece in _PIECE.findall(text):
        full = len(part) + len(piece) > _LONG or ("\n" in piece and len(part) > _LONG // 2)
        if full and part.strip():
            yield part.strip()
            part = ""
        part += piece
    if part.strip():
        yield part.strip()


def _entries(handover: Handover, section: Section) -> Iterator[Passage]:
    for entry in section.entries:
        question, answer = entry.question, handover.answers[entry.question.id]
        # Who does not know has not told: that is no answer to anybody's question.
        if entry.verdict is not Verdict.UNKNOWN:
            yield Passage(
                key=question.id,
                section=section.title,
                title=question.text,
                text="\n".join(_said(entry)),
                by=answer.by,
                at=answer.at,
                about=question.id,
            )


def _said(entry: Entry) -> Iterator[str]:
    if entry.verdict is Verdict.NONE:
        yield _NONE
    for part in entry.question.parts:
        if part.key in entry.given:
            yield f"{part.label}: {_given(part, entry.given[part.key])}"
    yield from entry.texts
    yield from (f"<{file.url}|{file.name}>" if file.url else file.name for file in entry.files)


def _given(part: Part, given: Given) -> str:
    shown = ", ".join(_value(part, value) for value in given.values)
    return f"{shown} (as of {given.as_of})" if given.as_of else shown


def _value(part: Part, value: str) -> str:
    match part.kind:
        case PartKind.CHOICE:
            return next((o.label for o in part.options if o.value == value), value)
        case PartKind.PEOPLE:
            return ", ".join(f"<@{user}>" for user in value.split(","))
        case PartKind.LINK if value.startswith(("http://", "https://")):
            return f"<{value}>"
        case _:
            return value


def _record(record: Record, playbook: Playbook, section: Section) -> Passage:
    spec, question = playbook.specs[record.kind], playbook.by_id.get(record.question)
    fields = [part for part in spec.fields if part.key in record.details]
    first, *rest = [_value(part, record.details[part.key]) for part in fields] or [""]
    details = [f"{part.label}: {words}" for part, words in zip(fields[1:], rest, strict=True)]
    return Passage(
        key=record.id,
        section=section.title,
        title=question.text if question else spec.one,
        text="\n".join([first, *details]),
        by=record.by,
        at=record.at,
        about=record.question,
    )


def _documents(handover: Handover, playbook: Playbook, section: Section) -> Iterator[Passage]:
    """The documents that were listed as such; a link in an answer is found with its answer."""
    for number, document in enumerate(section.documents):
        answer = handover.answers.get(document.question)
        question = playbook.by_id.get(document.question)
        if answer and question and document.title != document.link and document.file is None:
            yield Passage(
                key=f"{question.id}.document.{number}",
                section=section.title,
                title=question.text,
                text=f"<{document.link}|{document.title}>" if document.link else document.title,
                by=answer.by,
                at=answer.at,
                about=question.id,
            )


def _piece(piece: Unsorted, section: str = "") -> Passage:
    quoted = piece.quoted
    files = [f"<{file.url}|{file.name}>" if file.url else file.name for file in piece.files]
    return Passage(
        key=piece.id,
        section=section,
        title=piece.note,
        text="\n".join(words for words in (piece.text, *files) if words),
        by=quoted.author if quoted else piece.by,
        at=quoted.at if quoted else piece.at,
        about=piece.question,
        link=quoted.link if quoted else "",
    )


def _asked(known: Known) -> Iterator[Passage]:
    for ask in known.asked:
        yield Passage(
            key=ask.id,
            section="",
            title=ask.text,
            text=ask.reply,
            by=ask.to,
            at=ask.replied_at or ask.at,
            about=ask.about,
        )
