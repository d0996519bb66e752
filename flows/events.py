"""What can happen to a handover: past facts, each with when and by whom."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from flows.books.sitting_events import AskedLess
from flows.confidential.leading_events import ActionAdded, CallsArranged
from flows.customer.coverage_events import IntroductionsPlanned, StakeholderTicked, TickTakenBack
from flows.customer.mood_events import ActionDone, ActionTaken, MoodGiven, RhythmSet, Touched
from flows.customer.sending_events import (
    CustomerAnswered,
    LetterSent,
    OldContactDecided,
    SendingTakenBack,
)
from flows.end.ending_events import (
    AftercareBegun,
    AftercareDone,
    Completed,
    FollowedUp,
    HandoverCancelled,
    HandoverPaused,
    HandoverTakenUp,
    PointWaived,
    Reversed,
    Signed,
)
from flows.frozen import Frozen, ShortText
from flows.handover import File, Given, Known, Party, Quoted, Said, Telling
from flows.happened import CLOCK, Happened
from flows.knowledge.quality_events import AnswerRecorded, AsOfGiven, SomebodyAsked, SurenessGiven
from flows.known.reuse_events import (
    EarlierUsed,
    FileRead,
    PrefillConfirmed,
    UnsortedDropped,
    UnsortedFiled,
    WroteAhead,
)
from flows.nudges.ruling_events import TaskExtended, TaskReassigned, TaskWaived
from flows.schedule.call_events import CallTimed, InvitationFetched
from flows.schedule.plan_events import (
    AwayGiven,
    DaysOffLearned,
    MilestoneDone,
    MilestoneMoved,
    MilestoneReopened,
    WarningAnswered,
)
from flows.side_by_side.check_in_events import CheckedIn
from flows.side_by_side.lead_events import (
    LeadSwitched,
    ReadinessAsked,
    ReadinessGiven,
    SessionDebriefed,
    SessionLogged,
)
from flows.staffing.change_events import (
    DatesChanged,
    InterimNamed,
    KitTicked,
    LeaderChanged,
    PersonBack,
    PersonRenamed,
)
from flows.staffing.guest_events import GuestsChosen
from flows.taking_over.receiving_events import (
    EssentialsTicked,
    ItemDeclined,
    ItemDone,
    ItemProposed,
    ItemReopened,
    ItemsAccepted,
    ItemSettled,
    LinksTicked,
    LinkWaived,
    PackAccepted,
    PackReturned,
    PageTurned,
    ProposalSettled,
    TaughtBack,
    TaughtMarked,
    TaughtSeen,
)
from flows.terms import DateIs, Reason, RecordKind, Role, Segment
from flows.texts.letter_events import (
    BackupNamed,
    ChangesRequested,
    LetterObjected,
    LetterWorded,
    PiecesApproved,
    SentForApproval,
    TakenOutOfGroup,
)
from flows.texts.wording_events import ReasonAgreed, ReasonWorded

__all__ = [
    "CLOCK",
    "ActionAdded",
    "ActionDone",
    "ActionTaken",
    "AftercareBegun",
    "AftercareDone",
    "AnswerRecorded",
    "AsOfGiven",
    "AskedLess",
    "AwayGiven",
    "BackupNamed",
    "CallTimed",
    "CallsArranged",
    "ChangesRequested",
    "CheckedIn",
    "Completed",
    "CustomerAnswered",
    "DatesChanged",
    "DaysOffLearned",
    "EarlierUsed",
    "EssentialsTicked",
    "FileRead",
    "FollowedUp",
    "GuestsChosen",
    "HandoverCancelled",
    "HandoverPaused",
    "HandoverTakenUp",
    "Happened",
    "InterimNamed",
    "IntroductionsPlanned",
    "InvitationFetched",
    "ItemDeclined",
    "ItemDone",
    "ItemProposed",
    "ItemReopened",
    "ItemSettled",
    "ItemsAccepted",
    "KitTicked",
    "LeadSwitched",
    "LeaderChanged",
    "LetterObjected",
    "LetterSent",
    "LetterWorded",
    "LinkWaived",
    "LinksTicked",
    "MilestoneDone",
    "MilestoneMoved",
    "MilestoneReopened",
    "MoodGiven",
    "OldContactDecided",
    "PackAccepted",
    "PackReturned",
    "PageTurned",
    "PersonBack",
    "PersonRenamed",
    "PiecesApproved",
    "PointWaived",
    "PrefillConfirmed",
    "ProposalSettled",
    "ReadinessAsked",
    "ReadinessGiven",
    "ReasonAgreed",
    "ReasonWorded",
    "Reversed",
    "RhythmSet",
    "SendingTakenBack",
    "SentForApproval",
    "SessionDebriefed",
    "SessionLogged",
    "Signed",
    "SomebodyAsked",
    "StakeholderTicked",
    "SurenessGiven",
    "TakenOutOfGroup",
    "TaskExtended",
    "TaskReassigned",
    "TaskWaived",
    "TaughtBack",
    "TaughtMarked",
    "TaughtSeen",
    "TickTakenBack",
    "Touched",
    "UnsortedDropped",
    "UnsortedFiled",
    "WarningAnswered",
    "WroteAhead",
]
"""What stands elsewhere; everything defined here is meant to be used as well."""


class FormFilled(Happened):
    """What the start form says; `today` is the calendar day where whoever filled it in is."""

    today: date
    account: ShortText
    segment: Segment
    reason: Reason
    outgoing: Party
    incoming: Party | None
    leader: str
    backup: str | None = None
    day: date
    day_is: DateIs
    arr: Decimal | None = None
    renewal: date | None = None
    crm_link: str = ""


class Started(FormFilled):
    """Somebody sent the start form; `draft` keeps it to themselves for now (C1, N17). `known` is
    what stood beside an account of a `book` where it was listed, by question.
    """

    type: Literal["started"] = "started"
    id: str
    team: str
    playbook: str
    draft: bool = False
    example: bool = False
    book: str = ""
    known: dict[str, Known] = {}
    tellings: dict[Role, Telling] = {}


class Redrafted(FormFilled):
    """The form of a draft was filled in anew."""

    type: Literal["redrafted"] = "redrafted"


class Discarded(Happened):
    """A draft is not wanted any more; only its journal stays."""

    type: Literal["discarded"] = "discarded"


class Opened(Happened):
    """A draft was started for real."""

    type: Literal["opened"] = "opened"
    tellings: dict[Role, Telling] = {}


class StartUndone(Happened):
    """A start was taken back before anybody else was told; only its journal stays."""

    type: Literal["start_undone"] = "start_undone"


class Told(Happened):
    """A leader decided that somebody is to know now."""

    type: Literal["told"] = "told"
    role: Role


class TimePassed(Happened):
    """The clock reached a moment at which something may be due."""

    type: Literal["time_passed"] = "time_passed"


class Accepted(Happened):
    """The incoming CSM takes the account over."""

    type: Literal["accepted"] = "accepted"


class Declined(Happened):
    """The incoming CSM cannot take it over; why is told to the leader alone, in the vault."""

    type: Literal["declined"] = "declined"


class IncomingNamed(Happened):
    """The leader named somebody (else) to take over.

    A customer who had the heads-up reads of it, unless `no_text_because` says why they need not.
    """

    type: Literal["incoming_named"] = "incoming_named"
    incoming: Party
    no_text_because: Annotated[str, Field(max_length=2000)] = ""


class SourceNamed(Happened):
    """The leader asks somebody else for what the outgoing CSM can't tell any more."""

    type: Literal["source_named"] = "source_named"
    user: str = Field(min_length=1)


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


