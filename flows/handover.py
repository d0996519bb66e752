"""What a handover is: one frozen value with everything that is known about it.

Texts are kept as Slack sent them; rendering them for a surface is up to whoever shows them.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from pydantic import Field, model_validator

from flows.customer.introductions import UNCOVERED, Coverage
from flows.customer.moods import Moods
from flows.customer.sent import UNSENT, Sending
from flows.end.endings import Ending
from flows.frozen import Frozen, Moment, ShortText
from flows.nudges.ruling import Ruling
from flows.remembering import Remembering
from flows.schedule.appointments import NO_CALLS, Calls
from flows.schedule.calendars import Absence, DaysOff
from flows.side_by_side.check_ins import CheckIn
from flows.side_by_side.leading import Leading
from flows.staffing.changes import UNCHANGED, Changes
from flows.staffing.guests import NO_GUESTS, Guests
from flows.terms import DateIs, FollowUp, How, Reason, RecordKind, Role, Segment, Sureness
from flows.texts.letters import Letters, Remark

DOCUMENT_VERSION = 1
"""The shape of a stored handover; an older document is upcast when it is loaded."""


class Party(Frozen):
    """One of the two CSMs. `user` is the Slack id, none for a name that is not on Slack."""

    user: str | None
    name: ShortText
    gone: bool = False

    @property
    def reachable(self) -> str | None:
        """The Slack id of somebody who can still be written to."""
        return None if self.gone else self.user

    @property
    def key(self) -> str:
        """Who it is, here or gone: the Slack id, or the name of who is not on Slack."""
        return self.user or self.name


class When(StrEnum):
    """When a person may know of the handover (N17)."""

    NOW = "now"
    LATER = "later"
    NEVER = "never"


class Telling(Frozen):
    """When somebody is told, and since when they know. `at` is set for LATER only."""

    when: When = When.NOW
    at: Moment | None = None
    told_at: Moment | None = None

    @model_validator(mode="after")
    def _later_is_a_moment(self) -> "Telling":
        if (self.when is When.LATER) != (self.at is not None):
            raise ValueError("later has a moment, nothing else has")
        return self


class Stage(StrEnum):
    """How far a handover is."""

    DRAFT = "draft"
    DISCARDED = "discarded"
    IN_FLIGHT = "in_flight"
    COMPLETE = "complete"
    CANCELLED = "cancelled"


class Acceptance(StrEnum):
    """What the incoming CSM said to taking the account over (M1)."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class File(Frozen):
    """A file that somebody gave in Slack; the bytes stay there."""

    id: str
    name: str
    url: str
    size: int = 0


class Verdict(StrEnum):
    """What kind of answer it is; only an explicit one counts without content."""

    GIVEN = "given"
    NONE = "none"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


FORM = "form"
"""The source of a text that was typed into a form's field."""


class Heard(Frozen):
    """From whom something was heard that somebody else wrote down, on which day, and how."""

    who: ShortText
    on: date
    how: How


class Said(Frozen):
    """One piece of free text; `source` is the Slack message's ts, or `form` for a form's field.

    `by` wrote it, `heard` tells from whom they have it. `over` is the verdict that stood before it,
    which comes back when it is taken away.
    """

    source: str
    text: str
    by: str = ""
    edited: str = ""
    over: Verdict = Verdict.GIVEN
    links: tuple[str, ...] = ()
    files: tuple[File, ...] = ()
    heard: Heard | None = None

    @property
    def says_something(self) -> bool:
        """Whether there is anything in it; a message may be edited to nothing."""
        return bool(self.text.strip() or self.files)

    @property
    def in_words(self) -> str:
        """The whole as one text; a file is given by its address."""
        files = (f"<{file.url}|{file.name}>" if file.url else file.name for file in self.files)
        return "\n".join(piece for piece in (self.text.strip(), *files) if piece) or "…"


class Given(Frozen):
    """One structured part of an answer: a choice's value, an ISO date, a decimal, or user ids."""

    values: tuple[str, ...]
    as_of: date | None = None


class Returned(Frozen):
    """What the incoming CSM still wants to know about an answer before they accept the pack."""

    by: str
    at: Moment
    text: str


class Answer(Remembering):
    """What is known about one question. `done` says that somebody finished adding records,
    `sensitive` that its author wants only those close to the handover to read it; `returned` opens
    it again until it has been looked at.
    """

    by: str
    at: Moment
    verdict: Verdict = Verdict.GIVEN
    said: tuple[Said, ...] = ()
    given: dict[str, Given] = Field(default_factory=dict)
    done: bool = False
    sensitive: bool = False
    sureness: Sureness = Sureness.KNOW
    returned: Returned | None = None

    @property
    def authors(self) -> frozenset[str]:
        """Everybody who wrote some of it."""
        return frozenset([self.by, *(said.by for said in self.said if said.by)])


