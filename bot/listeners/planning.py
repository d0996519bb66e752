"""The plan: having it sent, setting dates, and the leader's word on its timing."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.desk import Receipt
from bot.ids import Act, Field, Form, Ref
from bot.listeners.clicks import about
from bot.listeners.reading import local_now, scene_of
from bot.listeners.rows import Row
from bot.listeners.showing import hint
from bot.listeners.starting import Answer, refused
from bot.office import Office
from bot.payloads import Click, Submission
from bot.times import zone_named
from bot.views.dates import day
from bot.views.errors import say
from bot.views.scene import Scene
from bot.views.schedule import away, calls, plan_forms
from bot.views.slack_text import Surface, one_line
from flows.effects import Kind, Post
from flows.end.completing import is_over
from flows.errors import FlowError
from flows.events import AwayGiven, CallTimed, MilestoneMoved, WarningAnswered
from flows.handover import Party, Stage
from flows.known.written_days import UnreadableDaysError, read_days
from flows.schedule.calls import find_call
from flows.schedule.numbering import first_day
from flows.schedule.plan_warnings import PlanWarning, plan_warnings

View = dict[str, Any]

_LONGEST_PIECE = 40


def send_plan(office: Office, click: Click) -> None:
    """Have the plan sent to a person's DM: the picture, then the list that says the same."""
    scene = scene_of(office, click.user, about(click).h)
    if scene.handover.stage is not Stage.IN_FLIGHT:
        raise FlowError("is_over" if is_over(scene.handover) else "still_a_draft")
    both = [Post(to=click.user, kind=kind) for kind in (Kind.PLAN_PICTURE, Kind.PLAN)]
    office.errands.order(Receipt(click.team, click.key), scene.handover, both)
    hint(office, click, say("plan_coming"))


def _move(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    scene = scene_of(office, click.user, ref.h)
    return plan_forms.move_form(scene)


def _warning(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    scene = scene_of(office, click.user, ref.h)
    return plan_forms.warning_form(scene, _found(scene, ref.r))


def _found(scene: Scene, kind: str) -> PlanWarning:
    known = plan_warnings(scene.handover, scene.playbook)
    found = next((warning for warning in known if warning.kind == kind), None)
    if found is None:
        raise FlowError("no_such_warning")
    return found


def _away(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    scene = scene_of(office, click.user, ref.h)
    return away.away_form(scene)


def _time(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    scene = scene_of(office, click.user, ref.h)
    call = find_call(scene.handover, scene.playbook, ref.r)
    return calls.time_form(scene, call, _zone(office, click.user))


OPENERS: Mapping[str, Callable[[Office, Click, Ref, Row], View]] = {
    Act.PLAN_MOVE: _move,
    Act.PLAN_WARNING: _warning,
    Act.AWAY_OPEN: _away,
    Act.CALL_TIME: _time,
}
"""The modal that a click opens; who may see it is read from the stored handover."""


def _submit_move(office: Office, submission: Submission) -> Answer | None:
    ref = Ref.load(submission.metadata)
    key, when, why, insists = plan_forms.read_move(submission.values)
    if not key or when is None:
        raise FlowError("missing", field=Field.DAY if key else Field.MILESTONE)
    at = office.desk.clock.now()
    event = MilestoneMoved(at=at, by=submission.user, key=key, day=when, why=why, insist=insists)
    try:
        office.desk.record(Receipt(submission.team, submission.key), ref.h, event)
    except FlowError as error:
        if error.code == "too_close":
            scene = scene_of(office, submission.user, ref.h)
            first = day(first_day(scene.handover, scene.playbook, key, at.date()))
            return refused(FlowError(error.code, field=Field.DAY), submission, day=first)
        raise _at_field(error) from error
    return None


def _submit_warning(office: Office, submission: Submission) -> Answer | None:
    ref = Ref.load(submission.metadata)
    warning = _found(scene_of(office, submission.user, ref.h), ref.r)
    choice, user, why = plan_forms.read_warning(submission.values)
    if choice is None:
        raise FlowError("missing", field=Field.CHOICE)
    event = WarningAnswered(
        at=office.desk.clock.now(),
        by=submission.user,
        warning=warning.kind,
        choice=choice,
        why=why,
        person=_person(office, user),
    )
    try:
        office.desk.record(Receipt(submission.team, submission.key), ref.h, event)
    except FlowError as error:
        raise _at_field(error) from error
    return None


def _submit_away(office: Office, submission: Submission) -> Answer | None:
    ref, user = Ref.load(submission.metadata), submission.user
    text, today = away.read_away(submission.values), local_now(office, user).date()
    try:
        days = read_days(text, today)
    except UnreadableDaysError as error:
        what = one_line(error.piece, Surface.PLAIN, office.roster.names(), _LONGEST_PIECE)
        return refused(FlowError(error.code, field=Field.DAYS), submission, what=what)
    event = AwayGiven(at=office.desk.clock.now(), by=user, away=days)
    office.desk.record(Receipt(submission.team, submission.key), ref.h, event)
    return None


def _submit_time(office: Office, submission: Submission) -> Answer | None:
    ref = Ref.load(submission.metadata)
    begins, minutes = calls.read_time(submission.values)
    event = CallTimed(
        at=office.desk.clock.now(),
        by=submission.user,
        key=ref.r,
        start=begins,
        zone=_zone(office, submission.user),
        minutes=minutes,
    )
    office.desk.record(Receipt(submission.team, submission.key), ref.h, event)
    return None


SUBMISSIONS: Mapping[str, Callable[[Office, Submission], Answer | None]] = {
    Form.PLAN_MOVE: _submit_move,
    Form.PLAN_WARNING: _submit_warning,
    Form.AWAY: _submit_away,
    Form.CALL_TIME: _submit_time,
}
"""What a modal's submission records; none closes it."""

_FIELDS = {
    "day": Field.DAY,
    "why": Field.TEXT,
    "person": Field.KEEPER,
    "choice": Field.CHOICE,
}


def _zone(office: Office, user: str) -> str:
    """The zone of whoever acts, as far as it is known here."""
    person = office.roster.known(user)
    return str(zone_named(person.tz if person else ""))


def _at_field(error: FlowError) -> FlowError:
    """A refusal at the modal's own field."""
    return FlowError(error.code, field=_FIELDS.get(error.field, error.field))


def _person(office: Office, user: str) -> Party | None:
    if not user:
        return None
    met = office.roster.meet({user}).get(user)
    if met is None or not met.is_colleague:
        raise FlowError("try_again" if met is None else "not_a_colleague", field=Field.KEEPER)
    return Party(user=user, name=met.name)