class LeaderNamed(Happened):
    """An admin named who leads, where nobody was left to."""

    type: Literal["leader_named"] = "leader_named"
    leader: str


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


class PersonGone(Happened):
    """Somebody's Slack account was switched off (N16)."""

    type: Literal["person_gone"] = "person_gone"
    user: str


Event = (
    Started
    | Redrafted
    | Discarded
    | Opened
    | StartUndone
    | Told
    | TimePassed
    | Accepted
    | Declined
    | IncomingNamed
    | SourceNamed
    | Asked
    | PackAnswered
    | AskAnswered
    | AnswerGiven
    | ValueGiven
    | NoneDeclared
    | UnknownDeclared
    | Skipped
    | PutOff
    | SteppedBack
    | ChangeWished
    | AnswerKept
    | Resumed
    | OfferedPicked
    | InterviewFinished
    | SaidEdited
    | SaidWithdrawn
    | SaidMoved
    | MarkedSensitive
    | QuestionLanded
    | RecordAdded
    | RecordChanged
    | RecordRemoved
    | AddingDone
    | SectionFilled
    | Pasted
    | LeaderNamed
    | MessageAdded
    | PersonGone
    | ItemsAccepted
    | ItemProposed
    | ProposalSettled
    | ItemDeclined
    | ItemSettled
    | ItemDone
    | ItemReopened
    | PageTurned
    | LinksTicked
    | LinkWaived
    | EssentialsTicked
    | PackAccepted
    | PackReturned
    | TaughtBack
    | TaughtMarked
    | TaughtSeen
    | ReasonWorded
    | ReasonAgreed
    | SurenessGiven
    | AsOfGiven
    | SomebodyAsked
    | AnswerRecorded
    | DaysOffLearned
    | AwayGiven
    | MilestoneMoved
    | MilestoneDone
    | MilestoneReopened
    | WarningAnswered
    | BackupNamed
    | ChangesRequested
    | LetterObjected
    | LetterWorded
    | PiecesApproved
    | SentForApproval
    | TakenOutOfGroup
    | LeadSwitched
    | ReadinessAsked
    | ReadinessGiven
    | SessionDebriefed
    | SessionLogged
    | ActionDone
    | ActionTaken
    | MoodGiven
    | RhythmSet
    | Touched
    | AftercareBegun
    | AftercareDone
    | Completed
    | FollowedUp
    | HandoverCancelled
    | HandoverPaused
    | HandoverTakenUp
    | PointWaived
    | Reversed
    | Signed
    | FileRead
    | EarlierUsed
    | WroteAhead
    | PrefillConfirmed
    | UnsortedFiled
    | UnsortedDropped
    | ActionAdded
    | CallsArranged
    | IntroductionsPlanned
    | StakeholderTicked
    | TickTakenBack
    | CallTimed
    | InvitationFetched
    | CustomerAnswered
    | LetterSent
    | OldContactDecided
    | SendingTakenBack
    | TaskExtended
    | CheckedIn
    | TaskReassigned
    | TaskWaived
    | DatesChanged
    | InterimNamed
    | KitTicked
    | LeaderChanged
    | PersonBack
    | PersonRenamed
    | AskedLess
    | GuestsChosen
)

EVENTS: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="type")])
"""Reads an event back from the journal."""
