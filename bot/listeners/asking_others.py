"""Asking somebody else, noting what they told, and what an author says of an answer."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from bot.desk import Receipt
from bot.ids import SENSITIVE, Act, Field, Form, Ref
from bot.listeners.asked import one_asked
from bot.listeners.clicks import about
from bot.listeners.colleagues import colleague
from bot.listeners.reading import local_now
from bot.listeners.rows import Row, open_interview, open_row
from bot.named import mentioned
from bot.office import Office
from bot.payloads import Click, Submission
from bot.views.knowledge import asking_forms
from bot.views.staffing import leader_forms
from flows import events as e
from flows.errors import FlowError
from flows.knowledge.asking import find_ask
from flows.knowledge.interview import may_answer
from flows.privacy import may_know
from flows.schedule.workdays import add_workdays
from flows.terms import How, Sureness

View = dict[str, Any]

_DUE = 2
"""In how many working days an answer is hoped for."""


def ask_somebody(office: Office, click: Click, ref: Ref, row: Row) -> View:
    """The modal that asks somebody else. Raises FlowError `not_found`."""
    handover, _vault, playbook = row
    may = may_know(handover, click.user) and may_answer(handover, playbook, click.user, ref.q)
    if not may:
        raise FlowError("not_found")
    question = one_asked(playbook, ref.q)
    due = add_workdays(local_now(office, click.user).date(), _DUE)
    return asking_forms.ask_somebody_form(ref, question, due, office.roster.names())


def answer_or_record(office: Office, click: Click, ref: Ref, row: Row) -> View:
    """The answer of whoever was asked; of somebody outside Slack, what they told.

    Raises FlowError `no_such_ask`.
    """
    ask = find_ask(row[0], ref.a)
    if click.user != ask.to:
        raise FlowError("no_such_ask")
    if ask.whom:
        return record(office, click, ref, row)
    return leader_forms.ask_answer_form(ref, ask, office.roster.names({ask.by}))


def record(office: Office, click: Click, ref: Ref, row: Row) -> View:
    """What was told to whoever asked. Raises FlowError `no_such_ask`, `ask_taken`."""
    ask = find_ask(row[0], ref.a)
    if not ask.fills or click.user not in (ask.by, ask.to):
        raise FlowError("no_such_ask")
    if ask.replies:
        raise FlowError("ask_taken")
    names, today = office.roster.names({ask.to}), local_now(office, click.user).date()
    return asking_forms.record_form(ref, ask, ask.whom or names(ask.to), today, names)


def submit_ask(office: Office, submission: Submission) -> None:
    """Ask somebody of this workspace, or by mail whoever is not in it."""
    ref, (user, whom, text, due) = (
        Ref.load(submission.metadata),
        asking_forms.read_ask(submission.values),
    )
    if not text:
        raise FlowError("missing", field=Field.TEXT)
    today = local_now(office, submission.user).date()
    if not due or date.fromisoformat(due) < today:
        raise FlowError("date_past", field=Field.DUE)
    if user:
        handover = open_row(office, ref.h, submission.user)[0]
        if not handover.guests.has(user):
            colleague(office, user, Field.PERSON)
    event = e.SomebodyAsked(
        at=office.desk.clock.now(),
        by=submission.user,
        id=submission.makes,
        question=ref.q,
        text=text,
        to=user,
        whom=whom,
        due=date.fromisoformat(due),
    )
    _record(office, submission, ref, event, {"to": Field.PERSON})


def submit_record(office: Office, submission: Submission) -> None:
    """Note what somebody told, and by whom, when and how."""
    ref, (who, text, on, how) = (
        Ref.load(submission.metadata),
        asking_forms.read_record(submission.values),
    )
    for value, field in ((who, Field.WHOM), (text, Field.TEXT), (on, Field.ON), (how, Field.HOW)):
        if not value:
            raise FlowError("missing", field=field)
    if date.fromisoformat(on) > local_now(office, submission.user).date():
        raise FlowError("date_to_come", field=Field.ON)
    office.roster.meet(mentioned(text))
    event = e.AnswerRecorded(
        at=office.desk.clock.now(),
        by=submission.user,
        ask=ref.a,
        text=text,
        who=who,
        on=date.fromisoformat(on),
        how=How(how),
    )
    _record(office, submission, ref, event, {"": Field.TEXT})


def answer_menu(office: Office, click: Click) -> None:
    """What an author says of an answer: who reads it, how sure they are, how fresh it is."""
    ref, at = about(click), office.desk.clock.now()
    row, _vault, _playbook = open_interview(office, ref.h, click.user)
    by, key = click.user, ref.q
    event: e.Event
    if ref.p:
        day = local_now(office, by).date()
        event = e.AsOfGiven(at=at, by=by, question=key, part=ref.p, day=day)
    elif ref.v in set(Sureness):
        event = e.SurenessGiven(at=at, by=by, question=key, sureness=Sureness(ref.v))
    else:
        event = e.MarkedSensitive(at=at, by=by, question=key, sensitive=ref.v == SENSITIVE)
    office.desk.record(Receipt(click.team, click.key), row.id, event)


def _record(
    office: Office,
    submission: Submission,
    ref: Ref,
    event: e.Event,
    fields: Mapping[str, Field],
) -> None:
    """Record it; what is refused is told at its field, where what was typed stays."""
    try:
        office.desk.record(Receipt(submission.team, submission.key), ref.h, event)
    except FlowError as error:
        raise FlowError(error.code, field=fields.get(error.field, error.field)) from error


OPENERS: Mapping[str, Callable[[Office, Click, Ref, Row], View]] = {
    Act.ASK_SOMEBODY: ask_somebody,
    Act.ASK_REPLY: answer_or_record,
    Act.ASK_RECORD: record,
}
"""The modals; who may see one is read from the stored row."""

SUBMISSIONS: Mapping[str, Callable[[Office, Submission], View | None]] = {
    Form.ASK_SOMEBODY: submit_ask,
    Form.ASK_RECORD: submit_record,
}
"""What their submission records; none closes the modal."""