class Standing(StrEnum):
    """What became of an open item, a promise or an issue, between the people (N2, G16).

    PROPOSED waits for the outgoing CSM, DECLINED for the leader, whose word KEPT (with the outgoing
    CSM), PASSED (to somebody else) or WITHDRAWN (the customer is to be told) is.
    """

    UNDECIDED = "undecided"
    ACCEPTED = "accepted"
    PROPOSED = "proposed"
    DECLINED = "declined"
    KEPT = "kept"
    PASSED = "passed"
    WITHDRAWN = "withdrawn"


class Decision(Frozen):
    """How an open item stands, and since when; `why` is what was said about it.

    `proposal` holds the fields that would change, `until` how long a kept one stays where it is,
    `keeper` who has a passed one.
    """

    standing: Standing = Standing.UNDECIDED
    by: str = ""
    at: Moment | None = None
    why: str = ""
    proposal: dict[str, str] = {}
    until: date | None = None
    keeper: Party | None = None


_UNDECIDED = Decision()
"""One value for all: pydantic would copy a default for every instance."""


class Done(Frozen):
    """Who said, and when, that something is done; `on` the day of it, where it was another one."""

    by: str
    at: Moment
    on: date | None = None


class Record(Remembering):
    """One stakeholder, issue, promise ... `source` is the reply whose line it was typed as."""

    id: str
    kind: RecordKind
    question: str
    details: dict[str, str]
    by: str
    at: Moment
    source: str = ""
    decision: Decision = Field(default_factory=lambda: _UNDECIDED)
    done: Done | None = None


class Quoted(Frozen):
    """Where a Slack message came from; `author` is a Slack id, or an app's name."""

    author: str
    at: Moment
    link: str = ""


class Unsorted(Frozen):
    """Something pasted, uploaded, written or added from Slack that answers no question by itself
    (A10).

    It belongs nowhere yet, to a `section` of the brief, or to one `question` of it. `id` is the ts
    of the message it was written in, where it was; `edited` is as in Said. `quoted` is set for a
    message of somebody in Slack, and `note` is what whoever added it says about it. `read` says
    what came of reading a file's content: READ, or the code of what was in the way.
    """

    id: str
    by: str
    at: Moment
    text: str = ""
    edited: str = ""
    files: tuple[File, ...] = ()
    links: tuple[str, ...] = ()
    section: str = ""
    question: str = ""
    note: str = ""
    quoted: Quoted | None = None
    read: dict[str, str] = {}


READ = "read"
"""What came of a file whose content was understood."""


class Listed(Frozen):
    """A record as it stood somewhere else; `details` are by the field's key."""

    kind: RecordKind
    details: dict[str, str]


class Known(Frozen):
    """What a text or a form says to one question; `raw` is how it stood there."""

    text: str = ""
    verdict: Verdict = Verdict.GIVEN
    given: dict[str, Given] = {}
    listed: tuple[Listed, ...] = ()
    files: tuple[File, ...] = ()
    raw: str = ""


class Origin(StrEnum):
    """Where a prefilled answer comes from."""

    PASTED = "pasted"
    EARLIER = "earlier"
    INCOMING = "incoming"
    LISTED = "listed"


class Prefill(Frozen):
    """What is known to a question before anybody answered it; it counts once confirmed (A10).

    `source` names the paste, the file or the handover that it comes from, `by` who brought it.
    """

    by: str
    at: Moment
    origin: Origin
    source: str
    known: Known


class Essential(StrEnum):
    """The five things that the incoming CSM must have found in the pack (G14)."""

    USE_CASE = "use_case"
    MEETING_NOTES = "meeting_notes"
    QBR_SUMMARY = "qbr_summary"
    ACTION_ITEMS = "action_items"
    ACCOUNT_PLAN = "account_plan"


class Tick(Frozen):
    """Whether a document opens for the incoming CSM (DC8); `waived` says that it need not."""

    by: str
    at: Moment
    opens: bool
    waived: bool = False


class Reading(Frozen):
    """How far the incoming CSM is with the pack: reading it, trying its documents, taking it over.

    `page` is the one that stands open, counted from 1, 0 before the first; `furthest` how far they
    got. `ticks` are by document. `rounds` counts how often they asked before accepting.
    """

    page: int = 0
    furthest: int = 0
    ticks: dict[str, Tick] = {}
    found: tuple[Essential, ...] = ()
    rounds: int = 0
    accepted_at: Moment | None = None


