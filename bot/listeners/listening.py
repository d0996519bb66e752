"""A leader's actions on any handover, and in the vault what the customer said and who is told.

The list of points is one modal: its forms take its place and give it back, for Slack stacks no more
than three. Such a form says which opening of it it is, so that two points in the same words are
two.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from bot.desk import Receipt
from bot.ids import Act, Field, Form, Ref, act
from bot.listeners.clicks import about
from bot.listeners.reading import local_now, scene_of
from bot.listeners.rows import Row
from bot.listeners.starting import Answer, show_instead
from bot.named import mentioned, people_of
from bot.office import Office
from bot.payloads import Click, Submission, key_of
from bot.views.confidential import action, listening, word
from bot.views.scene import Scene
from flows.confidential.listening import Point
from flows.confidential.listening_events import (
    CallHeld,
    PointChanged,
    PointClosed,
    PointPassedOn,
    PointRaised,
    PointReopened,
    PointTold,
    WordGiven,
)
from flows.confidential.vault import VaultEvent, listening_call
from flows.errors import FlowError
from flows.events import ActionAdded
from flows.handover import Party
from flows.privacy import leads, may_open_vault, told_user
from flows.schedule.workdays import add_workdays
from flows.terms import Role

View = dict[str, Any]
_DAYS = 5
"""In how many working days something is to be seen to, unless the leader says otherwise."""
_FIELDS = {"text": Field.TEXT, "owner": Field.PERSON, "word": Field.WORD}


def _points(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    return listening.points_view(_in_vault(office, click.user, ref))


def _give(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    scene = _in_vault(office, click.user, ref)
    incoming = told_user(scene.handover, Role.INCOMING)
    if incoming is None:
        raise FlowError("nobody_to_tell")
    return word.give_form(scene, ref.model_copy(update={"u": incoming}))


def _read(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    scene = scene_of(office, click.user, ref.h)
    return word.read_view(scene)


def _add_action(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    scene = scene_of(office, click.user, ref.h)
    return action.action_form(scene, Ref(h=ref.h), _usual_due(scene))


OPENERS: Mapping[str, Callable[[Office, Click, Ref, Row], View]] = {
    Act.LISTEN_OPEN: _points,
    Act.WORD_GIVE: _give,
    Act.WORD_READ: _read,
    Act.ACTION_ADD: _add_action,
}
"""The modal that a click opens; who may see it is read from the stored handover."""


def turn(office: Office, click: Click) -> None:
    """Another page of the points in the place of the one that is shown."""
    ref = about(click)
    scene = _in_vault(office, click.user, ref)
    show_instead(office, click, listening.points_view(scene, _page(ref)))


def change(office: Office, click: Click) -> None:
    """A point is closed, or open again."""
    ref, at = about(click), office.desk.clock.now()
    closes = act(click.action) == Act.POINT_CLOSE
    happens: type[PointClosed | PointReopened] = PointClosed if closes else PointReopened
    event = happens(at=at, by=click.user, id=ref.r)
    office.desk.record_in_vault(Receipt(click.team, click.key), ref.h, event)
    turn(office, click)


def fill_in(office: Office, click: Click) -> None:
    """A form in the place of the list. Raises FlowError `not_yours`, `no_such_point`."""
    ref = about(click).model_copy(update={"o": click.key[:20]})
    scene = _in_vault(office, click.user, ref)
    show_instead(office, click, _FORMS[act(click.action)](scene, ref))


def _changing(scene: Scene, ref: Ref) -> View:
    return listening.point_form(scene, ref, _usual_due(scene), _found(scene, ref))


def _passing(scene: Scene, ref: Ref) -> View:
    if not leads(scene.handover, scene.viewer):
        raise FlowError("not_yours")
    point = _found(scene, ref)
    return action.action_form(scene, ref, max(point.due, scene.now.date()), point)


_FORMS: Mapping[str, Callable[[Scene, Ref], View]] = {
    Act.POINT_ADD: lambda scene, ref: listening.point_form(scene, ref, _usual_due(scene)),
    Act.POINT_CHANGE: _changing,
    Act.POINT_TOLD: lambda scene, ref: listening.told_form(
        scene, ref, _found(scene, ref), scene.now.date()
    ),
    Act.LISTEN_HELD: lambda scene, ref: listening.held_form(scene, ref, scene.now.date()),
    Act.POINT_HAND_ON: _passing,
}

OTHERS: Mapping[str, Callable[[Office, Click], None]] = {
    Act.LISTEN_PAGE: turn,
    Act.POINT_CLOSE: change,
    Act.POINT_REOPEN: change,
    **dict.fromkeys(_FORMS, fill_in),
}
"""What is clicked in the list of points."""


def _submit_point(office: Office, submission: Submission) -> Answer | None:
    ref = Ref.load(submission.metadata)
    text, owner, due = listening.read_point(submission.values)
    told = _checked(office, submission.user, text, owner, due)
    office.roster.meet(mentioned(text))
    who = {"at": office.desk.clock.now(), "by": submission.user}
    said: dict[str, Any] = {"said": text, "owner": owner, "due": told}
    if ref.r:
        return _noted(office, submission, ref, PointChanged(**who, id=ref.r, **said))
    return _noted(office, submission, ref, PointRaised(**who, id=_makes(submission, ref), **said))


def _submit_told(office: Office, submission: Submission) -> Answer | None:
    ref, on = Ref.load(submission.metadata), listening.read_on(submission.values)
    if on is None:
        raise FlowError("missing", field=Field.ON)
    _check_past(office, submission.user, on)
    at = office.desk.clock.now()
    return _noted(office, submission, ref, PointTold(at=at, by=submission.user, id=ref.r, on=on))


def _submit_held(office: Office, submission: Submission) -> Answer | None:
    ref, values = Ref.load(submission.metadata), submission.values
    on = None if listening.read_unwanted(values) else listening.read_on(values)
    if on is None and not listening.read_unwanted(values):
        raise FlowError("missing", field=Field.ON)
    if on:
        _check_past(office, submission.user, on)
    at = office.desk.clock.now()
    return _noted(office, submission, ref, CallHeld(at=at, by=submission.user, on=on))


def _submit_word(office: Office, submission: Submission) -> Answer | None:
    ref, chosen = Ref.load(submission.metadata), word.read_word(submission.values)
    if chosen is None:
        raise FlowError("missing", field=Field.WORD)
    at = office.desk.clock.now()
    event = WordGiven(at=at, by=submission.user, to=ref.u, word=chosen)
    _record(office, submission, ref, event)
    return None


def _submit_action(office: Office, submission: Submission) -> Answer | None:
    """Something for somebody to do; `ref.r` names the point that it is made of, if it is of one."""
    ref = Ref.load(submission.metadata)
    text, owner, due = action.read_action(submission.values)
    told = _checked(office, submission.user, text, owner, due)
    office.roster.meet(mentioned(text))
    at, by, made = office.desk.clock.now(), submission.user, _makes(submission, ref)
    names = office.roster.names({owner})
    taker = Party(user=owner, name=names(owner))
    event = ActionAdded(at=at, by=by, id=made, text=text, owner=taker, due=told)
    beside = PointPassedOn(at=at, by=by, id=ref.r, action=made, text=text) if ref.r else None
    try:
        office.desk.record(_receipt(submission, ref), ref.h, event, beside)
    except FlowError as error:
        raise _at_field(error) from error
    return _list_again(office, submission, ref) if ref.r else None


SUBMISSIONS: Mapping[str, Callable[[Office, Submission], Answer | None]] = {
    Form.POINT: _submit_point,
    Form.POINT_TOLD: _submit_told,
    Form.LISTEN_HELD: _submit_held,
    Form.WORD: _submit_word,
    Form.ACTION: _submit_action,
}
"""What a modal's submission records; none closes it."""


