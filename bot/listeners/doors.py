"""Everything that somebody can press, submit, type or write, with its row in the table of rights.

Who comes in at all is asked here, before anything is done; what they may do with a handover is read
from the stored one. What stands in no row is not there.
"""

from collections.abc import Iterable, Mapping

from bot.books.ids import BookAct, BookForm
from bot.ids import ADD_MESSAGE, Act, Form
from bot.office import Office
from bot.payloads import Deletion, Edit, Payload, Reply
from bot.roster import SilentSlackError
from flows.errors import FlowError
from flows.parts import Part, parts
from flows.who_may import Do, granted
from storage import handovers
from storage.people import Person


def _by_name(rows: Mapping[Do, Iterable[str]]) -> Mapping[str, Do]:
    return {str(name): do for do, names in rows.items() for name in names}


CLICKS: Mapping[str, Do] = _by_name(
    {
        Do.SEE: (
            *(Act.LIST_SHOW, Act.HOME_TASK, Act.PLAN_SHOW, Act.TASK_SNOOZE),
            *(Act.COVER_OPEN, Act.COVER_PAGE, BookAct.SHOW, BookAct.ROWS, BookAct.OFFER_PAGE),
            BookAct.APPROVE_PAGE,
        ),
        Do.BRIEF: (Act.CARD_BRIEF, Act.BRIEF_AS, Act.FILE_BRING, Act.DRAFTS_SHOW),
        Do.CLOSE: (
            *(Act.PIECE_READ, Act.LETTERS_NEXT, Act.KIT_COPY, Act.END_OPEN, BookAct.APPROVE_READ),
        ),
        Do.WORD: (Act.WORD_READ,),
        Do.VAULT: (
            *(Act.CHECKS_OPEN, Act.LISTEN_OPEN, Act.LISTEN_PAGE, Act.LISTEN_HELD, Act.WORD_GIVE),
            *(Act.POINT_ADD, Act.POINT_CHANGE, Act.POINT_CLOSE, Act.POINT_REOPEN, Act.POINT_TOLD),
            Act.POINT_HAND_ON,
        ),
        Do.PREPARE: (Act.DRAFT_OPEN, Act.DRAFT_EDIT, Act.DRAFT_DISCARD),
        Do.UNDO: (BookAct.UNDO, BookAct.AGAIN),
        Do.ACCEPT: (Act.ACCEPT_YES, Act.ACCEPT_NO, BookAct.OFFER_ALL),
        Do.ANSWER: (
            *(Act.ANSWER_NONE, Act.ANSWER_UNKNOWN, Act.ANSWER_SKIP, Act.ANSWER_LATER),
            *(Act.ANSWER_BACK, Act.ANSWER_CHANGE, Act.ANSWER_KEEP, Act.ANSWER_MENU),
            *(Act.ANSWER_FORM, Act.ANSWER_CHOICE, Act.ANSWER_DATE, Act.ANSWER_PEOPLE),
            *(Act.ANSWER_CONFIRM, Act.RECORD_ADD, Act.RECORD_MENU, Act.RECORD_CHANGE),
            *(Act.RECORD_REMOVE, Act.RECORD_DONE, Act.PREFILL_CONFIRM, Act.UNSORTED_OPEN),
            *(Act.UNSORTED_FILE, Act.UNSORTED_DROP, Act.FILE_READ, Act.CARD_CONTINUE),
            *(Act.CARD_PASTE, Act.CARD_SECTION, Act.CLOSING_OPEN, Act.CLOSING_PICK),
            *(Act.CLOSING_ASK, Act.CLOSING_DONE, Act.STRAY_FILE),
            *(BookAct.GO_ON, BookAct.NEXT, BookAct.CONFIRM, BookAct.FORMS, BookAct.ONCE),
            *(BookAct.NOTES, BookAct.CHOOSE, BookAct.STOP),
        ),
        Do.OTHERS: (Act.EARLIER_USE, Act.ASK_SOMEBODY),
        Do.CORRECT: (Act.ANSWER_MOVE,),
        Do.ASK: (Act.ACCEPT_ASK, Act.ASK_RECORD, Act.PACK_ASK, Act.PACK_KNOCK, Act.READ_ASK),
        Do.REPLY: (Act.ASK_REPLY,),
        Do.RECEIVE: (
            *(Act.AHEAD_OPEN, Act.READ_OPEN, Act.READ_TURN, Act.ITEM_ACCEPT, Act.ITEM_PROPOSE),
            *(Act.ITEM_DECLINE, Act.LINK_OPENS, Act.LINK_BROKEN, Act.ESSENTIALS, Act.PACK_ACCEPT),
            *(Act.PACK_RETURN, Act.TEACH_OPEN, Act.TAUGHT_SEEN, Act.READY_OPEN),
        ),
        Do.REOPEN: (Act.ITEM_REOPEN,),
        Do.SETTLE: (Act.PROPOSAL_AGREE, Act.PROPOSAL_REFUSE),
        Do.VOUCH: (Act.TAUGHT_RIGHT, Act.TAUGHT_ADD, BookAct.LESS, BookAct.MORE),
        Do.REASON: (Act.REASON_EDIT,),
        Do.AGREE: (Act.REASON_AGREE,),
        Do.SAY: (Act.LETTER_OBJECT, Act.MOOD_GIVE, Act.MOOD_MORE),
        Do.CHECK_IN: (Act.CHECK_IN_WELL, Act.CHECK_IN_HELP),
        Do.WORK: (
            *(Act.ITEM_DONE, Act.LETTERS_SEND, Act.LETTER_EDIT, Act.PLAN_MOVE, Act.PLAN_DONE),
            *(Act.PLAN_UNDO, Act.AWAY_OPEN, Act.COVER_PLAN, Act.COVER_TICK, Act.COVER_NOTE),
            *(Act.COVER_BACK, Act.CALL_TIME, Act.CALL_FILE, Act.SESSION_LOG, Act.DEBRIEF_SAY),
            *(Act.DEBRIEF_NOTE, Act.SWITCH_OPEN, Act.RHYTHM_SET, Act.TOUCH_OPEN, Act.SIGN_OPEN),
            *(Act.CARE_DONE, Act.KIT_DONE, Act.CUSTOMER_FINE, Act.CUSTOMER_AGREED),
            *(Act.CUSTOMER_DATE, Act.CUSTOMER_NAME, Act.CUSTOMER_TALK, Act.CUSTOMER_SILENT),
            BookAct.SEND_ALL,
        ),
        Do.SEND: (Act.LETTER_SENT, Act.LETTER_COPY, Act.LETTER_MAIL),
        Do.UNSEND: (Act.LETTER_BACK,),
        Do.APPROVE: (
            *(Act.PIECES_APPROVE, Act.PIECE_CHANGES, BookAct.APPROVE_ALL, BookAct.APPROVE_APART),
        ),
        Do.DECIDE: (
            *(Act.ITEM_SETTLE, Act.LINK_WAIVE, Act.CONTACT_DECIDE, Act.PLAN_WARNING),
            *(Act.PLAN_CALLS, Act.READY_AGAIN, Act.DATES_CHANGE, Act.DATES_KEEP),
        ),
        Do.TASKS: (
            *(Act.ACTION_ADD, Act.RED_ACT, Act.RED_DONE, Act.TASK_EXTEND, Act.TASK_REASSIGN),
            Act.TASK_WAIVE,
        ),
        Do.PEOPLE: (
            *(Act.DECLINE_OPEN, Act.INCOMING_NAME, Act.SOURCE_NAME, Act.TELL_NOW),
            *(Act.BACKUP_NAME, Act.LEADER_CHANGE, Act.INTERIM_NAME, Act.GUESTS_CHOOSE),
            *(BookAct.TELL, BookAct.TELL_ONE, BookAct.BACKUP),
        ),
        Do.END: (
            *(Act.WAIVE_OPEN, Act.COMPLETE_OPEN, Act.PAUSE_OPEN, Act.TAKE_UP, Act.CANCEL_OPEN),
            *(Act.REVERSE_OPEN, Act.VISIT_OPEN, Act.CARE_OPEN, BookAct.SEVERAL),
        ),
        Do.BOOK: (
            *(BookAct.OPEN, BookAct.SHARED, BookAct.ACCOUNTS, BookAct.PAGE, BookAct.PASTE),
            *(BookAct.UPLOAD, BookAct.SHEET, BookAct.PICK, BookAct.ROW, BookAct.SEGMENT),
            *(BookAct.WHO, BookAct.DISCARD, BookAct.SHARE_OPEN, BookAct.SHARE_PAGE),
            BookAct.SHARE_ROW,
        ),
        Do.HOURS: (BookAct.HOURS,),
        Do.LOOK: (
            *(Act.MENU_LIST, Act.MENU_HELP, Act.LIST_PAGE, Act.EXAMPLE_TRY, Act.REMINDERS_OPEN),
            *(Act.DIGEST_MORE, Act.DIGEST_PAGE),
        ),
        Do.START: (*(Act.MENU_START, Act.START_MORE, Act.DRAFT_SAVE, BookAct.BEGIN, BookAct.NEW),),
        Do.REPORT: (Act.REPORT_SEND,),
        Do.SETTINGS: (
            *(Act.MENU_SETTINGS, Act.DIGEST_CHOOSE, Act.DIGEST_REMOVE, Act.LESSON_NOTED),
        ),
    }
)
"""What is pressed or picked."""

