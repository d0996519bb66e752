"""Dates, the leader and who leads in between, changed by a leader while a handover is under way."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from bot.desk import Receipt
from bot.ids import Act, Field, Form, Ref
from bot.listeners.clicks import about
from bot.listeners.colleagues import colleague
from bot.listeners.following import bring_up_to_date
from bot.listeners.reading import local_now, scene_of
from bot.listeners.rows import Row
from bot.listeners.showing import hint
from bot.listeners.starting import Answer
from bot.office import Office
from bot.payloads import Click, Submission
from bot.views.errors import say
from bot.views.scene import Scene
from bot.views.staffing import changing
from flows import events as e
from flows.advance import advance
from flows.effects import Kind, Post
from flows.end.completing import is_over
from flows.end.kits import KitItem
from flows.errors import FlowError
from flows.handover import Party, Stage
from flows.terms import DateIs

View = dict[str, Any]


def keep_dates(office: Office, click: Click) -> None:
    """The plan's day stays, though somebody told another one."""
    ref = about(click)
    scene = scene_of(office, click.user, ref.h)
    if ref.v != scene.handover.day.isoformat():
        raise FlowError("dates_moved")
    event = _event(office, click.user, scene.handover.day, scene.handover.day_is)
    office.desk.record(Receipt(click.team, click.key), ref.h, event)
    bring_up_to_date(office, click)


def copy_kit_text(office: Office, click: Click) -> None:
    """Have a text of the last-day kit sent alone, so that it can be copied."""
    ref = about(click)
    scene = scene_of(office, click.user, ref.h)
    post = Post(to=click.user, kind=Kind.KIT_COPY, subject=KitItem(ref.r))
    office.errands.order(Receipt(click.team, click.key), scene.handover, (post,))
    hint(office, click, say("copy_coming"))


def _dates(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    return changing.dates_form(_under_way(office, click.user, ref), ref)


def _leader(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    scene = scene_of(office, click.user, ref.h)
    leaders = office.roster.leaders
    named = replace(scene, names=office.roster.names({scene.handover.leader, *leaders}))
    return changing.leader_form(named, leaders)


def _interim(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    return changing.interim_form(_under_way(office, click.user, ref))


OPENERS: Mapping[str, Callable[[Office, Click, Ref, Row], View]] = {
    Act.DATES_CHANGE: _dates,
    Act.LEADER_CHANGE: _leader,
    Act.INTERIM_NAME: _interim,
}
"""The modal that a click opens; who may see it is read from the stored handover."""


def _submit_dates(office: Office, submission: Submission) -> Answer | None:
    """Nothing is changed yet: what would move is shown first."""
    scene = _under_way(office, submission.user, Ref.load(submission.metadata))
    when, kind = changing.read_dates(submission.values)
    if when is None or kind is None:
        raise FlowError("missing", field=Field.DAY_IS if when else Field.DAY)
    event = _event(office, submission.user, when, kind)
    after = advance(scene.handover, event, scene.playbook).handover
    return {"response_action": "push", "view": changing.dates_sure_form(scene, after)}


def _submit_sure(office: Office, submission: Submission) -> Answer | None:
    ref, why = Ref.load(submission.metadata), changing.read_why(submission.values)
    when, kind = date.fromisoformat(ref.v), DateIs(ref.k)
    event = _event(office, submission.user, when, kind, why)
    office.desk.record(Receipt(submission.team, submission.key), ref.h, event)
    return {"response_action": "clear"}


def _submit_leader(office: Office, submission: Submission) -> Answer | None:
    ref = Ref.load(submission.metadata)
    scene = scene_of(office, submission.user, ref.h)
    leader, backup = changing.read_leader(submission.values)
    office.roster.refresh()
    if leader != scene.handover.leader and leader not in office.roster.leaders:
        raise FlowError("not_a_leader", field=Field.LEADER)
    if backup and backup != scene.handover.backup:
        colleague(office, backup, Field.BACKUP)
    event = e.LeaderChanged(
        at=office.desk.clock.now(),
        by=submission.user,
        leader=leader,
        backup=backup or None,
        why=changing.read_why(submission.values),
    )
    office.desk.record(Receipt(submission.team, submission.key), ref.h, event)
    return {"response_action": "clear"}


def _submit_interim(office: Office, submission: Submission) -> Answer | None:
    ref = Ref.load(submission.metadata)
    user, until = changing.read_interim(submission.values)
    met = colleague(office, user, Field.PERSON)
    if until is None:
        raise FlowError("missing", field=Field.UNTIL)
    event = e.InterimNamed(
        at=office.desk.clock.now(),
        by=submission.user,
        person=Party(user=met.user, name=met.name),
        until=until,
    )
    office.desk.record(Receipt(submission.team, submission.key), ref.h, event)
    return {"response_action": "clear"}


SUBMISSIONS: Mapping[str, Callable[[Office, Submission], Answer | None]] = {
    Form.DATES: _submit_dates,
    Form.DATES_SURE: _submit_sure,
    Form.LEADER: _submit_leader,
    Form.INTERIM: _submit_interim,
}
"""What a modal's submission does; none closes it."""


def _event(office: Office, user: str, when: date, kind: DateIs, why: str = "") -> e.DatesChanged:
    today = local_now(office, user).date()
    at = office.desk.clock.now()
    return e.DatesChanged(at=at, by=user, today=today, day=when, day_is=kind, why=why)


def _under_way(office: Office, user: str, ref: Ref) -> Scene:
    """One handover while it goes on. Raises FlowError `is_over`, `still_a_draft` too."""
    scene = scene_of(office, user, ref.h)
    if scene.handover.stage is not Stage.IN_FLIGHT:
        raise FlowError("is_over" if is_over(scene.handover) else "still_a_draft")
    return scene