def _in_vault(office: Office, user: str, ref: Ref) -> Scene:
    """The handover with its vault, for whoever may open that. Raises FlowError `not_yours`."""
    scene = scene_of(office, user, ref.h)
    if not may_open_vault(scene.handover, user):
        raise FlowError("not_yours")
    call = listening_call(scene.vault, scene.handover, scene.playbook)
    said = (who for point in scene.vault.listening.points for who in mentioned(point.said))
    named = {*people_of(scene.handover), *(call.listeners if call else ()), *said}
    return replace(scene, names=office.roster.names(named))


def _found(scene: Scene, ref: Ref) -> Point:
    found = next((p for p in scene.vault.listening.points if p.id == ref.r), None)
    if found is None:
        raise FlowError("no_such_point")
    return found


def _usual_due(scene: Scene) -> date:
    return add_workdays(scene.now.date(), _DAYS)


def _checked(office: Office, user: str, text: str, owner: str, due: date | None) -> date:
    """The day, once all is there. Raises FlowError `missing`, `date_past` with the field."""
    for field, there in ((Field.TEXT, text), (Field.PERSON, owner), (Field.DUE, due)):
        if not there:
            raise FlowError("missing", field=field)
    if due is None or due < local_now(office, user).date():
        raise FlowError("date_past", field=Field.DUE)
    return due


def _check_past(office: Office, user: str, on: date) -> None:
    if on > local_now(office, user).date():
        raise FlowError("date_to_come", field=Field.ON)


def _noted(office: Office, submission: Submission, ref: Ref, event: VaultEvent) -> Answer:
    """Record it; the list comes back in the form's place."""
    _record(office, submission, ref, event)
    return _list_again(office, submission, ref)


def _record(office: Office, submission: Submission, ref: Ref, event: VaultEvent) -> None:
    try:
        office.desk.record_in_vault(_receipt(submission, ref), ref.h, event)
    except FlowError as error:
        raise _at_field(error) from error


def _list_again(office: Office, submission: Submission, ref: Ref) -> Answer:
    scene = _in_vault(office, submission.user, ref)
    return {"response_action": "update", "view": listening.points_view(scene, _page(ref))}


def _page(ref: Ref) -> int:
    return int(ref.v or 0)


def _receipt(submission: Submission, ref: Ref) -> Receipt:
    return Receipt(submission.team, key_of("form", ref.o, submission.key))


def _makes(submission: Submission, ref: Ref) -> str:
    return key_of("made", ref.o, submission.view_id)[:20]


def _at_field(error: FlowError) -> FlowError:
    return FlowError(error.code, field=_FIELDS.get(error.field, error.field))
