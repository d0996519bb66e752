"""The incoming CSM takes the pack over: reads it page by page, tries its documents, asks, accepts.

Rows A13, DC8, G9 and G14. What still stands between the reader and accepting is one list, which the
page, Home and the refusal all show.
"""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

from flows.errors import FlowError
from flows.events import (
    EssentialsTicked,
    LinksTicked,
    LinkWaived,
    PackAccepted,
    PackReturned,
    PageTurned,
)
from flows.frozen import Frozen
from flows.handover import Answer, Handover, Reading, Returned, Tick, Verdict
from flows.knowledge.interview import is_answered, pack_complete
from flows.knowledge.ledger import Document, documents
from flows.playbook import Playbook
from flows.privacy import may_know, told_user
from flows.taking_over.brief import Brief, Section, make_brief
from flows.taking_over.items import ITEM_KINDS, undecided
from flows.terms import Role
from flows.texts.wording import proposed

_LINES, _LETTERS = 42, 9000
"""What fits on one page: as many blocks, headings counted, as a message of Slack holds beside what
can be done with the page, and about as many letters.
"""
LONGEST = 2400
"""As much of one answer as a page shows; the brief has the whole."""


class Missing(StrEnum):
    """What can stand between the incoming CSM and accepting the pack."""

    ANSWERS = "answers"
    ITEMS = "items"
    LINKS = "links"


class Blocker(Frozen):
    """Something that must be done first, and how many of it."""

    missing: Missing
    count: int


def pages(handover: Handover, playbook: Playbook, reader: str, at: datetime) -> list[list[Section]]:
    """The pack as the reader turns its pages: whole sections where they fit, else parts of one.

    Raises FlowError `not_found`, `too_early` as the brief does.
    """
    found: list[list[Section]] = []
    lines = letters = 0
    for piece in _pieces(make_brief(handover, playbook, reader, at)):
        more_lines, more_letters = _size(piece)
        more_lines += not found or found[-1][-1].title != piece.title
        if not found or lines + more_lines > _LINES or letters + more_letters > _LETTERS:
            found.append([])
            lines = letters = 0
        _append(found[-1], piece)
        lines, letters = lines + more_lines, letters + more_letters
    return found


def links(handover: Handover) -> list[Document]:
    """The documents that lead somewhere; a mere title cannot fail to open."""
    return [document for document in documents(handover) if document.link]


def unopened(handover: Handover) -> list[Document]:
    """The links that the incoming CSM has not ticked as opening, unless the leader waived them."""
    ticks = handover.reading.ticks
    return [
        document
        for document in links(handover)
        if not ((tick := ticks.get(document.key)) and (tick.opens or tick.waived))
    ]


def broken(handover: Handover) -> list[Document]:
    """The links that do not open for the incoming CSM."""
    ticks = handover.reading.ticks
    return [d for d in unopened(handover) if d.key in ticks]


def fixer(handover: Handover, document: Document) -> str:
    """Who puts a link right: whoever gave it, else the outgoing CSM, else the leader."""
    incoming = handover.user(Role.INCOMING)
    author = document.by if may_know(handover, document.by) and document.by != incoming else None
    return author or told_user(handover, Role.OUTGOING) or handover.leader


def blockers(handover: Handover, playbook: Playbook) -> list[Blocker]:
    """What stands between the incoming CSM and accepting the pack; nothing once they have."""
    if handover.reading.accepted_at:
        return []
    counts = {
        Missing.ANSWERS: 0 if pack_complete(handover, playbook) else 1,
        Missing.ITEMS: len(undecided(handover)),
        Missing.LINKS: len(unopened(handover)),
    }
    return [Blocker(missing=kind, count=count) for kind, count in counts.items() if count]


def can_be_asked(handover: Handover, playbook: Playbook) -> list[str]:
    """The questions that can be asked again before the pack is accepted: those with an answer of
    somebody else.
    """
    return [
        question.id
        for question in playbook.questions
        if (answer := handover.answers.get(question.id))
        and answer.verdict is not Verdict.SKIPPED
        and answer.by != handover.user(Role.INCOMING)
        and (answer.returned or is_answered(handover, question))
    ]


def page_turned(handover: Handover, event: PageTurned, playbook: Playbook) -> Handover:
    """The page that stands open; beyond the last one is the last one."""
    last = len(pages(handover, playbook, event.by, event.at))
    page = min(event.page, last)
    furthest = max(handover.reading.furthest, page)
    return _reads(handover, page=page, furthest=furthest)


