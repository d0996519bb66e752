"""The end of a handover: waiving, signing, completing, resting, calling off, and following up."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.desk import Receipt
from bot.ids import Act, Field, Form, Ref
from bot.listeners.following import below_anew, shown_below
from bot.listeners.reading import looked_at, scene_of
from bot.listeners.rows import Row
from bot.listeners.showing import note_view
from bot.office import Office
from bot.payloads import Click, Submission
from bot.views.customer.mood_forms import read_day, read_text
from bot.views.end import ending_forms, following_up
from bot.views.scene import Scene
from bot.views.state import picked_date
from flows import events as e
from flows import privacy
from flows.end.completing import is_over, open_points
from flows.end.following_up import follow_ups
from flows.errors import FlowError
from flows.tasks import Todo

View = dict[str, Any]
Answer = dict[str, Any]
Modal = Callable[[Scene, Ref], View]
Opener = Callable[[Office, Click, Ref, Row], View]

_FIELDS = {
    "why": Field.TEXT,
    "text": Field.TEXT,
    "day": Field.DAY,
    "customer": Field.CUSTOMER,
    "gaps": Field.QUESTIONS,
    "owner": Field.PERSON,
}


def _page(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    """What is open, who has signed, and what can be done; it knows what it shows."""
    known = Ref(h=ref.h, v=Todo.SIGN)
    return note_view(looked_at(office, click.user, known), known)


def _opener(form: Modal, may: Callable[[Office, Click, Ref, Row], None]) -> Opener:
    """Opens a form for whoever may; it carries what is shown below it."""

    def opens(office: Office, click: Click, ref: Ref, row: Row) -> View:
        may(office, click, ref, row)
        known = ref.model_copy(update={"p": shown_below(click)})
        return form(scene_of(office, click.user, ref.h), known)

    return opens


def _leader(_office: Office, click: Click, _ref: Ref, row: Row) -> None:
    if not privacy.leads(row[0], click.user):
        raise FlowError("not_yours")


def _leader_under_way(office: Office, click: Click, ref: Ref, row: Row) -> None:
    _leader(office, click, ref, row)
    if is_over(row[0]):
        raise FlowError("is_over")


def _signer(_office: Office, click: Click, _ref: Ref, row: Row) -> None:
    handover, _vault, playbook = row
    if not privacy.may_read_sensitive(handover, click.user):
        raise FlowError("not_yours")
    if is_over(handover):
        raise FlowError("is_over")
    if open_points(handover, playbook):
        raise FlowError("still_open")


def _visitor(office: Office, click: Click, ref: Ref, row: Row) -> None:
    _leader(office, click, ref, row)
    if ref.r not in follow_ups(row[0], row[2]):
        raise FlowError("no_such_follow_up")


OPENERS: Mapping[str, Opener] = {
    Act.END_OPEN: _page,
    Act.WAIVE_OPEN: _opener(ending_forms.waive_form, _leader_under_way),
    Act.SIGN_OPEN: _opener(ending_forms.sign_form, _signer),
    Act.COMPLETE_OPEN: _opener(ending_forms.complete_form, _leader_under_way),
    Act.PAUSE_OPEN: _opener(ending_forms.pause_form, _leader_under_way),
    Act.CANCEL_OPEN: _opener(ending_forms.cancel_form, _leader_under_way),
    Act.REVERSE_OPEN: _opener(ending_forms.reverse_form, _leader),
    Act.VISIT_OPEN: _opener(following_up.visit_form, _visitor),
    Act.CARE_OPEN: _opener(following_up.care_form, _leader),
}
"""The modal that a click opens; who may see it is read from the stored handover."""


def _submit_waived(office: Office, submission: Submission) -> Answer | None:
    ref, why = Ref.load(submission.metadata), _text(submission)
    _record(office, submission, e.PointWaived, what=ref.v, why=why)
    return None


def _submit_signed(office: Office, submission: Submission) -> Answer | None:
    ref, rating = Ref.load(submission.metadata), ending_forms.read_rating(submission.values)
    _record(office, submission, e.Signed, absent=ref.v, rating=rating)
    return None


def _submit_completed(office: Office, submission: Submission) -> Answer | None:
    _record(office, submission, e.Completed)
    return None


def _submit_paused(office: Office, submission: Submission) -> Answer | None:
    why, until = _text(submission), read_day(submission.values)
    if until is None:
        raise FlowError("missing", field=Field.DAY)
    _record(office, submission, e.HandoverPaused, why=why, until=until)
    return None


def _submit_cancelled(office: Office, submission: Submission) -> Answer | None:
    known = {
        "why": _text(submission),
        "customer": ending_forms.read_customer(submission.values),
        "wish": Ref.load(submission.metadata).k,
    }
    _record(office, submission, e.HandoverCancelled, **known)
    return None


def _submit_reversed(office: Office, submission: Submission) -> Answer | None:
    _record(office, submission, e.Reversed, why=_text(submission))
    return None


def _submit_visit(office: Office, submission: Submission) -> Answer | None:
    ref, said = Ref.load(submission.metadata), following_up.read_visit(submission.values)
    _record(office, submission, e.FollowedUp, key=ref.r, **said)
    if said["well"]:
        return None
    scene = scene_of(office, submission.user, ref.h)
    return {"response_action": "update", "view": note_view(following_up.recorded(scene))}


def _submit_care(office: Office, submission: Submission) -> Answer | None:
    owner, due = (
        following_up.read_owner(submission.values),
        picked_date(submission.values, Field.DUE),
    )
    if not due:
        raise FlowError("missing", field=Field.DUE)
    known = {"owner": owner, "what": _text(submission), "due": due}
    _record(office, submission, e.AftercareBegun, **known)
    return {"response_action": "clear"}


SUBMISSIONS: Mapping[str, Callable[[Office, Submission], Answer | None]] = {
    Form.WAIVE: _submit_waived,
    Form.SIGN: _submit_signed,
    Form.COMPLETE: _submit_completed,
    Form.PAUSE: _submit_paused,
    Form.CANCEL: _submit_cancelled,
    Form.REVERSE: _submit_reversed,
    Form.VISIT: _submit_visit,
    Form.CARE: _submit_care,
}
"""What a modal's submission records; none closes it."""


def _text(submission: Submission) -> str:
    text = read_text(submission.values)
    if not text:
        raise FlowError("missing", field=Field.TEXT)
    return text


def _record(
    office: Office, submission: Submission, kind: type[e.Happened], /, **known: object
) -> None:
    """Record an event; a refusal names the modal's own field."""
    at, ref = office.desk.clock.now(), Ref.load(submission.metadata)
    event = e.EVENTS.validate_python(kind.model_validate({"at": at, "by": submission.user} | known))
    try:
        office.desk.record(Receipt(submission.team, submission.key), ref.h, event)
    except FlowError as error:
        raise FlowError(error.code, field=_FIELDS.get(error.field, error.field)) from error
    below_anew(office, submission)
