"""What happens in an interview: questions that are asked and what becomes of them."""

from typing import Literal

from pydantic import Field

from flows.frozen import Frozen
from flows.handover import File, Given, Known, Quoted, Said
from flows.happened import Happened
from flows.terms import RecordKind


class Asked(Happened):
    """Somebody asks before going on, or because the pack does not tell (`knock`, see Ask)."""

    type: Literal["asked"] = "asked"
    id: str
    text: str = Field(min_length=1)
    knock: bool = False
    about: str = ""


class PackAnswered(Happened):
    """Somebody asked, and the pack had something to say (N12)."""

    type: Literal["pack_answered"] = "pack_answered"
    id: str
    text: str = Field(min_length=1)
    about: str = ""


class AskAnswered(Happened):
    """The one who was asked replied."""

    type: Literal["ask_answered"] = "ask_answered"
    ask: str
    said: Said


class AnswerGiven(Happened):
    """A reply to a question, as a message or as a field of a form."""

    type: Literal["answer_given"] = "answer_given"
    question: str
    said: Said


class ValueGiven(Happened):
    """One structured part of an answer was chosen."""

    type: Literal["value_given"] = "value_given"
    question: str
    part: str
    given: Given


class NoneDeclared(Happened):
    """There is none: an answer, and stored as one."""

    type: Literal["none_declared"] = "none_declared"
    question: str


class UnknownDeclared(Happened):
    """The person does not know."""

    type: Literal["unknown_declared"] = "unknown_declared"
    question: str


class Skipped(Happened):
    """An offered question was left out after all."""

    type: Literal["skipped"] = "skipped"
    question: str


class PutOff(Happened):
    """Later: the question moves to the end."""

    type: Literal["put_off"] = "put_off"
    question: str


class SteppedBack(Happened):
    """Back to the question before this one."""

    type: Literal["stepped_back"] = "stepped_back"
    question: str


class ChangeWished(Happened):
    """An answered question is put again; the next reply replaces what stands."""

    type: Literal["change_wished"] = "change_wished"
    question: str


class AnswerKept(Happened):
    """An answer that was put again stays as it is."""

    type: Literal["answer_kept"] = "answer_kept"
    question: str


class Resumed(Happened):
    """Somebody came back and wants the question that is open."""

    type: Literal["resumed"] = "resumed"


class OfferedPicked(Happened):
    """A question was taken from the closing menu."""

    type: Literal["offered_picked"] = "offered_picked"
    question: str


class InterviewFinished(Happened):
    """That is all: the closing menu was closed."""

    type: Literal["interview_finished"] = "interview_finished"


class SaidEdited(Happened):
    """An earlier reply was edited; `edited` is the edit's ts, an older one never overwrites."""

    type: Literal["said_edited"] = "said_edited"
    source: str
    text: str
    edited: str
    links: tuple[str, ...] = ()


class SaidWithdrawn(Happened):
    """An earlier reply was deleted."""

    type: Literal["said_withdrawn"] = "said_withdrawn"
    source: str


class SaidMoved(Happened):
    """A reply belongs to the question before `question`, which it was taken for."""

    type: Literal["said_moved"] = "said_moved"
    source: str
    question: str


class MarkedSensitive(Happened):
    """The author of an answer said whether only those close to the handover are to read it."""

    type: Literal["marked_sensitive"] = "marked_sensitive"
    question: str
    sensitive: bool


class QuestionLanded(Happened):
    """It is known where in Slack a question to `user` stands; `ts` is its message's."""

    type: Literal["question_landed"] = "question_landed"
    question: str
    user: str
    ts: str


class RecordAdded(Happened):
    """A stakeholder, issue, promise ... was added."""

    type: Literal["record_added"] = "record_added"
    id: str
    question: str
    kind: RecordKind
    details: dict[str, str]


class RecordChanged(Happened):
    """A record's fields were changed."""

    type: Literal["record_changed"] = "record_changed"
    id: str
    details: dict[str, str]


class RecordRemoved(Happened):
    """A record was taken out."""

    type: Literal["record_removed"] = "record_removed"
    id: str


class AddingDone(Happened):
    """All records of a question are there."""

    type: Literal["adding_done"] = "adding_done"
    question: str


class FormAnswer(Frozen):
    """What a form says to one question."""

    text: str = ""
    links: tuple[str, ...] = ()
    given: dict[str, Given] = {}


class SectionFilled(Happened):
    """A section was answered as a form; only fields with content are in it."""

    type: Literal["section_filled"] = "section_filled"
    answers: dict[str, FormAnswer]


class Pasted(Happened):
    """Something written elsewhere was handed in whole (A10).

    `found` is what it says to questions, `text` the rest.
    """

    type: Literal["pasted"] = "pasted"
    id: str
    text: str = ""
    files: tuple[File, ...] = ()
    found: dict[str, Known] = {}


class MessageAdded(Happened):
    """A Slack message was put into the pack; see Unsorted for its place."""

    type: Literal["message_added"] = "message_added"
    id: str
    text: str = ""
    files: tuple[File, ...] = ()
    links: tuple[str, ...] = ()
    section: str = ""
    question: str = ""
    note: str = ""
    quoted: Quoted
