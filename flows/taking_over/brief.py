"""The brief: everything known about the account, one document in the articles' order (A5)."""

from collections.abc import Collection, Iterator
from datetime import date

from flows.errors import FlowError
from flows.frozen import Frozen, Moment
from flows.handover import (
    Answer,
    Ask,
    File,
    Given,
    Handover,
    Heard,
    Record,
    Unsorted,
    Verdict,
)
from flows.knowledge.asking import asks_for, waiting
from flows.knowledge.interview import (
    BRIEF_FROM,
    answers_so_far,
    is_answered,
    pack_complete,
    progress,
)
from flows.knowledge.ledger import Document, documents
from flows.knowledge.thin import short_answers
from flows.parts import parts
from flows.playbook import Playbook, Question
from flows.privacy import as_read_by, may_read_sensitive, without_sensitive
from flows.schedule.renewal import renewal_lead
from flows.side_by_side.lead import lead_now
from flows.terms import RecordKind, Role, Sureness
from flows.who_may import Do, granted

SECTIONS: tuple[tuple[str, RecordKind | None], ...] = (
    ("Snapshot", None),
    ("Client background", None),
    ("Technical history", RecordKind.EPISODE),
    ("Current health", None),
    ("Path forward", None),
    ("Stakeholders", RecordKind.STAKEHOLDER),
    ("Communication", None),
    ("Documents", RecordKind.DOCUMENT),
    ("Open issues", RecordKind.ISSUE),
    ("Commitments", RecordKind.COMMITMENT),
    ("Opportunities", RecordKind.OPPORTUNITY),
    ("Risks", RecordKind.RISK),
    ("Transition", None),
)
"""The sections in reading order, each with the kind of record that is listed in it."""


class Entry(Frozen):
    """One answered question. `texts` are as Slack sent them; `given` is by part.

    `short` marks an answer that stayed short, `heard` from whom its author has it, and `asked` are
    those who are asked for it and have not answered.
    """

    question: Question
    verdict: Verdict
    texts: tuple[str, ...] = ()
    given: dict[str, Given] = {}
    files: tuple[File, ...] = ()
    by: str = ""
    open: bool = False
    sureness: Sureness = Sureness.KNOW
    short: bool = False
    heard: tuple[Heard, ...] = ()
    asked: tuple[Ask, ...] = ()


class Section(Frozen):
    """One section of the brief."""

    title: str
    entries: tuple[Entry, ...] = ()
    records: tuple[Record, ...] = ()
    documents: tuple[Document, ...] = ()
    pieces: tuple[Unsorted, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing is known yet that belongs here."""
        return not (self.entries or self.records or self.documents or self.pieces)


class Known(Frozen):
    """Everything in the pack that one viewer may read.

    `asked` are the answered questions that the pack did not tell, `unsorted` what belongs to no
    section yet.
    """

    sections: tuple[Section, ...]
    asked: tuple[Ask, ...]
    unsorted: tuple[Unsorted, ...]


class Brief(Known):
    """The document; `version` rises with everything that happens to the handover."""

    handover: Handover
    version: int
    made_at: Moment
    unfinished: bool
    answered: int
    required: int
    lead: str
    lead_until: date | None
    renewal_lead: str


def make_brief(
    handover: Handover, playbook: Playbook, viewer: str, at: Moment, *, shared: bool = False
) -> Brief:
    """The brief for a viewer; a `shared` one holds only what everybody who may know may read.

    Raises FlowError `not_found` for whoever may not know, `too_early` before the fifth answer.
    """
    if not granted(Do.BRIEF, parts(handover, viewer)):
        raise FlowError("not_found")
    everybody = without_sensitive(handover, playbook) if shared else None
    read = everybody or as_read_by(handover, playbook, viewer)
    if answers_so_far(read) < BRIEF_FROM:
        raise FlowError("too_early")
    done = progress(read, playbook, Role.OUTGOING)
    lead, until = lead_now(read)
    return Brief(
        **dict(_known(read, playbook, "" if shared else viewer)),
        handover=read,
        version=read.seq,
        made_at=at,
        unfinished=not pack_complete(read, playbook),
        answered=done.answered,
        required=done.required,
        lead=lead,
        lead_until=until,
        renewal_lead=renewal_lead(read),
    )


def known_to(handover: Handover, playbook: Playbook, viewer: str) -> Known:
    """What the viewer may read of the pack: the brief shows it, a search finds nothing else.

    Raises FlowError `not_found` for whoever may not know of the handover.
    """
    if not granted(Do.BRIEF, parts(handover, viewer)):
        raise FlowError("not_found")
    return _known(as_read_by(handover, playbook, viewer), playbook, viewer)


def _known(read: Handover, playbook: Playbook, viewer: str) -> Known:
    """What is in a handover from which everything is gone that its reader may not read."""
    pieces = [(piece, _place(playbook, piece)) for piece in read.unsorted]
    titles = {title for title, _kind in SECTIONS}
    close, short = may_read_sensitive(read, viewer), short_answers(read, playbook)
    return Known(
        sections=tuple(
            Section(
                title=title,
                entries=tuple(_entries(read, playbook, title, short)),
                records=_records(read, kind),
                documents=tuple(documents(read)) if kind is RecordKind.DOCUMENT else (),
                pieces=tuple(piece for piece, place in pieces if place == title),
            )
            for title, kind in SECTIONS
        ),
        # What was asked may touch what is sensitive: others read only their own.
        asked=tuple(
            ask
            for ask in read.asks
            if (ask.knock or ask.about)
            and not ask.fills
            and ask.reply
            and (close or viewer in (ask.by, ask.to))
        ),
        unsorted=tuple(piece for piece, place in pieces if place not in titles),
    )


def _place(playbook: Playbook, piece: Unsorted) -> str:
    """The section that a piece was filed to; empty where it belongs nowhere yet."""
    question = playbook.by_id.get(piece.question)
    return question.section if question else piece.section


def _records(handover: Handover, kind: RecordKind | None) -> tuple[Record, ...]:
    if kind in (None, RecordKind.DOCUMENT):
        return ()
    return tuple(record for record in handover.records if record.kind is kind)


def _entries(
    handover: Handover, playbook: Playbook, title: str, short: Collection[str]
) -> Iterator[Entry]:
    for question in playbook.questions:
        if question.section != title:
            continue
        answer = handover.answers.get(question.id)
        if answer and answer.verdict is not Verdict.SKIPPED:
            yield Entry(
                question=question,
                verdict=answer.verdict,
                texts=tuple(_texts(handover, question, answer)),
                given=answer.given,
                files=tuple(file for said in answer.said for file in said.files),
                by=answer.by,
                open=not is_answered(handover, question),
                sureness=answer.sureness,
                short=question.id in short,
                heard=tuple(said.heard for said in answer.said if said.heard),
                asked=tuple(waiting(asks_for(handover, question.id))),
            )


def _texts(handover: Handover, question: Question, answer: Answer) -> Iterator[str]:
    """What was said, without the replies that stand in the list of records already."""
    listed = {record.source for record in handover.records if record.question == question.id}
    for said in answer.said:
        if said.text and (question.covers or said.source not in listed):
            yield said.text
