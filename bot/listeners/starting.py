"""`/handover start`: the form, who is told what, and the start itself.

The form opens before anything is written, from memory: its trigger lives three seconds.
Whatever it says is checked again from the database when it is submitted; errors come back inside
the modal, at their fields.
"""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from bot.desk import Receipt
from bot.ids import Draft, Field, at_field
from bot.listeners.reading import publish_home
from bot.listeners.rows import open_row
from bot.listeners.showing import note, note_view
from bot.office import Office
from bot.payloads import Click, Submission, key_of
from bot.views.errors import say
from bot.views.slack_text import Surface, from_form, one_line, to_form
from bot.views.start_form import (
    read_start,
    read_tellings,
    saved_draft_view,
    start_form,
    tellings_form,
)
from flows.errors import FlowError
from flows.events import Opened, Started
from flows.handover import Handover, Party, Stage, Telling, When
from flows.joining import check_start
from flows.ledger import checked_value
from flows.playbook import Part
from flows.privacy import may_know
from flows.terms import Confidential, PartKind, Role
from storage import handovers
from storage.people import Person

Answer = dict[str, Any]
"""What a submission is answered with: Slack's `response_action` and what goes with it."""

_ACCOUNT = 200
_ARR = Part(key="arr", kind=PartKind.NUMBER, label="Annual revenue (ARR)")
_FIELDS = {"day": Field.DAY, "incoming": Field.INCOMING, "outgoing": Field.OUTGOING}


def blank_form(office: Office, user: str, account: str = "") -> dict[str, Any]:
    """The start form as it opens; nothing is fetched or written before it."""
    shown = to_form(account, office.roster.names())[:_ACCOUNT]
    return form_for(office, user, Draft(account=shown, outgoing=user))


def form_for(office: Office, user: str, draft: Draft) -> dict[str, Any]:
    """The start form as this user is to see it."""
    leaders = office.roster.leaders
    return start_form(
        draft,
        office.roster.names({user, *leaders}),
        leader_view=office.roster.is_leader(user),
        leaders=leaders,
        name_leaders=not leaders and office.roster.is_admin(user),
    )


def more_fields(office: Office, click: Click) -> None:
    """Show the fields under More; what is typed stays."""
    view = click.view or {}
    draft = read_start(click.state, Draft.load(view["private_metadata"]))
    shown = form_for(office, click.user, draft.model_copy(update={"more": True}))
    office.soon(lambda: office.gateway.views_update(view["id"], shown, view["hash"]))


def submit_form(office: Office, submission: Submission) -> Answer:
    """Next: the errors of the form, or who is told what."""
    draft = read_start(submission.values, Draft.load(submission.metadata))
    event = _event(office, submission.user, submission.team, draft)
    leader_view = office.roster.is_leader(submission.user)
    _check_confidential(office, submission.user, draft)
    check_start(event)
    if _in_flight(office, submission.user, event.account):
        shown = one_line(event.account, Surface.PLAIN, office.roster.names())
        return {
            "response_action": "errors",
            "errors": {Field.ACCOUNT.value: say("in_flight", account=shown)},
        }
    users = {draft.outgoing, draft.incoming, draft.leader, draft.backup} - {""}
    form = tellings_form(
        draft, office.roster.names(users), submission.user, leader_view=leader_view
    )
    return {"response_action": "push", "view": form}


def submit_tellings(office: Office, submission: Submission) -> Answer:
    """Start and tell them; everything is checked again, for the form may be old."""
    draft = read_tellings(submission.values, Draft.load(submission.metadata))
    if draft.handover:
        _open(office, submission, draft)
        return {"response_action": "clear"}
    started = _start(office, submission, draft, quietly=False)
    if started.stage is Stage.DRAFT:
        # This very form saved it as a draft before.
        _open(office, submission, draft.model_copy(update={"handover": started.id}))
    return {"response_action": "clear"}


def save_draft(office: Office, click: Click) -> None:
    """Keep it to oneself for now."""
    view = click.view or {}
    draft = read_tellings(click.state, Draft.load(view["private_metadata"]))
    saved_as = _start(office, click, draft, quietly=True)
    if saved_as.stage is not Stage.DRAFT:
        raise FlowError("already_started")
    names = office.roster.names()
    saved = saved_draft_view(draft.model_copy(update={"handover": saved_as.id}), names)
    office.soon(lambda: office.gateway.views_update(view["id"], saved))
    if click.user in office.at_home:
        office.soon(lambda: publish_home(office, click.user))


def _open(office: Office, act: Submission | Click, draft: Draft) -> None:
    """Start a stored draft."""
    now, tellings = office.desk.clock.now(), _tellings(office, draft, act.user)
    event = Opened(at=now, by=act.user, tellings=tellings)
    office.desk.record(Receipt(act.team, act.key), draft.handover, event)


def _start(office: Office, act: Submission | Click, draft: Draft, *, quietly: bool) -> Handover:
    """Create the handover, at most one per form however often its buttons are pressed.

    Gives it as it is stored.
    """
    view = act.view or {}
    once = key_of("start", view.get("root_view_id") or view["id"])
    event = _event(office, act.user, act.team, draft).model_copy(
        update={"id": once[:20], "draft": quietly, "tellings": _tellings(office, draft, act.user)}
    )
    _check_confidential(office, act.user, draft)
    confidential = Confidential(draft.confidential) if draft.confidential else None
    recorded = office.desk.start(Receipt(act.team, once), event, confidential)
    _list_first_leader(office, act.user, draft.leader)
    return open_row(office, event.id, act.user)[0] if recorded.again else recorded.handover


