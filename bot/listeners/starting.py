"""`/handover start`: the form, who is told what, and the start itself.

The form opens before anything is written, from memory: its trigger lives three seconds.
Whatever it says is checked again from the database when it is submitted; errors come back inside
the modal, at their fields.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from bot.desk import Receipt
from bot.ids import Draft, at_field
from bot.listeners.clicks import about
from bot.listeners.reading import publish_home
from bot.listeners.rows import open_row
from bot.listeners.showing import change_view, is_in, modal_of, note, note_view, open_modal
from bot.listeners.start_checks import LONGEST_NAME, filled_in, in_flight
from bot.named import people_of
from bot.office import Office
from bot.payloads import Click, Submission, key_of
from bot.views.errors import facts_of, say
from bot.views.slack_text import to_form
from bot.views.staffing.start_form import (
    draft_of,
    gone_draft_view,
    read_start,
    read_tellings,
    saved_draft_view,
    start_form,
    tellings_form,
)
from bot.watch.watch import note_refusal
from flows.confidential.vault import ConfidentialChosen
from flows.errors import FlowError, FormError
from flows.events import Discarded, Opened, Redrafted, Started
from flows.handover import Handover, Stage, Telling, When
from flows.privacy import may_open_vault
from flows.terms import Confidential, Role

Answer = dict[str, Any]
"""What a submission is answered with: Slack's `response_action` and what goes with it."""


def blank_form(office: Office, user: str, account: str = "") -> dict[str, Any]:
    """The start form as it opens; nothing is fetched or written before it."""
    shown = to_form(account, office.roster.names())[:LONGEST_NAME]
    return form_for(office, user, Draft(account=shown, outgoing=user))


def form_for(office: Office, user: str, draft: Draft) -> dict[str, Any]:
    """The start form as this user is to see it."""
    office.roster.refresh()
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
    view = modal_of(click)
    draft = read_start(click.state, Draft.load(view["private_metadata"]))
    shown = form_for(office, click.user, draft.model_copy(update={"more": True}))
    change_view(office, view["id"], lambda: shown, view.get("hash", ""))


def submit_form(office: Office, submission: Submission) -> Answer:
    """Next: everything that is wrong with the form, or who is told what."""
    draft = read_start(submission.values, Draft.load(submission.metadata))
    user, more = submission.user, in_flight(office, submission.user, draft)
    try:
        if draft.handover:
            _redraft(office, submission, draft, more)
        else:
            filled_in(office, user, draft, more=more)
    except FormError as error:
        return refused(error, submission, **facts_of(draft, office.roster.names()))
    users = {draft.outgoing, draft.incoming, draft.leader, draft.backup} - {""}
    leader_view = office.roster.is_leader(user)
    form = tellings_form(draft, office.roster.names(users), user, leader_view=leader_view)
    return {"response_action": "update" if draft.handover else "push", "view": form}


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
    view = modal_of(click)
    draft = read_tellings(click.state, Draft.load(view["private_metadata"]))
    saved_as = _start(office, click, draft, quietly=True)
    if saved_as.stage is not Stage.DRAFT:
        raise FlowError("already_started")
    names = office.roster.names()
    saved = saved_draft_view(draft.model_copy(update={"handover": saved_as.id}), names)
    show_instead(office, click, saved)


def open_draft(office: Office, click: Click) -> None:
    """A saved draft, ready to be started, changed or discarded."""
    draft = _stored_draft(office, click)
    names = office.roster.names({draft.outgoing, draft.incoming, draft.leader, draft.backup} - {""})
    leader_view = office.roster.is_leader(click.user)
    open_modal(office, click, tellings_form(draft, names, click.user, leader_view=leader_view))


def edit_draft(office: Office, click: Click) -> None:
    """The form of a saved draft, in the place of who is told what; what was chosen there stays."""
    draft = read_tellings(click.state, _stored_draft(office, click))
    show_instead(office, click, form_for(office, click.user, draft))


def discard_draft(office: Office, click: Click) -> None:
    """Take a draft out of every list. Pressed twice, the second time finds it gone already."""
    event = Discarded(at=office.desk.clock.now(), by=click.user)
    try:
        office.desk.record(Receipt(click.team, click.key), about(click).h, event)
    except FlowError as error:
        if error.code != "not_found" or not is_in(click, "modal"):
            raise
    show_instead(office, click, gone_draft_view())


def _stored_draft(office: Office, click: Click) -> Draft:
    """A stored draft as its form shows it. Raises FlowError `not_found`, `already_started`."""
    handover, stood = _draft_row(office, about(click).h, click.user)
    return draft_of(handover, office.roster.names(people_of(handover)), stood)


