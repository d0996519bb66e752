"""Clicks that open a modal, and what its submission records."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.books.ids import is_of_book
from bot.desk import Receipt
from bot.ids import Act, Field, Form, Ref, part_field
from bot.listeners import (
    adding,
    admitting,
    approving,
    asking,
    asking_others,
    changing,
    covering,
    digesting,
    doors,
    ending,
    feeling,
    leading,
    listening,
    planning,
    reading,
    receiving,
    reminding,
    reuse,
    sending,
    starting,
)
from bot.listeners.asked import check_parts, in_section, one_asked, people_in, read_answers
from bot.listeners.books import booking
from bot.listeners.colleagues import colleague
from bot.listeners.reading import local_now, publish_home
from bot.listeners.rows import Row, open_interview, open_row
from bot.named import people_of
from bot.office import Office
from bot.payloads import Click, Submission, key_of
from bot.views.knowledge import forms
from bot.views.people import person
from bot.views.staffing import leader_forms
from bot.views.taking_over import pack
from flows import events as e
from flows import privacy
from flows.confidential.vault import ChecksFilled, DeclineExplained, leader_questions
from flows.errors import FlowError
from flows.handover import FORM, Acceptance, Party, Said
from flows.knowledge.answering import find_record
from flows.knowledge.interview import may_answer, roles_answered_by
from flows.staffing.joining import whom_to_ask
from flows.terms import RecordKind
from flows.texts.letter_specs import Letter
from flows.who_may import Do, granted
from storage.reading import NewerReleaseError

log = logging.getLogger(__name__)

View = dict[str, Any]


def _question_form(office: Office, click: Click, ref: Ref, row: Row) -> View:
    handover, _vault, playbook = row
    if not may_answer(handover, playbook, click.user, ref.q):
        raise FlowError("not_found")
    names = office.roster.names(people_of(handover))
    return forms.question_form(one_asked(playbook, ref.q), handover, ref, names)


def _section_form(office: Office, click: Click, ref: Ref, row: Row) -> View:
    handover, _vault, playbook = row
    names = office.roster.names(people_of(handover))
    asked = in_section(handover, playbook, click.user, ref.v)
    if not asked:
        raise FlowError("nothing_open")
    return forms.section_form(ref.v, asked, handover, ref, names)


def _record_form(office: Office, click: Click, ref: Ref, row: Row) -> View:
    handover, _vault, playbook = row
    names = office.roster.names(people_of(handover))
    if not roles_answered_by(handover, click.user):
        raise FlowError("not_found")
    if ref.r:
        record = find_record(handover, ref.r)
        if not may_answer(handover, playbook, click.user, record.question):
            raise FlowError("not_yours")
        return forms.record_form(playbook.specs[record.kind], ref, record.details, names)
    return forms.record_form(playbook.specs[RecordKind(ref.k)], ref, {}, names)


def _decline_form(office: Office, _click: Click, ref: Ref, row: Row) -> View:
    handover = row[0]
    if handover.acceptance is not Acceptance.WAITING:
        raise FlowError("already_decided")
    names = office.roster.names({handover.leader})
    return leader_forms.decline_form(ref, person(handover.leader, names))


def _ask_form(office: Office, click: Click, ref: Ref, row: Row) -> View:
    handover = row[0]
    asked = whom_to_ask(handover, click.user)
    return leader_forms.ask_form(ref, person(asked, office.roster.names({asked})))


def _pack_ask_form(office: Office, _click: Click, ref: Ref, row: Row) -> View:
    return pack.ask_form(Ref(h=ref.h), row[0], office.roster.names())


def _name_incoming_form(office: Office, click: Click, ref: Ref, row: Row) -> View:
    handover, vault, _playbook = row
    names = office.roster.names({declined.by for declined in vault.declines})
    now = local_now(office, click.user)
    known = bool(handover.sending.of(Letter.HEADS_UP))
    begun = handover.acceptance is Acceptance.ACCEPTED
    form = leader_forms.name_incoming_form
    return form(ref, vault.declines, names, now, told=known, begun=begun)


def _name_source_form(_office: Office, _click: Click, ref: Ref, _row: Row) -> View:
    return leader_forms.name_source_form(ref)


def _checks_form(office: Office, click: Click, ref: Ref, row: Row) -> View:
    handover, vault, playbook = row
    if not privacy.may_open_vault(handover, click.user):
        raise FlowError("not_yours")
    names = office.roster.names(people_of(handover))
    return leader_forms.checks_form(vault, handover, playbook, ref, names)


OPENERS: Mapping[str, Callable[[Office, Click, Ref, Row], View]] = {
    Act.ANSWER_FORM: _question_form,
    Act.CARD_SECTION: _section_form,
    Act.RECORD_ADD: _record_form,
    Act.RECORD_CHANGE: _record_form,
    Act.CARD_PASTE: reuse.paste_form,
    Act.AHEAD_OPEN: reuse.ahead_form,
    Act.UNSORTED_OPEN: reuse.unsorted_modal,
    Act.UNSORTED_FILE: reuse.filing_form,
    Act.ACCEPT_NO: _decline_form,
    Act.ACCEPT_ASK: _ask_form,
    Act.PACK_ASK: _pack_ask_form,
    Act.DECLINE_OPEN: _name_incoming_form,
    Act.INCOMING_NAME: _name_incoming_form,
    Act.SOURCE_NAME: _name_source_form,
    Act.CHECKS_OPEN: _checks_form,
    **asking_others.OPENERS,
    **receiving.OPENERS,
    **planning.OPENERS,
    **listening.OPENERS,
    **covering.OPENERS,
    **sending.OPENERS,
    **feeling.OPENERS,
    **ending.OPENERS,
    **approving.OPENERS,
    **leading.OPENERS,
    **reminding.OPENERS,
    **changing.OPENERS,
    **admitting.OPENERS,
}
"""The modal that a click opens; who may see it is read from the stored row."""

ANSWERING = frozenset(
    {
        Act.ANSWER_FORM,
        Act.RECORD_ADD,
        Act.RECORD_CHANGE,
        Act.CARD_PASTE,
        Act.ASK_REPLY,
        Act.UNSORTED_OPEN,
        Act.UNSORTED_FILE,
    }
)
"""What also somebody opens who may do nothing here but answer."""


def _submit_questions(office: Office, submission: Submission) -> starting.Answer | None:
    """A form of one question or of a section: only what has content is recorded."""
    ref = Ref.load(submission.metadata)
    handover, _vault, playbook = open_interview(office, ref.h, submission.user)
    asked = (
        [one_asked(playbook, ref.q)]
        if ref.q
        else in_section(handover, playbook, submission.user, ref.v)
    )
    answers = read_answers(submission.values, asked)
    office.roster.meet(people_in(asked, answers))
    if answers:
        event = e.SectionFilled(at=_now(office), by=submission.user, answers=answers)
        _record(office, submission, ref, event)
    return None


def _submit_record(office: Office, submission: Submission) -> starting.Answer | None:
    ref = Ref.load(submission.metadata)
    handover, _vault, playbook = open_interview(office, ref.h, submission.user)
    kind = find_record(handover, ref.r).kind if ref.r else RecordKind(ref.k)
    details = forms.read_record(playbook.specs[kind], submission.values)
    event: e.Event
    if ref.r:
        event = e.RecordChanged(at=_now(office), by=submission.user, id=ref.r, details=details)
    else:
        event = e.RecordAdded(
            at=_now(office),
            by=submission.user,
            id=submission.makes,
            question=ref.q,
            kind=kind,
            details=details,
        )
    try:
        _record(office, submission, ref, event)
    except FlowError as error:
        if error.field:
            raise FlowError(error.code, field=part_field(kind, error.field)) from error
        raise
    return None


def _submit_decline(office: Office, submission: Submission) -> starting.Answer | None:
    ref, text = Ref.load(submission.metadata), leader_forms.read_text(submission.values)
    now, by = _now(office), submission.user
    beside = DeclineExplained(at=now, by=by, text=text) if text else None
    receipt = Receipt(submission.team, submission.key)
    office.desk.record(receipt, ref.h, e.Declined(at=now, by=by), beside)
    return None


def _submit_ask(office: Office, submission: Submission) -> starting.Answer | None:
    text = _text(submission)
    event = e.Asked(at=_now(office), by=submission.user, id=submission.makes, text=text)
    _record(office, submission, Ref.load(submission.metadata), event)
    return None


def _submit_ask_answer(office: Office, submission: Submission) -> starting.Answer | None:
    ref, said = Ref.load(submission.metadata), Said(source=FORM, text=_text(submission))
    event = e.AskAnswered(at=_now(office), by=submission.user, ask=ref.a, said=said)
    _record(office, submission, ref, event)
    return None


def _submit_source(office: Office, submission: Submission) -> starting.Answer | None:
    user = leader_forms.read_source(submission.values)
    met = colleague(office, user, Field.SOURCE)
    event = e.SourceNamed(at=_now(office), by=submission.user, user=met.user)
    _record(office, submission, Ref.load(submission.metadata), event)
    return None


def _submit_incoming(office: Office, submission: Submission) -> starting.Answer | None:
    user = leader_forms.read_incoming(submission.values)
    party = Party(user=user, name=colleague(office, user, Field.INCOMING).name)
    event = e.IncomingNamed(
        at=_now(office),
        by=submission.user,
        incoming=party,
        no_text_because=leader_forms.read_text(submission.values),
    )
    _record(office, submission, Ref.load(submission.metadata), event)
    return None


def _submit_checks(office: Office, submission: Submission) -> starting.Answer | None:
    ref = Ref.load(submission.metadata)
    _handover, vault, playbook = open_row(office, ref.h, submission.user)
    answers, note = leader_forms.read_checks(submission.values, vault, playbook)
    asked = leader_questions(vault, playbook)
    for question in asked:
        check_parts(question, answers.get(question.id))
    office.roster.meet(people_in(asked, answers))
    event = ChecksFilled(at=_now(office), by=submission.user, answers=answers, note=note)
    office.desk.record_in_vault(Receipt(submission.team, submission.key), ref.h, event)
    return None


def _submit_settings(office: Office, submission: Submission) -> starting.Answer | None:
    office.roster.refresh()
    if not granted(Do.LEADERS, office.roster.parts(submission.user)):
        raise FlowError("not_yours", field=Field.LEADERS)
    leaders, heir = leader_forms.read_settings(submission.values)
    met = office.roster.meet(leaders)
    if any(user not in met or not met[user].is_colleague for user in leaders):
        raise FlowError("not_a_colleague", field=Field.LEADERS)
    if heir and heir not in leaders:
        raise FlowError("heir_not_listed", field=Field.HEIR)
    receipt = Receipt(submission.team, submission.key)
    named = leader_forms.read_per_person(submission.values)
    office.errands.choose_settings(receipt, leaders, submission.user, per_person=named)
    office.roster.refresh()
    if heir:
        _pass_on(office, submission, heir)
    return None


def _pass_on(office: Office, submission: Submission, heir: str) -> None:
    """Have a leader take over what nobody leads, but for rows on which they are a CSM."""
    if not granted(Do.LEADER, office.roster.parts(submission.user), theirs=True):
        return
    event = e.LeaderNamed(at=_now(office), by=submission.user, leader=heir)
    for handover in reading.unled(office):
        receipt = Receipt(submission.team, key_of("heir", submission.key, handover))
        try:
            office.desk.name_leader(receipt, handover, event)
        except FlowError as error:
            log.info("a leader was not named: %s", error.code)


SUBMISSIONS: Mapping[str, Callable[[Office, Submission], starting.Answer | None]] = {
    Form.START: starting.submit_form,
    Form.TELLINGS: starting.submit_tellings,
    Form.QUESTION: _submit_questions,
    Form.SECTION: _submit_questions,
    Form.RECORD: _submit_record,
    Form.PASTE: reuse.submit_paste,
    Form.AHEAD: reuse.submit_ahead,
    Form.UNSORTED_FILE: reuse.submit_filing,
    Form.DECLINE: _submit_decline,
    Form.ASK: _submit_ask,
    Form.ASK_ANSWER: _submit_ask_answer,
    Form.PACK_ASK: asking.submit_question,
    Form.MESSAGE: adding.submit_message,
    Form.NAME_INCOMING: _submit_incoming,
    Form.NAME_SOURCE: _submit_source,
    Form.CHECKS: _submit_checks,
    Form.SETTINGS: _submit_settings,
    **asking_others.SUBMISSIONS,
    **receiving.SUBMISSIONS,
    **planning.SUBMISSIONS,
    **listening.SUBMISSIONS,
    **covering.SUBMISSIONS,
    **sending.SUBMISSIONS,
    **feeling.SUBMISSIONS,
    **ending.SUBMISSIONS,
    **approving.SUBMISSIONS,
    **leading.SUBMISSIONS,
    **reminding.SUBMISSIONS,
    **changing.SUBMISSIONS,
    **admitting.SUBMISSIONS,
    **digesting.SUBMISSIONS,
}
"""What a modal's submission does; none closes it."""


