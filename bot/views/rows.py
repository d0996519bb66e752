"""One handover as one line of a list or of Home, and one task with the button that does it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.ids import Act, Ref
from bot.views import people
from bot.views.blocks import Block, Element, button, section
from bot.views.dates import iso_day
from bot.views.side_by_side import sessions
from bot.views.slack_text import Names, Surface, escaped, one_line
from bot.views.words import KIT, stage
from flows.end.completing import is_over
from flows.handover import Handover, Stage
from flows.knowledge.interview import progress
from flows.playbook import Playbook
from flows.schedule.timeline import make_plan
from flows.tasks import Todo
from flows.terms import Role
from flows.texts.pieces import approved_texts


@dataclass(frozen=True)
class Row:
    """A handover with the playbook it keeps."""

    handover: Handover
    playbook: Playbook


class Owed(Protocol):
    """One open task of the reader; `todo` is a Todo, `due` an ISO date."""

    @property
    def handover(self) -> str: ...
    @property
    def account(self) -> str: ...
    @property
    def todo(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def due(self) -> str: ...


@dataclass(frozen=True)
class Own:
    """A task of the reader's as the handover itself tells it."""

    handover: str
    account: str
    todo: str
    subject: str
    due: str


_TODOS: dict[str, tuple[str, str, Act]] = {
    Todo.FINISH_DRAFT: ("finish the draft", "Open the draft", Act.DRAFT_OPEN),
    Todo.ACCEPT: ("say whether you take it over", "Accept handover", Act.ACCEPT_YES),
    Todo.NAME_INCOMING: ("name the incoming CSM", "Name the incoming CSM", Act.INCOMING_NAME),
    Todo.ANSWER_QUESTIONS: ("answer the open questions", "Continue", Act.CARD_CONTINUE),
    Todo.INTRODUCE_YOURSELF: ("answer your own questions", "Continue", Act.CARD_CONTINUE),
    Todo.ANSWER_ASK: ("answer a question", "Answer", Act.ASK_REPLY),
    Todo.RECORD_ANSWER: ("note what somebody answers", "Record their answer", Act.ASK_RECORD),
    Todo.READ_PACK: ("read the pack and accept it", "Read the pack", Act.READ_OPEN),
    Todo.DECIDE_ITEMS: ("say yes or no to new promises and issues", "Read them", Act.READ_OPEN),
    Todo.SETTLE_PROPOSAL: ("answer a proposed change", "Look at the change", Act.HOME_TASK),
    Todo.SETTLE_DECLINED: ("decide about a declined promise or issue", "Decide", Act.ITEM_SETTLE),
    Todo.DO_ITEM: ("see to a promise or issue", "Mark done", Act.ITEM_DONE),
    Todo.TELL_WITHDRAWN: (
        "tell the customer that this is withdrawn",
        "The customer knows",
        Act.ITEM_DONE,
    ),
    Todo.FIX_LINK: ("make a document open", "Look at the document", Act.HOME_TASK),
    Todo.TEACH_BACK: ("answer in your own words", "Answer in your words", Act.TEACH_OPEN),
    Todo.MARK_TAUGHT: ("look at the answers in own words", "Look at the answers", Act.HOME_TASK),
    Todo.AGREE_REASON: ("agree what the customer is told", "Look at the text", Act.HOME_TASK),
    Todo.NAME_BACKUP: ("name who approves when you are away", "Name a backup", Act.BACKUP_NAME),
    Todo.SEND_LETTERS: (
        "send the customer's texts for approval",
        "Look at the texts",
        Act.HOME_TASK,
    ),
    Todo.APPROVE: ("approve what the customer is told", "Look at it", Act.HOME_TASK),
    Todo.CHANGE_PIECE: ("change what the leader wants changed", "Look at it", Act.HOME_TASK),
    Todo.READ_ADDITIONS: ("read what was added", "Read it", Act.HOME_TASK),
    Todo.MILESTONE: ("take the next step of the plan", "Mark done", Act.PLAN_DONE),
    Todo.COVER: ("introduce and reassure people", "Show the stakeholders", Act.HOME_TASK),
    Todo.SET_TIME: ("set the time of a call", "Set a time", Act.CALL_TIME),
    Todo.LOG_SESSION: ("hold a session side by side", "Log session", Act.SESSION_LOG),
    Todo.DEBRIEF: ("say how a session went", "Say how it went", Act.HOME_TASK),
    Todo.SAY_READY: ("say how ready you are to lead", "How ready are you?", Act.READY_OPEN),
    Todo.DECIDE_READY: ("decide about the lead switch", "Look at it", Act.HOME_TASK),
    Todo.SWITCH_LEAD: ("switch the lead", "Switch lead", Act.SWITCH_OPEN),
    Todo.ANSWER_WARNING: ("decide about the timing", "Decide", Act.PLAN_WARNING),
    Todo.SEND_TEXT: ("send the customer what is approved", "Look at the text", Act.HOME_TASK),
    Todo.NOTE_ANSWER: ("note what the customer said", "Note it", Act.HOME_TASK),
    Todo.CALL_CUSTOMER: ("call the customer, who did not reply", "Look at it", Act.HOME_TASK),
    Todo.TRY_ANOTHER: ("try another of the customer's people", "Look at it", Act.HOME_TASK),
    Todo.DECIDE_CONTACT: (
        "decide about a customer who asks for the old contact",
        "Decide",
        Act.CONTACT_DECIDE,
    ),
    Todo.TALK: ("talk to the customer", "Look at the text", Act.HOME_TASK),
    Todo.SAY_MOOD: ("say how the customer seems", "Say how they seem", Act.HOME_TASK),
    Todo.ACT_ON_RED: (
        "decide what we do about a red mood check",
        "Look at the mood check",
        Act.HOME_TASK,
    ),
    Todo.DO_ACTION: ("do what is planned about the mood", "Look at the plan", Act.HOME_TASK),
    Todo.BREAK_SILENCE: ("be in touch with the customer", "We were in touch", Act.TOUCH_OPEN),
    Todo.SIGN: ("sign that all is handed over", "Look and sign", Act.HOME_TASK),
    Todo.CONFIRM_END: ("confirm that the handover is complete", "Look at it", Act.HOME_TASK),
    Todo.TAKE_UP: ("take the handover up again", "Take it up again", Act.TAKE_UP),
    Todo.FOLLOW_UP: ("ask the customer how it went", "Record follow-up", Act.VISIT_OPEN),
    Todo.CHECK_IN: ("say how it goes this week", "All is well", Act.CHECK_IN_WELL),
    Todo.AFTERCARE: ("see to what is left after the handover", "Mark done", Act.CARE_DONE),
    Todo.MOVE_DATES: ("decide about another last working day", "Look at it", Act.HOME_TASK),
    Todo.NAME_INTERIM: (
        "name who leads until somebody takes over",
        "Name an interim lead",
        Act.INTERIM_NAME,
    ),
    Todo.TELL_INCOMING: (
        "tell the incoming CSM, or name somebody else",
        "Look at it",
        Act.HOME_TASK,
    ),
    Todo.TELL_OUTGOING: (
        "tell the outgoing CSM, whose answers are missing",
        "Look at it",
        Act.HOME_TASK,
    ),
    Todo.KIT: ("see to something for the last day", "Mark done", Act.KIT_DONE),
    Todo.LEAD_MEETING: (
        "find who leads a meeting with the customer",
        "Show the plan",
        Act.PLAN_SHOW,
    ),
    Todo.LEADERS_CHECKS: ("look at Leader's checks", "Open Leader's checks", Act.CHECKS_OPEN),
}
"""What each task is called, and the button that does it."""

