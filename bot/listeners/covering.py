"""Stakeholders: looking at them, planning how they are introduced, and ticking what was done."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.desk import Receipt
from bot.ids import Act, Field, Form, Ref
from bot.listeners.clicks import about
from bot.listeners.reading import local_now, scene_of, task_message
from bot.listeners.rows import Row
from bot.listeners.showing import change_view, modal_of, note_view
from bot.listeners.starting import Answer
from bot.office import Office
from bot.payloads import Click, Submission
from bot.views.customer import coverage_forms
from bot.views.customer.coverage import may_tick
from bot.views.scene import Scene
from flows.customer.coverage import Covered, coverage
from flows.customer.introductions import Step
from flows.errors import FlowError
from flows.events import IntroductionsPlanned, StakeholderTicked
from flows.tasks import Todo

View = dict[str, Any]

_FIELDS = {"on": Field.ON, "who": Field.PERSON, "channel": Field.HOW, "why": Field.TEXT}


def tick(office: Office, click: Click) -> None:
    """A step was taken today, by whoever says so and in the planned way."""
    ref = about(click)
    event = StakeholderTicked(
        at=office.desk.clock.now(),
        by=click.user,
        id=ref.r,
        step=Step(ref.v),
        on=local_now(office, click.user).date(),
    )
    office.desk.record(Receipt(click.team, click.key), ref.h, event)


def turn_page(office: Office, click: Click) -> None:
    """Another page in the place of the one that is shown."""
    ref = about(click)
    view = _page(office, click.user, ref)
    change_view(office, modal_of(click)["id"], lambda: view)


def _open(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    return _page(office, click.user, ref)


def _page(office: Office, user: str, ref: Ref) -> View:
    """A page of stakeholders as a modal, which knows what it shows."""
    known = Ref(h=ref.h, v=Todo.COVER, r=ref.r)
    return note_view(task_message(office, user, known), known)


def _plan(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    scene = _working(office, click.user, ref)
    view = coverage_forms.plan_form(scene, coverage_forms.page_of(scene, ref.r), _under(click))
    if view is None:
        raise FlowError("no_such_record")
    return view


def _note(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    scene = _working(office, click.user, ref)
    one = _found(scene, ref.r)
    if not one.ways:
        raise FlowError("nothing_open")
    return coverage_forms.note_form(scene, one, _under(click))


OPENERS: Mapping[str, Callable[[Office, Click, Ref, Row], View]] = {
    Act.COVER_OPEN: _open,
    Act.COVER_PLAN: _plan,
    Act.COVER_NOTE: _note,
}
"""The modal that a click opens; who may see it is read from the stored handover."""


def _submit_plan(office: Office, submission: Submission) -> Answer | None:
    """Keep a page of the plan and go on to the next one."""
    ref = Ref.load(submission.metadata)
    people, why = coverage_forms.read_plan(submission.values, ref)
    at = office.desk.clock.now()
    event = IntroductionsPlanned(at=at, by=submission.user, people=people, why=why)
    _record(office, submission, ref, event)
    scene = _working(office, submission.user, ref)
    view = coverage_forms.plan_form(scene, int(ref.v) + 1, ref.p)
    return {"response_action": "update", "view": view} if view else None


def _submit_note(office: Office, submission: Submission) -> Answer | None:
    ref = Ref.load(submission.metadata)
    known = coverage_forms.read_note(submission.values)
    at = office.desk.clock.now()
    event = StakeholderTicked.model_validate({"at": at, "by": submission.user, "id": ref.r} | known)
    _record(office, submission, ref, event)
    return None


SUBMISSIONS: Mapping[str, Callable[[Office, Submission], Answer | None]] = {
    Form.COVER_PLAN: _submit_plan,
    Form.COVER_NOTE: _submit_note,
}
"""What a modal's submission records; none closes it."""


def _record(
    office: Office,
    submission: Submission,
    ref: Ref,
    event: IntroductionsPlanned | StakeholderTicked,
) -> None:
    """Record it; the page below shows what is true then. A refusal names the modal's own field."""
    try:
        office.desk.record(Receipt(submission.team, submission.key), ref.h, event)
    except FlowError as error:
        raise FlowError(error.code, field=_FIELDS.get(error.field, error.field)) from error
    below = submission.view.get("previous_view_id")
    if below:
        known = Ref(h=ref.h, r=ref.p)
        change_view(office, below, lambda: _page(office, submission.user, known))


def _under(click: Click) -> str:
    """The page of stakeholders in which somebody clicked."""
    view = click.view or {}
    return Ref.load(view.get("private_metadata", "")).r


def _working(office: Office, user: str, ref: Ref) -> Scene:
    """One handover for somebody who works on it. Raises FlowError `not_found`, `not_yours`."""
    scene = scene_of(office, user, ref.h)
    if not may_tick(scene):
        raise FlowError("not_yours")
    return scene


def _found(scene: Scene, key: str) -> Covered:
    known = coverage(scene.handover, scene.playbook)
    found = next((one for one in known if one.record.id == key), None)
    if found is None:
        raise FlowError("no_such_record")
    return found
