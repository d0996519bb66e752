"""The one message a day: what is for its reader to do, and what is late with others."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from bot.books.ids import BookAct
from bot.ids import Act, Ref
from bot.views import people
from bot.views.blocks import (
    Block,
    Choice,
    Element,
    Message,
    actions,
    button,
    context,
    divider,
    fitted,
    section,
    select,
)
from bot.views.dates import day, iso_day
from bot.views.reports.digest import week_ahead
from bot.views.rows import (
    Owed,
    Row,
    done_button,
    greeting,
    open_button,
    subject_of,
    task_words,
    title_of,
    todo_words,
)
from bot.views.side_by_side import check_in
from bot.views.slack_text import Names, Surface, one_line
from bot.views.words import counted
from flows.frozen import Moment
from flows.nudges.rhythm import Rhythm
from flows.nudges.rulings import WAIVABLE
from flows.reports.digest import Told
from flows.tasks import Todo, open_tasks

_OWN, _OTHERS = 10, 5
_TEXT = 3000
_TITLE = 100
_DONE = "All done for today. Thank you!"
_PAST = "Nothing is left to do in this message. Everything open stands on Home."
_LATE = "Overdue with others"

Part = tuple[str, list[Block]]
"""What is said in words, and how it is drawn."""


@dataclass(frozen=True)
class Item:
    """One open task in an agenda: its key, and its owner as a Slack id.

    `can_wait` says that its reader may put it off, `to_decide` that they are asked to decide, and
    `could` that somebody else could do it in its owner's place.
    One for a whole book stands for so many accounts `in_book`.
    """

    row: Row
    task: Owed
    key: str
    owner: str
    can_wait: bool = False
    to_decide: bool = False
    could: bool = False
    in_book: int = 0


@dataclass(frozen=True)
class Agenda:
    """What one person is told on one day, theirs; `week` is what they lead, where this opens a week
    (C5).
    """

    viewer: str
    day: date
    own: Sequence[Item]
    others: Sequence[Item]
    rhythm: Rhythm
    week: Sequence[Told] = ()


def agenda_message(agenda: Agenda, names: Names, now: Moment) -> Message:
    """The agenda as it stands; once nothing is left, just that."""
    hello, tasks = greeting(agenda.viewer, names), bool(agenda.own or agenda.others)
    if not (tasks or agenda.week):
        words = _DONE if agenda.day == now.date() else _PAST
        return Message(words, [section(words)])
    lines, blocks = list[str](), list[Block]()
    if agenda.week:
        lines, blocks = week_ahead(hello, agenda.week, names, now.date())
    if tasks:
        head = _head(agenda) if lines else f"{hello} {_head(agenda)}"
        lines.append(head)
        blocks.append(section(head))
    for words, drawn in (*_own(agenda, names, now), *_others(agenda, names, now)):
        lines.append(words)
        blocks += drawn
    left = max(0, len(agenda.own) - _OWN) + max(0, len(agenda.others) - _OTHERS)
    more = f"{counted(left, 'more thing')} on Home. " if left else ""
    blocks.append(context(f"{more}Everything open stands on Home."))
    blocks += actions([button("Change my reminders", Act.REMINDERS_OPEN)])
    return Message(fitted([line.replace("*", "") for line in lines], _TEXT), blocks)


def _head(agenda: Agenda) -> str:
    if not agenda.own:
        late = counted(len(agenda.others), "thing")
        return f"{_LATE}: {late}. You are told so that you can help."
    weekly = any(item.task.todo == Todo.CHECK_IN for item in agenda.own)
    first = "Your weekly check-in. " if weekly else ""
    return f"{first}For today: {counted(len(agenda.own), 'thing')}."


def _own(agenda: Agenda, names: Names, now: Moment) -> Iterator[Part]:
    """The reader's own tasks, by handover."""
    for _, items in groupby(_together(agenda.own[:_OWN]), key=lambda item: item.task.handover):
        for number, item in enumerate(items):
            if not number:
                account = _account(item, names)
                yield f"{account}:", [section(f"*{account}*")]
            words = _words(item, names, now)
            about = Ref(h=item.task.handover, t=item.key)
            yield f"• {words}", [section(words), *actions(_ways(agenda, item, names), about)]
            if item.task.todo == Todo.CHECK_IN and (rest := _also_open(agenda, item, names)):
                yield rest, [context(rest)]


