"""Every name that travels through Slack and back: actions, modals, fields, and what they carry."""

from enum import StrEnum
from typing import Self

from flows.frozen import Frozen
from flows.terms import Role


class Act(StrEnum):
    """Action ids. Where one stands several times in a block it has a suffix after ":"."""

    ANSWER_NONE = "answer-none"
    ANSWER_UNKNOWN = "answer-unknown"
    ANSWER_SKIP = "answer-skip"
    ANSWER_LATER = "answer-later"
    ANSWER_BACK = "answer-back"
    ANSWER_CHANGE = "answer-change"
    ANSWER_KEEP = "answer-keep"
    ANSWER_MOVE = "answer-move"
    ANSWER_MENU = "answer-menu"
    ANSWER_FORM = "answer-form"
    ANSWER_CHOICE = "answer-choice"
    ANSWER_DATE = "answer-date"
    ANSWER_PEOPLE = "answer-people"
    ANSWER_CONFIRM = "answer-confirm"
    RECORD_ADD = "record-add"
    RECORD_MENU = "record-menu"
    RECORD_CHANGE = "record-change"
    RECORD_REMOVE = "record-remove"
    RECORD_DONE = "record-done"
    PREFILL_CONFIRM = "prefill-confirm"
    EARLIER_USE = "earlier-use"
    AHEAD_OPEN = "ahead-open"
    UNSORTED_OPEN = "unsorted-open"
    UNSORTED_FILE = "unsorted-file"
    UNSORTED_DROP = "unsorted-drop"
    FILE_READ = "file-read"
    EXAMPLE_TRY = "example-try"
    CARD_CONTINUE = "card-continue"
    CARD_PASTE = "card-paste"
    CARD_SECTION = "card-section"
    CARD_BRIEF = "card-brief"
    BRIEF_AS = "brief-as"
    CLOSING_OPEN = "closing-open"
    CLOSING_PICK = "closing-pick"
    CLOSING_ASK = "closing-ask"
    CLOSING_DONE = "closing-done"
    ACCEPT_YES = "accept-yes"
    ACCEPT_ASK = "accept-ask"
    ACCEPT_NO = "accept-no"
    DECLINE_OPEN = "decline-open"
    INCOMING_NAME = "incoming-name"
    SOURCE_NAME = "source-name"
    CHECKS_OPEN = "checks-open"
    ASK_REPLY = "ask-reply"
    ASK_SOMEBODY = "ask-somebody"
    ASK_RECORD = "ask-record"
    TELL_NOW = "tell-now"
    START_MORE = "start-more"
    DRAFT_SAVE = "draft-save"
    DRAFT_OPEN = "draft-open"
    DRAFT_EDIT = "draft-edit"
    DRAFT_DISCARD = "draft-discard"
    MENU_START = "menu-start"
    MENU_LIST = "menu-list"
    MENU_HELP = "menu-help"
    MENU_SETTINGS = "menu-settings"
    LIST_PAGE = "list-page"
    LIST_SHOW = "list-show"
    HOME_TASK = "home-task"
    STRAY_FILE = "stray-file"
    READ_OPEN = "read-open"
    READ_TURN = "read-turn"
    READ_ASK = "read-ask"
    ITEM_ACCEPT = "item-accept"
    ITEM_PROPOSE = "item-propose"
    ITEM_DECLINE = "item-decline"
    ITEM_SETTLE = "item-settle"
    ITEM_DONE = "item-done"
    ITEM_REOPEN = "item-reopen"
    PROPOSAL_AGREE = "proposal-agree"
    PROPOSAL_REFUSE = "proposal-refuse"
    LINK_OPENS = "link-opens"
    LINK_BROKEN = "link-broken"
    LINK_WAIVE = "link-waive"
    FILE_BRING = "file-bring"
    ESSENTIALS = "essentials"
    PACK_ACCEPT = "pack-accept"
    PACK_RETURN = "pack-return"
    TEACH_OPEN = "teach-open"
    TAUGHT_RIGHT = "taught-right"
    TAUGHT_ADD = "taught-add"
    TAUGHT_SEEN = "taught-seen"
    REASON_AGREE = "reason-agree"
    REASON_EDIT = "reason-edit"
    DRAFTS_SHOW = "drafts-show"
    LETTERS_SEND = "letters-send"
    LETTER_EDIT = "letter-edit"
    LETTER_OBJECT = "letter-object"
    PIECE_READ = "piece-read"
    PIECES_APPROVE = "pieces-approve"
    PIECE_CHANGES = "piece-changes"
    BACKUP_NAME = "backup-name"
    PACK_ASK = "pack-ask"
    PACK_KNOCK = "pack-knock"
    PLAN_SHOW = "plan-show"
    PLAN_MOVE = "plan-move"
    PLAN_DONE = "plan-done"
    PLAN_WARNING = "plan-warning"
    PLAN_UNDO = "plan-undo"
    AWAY_OPEN = "away-open"
    PLAN_CALLS = "plan-calls"
    ACTION_ADD = "action-add"
    LISTEN_OPEN = "listen-open"
    LISTEN_PAGE = "listen-page"
    LISTEN_HELD = "listen-held"
    POINT_ADD = "point-add"
    POINT_CHANGE = "point-change"
    POINT_CLOSE = "point-close"
    POINT_REOPEN = "point-reopen"
    POINT_TOLD = "point-told"
    POINT_HAND_ON = "point-hand-on"
    WORD_GIVE = "word-give"
    WORD_READ = "word-read"
    COVER_OPEN = "cover-open"
    COVER_PAGE = "cover-page"
    COVER_PLAN = "cover-plan"
    COVER_TICK = "cover-tick"
    COVER_NOTE = "cover-note"
    COVER_BACK = "cover-back"
    CALL_TIME = "call-time"
    CALL_FILE = "call-file"
    MOOD_GIVE = "mood-give"
    MOOD_MORE = "mood-more"
    RED_ACT = "red-act"
    RED_DONE = "red-done"
    RHYTHM_SET = "rhythm-set"
    TOUCH_OPEN = "touch-open"
    END_OPEN = "end-open"
    WAIVE_OPEN = "waive-open"
    SIGN_OPEN = "sign-open"
    COMPLETE_OPEN = "complete-open"
    PAUSE_OPEN = "pause-open"
    TAKE_UP = "take-up"
    CANCEL_OPEN = "cancel-open"
    REVERSE_OPEN = "reverse-open"
    VISIT_OPEN = "visit-open"
    CARE_OPEN = "care-open"
    CARE_DONE = "care-done"

    def of(self, suffix: str) -> str:
        """The action id with a suffix that makes it unique in its block."""
        return f"{self.value}:{suffix}"