def _check_confidential(office: Office, user: str, draft: Draft) -> None:
    """A leader's word alone makes it confidential, and not where the leader hands over or takes."""
    if not draft.confidential:
        return
    if not office.roster.is_leader(user):
        raise FlowError("not_yours", field=Field.CONFIDENTIAL)
    if user in {draft.incoming, "" if draft.outgoing_name else draft.outgoing}:
        raise FlowError("confidential_csm", field=Field.CONFIDENTIAL)


def _in_flight(office: Office, user: str, account: str) -> bool:
    """Whether a handover of this account is under way, as far as whoever starts one may know.

    One that they may not know of stays hidden: the start goes on, and that one's leader is told.
    """
    with office.desk.database.read() as connection:
        same = handovers.of_account(connection, office.team, account)
    return any(row.stage is not Stage.DRAFT and may_know(row, user) for row in same)


def _event(office: Office, user: str, team: str, draft: Draft) -> Started:
    """The form as an event. Raises FlowError with the field at fault."""
    outgoing, incoming = _parties(office, user, draft)
    _check_leader(office, user, draft.leader)
    return Started(
        at=office.desk.clock.now(),
        by=user,
        id=office.desk.new_id(),
        team=team,
        playbook=office.desk.playbooks.name,
        account=_short(draft.account, Field.ACCOUNT),
        segment=draft.segment,
        reason=draft.reason,
        outgoing=outgoing,
        incoming=incoming,
        leader=draft.leader,
        backup=draft.backup or None,
        day=date.fromisoformat(draft.day),
        day_is=draft.day_is,
        arr=Decimal(checked_value(_ARR, draft.arr)) if draft.arr else None,
        renewal=date.fromisoformat(draft.renewal) if draft.renewal else None,
        crm_link=draft.crm_link,
    )


def _short(typed: str, field: Field) -> str:
    """A name in its stored form, in which `&` takes five characters."""
    stored = from_form(typed)
    if not stored:
        raise FlowError("missing", field=field)
    if len(stored) > _ACCOUNT:
        raise FlowError("too_long", field=field)
    return stored


def _parties(office: Office, user: str, draft: Draft) -> tuple[Party, Party | None]:
    """Both CSMs, as full members who may take part; only the outgoing one may be gone."""
    wanted = {user, draft.outgoing, draft.incoming, draft.leader, draft.backup} - {""}
    met = office.roster.meet(wanted)
    for field, who in (
        (Field.INCOMING, draft.incoming),
        (Field.LEADER, draft.leader),
        (Field.BACKUP, draft.backup),
    ):
        if who:
            _check_colleague(met.get(who), field)
    incoming = Party(user=draft.incoming, name=met[draft.incoming].name) if draft.incoming else None
    if draft.outgoing_name:
        return Party(user=None, name=_short(draft.outgoing_name, Field.OUTGOING_NAME)), incoming
    if not draft.outgoing:
        raise FlowError("outgoing_missing", field=Field.OUTGOING)
    person = met.get(draft.outgoing)
    _check_colleague(person and replace(person, is_gone=False), Field.OUTGOING)
    gone = met[draft.outgoing].is_gone
    return Party(user=draft.outgoing, name=met[draft.outgoing].name, gone=gone), incoming


def _check_colleague(person: Person | None, field: Field) -> None:
    if person is None:
        raise FlowError("try_again", field=field)
    if not person.is_colleague:
        raise FlowError("not_a_colleague", field=field)


def _check_leader(office: Office, user: str, leader: str) -> None:
    """Listed leaders only; with none listed yet an admin, or whoever an admin names."""
    office.roster.refresh()
    if leader in office.roster.leaders:
        return
    nobody_listed = not office.roster.leaders
    if not (nobody_listed and (office.roster.is_admin(user) or office.roster.is_admin(leader))):
        raise FlowError("not_a_leader", field=Field.LEADER)


def _list_first_leader(office: Office, user: str, leader: str) -> None:
    """An admin who names a leader while there is no list begins the list."""
    if not office.roster.leaders and office.roster.is_admin(user):
        first = {"leaders": (leader,), "installer": office.roster.workspace.installer or user}
        office.roster.change(office.roster.workspace.model_copy(update=first))


def _tellings(office: Office, draft: Draft, user: str) -> dict[Role, Telling]:
    """When each CSM is told. Only a leader may choose; who starts it knows already."""
    tellings = {Role.OUTGOING: Telling(), Role.INCOMING: Telling()}
    if not office.roster.is_leader(user):
        return tellings
    for role, chosen in draft.tellings.items():
        when = When(chosen.when)
        at = None
        if when is When.LATER:
            if chosen.at is None:
                raise FlowError("when_missing", field=at_field(role))
            at = datetime.fromtimestamp(chosen.at, UTC)
            if at <= office.desk.clock.now():
                raise FlowError("when_past", field=at_field(role))
        tellings[role] = Telling(when=when, at=at)
    return tellings


def refused(error: FlowError, submission: Submission) -> Answer:
    """A refusal as Slack shows it: at the field at fault, else at the first one there is.

    A modal without a field gets another one on top that says it.
    """
    field, inputs = str(_FIELDS.get(error.field, error.field)), submission.inputs
    if not inputs or (error.field and field not in inputs):
        return {"response_action": "push", "view": note_view(note(say(error.code)))}
    at = field if field in inputs else inputs[0]
    return {"response_action": "errors", "errors": {at: say(error.code)}}