def _also_open(agenda: Agenda, item: Item, names: Names) -> str:
    """What else is the reader's on a handover about whose week they are asked."""
    told = {one.key for one in agenda.own if one.task.handover == item.task.handover}
    handover, playbook = item.row.handover, item.row.playbook
    rest = []
    for task in open_tasks(handover, playbook, agenda.viewer):
        if task.owner == agenda.viewer and task.key not in told:
            title = title_of(handover, playbook, task.todo, task.subject)
            about = f": “{one_line(title, Surface.MRKDWN, names, _TITLE)}”" if title else ""
            rest.append(f"• {todo_words(task.todo)}{about}, by {day(task.due)}")
    return "\n".join(["Also open:", *rest[:_OWN]]) if rest else ""


def _ways(agenda: Agenda, item: Item, names: Names) -> Iterator[Element | None]:
    if item.in_book:
        book = Ref(h=item.row.handover.book)
        yield button("Continue with your book", BookAct.NEXT, book, "primary")
        return
    about = f"{_what(item, names)} · {people.account(item.row.handover, names, Surface.PLAIN)}"
    if item.task.todo == Todo.CHECK_IN:
        yield from check_in.ways(Ref(h=item.task.handover, r=item.task.subject), about)
    yield done_button(item.task, about)
    yield open_button(item.task, about)
    if item.can_wait:
        days = [Choice(str(days), counted(days, "working day")) for days in agenda.rhythm.snooze]
        yield select(days, placeholder="Snooze", action=Act.TASK_SNOOZE)


def _others(agenda: Agenda, names: Names, now: Moment) -> Iterator[Part]:
    """What is late with others, for whoever leads; and what to decide about it."""
    if agenda.others and agenda.own:
        yield f"{_LATE}:", [divider(), section(f"*{_LATE}*")]
    for item in agenda.others[:_OTHERS]:
        account = people.account(item.row.handover, names)
        owner = people.person(item.owner, names)
        words = f"*{account}* · {owner}: {_words(item, names, now)}{_only(item, names)}"
        yield f"• {words}", [section(words), *actions(_decisions(item, names))]


def _decisions(item: Item, names: Names) -> Iterator[Element]:
    """What whoever leads can do about it; more than to look only when it is very late."""
    task, ref = item.task, Ref(h=item.task.handover, t=item.key)
    account = people.account(item.row.handover, names, Surface.PLAIN)
    if item.to_decide:
        milestone = task.todo == Todo.MILESTONE
        yield button("Extend", Act.PLAN_MOVE if milestone else Act.TASK_EXTEND, ref, about=account)
        if task.todo == Todo.ACCEPT:
            yield button("Reassign", Act.INCOMING_NAME, Ref(h=task.handover), about=account)
        elif item.could:
            yield button("Reassign", Act.TASK_REASSIGN, ref, about=account)
        if task.todo in WAIVABLE:
            yield button("Waive", Act.TASK_WAIVE, ref, about=account)
    yield button("Open", Act.LIST_SHOW, Ref(h=task.handover), about=account)


def _only(item: Item, names: Names) -> str:
    """Why a task cannot be passed on, to whoever is to decide about it."""
    if not item.to_decide or item.could or item.task.todo == Todo.ACCEPT:
        return ""
    return f". Only {people.person(item.owner, names)} can do this"


def _words(item: Item, names: Names, now: Moment) -> str:
    """What there is to do, and by when."""
    due, today = item.task.due, now.date().isoformat()
    if due == today:
        when = "due today"
    else:
        when = f"{'was due on' if due < today else 'by'} {iso_day(due)}"
    return f"{_what(item, names)}, {when}"


def _what(item: Item, names: Names) -> str:
    return task_words(item.task, names, subject_of((item.row,), item.task))


def _account(item: Item, names: Names) -> str:
    """What a task is about: an account, or a book of them."""
    if not item.in_book:
        return people.account(item.row.handover, names)
    return f"Your book: {counted(item.in_book, 'account')}"


def _together(items: Sequence[Item]) -> list[Item]:
    """The items of one handover side by side, the handover with the most urgent one first."""
    first = {item.task.handover: number for number, item in reversed(list(enumerate(items)))}
    return sorted(items, key=lambda item: first[item.task.handover])
