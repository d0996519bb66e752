"""Somebody else does what is late: who could, and what it changes (C4).

What only one person can do stays with them: what the incoming CSM is to know or to say, a
signature, or what somebody saw. Where they cannot, somebody else is named in their place.
"""

from flows.errors import FlowError
from flows.handover import Handover
from flows.nudges.ruling import Ruling, with_owner
from flows.nudges.ruling_events import TaskReassigned
from flows.playbook import Playbook
from flows.privacy import close_ones
from flows.schedule.workdays import add_workdays
from flows.tasks import Task, Todo, all_tasks
from flows.texts.pieces import approvers

_TIME = 2
"""Working days that somebody has at least for what was passed on to them."""

_ANYBODY = frozenset(
    {
        Todo.AFTERCARE,
        Todo.ANSWER_ASK,
        Todo.BREAK_SILENCE,
        Todo.CALL_CUSTOMER,
        Todo.CHANGE_PIECE,
        Todo.COVER,
        Todo.DO_ITEM,
        Todo.LOG_SESSION,
        Todo.MILESTONE,
        Todo.NOTE_ANSWER,
        Todo.SEND_LETTERS,
        Todo.SET_TIME,
        Todo.TELL_WITHDRAWN,
        Todo.TRY_ANOTHER,
    }
)
"""What all who work on a handover may do."""

_LEADERS = frozenset(
    {
        Todo.ACT_ON_RED,
        Todo.ANSWER_WARNING,
        Todo.APPROVE,
        Todo.CONFIRM_END,
        Todo.DECIDE_CONTACT,
        Todo.DECIDE_READY,
        Todo.DO_ACTION,
        Todo.FOLLOW_UP,
        Todo.MARK_TAUGHT,
        Todo.SEND_TEXT,
        Todo.SETTLE_DECLINED,
        Todo.TALK,
    }
)
"""What leaders may do, also in the place of others: the leader and the backup."""


def who_could(handover: Handover, task: Task) -> tuple[str, ...]:
    """Who could do a task in its owner's place, as Slack ids; nobody where only they can."""
    if task.todo in _ANYBODY:
        found = close_ones(handover)
    else:
        found = tuple(approvers(handover)) if task.todo in _LEADERS else ()
    return tuple(user for user in found if user != task.owner)


def task_reassigned(handover: Handover, event: TaskReassigned, playbook: Playbook) -> Handover:
    """Somebody else has a task now, and some time for it.

    Raises FlowError `no_such_task`, `only_theirs`, and `no_part` with the field.
    """
    owed = all_tasks(handover, playbook)
    task = next((task for task in owed if task.key == event.key), None)
    if task is None:
        raise FlowError("no_such_task")
    could = who_could(handover, task)
    if not could:
        raise FlowError("only_theirs")
    if event.to not in could:
        raise FlowError("no_part", field="owner")
    if task.todo is Todo.ANSWER_ASK:
        return _asked(handover, task.subject, event.to)
    if task.todo is Todo.AFTERCARE:
        return _cared_for(handover, int(task.subject), event.to)
    until = max(task.due, add_workdays(event.at.date(), _TIME))
    ruling = Ruling(by=event.by, at=event.at, until=until, why=event.why.strip(), to=event.to)
    first = first_key(handover, task.key)
    rulings = {key: old for key, old in handover.rulings.items() if key != first}
    if with_owner(first, event.to) != first:
        rulings[first] = ruling
    return handover.model_copy(update={"rulings": rulings})


def first_key(handover: Handover, key: str) -> str:
    """Under which key a task came up, should it have been passed on since."""
    passed = (
        first
        for first, old in handover.rulings.items()
        if old.to and with_owner(first, old.to) == key
    )
    return next(passed, key)


def _asked(handover: Handover, ask: str, to: str) -> Handover:
    asks = (
        known.model_copy(update={"to": to}) if known.id == ask else known for known in handover.asks
    )
    return handover.model_copy(update={"asks": tuple(asks)})


def _cared_for(handover: Handover, number: int, to: str) -> Handover:
    known = handover.ending.aftercare
    care = known[number].model_copy(update={"owner": to})
    changed = (*known[:number], care, *known[number + 1 :])
    ending = handover.ending.model_copy(update={"aftercare": changed})
    return handover.model_copy(update={"ending": ending})