def _draft_row(office: Office, handover: str, user: str) -> tuple[Handover, Confidential | None]:
    """A stored draft, and its confidential reason as far as this person may read it."""
    row, vault, _playbook = open_row(office, handover, user)
    if row.stage is not Stage.DRAFT:
        raise FlowError("already_started")
    return row, vault.confidential if may_open_vault(row, user) else None


def show_instead(office: Office, click: Click, view: dict[str, Any]) -> None:
    """Put another modal in the place of the one that was clicked in; Home follows."""
    change_view(office, modal_of(click)["id"], lambda: view)
    publish_home(office, click.user)


def _redraft(
    office: Office, submission: Submission, draft: Draft, more: Iterable[FlowError]
) -> None:
    """Change a stored draft as its form says; the vault hears only of another confidential reason.

    Raises FormError, and FlowError as the desk does.
    """
    user = submission.user
    _handover, stood = _draft_row(office, draft.handover, user)
    said = filled_in(office, user, draft, stood=stood, more=more)
    begin_list(office, submission, draft)
    now, chosen = office.desk.clock.now(), _confidential(draft)
    beside = ConfidentialChosen(at=now, by=user, confidential=chosen)
    office.desk.record(
        Receipt(submission.team, submission.key),
        draft.handover,
        Redrafted(at=now, by=user, **said),
        beside if chosen != stood else None,
    )


def _open(office: Office, act: Submission | Click, draft: Draft) -> None:
    """Start a stored draft; whoever leads no more leaves it as planned who is told when."""
    office.roster.refresh()
    leads = office.roster.is_leader(act.user)
    tellings = tellings_of(office, draft, act.user) if leads else {}
    event = Opened(at=office.desk.clock.now(), by=act.user, tellings=tellings)
    office.desk.record(Receipt(act.team, act.key), draft.handover, event)


def _start(office: Office, act: Submission | Click, draft: Draft, *, quietly: bool) -> Handover:
    """Create the handover, at most one per form however often its buttons are pressed.

    Gives it as it is stored.
    """
    view = act.view or {}
    once = key_of("start", view.get("root_view_id") or view["id"])
    said = filled_in(office, act.user, draft)
    begin_list(office, act, draft)
    event = Started(
        at=office.desk.clock.now(),
        by=act.user,
        id=once[:20],
        team=act.team,
        playbook=office.desk.playbooks.name,
        draft=quietly,
        tellings=tellings_of(office, draft, act.user),
        **said,
    )
    recorded = office.desk.start(Receipt(act.team, once), event, _confidential(draft))
    return open_row(office, event.id, act.user)[0] if recorded.again else recorded.handover


def _confidential(draft: Draft) -> Confidential | None:
    return Confidential(draft.confidential) if draft.confidential else None


def begin_list(office: Office, act: Submission | Click, draft: Draft) -> None:
    """An admin who names a leader while there is no list begins the list."""
    if not office.roster.leaders and office.roster.is_admin(act.user):
        office.errands.begin_leaders(Receipt(act.team, act.key), draft.leader, act.user)
        office.roster.refresh()


def tellings_of(office: Office, draft: Draft, user: str) -> dict[Role, Telling]:
    """When each CSM is told. Only a leader may choose; who starts it knows already.

    Raises FormError with every moment that is missing or past.
    """
    tellings = {Role.OUTGOING: Telling(), Role.INCOMING: Telling()}
    if not office.roster.is_leader(user):
        return tellings
    faults: list[FlowError] = []
    for role, chosen in draft.tellings.items():
        when, at = When(chosen.when), None
        if when is When.LATER:
            at = datetime.fromtimestamp(chosen.at or 0, UTC)
            if at <= office.desk.clock.now():
                code = "when_past" if chosen.at else "when_missing"
                faults.append(FlowError(code, field=at_field(role)))
        tellings[role] = Telling(when=when, at=at)
    if faults:
        raise FormError(faults)
    return tellings


def refused(error: FlowError, submission: Submission, **facts: str) -> Answer:
    """A refusal as Slack shows it: each fault at its field, one without a field at the first.

    A modal without a field gets another one on top that says it. `facts` are for the words.
    """
    note_refusal(error.code)
    inputs = submission.inputs
    errors: dict[str, str] = {}
    for fault in error.faults:
        field = fault.field or (inputs[0] if inputs else "")
        if field in inputs:
            errors.setdefault(field, say(fault.code, **facts))
    if errors:
        return {"response_action": "errors", "errors": errors}
    return {"response_action": "push", "view": note_view(note(say(error.code, **facts)))}