def act(action_id: str) -> str:
    """The part of an action id that tells the listeners apart."""
    return action_id.partition(":")[0]


class Form(StrEnum):
    """Callback ids of modals."""

    START = "start"
    TELLINGS = "tellings"
    SAVED_DRAFT = "saved-draft"
    SECTION = "section"
    QUESTION = "question"
    RECORD = "record"
    PASTE = "paste"
    AHEAD = "ahead"
    UNSORTED = "unsorted"
    UNSORTED_FILE = "unsorted-file"
    DECLINE = "decline"
    ASK = "ask"
    ASK_ANSWER = "ask-answer"
    ASK_SOMEBODY = "ask-somebody"
    ASK_RECORD = "ask-record"
    NAME_INCOMING = "name-incoming"
    NAME_SOURCE = "name-source"
    CHECKS = "checks"
    SETTINGS = "settings"
    REASON = "reason"
    LETTER = "letter"
    LETTER_OBJECT = "letter-object"
    PIECES_APPROVE = "pieces-approve"
    PIECE_CHANGES = "piece-changes"
    BACKUP = "backup"
    SHOWN = "shown"
    READ_ASK = "read-ask"
    ITEM_PROPOSE = "item-propose"
    ITEM_DECLINE = "item-decline"
    ITEM_SETTLE = "item-settle"
    PROPOSAL_REFUSE = "proposal-refuse"
    PACK_RETURN = "pack-return"
    TEACH_BACK = "teach-back"
    TAUGHT_ADD = "taught-add"
    PACK_ASK = "pack-ask"
    MESSAGE = "message"
    PLAN_MOVE = "plan-move"
    PLAN_WARNING = "plan-warning"
    AWAY = "away"
    ACTION = "action"
    LISTENING = "listening"
    LISTEN_HELD = "listen-held"
    POINT = "point"
    POINT_TOLD = "point-told"
    WORD = "word"
    COVER_PLAN = "cover-plan"
    COVER_NOTE = "cover-note"
    CALL_TIME = "call-time"
    MOOD = "mood"
    RED = "red"
    TOUCH = "touch"
    WAIVE = "waive"
    SIGN = "sign"
    COMPLETE = "complete"
    PAUSE = "pause"
    CANCEL = "cancel"
    REVERSE = "reverse"
    VISIT = "visit"
    CARE = "care"


