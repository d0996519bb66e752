"""What can be said to people: the kinds of messages, to post one and to bring one up to date.

An effect names what is to be said, never the words: a message is rendered from what is true when it
is sent.
"""

from enum import StrEnum

from flows.frozen import Frozen


class Kind(StrEnum):
    """The messages of a handover. The first three open a person's thread, and those of a book the
    thread of all its accounts. From `clash` on they are
    not caused by an event of the handover: others did something, or a person asked for them.
    `past` and `coverage` are never posted: a question becomes the former when the same question
    stands again below, and the latter is looked at in a modal.
    """

    CARD = "card"
    ACCEPT = "accept"
    NOTICE = "notice"
    QUESTION = "question"
    PAST = "past"
    CLOSING = "closing"
    ASK = "ask"
    ASK_REPLY = "ask_reply"
    DECLINED = "declined"
    SILENT = "silent"
    PACK_READY = "pack_ready"
    CHECKS = "checks"
    READING = "reading"
    RETURNED = "returned"
    PROPOSAL = "proposal"
    ITEM_DECLINED = "item_declined"
    LINK_BROKEN = "link_broken"
    TEACH_BACK = "teach_back"
    TAUGHT = "taught"
    ADDITIONS = "additions"
    REASON = "reason"
    LETTERS = "letters"
    BACKUP = "backup"
    APPROVAL = "approval"
    WANTED = "wanted"
    REWORDED = "reworded"
    OBJECTION = "objection"
    APPROVED = "approved"
    LEAD = "lead"
    DEBRIEF = "debrief"
    NOT_READY = "not_ready"
    MOOD = "mood"
    RED = "red"
    SILENCE = "silence"
    CONFIRM = "confirm"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    PAUSED = "paused"
    FOLLOW_UP = "follow_up"
    FOLLOWED_UP = "followed_up"
    AFTERCARE = "aftercare"
    HELP = "help"
    ACTION = "action"
    WORD = "word"
    DATES = "dates"
    PERSON = "person"
    LAST_DAY = "last_day"
    KIT = "kit"
    GUEST = "guest"
    CUSTOMER_COPY = "customer_copy"
    KIT_COPY = "kit_copy"
    CUSTOMER_MAIL = "customer_mail"
    CUSTOMER_ASKS = "customer_asks"
    CUSTOMER_SILENT = "customer_silent"
    IMPORT = "import"
    CLASH = "clash"
    LEADERS = "leaders"
    LOSS = "loss"
    BRIEF = "brief"
    BRIEF_FILE = "brief_file"
    BRIEF_CANVAS = "brief_canvas"
    FILE = "file"
    WHICH = "which"
    AGENDA = "agenda"
    PLAN = "plan"
    PLAN_PICTURE = "plan_picture"
    COVERAGE = "coverage"
    BOOK_CARD = "book_card"
    BOOK_OFFER = "book_offer"
    BOOK_NOTICE = "book_notice"
    BOOK_NEXT = "book_next"
    BOOK_APPROVAL = "book_approval"
    BOOK_ROWS = "book_rows"
    INVITATION = "invitation"
    REPORT = "report"
    REPORT_PICTURE = "report_picture"
    REPORT_ROWS = "report_rows"
    LESSON = "lesson"
    DIGEST = "digest"
    NO_DIGEST = "no_digest"


IN_BOOK = {
    Kind.CARD: Kind.BOOK_CARD,
    Kind.ACCEPT: Kind.BOOK_OFFER,
    Kind.NOTICE: Kind.BOOK_NOTICE,
}
"""What takes the place of the first message of a handover where it is one of a book."""

OF_BOOK = frozenset([*IN_BOOK.values(), Kind.BOOK_NEXT, Kind.BOOK_APPROVAL])
"""The messages about a book as a whole: it stands where others have their handover."""

ROOTS = frozenset([*IN_BOOK, *IN_BOOK.values()])


_AT_ONCE = ROOTS | {Kind.IMPORT}
"""What opens a person's thread, or is what they asked for there."""

IN_CHANNELS = frozenset({Kind.DIGEST})
"""What is said to a channel: it is named where the others name a person."""


class Post(Frozen):
    """Say something new to somebody, or in a channel; `subject` tells which question or ask it is
    about, or which week.
    """

    to: str
    kind: Kind
    subject: str = ""

    def is_quiet(self, by: str) -> bool:
        """Whether it keeps to its reader's hours and counts: who acted was somebody else."""
        return self.to != by and self.kind not in _AT_ONCE


class Refresh(Frozen):
    """Bring what already stands up to date, if it stands."""

    to: str
    kind: Kind
    subject: str = ""


Effect = Post | Refresh