SUBMISSIONS: Mapping[str, Do] = _by_name(
    {
        Do.VAULT: (*(Form.CHECKS, Form.LISTEN_HELD, Form.POINT, Form.POINT_TOLD, Form.WORD),),
        Do.ACCEPT: (Form.DECLINE,),
        Do.ANSWER: (
            *(Form.QUESTION, Form.SECTION, Form.RECORD, Form.PASTE, Form.UNSORTED_FILE),
            *(BookForm.NOTES, BookForm.ONCE, BookForm.WHICH, BookForm.FORMS),
        ),
        Do.OTHERS: (Form.ASK_SOMEBODY,),
        Do.ASK: (Form.ASK, Form.PACK_ASK, Form.MESSAGE, Form.ASK_RECORD, Form.READ_ASK),
        Do.REPLY: (Form.ASK_ANSWER,),
        Do.RECEIVE: (
            *(Form.AHEAD, Form.ITEM_PROPOSE, Form.ITEM_DECLINE, Form.PACK_RETURN),
            *(Form.TEACH_BACK, Form.READY),
        ),
        Do.SETTLE: (Form.PROPOSAL_REFUSE,),
        Do.VOUCH: (Form.TAUGHT_ADD,),
        Do.REASON: (Form.REASON,),
        Do.SAY: (Form.LETTER_OBJECT, Form.MOOD),
        Do.CHECK_IN: (Form.CHECK_IN,),
        Do.WORK: (
            *(Form.LETTER, Form.PLAN_MOVE, Form.AWAY, Form.CALL_TIME, Form.COVER_PLAN),
            *(Form.COVER_NOTE, Form.SESSION, Form.DEBRIEF, Form.SWITCH, Form.TOUCH, Form.SIGN),
            *(Form.CUSTOMER_AGREED, Form.CUSTOMER_DATE, Form.CUSTOMER_TALK),
        ),
        Do.SEND: (Form.LETTER_COPY, Form.LETTER_SENT),
        Do.APPROVE: (Form.PIECE_CHANGES, Form.PIECES_APPROVE),
        Do.DECIDE: (
            *(Form.ITEM_SETTLE, Form.PLAN_WARNING, Form.CONTACT_DECIDE, Form.DATES),
            Form.DATES_SURE,
        ),
        Do.TASKS: (Form.ACTION, Form.RED, Form.TASK_EXTEND, Form.TASK_REASSIGN, Form.TASK_WAIVE),
        Do.PEOPLE: (
            *(Form.NAME_INCOMING, Form.NAME_SOURCE, Form.BACKUP, Form.LEADER, Form.INTERIM),
            *(Form.GUESTS, BookForm.BACKUP),
        ),
        Do.END: (
            *(Form.WAIVE, Form.COMPLETE, Form.PAUSE, Form.CANCEL, Form.REVERSE, Form.VISIT),
            *(Form.CARE, BookForm.SEVERAL, BookForm.SURE),
        ),
        Do.BOOK: (
            *(BookForm.ACCOUNTS, BookForm.PASTE, BookForm.UPLOAD, BookForm.SHEET, BookForm.PICK),
            *(BookForm.ROW, BookForm.SEGMENT, BookForm.WHO, BookForm.FAULTS, BookForm.START),
            *(BookForm.SHARE, BookForm.SKILLS),
        ),
        Do.HOURS: (BookForm.HOURS,),
        Do.LOOK: (Form.REMINDERS,),
        Do.START: (Form.START, Form.TELLINGS, BookForm.SHARED),
        Do.SETTINGS: (Form.DIGEST,),
        Do.LEADERS: (Form.SETTINGS,),
    }
)
"""What is submitted."""