class Field(StrEnum):
    """Block ids of modal inputs whose names are fixed; their action id is always VALUE."""

    ACCOUNT = "account"
    OUTGOING = "outgoing"
    OUTGOING_NAME = "outgoing_name"
    INCOMING = "incoming"
    SOURCE = "source"
    SEGMENT = "segment"
    REASON = "reason"
    CONFIDENTIAL = "confidential"
    LEADER = "leader"
    LEADERS = "leaders"
    HEIR = "heir"
    DAY = "day"
    DAY_IS = "day_is"
    BACKUP = "backup"
    ARR = "arr"
    RENEWAL = "renewal"
    CRM_LINK = "crm_link"
    WHEN = "when"
    AT = "at"
    TEXT = "text"
    FILES = "files"
    NOTE = "note"
    QUESTIONS = "questions"
    QUESTION = "question"
    OUTCOME = "outcome"
    UNTIL = "until"
    KEEPER = "keeper"
    WHAT = "what"
    DUE = "due"
    PLACE = "place"
    PERSON = "person"
    WHOM = "whom"
    ON = "on"
    HOW = "how"
    MILESTONE = "milestone"
    INSIST = "insist"
    CHOICE = "choice"
    DAYS = "days"
    WORD = "word"
    DESPITE = "despite"
    MINUTES = "minutes"
    SIGNALS = "signals"
    RATING = "rating"
    CUSTOMER = "customer"


ADD_MESSAGE = "add-message"
"""The callback id of the shortcut on every message."""

VALUE = "v"
"""The action id of every input of a modal."""

SENSITIVE = "sensitive"
"""What the menu of an answer carries where it marks the answer so."""


def text_field(question: str) -> str:
    """The block id of a question's free text."""
    return f"{question}:text"


def part_field(question: str, part: str) -> str:
    """The block id of one part of a question, or one field of a record (by its kind)."""
    return f"{question}.{part}"


def as_of_field(question: str, part: str) -> str:
    """The block id of the day on which a number was true."""
    return f"{question}.{part}:as_of"


def when_field(role: Role) -> str:
    """The block id of how somebody is told."""
    return f"{Field.WHEN}:{role}"


def at_field(role: Role) -> str:
    """The block id of when somebody is told."""
    return f"{Field.AT}:{role}"


class Carried(Frozen):
    """What a button, an option or a modal carries, as JSON without what is left at its default."""

    def dump(self) -> str:
        return self.model_dump_json(exclude_defaults=True)

    @classmethod
    def load(cls, text: str) -> Self:
        return cls.model_validate_json(text or "{}")


class Ref(Carried):
    """What something on the screen is about; never who acts, and never trusted for a right.

    `h` handover, `q` question, `p` part, `v` value, `r` record, `k` its kind, `a` ask, `u` user,
    `n` several of whatever it is about, `o` which opening of a form it is.
    """

    h: str = ""
    q: str = ""
    p: str = ""
    v: str = ""
    r: str = ""
    k: str = ""
    a: str = ""
    u: str = ""
    n: tuple[str, ...] = ()
    o: str = ""


class DraftTelling(Frozen):
    """When somebody is told: `when` is a flows When, `at` seconds since 1970."""

    when: str = "now"
    at: int | None = None


class Draft(Carried):
    """The start form as it was typed so far, carried from modal to modal.

    People are Slack ids, days are ISO dates, everything else is as typed; `handover` is set when it
    is a stored draft, `more` when the fields under More are shown.
    """

    handover: str = ""
    account: str = ""
    outgoing: str = ""
    outgoing_name: str = ""
    incoming: str = ""
    segment: str = ""
    reason: str = ""
    confidential: str = ""
    leader: str = ""
    day: str = ""
    day_is: str = ""
    backup: str = ""
    arr: str = ""
    renewal: str = ""
    crm_link: str = ""
    more: bool = False
    tellings: dict[Role, DraftTelling] = {}
