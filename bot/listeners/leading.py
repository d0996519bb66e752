"""On the way to the lead switch: sessions, readiness and the switch, as clicks and modals."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.desk import Receipt
from bot.ids import Act, Field, Form, Ref
from bot.listeners.reading import scene_of
from bot.listeners.rows import Row
from bot.listeners.starting import Answer
from bot.office import Office
from bot.payloads import Click, Submission
from bot.views.scene import Scene
from bot.views.side_by_side import lead, ready, sessions
from bot.views.side_by_side.lead import on_the_way
from flows import events as e
from flows.errors import FlowError
from flows.side_by_side.lead import has_switched

View = dict[str, Any]

_FIELDS = {"day": Field.DAY, "why": Field.TEXT, "text": Field.TEXT}


def _log(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    return sessions.log_form(_working(office, click.user, ref), ref.r)


def _note(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    scene = scene_of(office, click.user, ref.h)
    session = sessions.find(scene, ref.r)
    if session is None or click.user not in (session.lead, session.observer):
        raise FlowError("no_such_session")
    return sessions.debrief_form(scene, session)


def _ready(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    scene = _working(office, click.user, ref)
    if not ready.is_theirs(scene):
        raise FlowError("not_yours")
    return ready.form(scene)


def _switch(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    return lead.switch_form(_working(office, click.user, ref))


OPENERS: Mapping[str, Callable[[Office, Click, Ref, Row], View]] = {
    Act.SESSION_LOG: _log,
    Act.DEBRIEF_NOTE: _note,
    Act.READY_OPEN: _ready,
    Act.SWITCH_OPEN: _switch,
}
"""The modal that a click opens; who may see it is read from the stored handover."""


def _submit_session(office: Office, submission: Submission) -> Answer | None:
    known = sessions.read_log(submission.values)
    _record(office, submission, e.SessionLogged, id=submission.makes, **known)
    return None


def _submit_debrief(office: Office, submission: Submission) -> Answer | None:
    known = sessions.read_debrief(submission.values, Ref.load(submission.metadata))
    _record(office, submission, e.SessionDebriefed, **known)
    return None


def _submit_ready(office: Office, submission: Submission) -> Answer | None:
    _record(office, submission, e.ReadinessGiven, **ready.read(submission.values))
    return None


def _submit_switch(office: Office, submission: Submission) -> Answer | None:
    why = lead.read_switch(submission.values)
    _record(office, submission, e.LeadSwitched, why=why)
    return None


SUBMISSIONS: Mapping[str, Callable[[Office, Submission], Answer | None]] = {
    Form.SESSION: _submit_session,
    Form.DEBRIEF: _submit_debrief,
    Form.READY: _submit_ready,
    Form.SWITCH: _submit_switch,
}
"""What a modal's submission records; none closes it."""


def _record(
    office: Office, submission: Submission, kind: type[e.Happened], /, **known: object
) -> None:
    """Record an event; a refusal names the modal's own field."""
    ref, at = Ref.load(submission.metadata), office.desk.clock.now()
    event = e.EVENTS.validate_python(kind.model_validate({"at": at, "by": submission.user} | known))
    try:
        office.desk.record(Receipt(submission.team, submission.key), ref.h, event)
    except FlowError as error:
        raise FlowError(error.code, field=_FIELDS.get(error.field, error.field)) from error


def _working(office: Office, user: str, ref: Ref) -> Scene:
    """One handover for somebody who works towards its switch.

    Raises FlowError `not_found`, `not_yours`, `leads_already`, `nobody_to_lead`.
    """
    scene = scene_of(office, user, ref.h)
    if has_switched(scene.handover):
        raise FlowError("leads_already")
    if not on_the_way(scene):
        raise FlowError("nobody_to_lead")
    return scene
