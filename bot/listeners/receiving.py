"""Taking the pack over: the clicks that open a modal, and what their submissions record."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from bot.desk import Receipt
from bot.ids import Act, Field, Form, Ref
from bot.listeners.approving import customer_text
from bot.listeners.clicks import about
from bot.listeners.colleagues import colleague
from bot.listeners.leaking import leaking
from bot.listeners.reading import scene_of
from bot.listeners.rows import Row
from bot.listeners.showing import hint
from bot.office import Office
from bot.payloads import Click, Submission
from bot.views.errors import say
from bot.views.people import person
from bot.views.staffing import leader_forms
from bot.views.state import typed
from bot.views.taking_over import receiving_forms, teach_back
from bot.views.texts import wording
from bot.views.texts.leaks import read_despite
from flows import events as e
from flows import privacy
from flows.effects import Kind, Post
from flows.errors import FlowError
from flows.handover import Party, Topic
from flows.knowledge.ledger import given_file
from flows.privacy import outgoing_or_leader
from flows.staffing.joining import whom_to_ask
from flows.taking_over.items import find_item
from flows.taking_over.receiving_events import ItemOutcome
from flows.taking_over.teach_back import is_due
from flows.terms import Role
from flows.texts.leaks import LeakError
from flows.texts.wording import agreers

View = dict[str, Any]
Opener = Callable[[Office, Click, Ref, Row], View]
Answer = dict[str, Any]


def open_pack(office: Office, click: Click) -> None:
    """Open the first page, or say where the pack stands open already."""
    ref = about(click)
    scene = scene_of(office, click.user, ref.h)
    if not scene.handover.reading.page or scene.viewer != scene.handover.user(Role.INCOMING):
        event = e.PageTurned(at=office.desk.clock.now(), by=click.user, page=1)
        office.desk.record(Receipt(click.team, click.key), ref.h, event)
        hint(office, click, say("pack_coming"))
        return
    hint(office, click, say("pack_open", page=str(scene.handover.reading.page)))


def bring_file(office: Office, click: Click) -> None:
    """Have a file of the pack brought into a person's thread.

    Raises FlowError `not_found` for who may not know, `no_such_document` for who may not read it.
    """
    ref = about(click)
    scene = scene_of(office, click.user, ref.h)
    if given_file(scene.handover, ref.v) is None:
        raise FlowError("no_such_document")
    post = Post(to=click.user, kind=Kind.FILE, subject=ref.v)
    office.errands.order(Receipt(click.team, click.key), scene.handover, (post,))
    hint(office, click, say("file_coming"))


def _propose(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    scene = scene_of(office, click.user, ref.h)
    return receiving_forms.propose_form(scene, find_item(scene.handover, ref.r))


def _decline(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    scene = scene_of(office, click.user, ref.h)
    return receiving_forms.no_form(scene, find_item(scene.handover, ref.r))


def _refuse(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    scene = scene_of(office, click.user, ref.h)
    if click.user != outgoing_or_leader(scene.handover):
        raise FlowError("not_yours")
    return receiving_forms.refuse_form(scene, find_item(scene.handover, ref.r))


def _settle(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    scene = scene_of(office, click.user, ref.h)
    return receiving_forms.settle_form(scene, find_item(scene.handover, ref.r))


def _return(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    scene = scene_of(office, click.user, ref.h)
    if scene.handover.reading.accepted_at:
        raise FlowError("already_accepted")
    return receiving_forms.return_form(scene)


def _ask_about(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    scene = scene_of(office, click.user, ref.h)
    if ref.q not in scene.handover.answers:
        raise FlowError("not_asked")
    asked = whom_to_ask(scene.handover, click.user, ref.q)
    name = person(asked, office.roster.names({asked}))
    return receiving_forms.ask_about_form(scene, ref.q, name)


def _teach(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    scene = scene_of(office, click.user, ref.h)
    if not is_due(scene.handover):
        raise FlowError("taught_already")
    return teach_back.form(scene)


def _add(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    scene = scene_of(office, click.user, ref.h)
    return teach_back.add_form(scene, Topic(ref.v))


def _reword(office: Office, click: Click, ref: Ref, _row: Row) -> View:
    scene = scene_of(office, click.user, ref.h)
    if not (click.user in agreers(scene.handover) or privacy.leads(scene.handover, click.user)):
        raise FlowError("not_yours")
    if scene.handover.wording is None:
        raise FlowError("no_wording")
    return wording.form(scene)


OPENERS: Mapping[str, Opener] = {
    Act.ITEM_PROPOSE: _propose,
    Act.ITEM_DECLINE: _decline,
    Act.PROPOSAL_REFUSE: _refuse,
    Act.ITEM_SETTLE: _settle,
    Act.PACK_RETURN: _return,
    Act.READ_ASK: _ask_about,
    Act.TEACH_OPEN: _teach,
    Act.TAUGHT_ADD: _add,
    Act.REASON_EDIT: _reword,
}
"""The modal that a click opens; who may see it is read from the stored handover."""


def _submit_proposal(office: Office, submission: Submission) -> Answer | None:
    ref = Ref.load(submission.metadata)
    scene = scene_of(office, submission.user, ref.h)
    item = find_item(scene.handover, ref.r)
    wished, why = receiving_forms.read_proposal(submission.values, scene, item)
    fields = {"what": Field.WHAT, "due": Field.DUE}
    _record(office, submission, ref, fields, e.ItemProposed, id=ref.r, proposal=wished, why=why)
    return None


def _submit_decline(office: Office, submission: Submission) -> Answer | None:
    ref = Ref.load(submission.metadata)
    _record(office, submission, ref, {}, e.ItemDeclined, id=ref.r, why=_text(submission))
    return None


def _submit_refusal(office: Office, submission: Submission) -> Answer | None:
    ref = Ref.load(submission.metadata)
    why = leader_forms.read_text(submission.values)
    _record(office, submission, ref, {}, e.ProposalSettled, id=ref.r, agreed=False, why=why)
    return None


def _submit_settled(office: Office, submission: Submission) -> Answer | None:
    ref, values = Ref.load(submission.metadata), submission.values
    scene = scene_of(office, submission.user, ref.h)
    outcome = receiving_forms.read_outcome(values)
    if outcome is None:
        raise FlowError("missing", field=Field.OUTCOME)
    known: dict[str, object] = {"id": ref.r, "outcome": outcome}
    match outcome:
        case ItemOutcome.KEEP:
            known["until"] = receiving_forms.read_until(values)
        case ItemOutcome.HAND_ON:
            known["keeper"] = _keeper(office, submission)
        case ItemOutcome.CHANGE:
            item = find_item(scene.handover, ref.r)
            known["changes"], _why = receiving_forms.read_proposal(values, scene, item)
        case ItemOutcome.WITHDRAW:
            pass
    fields = {"what": Field.WHAT, "due": Field.DUE}
    _record(office, submission, ref, fields, e.ItemSettled, **known)
    return None


def _submit_return(office: Office, submission: Submission) -> Answer | None:
    ref = Ref.load(submission.metadata)
    questions, text = receiving_forms.read_return(submission.values)
    if not questions:
        raise FlowError("missing", field=Field.QUESTIONS)
    if not text:
        raise FlowError("missing", field=Field.TEXT)
    _record(office, submission, ref, {}, e.PackReturned, questions=questions, text=text)
    return None


def _submit_ask_about(office: Office, submission: Submission) -> Answer | None:
    ref, text = Ref.load(submission.metadata), _text(submission)
    known = {"id": submission.makes, "text": text, "about": ref.q}
    _record(office, submission, ref, {}, e.Asked, **known)
    return None


def _submit_taught(office: Office, submission: Submission) -> Answer | None:
    ref = Ref.load(submission.metadata)
    answers = teach_back.read_form(submission.values)
    # The form asks what the pack asked when it was opened.
    if left := [field for field in submission.inputs if field not in answers]:
        raise FlowError("missing", field=left[0])
    _record(office, submission, ref, {}, e.TaughtBack, answers=answers)
    return None


def _submit_added(office: Office, submission: Submission) -> Answer | None:
    ref, text = Ref.load(submission.metadata), _text(submission)
    _record(office, submission, ref, {}, e.TaughtMarked, topic=Topic(ref.v), added=text)
    return None


def _submit_reason(office: Office, submission: Submission) -> Answer | None:
    ref = Ref.load(submission.metadata)
    scene = scene_of(office, submission.user, ref.h)
    text = customer_text(scene, typed(submission.values, Field.TEXT))
    if not text:
        raise FlowError("missing", field=Field.TEXT)
    why = read_despite(submission.values)
    try:
        _record(office, submission, ref, {}, e.ReasonWorded, text=text, despite=why)
    except LeakError as error:
        return leaking(error, submission, scene, partial(wording.form, scene, text, why))
    return None


SUBMISSIONS: Mapping[str, Callable[[Office, Submission], Answer | None]] = {
    Form.ITEM_PROPOSE: _submit_proposal,
    Form.ITEM_DECLINE: _submit_decline,
    Form.PROPOSAL_REFUSE: _submit_refusal,
    Form.ITEM_SETTLE: _submit_settled,
    Form.PACK_RETURN: _submit_return,
    Form.READ_ASK: _submit_ask_about,
    Form.TEACH_BACK: _submit_taught,
    Form.TAUGHT_ADD: _submit_added,
    Form.REASON: _submit_reason,
}
"""What a modal's submission records; none closes it."""


def _keeper(office: Office, submission: Submission) -> Party:
    user = receiving_forms.read_keeper(submission.values)
    return Party(user=user, name=colleague(office, user, Field.KEEPER).name)


def _text(submission: Submission) -> str:
    text = leader_forms.read_text(submission.values)
    if not text:
        raise FlowError("missing", field=Field.TEXT)
    return text


def _record(
    office: Office,
    submission: Submission,
    ref: Ref,
    fields: Mapping[str, str],
    kind: type[e.Happened],
    /,
    **known: object,
) -> None:
    """Record an event; a refusal names the modal's own field."""
    at = office.desk.clock.now()
    event = e.EVENTS.validate_python(kind.model_validate({"at": at, "by": submission.user} | known))
    try:
        office.desk.record(Receipt(submission.team, submission.key), ref.h, event)
    except FlowError as error:
        if error.field in fields:
            raise FlowError(error.code, field=fields[error.field]) from error
        raise
