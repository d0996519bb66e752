"""The customer's mood: signs and a line, what is done about red, and that somebody was in touch."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.desk import Receipt
from bot.ids import Act, Field, Form, Ref
from bot.listeners.following import below_anew, shown_below
from bot.listeners.reading import scene_of
from bot.listeners.rows import Row
from bot.office import Office
from bot.payloads import Click, Submission
from bot.views.customer import mood_forms
from flows import events as e
from flows.errors import FlowError

View = dict[str, Any]
Answer = dict[str, Any]

_FIELDS = {"text": Field.TEXT, "day": Field.DAY}


def _mood(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    scene = scene_of(office, click.user, ref.h)
    return mood_forms.mood_form(scene, scene.ref(r=ref.r, p=shown_below(click)))


def _action(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    scene = scene_of(office, click.user, ref.h)
    return mood_forms.action_form(scene, scene.ref(r=ref.r, p=shown_below(click)))


def _touch(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    scene = scene_of(office, click.user, ref.h)
    return mood_forms.touch_form(scene, scene.ref(p=shown_below(click)))


OPENERS: Mapping[str, Callable[[Office, Click, Ref, Row], View]] = {
    Act.MOOD_MORE: _mood,
    Act.RED_ACT: _action,
    Act.TOUCH_OPEN: _touch,
}
"""The modal that a click opens; who may see it is read from the stored handover."""


def _submit_mood(office: Office, submission: Submission) -> Answer | None:
    feeling, signals, note = mood_forms.read_mood(submission.values)
    if feeling is None:
        raise FlowError("missing", field=Field.CHOICE)
    known = {"feeling": feeling, "signals": signals, "note": note}
    ref = Ref.load(submission.metadata)
    _record(office, submission, ref, e.MoodGiven, round=ref.r, **known)
    return None


def _submit_action(office: Office, submission: Submission) -> Answer | None:
    ref, what = Ref.load(submission.metadata), mood_forms.read_text(submission.values)
    due = mood_forms.read_day(submission.values)
    if due is None:
        raise FlowError("missing", field=Field.DAY)
    _record(office, submission, ref, e.ActionTaken, round=ref.r, what=what, due=due)
    return None


def _submit_touch(office: Office, submission: Submission) -> Answer | None:
    on = mood_forms.read_day(submission.values)
    if on is None:
        raise FlowError("missing", field=Field.DAY)
    _record(office, submission, Ref.load(submission.metadata), e.Touched, on=on)
    return None


SUBMISSIONS: Mapping[str, Callable[[Office, Submission], Answer | None]] = {
    Form.MOOD: _submit_mood,
    Form.RED: _submit_action,
    Form.TOUCH: _submit_touch,
}
"""What a modal's submission records; none closes it."""


def _record(
    office: Office, submission: Submission, ref: Ref, kind: type[e.Happened], /, **known: object
) -> None:
    """Record an event; a refusal names the modal's own field."""
    at = office.desk.clock.now()
    event = e.EVENTS.validate_python(kind.model_validate({"at": at, "by": submission.user} | known))
    try:
        office.desk.record(Receipt(submission.team, submission.key), ref.h, event)
    except FlowError as error:
        raise FlowError(error.code, field=_FIELDS.get(error.field, error.field)) from error
    below_anew(office, submission)
