"""Putting tasks off, how somebody wants to be reminded, and the leader's word on what is late."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.desk import Receipt
from bot.ids import Act, Field, Form, Ref
from bot.listeners.clicks import about
from bot.listeners.reading import local_now, scene_of
from bot.listeners.rows import Row
from bot.listeners.showing import hint, open_modal
from bot.listeners.starting import Answer
from bot.office import Office
from bot.payloads import Click, Submission
from bot.views import people
from bot.views.blocks import Choice
from bot.views.dates import day, iso_day
from bot.views.errors import say
from bot.views.nudges import reminder_forms
from bot.views.rows import title_of, todo_words
from bot.views.scene import Scene
from bot.views.side_by_side import check_in
from bot.views.slack_text import Surface, one_line
from flows.errors import FlowError
from flows.events import CheckedIn, TaskExtended, TaskReassigned, TaskWaived
from flows.staffing.reassigning import who_could
from flows.tasks import Task, open_tasks

View = dict[str, Any]


def is_in_agenda(click: Click) -> bool:
    """Whether somebody acted on a task in an agenda."""
    if click.view is not None or not click.block.startswith("{"):
        return False
    try:
        return bool(Ref.load(click.block).t)
    except ValueError:
        # No block of ours.
        return False


def snooze(office: Office, click: Click) -> None:
    """Put a task off by so many working days; the agenda follows by itself."""
    ref, days = about(click), int(click.chosen[0]) if click.chosen else 0
    receipt = Receipt(click.team, click.key)
    until = office.reminding.snooze(receipt, click.user, ref.h, ref.t, days)
    if until:
        hint(office, click, say("snoozed", day=day(until)))


def open_wishes(office: Office, click: Click) -> None:
    """How somebody wants to be reminded."""
    known = office.reminding.wishes_of(click.user)
    rhythm = office.desk.playbooks.current.reminders
    today = local_now(office, click.user).date()
    open_modal(office, click, reminder_forms.wishes_form(known, rhythm, today))


def _extend(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    return reminder_forms.extend_form(ref, _task_words(office, click.user, ref))


def _waive(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    return reminder_forms.waive_form(ref, _task_words(office, click.user, ref))


def _reassign(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    scene, task = _late(office, click.user, ref)
    could = [
        Choice(user, people.person(user, scene.names, Surface.PLAIN))
        for user in who_could(scene.handover, task)
    ]
    if not could:
        raise FlowError("only_theirs")
    return reminder_forms.reassign_form(ref, _words_of(scene, task), could)


def _help(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    scene = scene_of(office, click.user, ref.h)
    return check_in.help_form(scene, ref)


OPENERS: Mapping[str, Callable[[Office, Click, Ref, Row], View]] = {
    Act.TASK_EXTEND: _extend,
    Act.CHECK_IN_HELP: _help,
    Act.TASK_REASSIGN: _reassign,
    Act.TASK_WAIVE: _waive,
}
"""The modal that a click opens; who may see it is read from the stored handover."""


def _task_words(office: Office, user: str, ref: Ref) -> str:
    """What is late, and with whom. Raises FlowError `not_yours`, `no_such_task`."""
    return _words_of(*_late(office, user, ref))


def _late(office: Office, user: str, ref: Ref) -> tuple[Scene, Task]:
    """What a leader is to decide about. Raises FlowError `not_yours`, `no_such_task`."""
    scene = scene_of(office, user, ref.h)
    owed = open_tasks(scene.handover, scene.playbook, user)
    task = next((task for task in owed if task.key == ref.t), None)
    if task is None:
        raise FlowError("no_such_task")
    return scene, task


def _words_of(scene: Scene, task: Task) -> str:
    """What there is to do, with whom it is, and since when it is late."""
    title = title_of(scene.handover, scene.playbook, task.todo, task.subject)
    what = f": “{one_line(title, Surface.MRKDWN, scene.names, 100)}”" if title else ""
    owner = people.person(task.owner, scene.names)
    when = iso_day(task.due.isoformat())
    return f"*{scene.account}* · {owner}: {todo_words(task.todo)}{what}, due on {when}"


def _submit_extension(office: Office, submission: Submission) -> Answer | None:
    ref = Ref.load(submission.metadata)
    until, why = reminder_forms.read_extension(submission.values)
    if until is None:
        raise FlowError("missing", field=Field.DAY)
    at, by = office.desk.clock.now(), submission.user
    _record(office, submission, ref, TaskExtended(at=at, by=by, key=ref.t, day=until, why=why))
    return None


def _submit_waiver(office: Office, submission: Submission) -> Answer | None:
    ref, why = Ref.load(submission.metadata), reminder_forms.read_why(submission.values)
    at, by = office.desk.clock.now(), submission.user
    _record(office, submission, ref, TaskWaived(at=at, by=by, key=ref.t, why=why))
    return None


def _submit_reassigned(office: Office, submission: Submission) -> Answer | None:
    ref = Ref.load(submission.metadata)
    to, why = reminder_forms.read_reassigned(submission.values)
    at, by = office.desk.clock.now(), submission.user
    _record(office, submission, ref, TaskReassigned(at=at, by=by, key=ref.t, to=to, why=why))
    return None


def _submit_check_in(office: Office, submission: Submission) -> Answer | None:
    ref, text = Ref.load(submission.metadata), check_in.read_help(submission.values)
    known = {"at": office.desk.clock.now(), "by": submission.user, "week": int(ref.r)}
    event = CheckedIn.model_validate(known | {"needs_help": True, "help": text})
    _record(office, submission, ref, event)
    return None


def _submit_wishes(office: Office, submission: Submission) -> Answer | None:
    try:
        office.reminding.wish(submission.user, reminder_forms.read_wishes(submission.values))
    except FlowError as error:
        raise FlowError(error.code, field=Field.UNTIL) from error
    return None


SUBMISSIONS: Mapping[str, Callable[[Office, Submission], Answer | None]] = {
    Form.TASK_EXTEND: _submit_extension,
    Form.CHECK_IN: _submit_check_in,
    Form.TASK_REASSIGN: _submit_reassigned,
    Form.TASK_WAIVE: _submit_waiver,
    Form.REMINDERS: _submit_wishes,
}
"""What a modal's submission records; none closes it."""


_FIELDS = {"day": Field.DAY, "why": Field.TEXT, "owner": Field.PERSON}


def _record(
    office: Office,
    submission: Submission,
    ref: Ref,
    event: CheckedIn | TaskExtended | TaskReassigned | TaskWaived,
) -> None:
    try:
        office.desk.record(Receipt(submission.team, submission.key), ref.h, event)
    except FlowError as error:
        field = _FIELDS.get(error.field, Field.TEXT)
        raise FlowError(error.code, field=field) from error