WORDS: Mapping[str, Do] = {
    "": Do.LOOK,
    "start": Do.START,
    "list": Do.LOOK,
    "show": Do.SEE,
    "brief": Do.BRIEF,
    "ask": Do.ASK,
    "book": Do.START,
    "report": Do.REPORT,
    "digest": Do.LOOK,
    "settings": Do.SETTINGS,
    "help": Do.LOOK,
}
"""The words after `/handover`; any other gets help."""

SHORTCUTS: Mapping[str, Do] = {ADD_MESSAGE: Do.LOOK}
"""What is chosen on a message."""

WRITTEN: Mapping[type[Payload], Do] = {Reply: Do.REPLY, Edit: Do.CORRECT, Deletion: Do.CORRECT}
"""What is written to the bot, changed and deleted there."""

HOME = Do.LOOK
"""The row of the Home tab."""

OF_NO_HANDOVER = frozenset(
    {Do.LOOK, Do.START, Do.CONFIDE, Do.REPORT, Do.SETTINGS, Do.LEADERS, Do.LEADER}
)
"""The rows that are about the workspace; what somebody makes for themselves is theirs."""

JUDGED_BY_EVENT = frozenset({Act.DRAFT_DISCARD})
"""What is one event, which the desk judges: whoever presses twice finds done what they wanted."""