_ABOUT_TEXTS = frozenset(
    {
        Todo.CHANGE_PIECE,
        Todo.SEND_TEXT,
        Todo.NOTE_ANSWER,
        Todo.CALL_CUSTOMER,
        Todo.TRY_ANOTHER,
        Todo.DECIDE_CONTACT,
    }
)
_DONE = frozenset({Act.ITEM_DONE, Act.PLAN_DONE, Act.CARE_DONE, Act.KIT_DONE})
_OPENED = {
    Act.ACCEPT_YES: Act.HOME_TASK,
    Act.ITEM_DONE: Act.LIST_SHOW,
    Act.PLAN_DONE: Act.PLAN_SHOW,
    Act.CARE_DONE: Act.LIST_SHOW,
    Act.CHECK_IN_WELL: Act.LIST_SHOW,
    Act.TAKE_UP: Act.LIST_SHOW,
    Act.KIT_DONE: Act.HOME_TASK,
}
"""How a task is looked at whose button does it there and then."""


def row_line(row: Row, names: Names) -> str:
    """Account, stage, progress, lead and texts of a handover, a line each; a draft has a stage."""
    handover = row.handover
    if handover.stage is Stage.DRAFT:
        return f"*{people.account(handover, names)}*: {stage(handover, row.playbook)}"
    if is_over(handover):
        first = f"*{people.account(handover, names)}*: {stage(handover, row.playbook)}"
        return f"{first}\n{people.lead_line(handover, names)}"
    done = progress(handover, row.playbook, Role.OUTGOING)
    counts = f"{done.answered} of {done.required} required answered"
    lines = [
        f"*{people.account(handover, names)}*: {stage(handover, row.playbook)}, {counts}",
        people.lead_line(handover, names),
    ]
    approved, texts = approved_texts(handover)
    if texts:
        lines.append(f"Texts for the customer: {approved} of {texts} approved")
    return "\n".join(lines)


