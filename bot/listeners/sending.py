"""Sending: copies for the customer, what was sent, and what the customer said to it.

Nothing here writes to a customer (G32); who may do what is read from the stored handover.
"""

from collections.abc import Callable, Mapping
from typing import Any

from bot.desk import Receipt
from bot.ids import Act, Field, Form, Ref
from bot.listeners.clicks import about
from bot.listeners.reading import scene_of
from bot.listeners.rows import Row
from bot.listeners.showing import hint, open_modal
from bot.listeners.starting import Answer, refused
from bot.office import Office
from bot.payloads import Click, Submission
from bot.views.customer import sending_forms
from bot.views.customer.customer_said import recipients
from bot.views.customer.sending import build, subject_for
from bot.views.dates import day
from bot.views.end import ending_forms
from bot.views.errors import say
from bot.views.scene import Scene
from flows import events as e
from flows.customer.sending import asking
from flows.customer.sent import Outcome, Says, Sent
from flows.customer.to_send import find_spec, held_up, may_send
from flows.effects import Kind, Post
from flows.errors import FlowError
from flows.privacy import leads, may_read_sensitive
from flows.schedule.numbering import first_day
from flows.texts.letter_specs import LetterSpec
from flows.texts.pieces import approved_text

View = dict[str, Any]


def show_next(office: Office, click: Click) -> None:
    """Have the texts that somebody sends, or looks after as a leader, sent to their DM again."""
    scene = scene_of(office, click.user, about(click).h)
    subject = subject_for(scene)
    if build(subject, scene) is None:
        raise FlowError("nothing_open")
    post = Post(to=click.user, kind=Kind.APPROVED, subject=subject)
    office.errands.order(Receipt(click.team, click.key), scene.handover, (post,))
    hint(office, click, say("texts_coming"))


def copy(office: Office, click: Click) -> None:
    """Have the customer's text sent to somebody alone in one message."""
    _prepare(office, click, Kind.CUSTOMER_COPY)


def mail(office: Office, click: Click) -> None:
    """Have the customer's text sent to somebody as a file for their mail program."""
    _prepare(office, click, Kind.CUSTOMER_MAIL)


def _prepare(office: Office, click: Click, kind: Kind) -> None:
    """Lay a text ready, for each by name where the customer's people are known.

    Raises FlowError `not_found`, `not_yours`, and what holds the text up.
    """
    ref = about(click)
    scene = scene_of(office, click.user, ref.h)
    spec, version = _ready(scene, ref.p)
    known = recipients(scene.handover)
    if len(known) > 1:
        open_modal(office, click, sending_forms.copy_form(scene, spec, version, kind))
        return
    _order(office, click, scene, (kind, f"{spec.key}:{version}"), tuple(one.id for one in known))
    hint(office, click, say("copy_coming"))


