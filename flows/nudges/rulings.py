"""More time for a task, or none of it: what whoever leads says about what is late (C4)."""

from flows.errors import FlowError
from flows.handover import Handover
from flows.nudges.ruling import Ruling, of_milestone
from flows.nudges.ruling_events import TaskExtended, TaskWaived
from flows.playbook import Playbook
from flows.schedule.calendars import FURTHEST
from flows.tasks import Task, Todo, all_tasks

WAIVABLE = frozenset(
    {
        Todo.MILESTONE,
        Todo.ANSWER_ASK,
        Todo.CHECK_IN,
        Todo.RECORD_ANSWER,
        Todo.INTRODUCE_YOURSELF,
        Todo.DEBRIEF,
        Todo.SAY_MOOD,
        Todo.KIT,
        Todo.LEAD_MEETING,
    }
)
"""What a handover can go on without; all else ends by being done, or by a decision of its own."""


def task_extended(handover: Handover, event: TaskExtended, playbook: Playbook) -> Handover:
    """A task is due on a later day. A step of the plan is moved there, with what depends on it.

    Raises FlowError `no_such_task`, `in_the_plan`, `date_past`, `too_far`.
    """
    task = _find(handover, event.key, playbook)
    if task.todo is Todo.MILESTONE:
        raise FlowError("in_the_plan")
    today = event.at.date()
    if event.day <= today:
        raise FlowError("date_past", field="day")
    if event.day > today + FURTHEST:
        raise FlowError("too_far", field="day")
    ruling = Ruling(by=event.by, at=event.at, until=event.day, why=event.why.strip())
    return _ruled(handover, task.key, ruling)


def task_waived(handover: Handover, event: TaskWaived, playbook: Playbook) -> Handover:
    """A task need not be done; what waited for it goes on.

    Raises FlowError `no_such_task`, `not_to_waive`, and `missing` with the field.
    """
    task = _find(handover, event.key, playbook)
    if task.todo not in WAIVABLE:
        raise FlowError("not_to_waive")
    if not event.why.strip():
        raise FlowError("missing", field="why")
    ruling = Ruling(by=event.by, at=event.at, waived=True, why=event.why.strip())
    key = of_milestone(task.subject) if task.todo is Todo.MILESTONE else task.key
    return _ruled(handover, key, ruling)


def _find(handover: Handover, key: str, playbook: Playbook) -> Task:
    found = next((task for task in all_tasks(handover, playbook) if task.key == key), None)
    if found is None:
        raise FlowError("no_such_task")
    return found


def _ruled(handover: Handover, key: str, ruling: Ruling) -> Handover:
    return handover.model_copy(update={"rulings": handover.rulings | {key: ruling}})