def may_enter(office: Office, who: Payload, do: Do | None, *, at_once: bool = False) -> bool:
    """Whether somebody who acts is a full member of the office's workspace, or a guest admitted to
    a handover who does what such a guest may. Everybody else is a stranger.

    Raises SilentSlackError when nobody knows: what a member did must not be lost.
    `at_once`: nobody is fetched or stored, and who was never seen may enter.
    """
    met = office.roster.known(who.user) if at_once else _met(office, who.user)
    if met is None or met.is_colleague:
        return True
    return do is not None and met.is_only_guest and _is_admitted(office, met, do)


def check(office: Office, do: Do | None, handover: str, user: str) -> None:
    """Ask the table before anything about a handover is done, shown or even said to be too late.

    Raises FlowError `not_found`, `not_yours`: the same words for whoever it is not for.
    """
    if do is None:
        raise FlowError("not_found")
    if do in OF_NO_HANDOVER:
        return
    with office.desk.database.read() as connection:
        stored = handovers.load(connection, office.team, handover)
    if stored is None:
        raise FlowError("not_found")
    if not granted(do, parts(stored.value, user), theirs=True):
        raise FlowError("not_yours")


def _met(office: Office, user: str) -> Person:
    met = office.roster.meet({user}).get(user)
    if met is None:
        raise SilentSlackError
    return met


def _is_admitted(office: Office, guest: Person, do: Do) -> bool:
    if not granted(do, {Part.GUEST}, theirs=True):
        return False
    with office.desk.database.read() as connection:
        theirs = handovers.taking_part(connection, office.team, guest.user)
    return any(Part.GUEST in parts(handover, guest.user) for handover in theirs)