def handle_submission(office: Office, submission: Submission) -> starting.Answer | None:
    """What Slack is answered, none to close the modal. Raises FlowError for a refusal."""
    submit = SUBMISSIONS.get(submission.callback) or booking.SUBMISSIONS.get(submission.callback)
    if submit is None:
        raise NewerReleaseError(submission.callback)
    do = doors.SUBMISSIONS.get(submission.callback)
    try:
        if not (is_of_book(submission.callback) or do in doors.OF_NO_HANDOVER):
            about = Ref.load(submission.metadata).h
            if about:
                doors.check(office, do, about, submission.user)
        answer = submit(office, submission)
    except ValueError as error:
        # What the modal carries is not what we gave it.
        log.warning("a %s was not understood: %s", submission.callback, type(error).__name__)
        raise FlowError("not_found") from error
    done = answer is None or answer["response_action"] in {"clear", "update"}
    if done:
        # They may be looking at Home, though another replica showed it to them.
        publish_home(office, submission.user)
    return answer


def _text(submission: Submission) -> str:
    text = leader_forms.read_text(submission.values)
    if not text:
        raise FlowError("missing", field=Field.TEXT)
    return text


def _record(office: Office, submission: Submission, ref: Ref, event: e.Event) -> None:
    office.desk.record(Receipt(submission.team, submission.key), ref.h, event)


def _now(office: Office) -> datetime:
    return office.desk.clock.now()