def row_block(row: Row, names: Names) -> Block:
    """A handover with a button that shows it."""
    label = f"Show {people.account(row.handover, names, Surface.PLAIN)}"
    show = button(label, Act.LIST_SHOW, Ref(h=row.handover.id))
    return section(row_line(row, names), show)


def todo_words(todo: str) -> str:
    """What a task is called."""
    return _TODOS.get(todo, ("something to do", "", Act.HOME_TASK))[0]


def task_line(task: Owed, names: Names, subject: str = "") -> str:
    """A task with its account, what it is about where it is one of several, and its day."""
    account = one_line(task.account, Surface.MRKDWN, names, 200)
    return f"*{account}:* {task_words(task, names, subject)}, by {iso_day(task.due)}"


def task_words(task: Owed, names: Names, subject: str = "") -> str:
    """What there is to do, and with what where that is one of several."""
    about = f": “{one_line(subject, Surface.MRKDWN, names, 100)}”" if subject else ""
    return f"{todo_words(task.todo)}{about}"


def task_block(task: Owed, names: Names, subject: str = "") -> Block:
    """A task with the button that does it."""
    return section(task_line(task, names, subject), act_button(task))


def act_button(task: Owed) -> Element:
    """The button that does a task, or leads to where it is done."""
    _words, label, action = _TODOS.get(task.todo, ("", "Open", Act.HOME_TASK))
    return button(label, action, _ref(task))


def done_button(task: Owed, about: str) -> Element | None:
    """The button for a task that is simply marked as done, none for any other."""
    action = _TODOS.get(task.todo, ("", "", Act.HOME_TASK))[2]
    return button("Done", action, _ref(task), about=about) if action in _DONE else None


def open_button(task: Owed, about: str) -> Element:
    """The button that leads to where a task is done, and does nothing by itself."""
    action = _TODOS.get(task.todo, ("", "", Act.LIST_SHOW))[2]
    return button("Open", _OPENED.get(action, action), _ref(task), about=about)


def subject_of(rows: Sequence[Row], task: Owed) -> str:
    """What a task about one of several things is about: a record's title, or a milestone's."""
    known = next((row for row in rows if row.handover.id == task.handover), None)
    if known is None or not task.subject:
        return ""
    return title_of(known.handover, known.playbook, task.todo, task.subject)


def title_of(handover: Handover, playbook: Playbook, todo: str, subject: str) -> str:
    """What a record, a text, a session or a milestone is called, as stored, or nothing."""
    if todo in _ABOUT_TEXTS:
        key = subject.partition(":")[0]
        return next((spec.title for spec in playbook.letters if spec.key == key), key)
    if todo in (Todo.MILESTONE, Todo.COVER, Todo.SET_TIME, Todo.LOG_SESSION, Todo.LEAD_MEETING):
        milestone = make_plan(handover, playbook).find(subject)
        return milestone.title if milestone else ""
    if session := next((s for s in handover.leading.sessions if s.id == subject), None):
        return sessions.title(session)
    if todo == Todo.KIT:
        return KIT.get(subject, "").format(outgoing=handover.outgoing.name)
    if todo == Todo.FOLLOW_UP:
        return next((known.title for known in playbook.plan if known.key == subject), "")
    if todo == Todo.AFTERCARE:
        care = handover.ending.aftercare
        return care[int(subject)].what if int(subject) < len(care) else ""
    found = next((record for record in handover.records if record.id == subject), None)
    return next(iter(found.details.values()), "") if found else ""


def _ref(task: Owed) -> Ref:
    asks = task.todo in (Todo.ANSWER_ASK, Todo.RECORD_ANSWER)
    about = {"a" if asks else "r": task.subject} if task.subject else {}
    return Ref(h=task.handover, v=task.todo, **about)


def greeting(viewer: str, names: Names) -> str:
    """Hello, by name."""
    name = one_line(escaped(names(viewer)), Surface.MRKDWN, names, 80)
    return f"Hello {name}!"