def links_ticked(handover: Handover, event: LinksTicked, _playbook: Playbook) -> Handover:
    """Whether documents open. Raises FlowError `no_such_document`."""
    ticks = dict(handover.reading.ticks)
    for key in event.keys:
        _find(handover, key)
        if not ((known := ticks.get(key)) and known.opens is event.opens):
            ticks[key] = Tick(by=event.by, at=event.at, opens=event.opens)
    return _reads(handover, ticks=ticks)


def link_waived(handover: Handover, event: LinkWaived, _playbook: Playbook) -> Handover:
    """The leader goes on without a document that does not open."""
    _find(handover, event.key)
    tick = handover.reading.ticks.get(event.key)
    if tick is None or tick.opens:
        raise FlowError("link_opens")
    waived = tick.model_copy(update={"waived": True})
    return _reads(handover, ticks=handover.reading.ticks | {event.key: waived})


def essentials_ticked(handover: Handover, event: EssentialsTicked, _playbook: Playbook) -> Handover:
    """Which of the five were found (G14)."""
    return _reads(handover, found=tuple(dict.fromkeys(event.found)))


def pack_accepted(handover: Handover, event: PackAccepted, playbook: Playbook) -> Handover:
    """The pack is theirs. Raises FlowError `pack_` and what is missing first."""
    if handover.reading.accepted_at:
        return handover
    for blocker in blockers(handover, playbook):
        raise FlowError(f"pack_{blocker.missing}")
    return proposed(_reads(handover, accepted_at=event.at), event, playbook)


def pack_returned(handover: Handover, event: PackReturned, playbook: Playbook) -> Handover:
    """The named answers open again; whoever gave them is told kindly.

    Raises FlowError `missing` with the field, `already_accepted`.
    """
    if handover.reading.accepted_at:
        raise FlowError("already_accepted")
    if not event.text.strip():
        raise FlowError("missing", field="text")
    askable = can_be_asked(handover, playbook)
    if not set(event.questions) <= set(askable):
        raise FlowError("not_answered", field="questions")
    answers: dict[str, Answer] = {
        key: _asked_back(answer, event) if key in event.questions else answer
        for key, answer in handover.answers.items()
    }
    again = handover.model_copy(update={"answers": answers})
    return _reads(again, rounds=handover.reading.rounds + 1)


def _asked_back(answer: Answer, event: PackReturned) -> Answer:
    """An answer that is open again; what was asked of it before and is not told yet stays."""
    before = [answer.returned.text] if answer.returned else []
    text = "\n".join([*before, event.text])
    back = Returned(by=event.by, at=event.at, text=text)
    return answer.model_copy(update={"returned": back})


def _reads(handover: Handover, **change: object) -> Handover:
    reading = Reading.model_validate(dict(handover.reading) | change)
    return handover.model_copy(update={"reading": reading})


def _find(handover: Handover, key: str) -> Document:
    found = next((document for document in links(handover) if document.key == key), None)
    if found is None:
        raise FlowError("no_such_document")
    return found


def _pieces(brief: Brief) -> Iterator[Section]:
    """Every section in pieces of one thing each."""
    for section in brief.sections:
        title = section.title
        yield from (Section.model_construct(title=title, entries=(e,)) for e in section.entries)
        yield from (Section.model_construct(title=title, records=(r,)) for r in section.records)
        yield from (Section.model_construct(title=title, documents=(d,)) for d in section.documents)
        yield from (Section.model_construct(title=title, pieces=(p,)) for p in section.pieces)


def _append(page: list[Section], piece: Section) -> None:
    """A piece joins what stands of its section on the page."""
    if not page or page[-1].title != piece.title:
        page.append(piece)
        return
    last = page[-1]
    page[-1] = Section.model_construct(
        title=last.title,
        entries=last.entries + piece.entries,
        records=last.records + piece.records,
        documents=last.documents + piece.documents,
        pieces=last.pieces + piece.pieces,
    )


def _size(piece: Section) -> tuple[int, int]:
    """About how many blocks and letters a piece takes."""
    texts = [text for entry in piece.entries for text in entry.texts]
    texts += [value for record in piece.records for value in record.details.values()]
    texts += [document.title + document.link for document in piece.documents]
    texts += [added.text + added.note for added in piece.pieces]
    decided = sum(record.kind in ITEM_KINDS for record in piece.records)
    lines = 1 + decided + len(piece.documents)
    return lines, 120 + sum(min(len(text), LONGEST) for text in texts)