def _sent(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    scene = scene_of(office, click.user, ref.h)
    spec, version = _ready(scene, ref.p)
    return sending_forms.sent_form(scene, spec, version)


def _agreed(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    scene, sent = _answering(office, click, ref)
    return sending_forms.agreed_form(scene, sent, ref.v)


def _date(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    scene, sent = _answering(office, click, ref)
    return sending_forms.date_form(scene, sent, ref.v)


def _talk(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    scene, sent = _answering(office, click, ref)
    return sending_forms.talk_form(scene, sent, ref.v)


def _decide(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    scene = scene_of(office, click.user, ref.h)
    if asking(scene.handover, ref.p or ref.r) is None:
        raise FlowError("nothing_open")
    return sending_forms.decide_form(scene, ref.p or ref.r)


OPENERS: Mapping[str, Callable[[Office, Click, Ref, Row], View]] = {
    Act.LETTER_SENT: _sent,
    Act.CUSTOMER_AGREED: _agreed,
    Act.CUSTOMER_DATE: _date,
    Act.CUSTOMER_TALK: _talk,
    Act.CONTACT_DECIDE: _decide,
}
"""The modal that a click opens; who may see it is read from the stored handover."""


def _submit_copy(office: Office, submission: Submission) -> Answer | None:
    ref = Ref.load(submission.metadata)
    scene = scene_of(office, submission.user, ref.h)
    spec, version = _ready(scene, ref.p)
    there = {record.id for record in recipients(scene.handover)}
    to = tuple(key for key in sending_forms.read_to(submission.values) if key in there)
    kind = Kind.CUSTOMER_MAIL if ref.k == Kind.CUSTOMER_MAIL else Kind.CUSTOMER_COPY
    _order(office, submission, scene, (kind, f"{spec.key}:{version}"), to)
    return None


def _submit_sent(office: Office, submission: Submission) -> Answer | None:
    ref = Ref.load(submission.metadata)
    on, way, to, why = sending_forms.read_sent(submission.values)
    if on is None or way is None:
        raise FlowError("missing", field=Field.HOW if on else Field.ON)
    if on > scene_of(office, submission.user, ref.h).now.date():
        raise FlowError("date_to_come", field=Field.ON)
    known = {"version": int(ref.v), "on": on, "way": way, "to": to, "why": why}
    _record(office, submission, e.LetterSent, key=ref.p, **known)
    return None


def _submit_agreed(office: Office, submission: Submission) -> Answer | None:
    who, on = sending_forms.read_who_and_when(submission.values)
    _answered(office, submission, Says.FINE, who=who, on=on)
    return None


def _submit_date(office: Office, submission: Submission) -> Answer | None:
    ref, known = Ref.load(submission.metadata), sending_forms.read_date(submission.values)
    try:
        _answered(office, submission, Says.ANOTHER_DATE, **known)
    except FlowError as error:
        if error.code != "too_close":
            raise
        scene = scene_of(office, submission.user, ref.h)
        today, key = scene.now.date(), str(known["milestone"])
        first = day(first_day(scene.handover, scene.playbook, key, today))
        return refused(error, submission, day=first)
    return None


def _submit_talk(office: Office, submission: Submission) -> Answer | None:
    _who, on = sending_forms.read_who_and_when(submission.values)
    _answered(office, submission, Says.TALK, on=on)
    return None


def _submit_decided(office: Office, submission: Submission) -> Answer | None:
    ref = Ref.load(submission.metadata)
    outcome, until = sending_forms.read_decided(submission.values)
    if outcome is None:
        raise FlowError("missing", field=Field.OUTCOME)
    if outcome is Outcome.CANCEL:
        scene = scene_of(office, submission.user, ref.h)
        if not leads(scene.handover, submission.user):
            raise FlowError("not_yours")
        form = ending_forms.stay_form(scene, ref)
        return {"response_action": "update", "view": form}
    known = {"key": ref.p, "outcome": outcome, "until": until}
    _record(office, submission, e.OldContactDecided, **known)
    return None


SUBMISSIONS: Mapping[str, Callable[[Office, Submission], Answer | None]] = {
    Form.LETTER_COPY: _submit_copy,
    Form.LETTER_SENT: _submit_sent,
    Form.CUSTOMER_AGREED: _submit_agreed,
    Form.CUSTOMER_DATE: _submit_date,
    Form.CUSTOMER_TALK: _submit_talk,
    Form.CONTACT_DECIDE: _submit_decided,
}
"""What a modal's submission records; none closes it."""

_FIELDS = {
    "on": (Field.ON, Field.DAY),
    "day": (Field.DAY,),
    "way": (Field.HOW,),
    "to": (Field.TO,),
    "who": (Field.WHOM,),
    "why": (Field.TEXT,),
    "milestone": (Field.MILESTONE,),
    "until": (Field.UNTIL,),
}
"""Where a modal shows what is wrong with a field; the first of these that it has."""


def _ready(scene: Scene, key: str) -> tuple[LetterSpec, int]:
    """A text that may be sent now, by whoever may send it, and its version."""
    spec = find_spec(scene.handover, scene.playbook, key)
    if spec is None or not may_send(scene.handover, spec, scene.viewer):
        raise FlowError("not_yours")
    if held := held_up(scene.handover, spec):
        raise FlowError(held)
    version = approved_text(scene.handover, key)
    if version is None:
        raise FlowError("not_approved")
    return spec, version.number


def _answering(office: Office, click: Click, ref: Ref) -> tuple[Scene, Sent]:
    scene = scene_of(office, click.user, ref.h)
    if not may_read_sensitive(scene.handover, click.user):
        raise FlowError("not_yours")
    sent = scene.handover.sending.by_key(ref.p)
    if sent is None:
        raise FlowError("not_marked")
    if ref.v != str(scene.handover.sending.marks(ref.p)):
        raise FlowError("noted_meanwhile")
    return scene, sent


def _order(
    office: Office,
    asked: Click | Submission,
    scene: Scene,
    what: tuple[Kind, str],
    to: tuple[str, ...],
) -> None:
    """A text, as kind and key with version, for each who is named, or one for nobody by name."""
    kind, text = what
    posts = [Post(to=asked.user, kind=kind, subject=f"{text}:{record}") for record in to or ("",)]
    office.errands.order(Receipt(asked.team, asked.key), scene.handover, posts)


def _answered(office: Office, submission: Submission, says: Says, **known: object) -> None:
    ref = Ref.load(submission.metadata)
    fields = known | {"key": ref.p, "marks": int(ref.v), "says": says}
    _record(office, submission, e.CustomerAnswered, **fields)


def _record(
    office: Office, submission: Submission, kind: type[e.Happened], /, **known: object
) -> None:
    """Record an event; a refusal names the modal's own field."""
    at, ref = office.desk.clock.now(), Ref.load(submission.metadata)
    event = e.EVENTS.validate_python(kind.model_validate({"at": at, "by": submission.user} | known))
    try:
        office.desk.record(Receipt(submission.team, submission.key), ref.h, event)
    except FlowError as error:
        there = [field for field in _FIELDS.get(error.field, ()) if field in submission.inputs]
        raise FlowError(error.code, field=there[0] if there else "") from error
