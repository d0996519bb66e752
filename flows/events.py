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
from flows.frozen import ShortText
from flows.handover import Known, Party, Telling
from flows.happened import CLOCK, Happened
from flows.knowledge.answer_events import (
    AddingDone,
    AnswerGiven,
    AnswerKept,
    AskAnswered,
    Asked,
    ChangeWished,
    FormAnswer,
    InterviewFinished,
    MarkedSensitive,
    MessageAdded,
    NoneDeclared,
    OfferedPicked,
    PackAnswered,
    Pasted,
    PutOff,
    QuestionLanded,
    RecordAdded,
    RecordChanged,
    RecordRemoved,
    Resumed,
    SaidEdited,
    SaidMoved,
    SaidWithdrawn,
    SectionFilled,
    Skipped,
    SteppedBack,
    UnknownDeclared,
    ValueGiven,
)
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
from flows.terms import DateIs, Reason, Role, Segment
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
    "AddingDone",
    "AftercareBegun",
    "AftercareDone",
    "AnswerGiven",
    "AnswerKept",
    "AnswerRecorded",
    "AsOfGiven",
    "AskAnswered",
    "Asked",
    "AskedLess",
    "AwayGiven",
    "BackupNamed",
    "CallTimed",
    "CallsArranged",
    "ChangeWished",
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
    "FormAnswer",
    "GuestsChosen",
    "HandoverCancelled",
    "HandoverPaused",
    "HandoverTakenUp",
    "Happened",
    "InterimNamed",
    "InterviewFinished",
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
    "MarkedSensitive",
    "MessageAdded",
    "MilestoneDone",
    "MilestoneMoved",
    "MilestoneReopened",
    "MoodGiven",
    "NoneDeclared",
    "OfferedPicked",
    "OldContactDecided",
    "PackAccepted",
    "PackAnswered",
    "PackReturned",
    "PageTurned",
    "Pasted",
    "PersonBack",
    "PersonRenamed",
    "PiecesApproved",
    "PointWaived",
    "PrefillConfirmed",
    "ProposalSettled",
    "PutOff",
    "QuestionLanded",
    "ReadinessAsked",
    "ReadinessGiven",
    "ReasonAgreed",
    "ReasonWorded",
    "RecordAdded",
    "RecordChanged",
    "RecordRemoved",
    "Resumed",
    "Reversed",
    "RhythmSet",
    "SaidEdited",
    "SaidMoved",
    "SaidWithdrawn",
    "SectionFilled",
    "SendingTakenBack",
    "SentForApproval",
    "SessionDebriefed",
    "SessionLogged",
    "Signed",
    "Skipped",
    "SomebodyAsked",
    "StakeholderTicked",
    "SteppedBack",
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
    "UnknownDeclared",
    "UnsortedDropped",
    "UnsortedFiled",
    "ValueGiven",
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


class LeaderNamed(Happened):
    """An admin named who leads, where nobody was left to."""

    type: Literal["leader_named"] = "leader_named"
    leader: str


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