class Topic(StrEnum):
    """What a teach-back asks about (N1)."""

    RISK = "risk"
    PROMISE = "promise"
    SPONSOR = "sponsor"
    SENSITIVE = "sensitive"
    EXPECTS = "expects"
    FIRST = "first"
    USE = "use"


class Taught(Frozen):
    """One question of the teach-back, what the incoming CSM answered, and what came of it.

    `about` is the question or record whose content it asks back; `right` is none until somebody
    looked at it, `added` what was missing.
    """

    topic: Topic
    about: str
    answer: str
    right: bool | None = None
    added: str = ""
    marked_by: str = ""


class TeachBack(Frozen):
    """What the incoming CSM said in their own words; `seen` once they read what was added."""

    at: Moment
    items: tuple[Taught, ...]
    seen: bool = False


class Wording(Frozen):
    """The reason for the change in the customer's words, and who stands behind it (G13).

    `agreed` are the CSMs who agree to this version, `waited` tells that the others had their time,
    `without` who had not agreed when it was approved, `wanted` what the leader wants changed,
    `before` the text that the leaders knew last. `despite` is why the leader who wrote it lets it
    stand although the leak check found something.
    """

    text: str
    by: str
    at: Moment
    version: int = 1
    agreed: tuple[str, ...] = ()
    waited: bool = False
    approved_by: str = ""
    approved_at: Moment | None = None
    without: tuple[str, ...] = ()
    wanted: Remark | None = None
    despite: str = ""
    before: str = ""


class Ask(Frozen):
    """A question between people, and what was replied to it.

    A `knock` was put to the pack first, in vain; its answer joins the pack. `about` is the playbook
    question that it belongs to, as far as is known (A13, N12). What is replied to one that `fills`
    it becomes part of that answer. `whom` is who is to be asked outside Slack, by whoever asks;
    `due` is a calendar day.
    """

    id: str
    by: str
    to: str
    at: Moment
    text: str
    knock: bool = False
    about: str = ""
    fills: bool = False
    whom: str = ""
    due: date | None = None
    replies: tuple[Said, ...] = ()
    replied_at: Moment | None = None

    @property
    def reply(self) -> str:
        """The answer in words; empty while there is none."""
        return "\n".join(said.in_words for said in self.replies)


class Found(Frozen):
    """A question that the pack answered by itself; `about` as with an Ask."""

    id: str
    by: str
    at: Moment
    text: str
    about: str = ""


class Warn(StrEnum):
    """What speaks against the timing of a plan (N13, A19)."""

    RENEWAL = "renewal"
    QUARTER_END = "quarter_end"
    SEVERE_ISSUE = "severe_issue"
    GO_LIVE = "go_live"
    CSM_CHANGES = "csm_changes"
    HOURS = "hours"
    NOTICE = "notice"


class Choice(StrEnum):
    """What a leader can decide about it; the first three are for a renewal."""

    BEFORE = "before"
    AFTER = "after"
    NAMED = "named"
    GO_ON = "go_on"
    MOVE = "move"
    HELP = "help"


class Answered(Frozen):
    """What the leader decided about a warning; `person` leads the renewal, or helps."""

    choice: Choice
    by: str
    at: Moment
    why: str = ""
    person: Party | None = None


class Move(Frozen):
    """A milestone was given a day, by whom and why; the newest of a milestone counts.

    `insisted` says that it stands against the rules that keep distances.
    """

    key: str
    day: date
    by: str
    at: Moment
    why: str = ""
    insisted: bool = False


class Schedule(Frozen):
    """What people changed about the plan, and did of it; the plan itself is computed.

    `days_off` are known of people, `away` is what they told; both by Slack id. `pack_at` is when
    the pack was complete for the first time.
    `without_outgoing` says who decided, and when, that the outgoing CSM stays out of calls with the
    customer.
    """

    days_off: dict[str, DaysOff] = {}
    away: dict[str, tuple[Absence, ...]] = {}
    pack_at: Moment | None = None
    moves: tuple[Move, ...] = ()
    done: dict[str, Done] = {}
    answered: dict[Warn, Answered] = {}
    without_outgoing: Done | None = None


class Interview(Frozen):
    """Where one person stands in their questions.

    `asked` is the order in which questions were put (a repeated one stands again), `later` what was
    put off, `picked` what was taken from the closing menu; `replacing` means that the next reply to
    `current` takes the place of the answer that stands, `resting` that the person wants no question
    until they come back, `resumed_at` when they last did. `menu` tells that the closing menu was
    put, `finished` that it was closed.
    """

    current: str | None = None
    asked: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    picked: tuple[str, ...] = ()
    replacing: bool = False
    resting: bool = False
    resumed_at: Moment | None = None
    menu: bool = False
    finished: bool = False


_UNREAD, _UNCHANGED, _UNWRITTEN, _UNLED = Reading(), Schedule(), Letters(), Leading()
_UNKNOWN, _UNENDED = Moods(), Ending()
_ROLES = tuple(Role)


class Handover(Remembering):
    """One account on its way from one CSM to another.

    `leader`, `backup`, `source` and `created_by` are Slack user ids; `day` is a calendar day whose
    meaning `day_is` tells. `leader_gone` says that the leader was switched off and nobody could
    take their place. `follow_ups` are by question. An `example` has one person in every part, who
    tries it out. `book` names the book that it belongs to, if it does; `asked_less` tells that only
    the essentials are asked of its outgoing side. `declined_by` are those who were asked to take it
    over and could not. `rulings` are by task. `seq` counts the events that made it what it is.
    """

    id: str
    team: str
    playbook: str
    account: ShortText
    segment: Segment
    reason: Reason
    outgoing: Party
    incoming: Party | None
    leader: str
    leader_gone: bool = False
    backup: str | None = None
    source: str | None = None
    day: date
    day_is: DateIs
    arr: Decimal | None = Field(default=None, ge=0)
    renewal: date | None = None
    crm_link: str = ""
    created_by: str
    created_at: Moment
    example: bool = False
    book: str = ""
    asked_less: bool = False
    started_at: Moment | None = None
    stage: Stage = Stage.DRAFT
    seq: int = 0
    tellings: dict[Role, Telling] = Field(default_factory=dict)
    acceptance: Acceptance = Acceptance.WAITING
    incoming_since: Moment | None = None
    chased: bool = False
    declined_by: tuple[str, ...] = ()
    answers: dict[str, Answer] = Field(default_factory=dict)
    records: tuple[Record, ...] = ()
    unsorted: tuple[Unsorted, ...] = ()
    follow_ups: dict[str, FollowUp] = Field(default_factory=dict)
    prefilled: dict[str, Prefill] = Field(default_factory=dict)
    asks: tuple[Ask, ...] = ()
    found: tuple[Found, ...] = ()
    interviews: dict[str, Interview] = Field(default_factory=dict)
    reading: Reading = Field(default_factory=lambda: _UNREAD)
    teach_back: TeachBack | None = None
    wording: Wording | None = None
    schedule: Schedule = Field(default_factory=lambda: _UNCHANGED)
    letters: Letters = Field(default_factory=lambda: _UNWRITTEN)
    leading: Leading = Field(default_factory=lambda: _UNLED)
    moods: Moods = Field(default_factory=lambda: _UNKNOWN)
    rulings: dict[str, Ruling] = Field(default_factory=dict)
    check_ins: tuple[CheckIn, ...] = ()
    ending: Ending = Field(default_factory=lambda: _UNENDED)
    coverage: Coverage = Field(default_factory=lambda: UNCOVERED)
    calls: Calls = Field(default_factory=lambda: NO_CALLS)
    sending: Sending = Field(default_factory=lambda: UNSENT)
    changes: Changes = Field(default_factory=lambda: UNCHANGED)
    guests: Guests = Field(default_factory=lambda: NO_GUESTS)

    def user(self, role: Role) -> str | None:
        """The Slack id of whoever has this role and can be written to."""
        match role:
            case Role.OUTGOING:
                return self.outgoing.reachable
            case Role.INCOMING:
                return self.incoming.reachable if self.incoming else None
            case Role.LEADER:
                return self.leader
            case Role.BACKUP:
                return self.backup
            case Role.CREATOR:
                return self.created_by
            case Role.SOURCE:
                return None if self.outgoing.reachable else self.source
            case Role.INTERIM:  # pragma: no branch - the last one
                return self._stands_in()

    def roles(self, user: str) -> frozenset[Role]:
        """Everything that this user is on the handover; nothing, once they are gone."""
        if user in self.changes.gone:
            return frozenset()
        for party in (self.outgoing, self.incoming):
            if party and party.gone and party.user == user:
                return frozenset()
        holders = (
            self.outgoing.reachable,
            self.incoming.reachable if self.incoming else None,
            self.leader,
            self.backup,
            self.created_by,
            None if self.outgoing.reachable else self.source,
            self._stands_in(),
        )
        return frozenset([r for r, who in zip(_ROLES, holders, strict=True) if who == user])

    def _stands_in(self) -> str | None:
        """Whoever is to lead in between, while nobody has taken over."""
        return self.changes.interim.user if self.changes.interim else None
