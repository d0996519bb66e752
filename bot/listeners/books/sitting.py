"""One sitting for a whole book: what whoever hands over does on their card and in its forms."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.books.ids import BookAct, BookForm
from bot.desk import Receipt
from bot.ids import Ref
from bot.listeners.asked import check_parts, in_section, people_in, read_answers
from bot.listeners.books.scenes import book_for, order
from bot.listeners.clicks import about
from bot.listeners.rows import open_interview
from bot.listeners.showing import hint, open_modal
from bot.office import Office
from bot.payloads import Click, Submission, key_of
from bot.views import people
from bot.views.books import forms as book_forms
from bot.views.books.scene import BookScene
from bot.views.books.turns import waiting
from bot.views.errors import say
from bot.views.knowledge import forms
from flows import events as e
from flows.books import events as book_events
from flows.books.once import asked_once, caught_up, for_account, known_from
from flows.books.sitting import Account, asked_of, following, is_open, time_of, to_leave_out
from flows.errors import FlowError
from flows.handover import Handover
from flows.happened import Happened
from flows.knowledge.interview import first_open, next_question, roles_answered_by
from flows.parts import parts
from flows.playbook import Playbook
from flows.terms import Role
from flows.who_may import Do, granted

View = dict[str, Any]


def sitting_of(office: Office, user: str, book: str) -> BookScene:
    """A book as somebody sees it who answers for one of its accounts. Raises FlowError
    `not_found`.
    """
    scene = book_for(office, user, book)
    if not asked_of(scene.accounts, user):
        raise FlowError("not_found")
    return scene


def _go_on(office: Office, click: Click) -> None:
    """Go on with an account, where it was left; its message becomes a thank-you."""
    _resume(office, (click.user, click.key), about(click).h)
    office.reminding.pressed(click.channel, click.ts)


def _next(office: Office, click: Click) -> None:
    """Go on where the book goes on by now: from a message of the day, which knows no account."""
    scene = sitting_of(office, click.user, about(click).h)
    first = following(scene.accounts, click.user)
    if first is None:
        raise FlowError("nothing_open")
    _resume(office, (click.user, click.key), first.handover.id)


def _resume(office: Office, by: tuple[str, str], key: str) -> tuple[Handover, Playbook]:
    """The next question of an account is put; what was said once for all, it has before that."""
    user, delivery = by
    handover, _vault, playbook = open_interview(office, key, user)
    if not (handover.book and roles_answered_by(handover, user)):
        raise FlowError("not_found")
    scene = sitting_of(office, user, handover.book)
    if handover.user(Role.OUTGOING) == user:
        others = [one for one in scene.accounts if one.handover.id != key]
        now = Happened(at=_now(office), by=user)
        for number, told in enumerate(caught_up(Account(handover, playbook), others, now)):
            receipt = Receipt(office.team, key_of("once", delivery, str(number)))
            handover = office.desk.record(receipt, key, told).handover
    if next_question(handover, playbook, user) is None:
        raise FlowError("nothing_open")
    resumed = e.Resumed(at=_now(office), by=user)
    recorded = office.desk.record(Receipt(office.team, delivery), key, resumed)
    return recorded.handover, playbook


def _confirm(office: Office, click: Click) -> None:
    """Everything that is known of an account becomes an answer, and the next question is put."""
    key = about(click).h
    handover, playbook = _row(office, click.user, key)
    known = waiting(Account(handover, playbook), click.user)
    if not known:
        raise FlowError("nothing_prefilled")
    if not handover.interviews[click.user].current:
        _resume(office, (click.user, key_of("resumed", click.key)), key)
    event = e.PrefillConfirmed(
        at=_now(office), by=click.user, questions=tuple(question.id for question in known)
    )
    office.desk.record(Receipt(office.team, click.key), key, event)
    office.reminding.pressed(click.channel, click.ts)


def _row(office: Office, user: str, key: str) -> tuple[Handover, Playbook]:
    """An account of a book for somebody who answers for it. Raises FlowError `not_found`."""
    handover, _vault, playbook = open_interview(office, key, user)
    if not (handover.book and roles_answered_by(handover, user)):
        raise FlowError("not_found")
    return handover, playbook


def _stop(office: Office, click: Click) -> None:
    scene = sitting_of(office, click.user, about(click).h)
    first = following(scene.accounts, click.user)
    name = people.account(first.handover, scene.names) if first else ""
    hint(office, click, say("stopped", account=name) if first else say("nothing_open"))


def _once(office: Office, click: Click) -> None:
    scene = sitting_of(office, click.user, about(click).h)
    own = _own(scene, click.user)
    asked = asked_once(own)
    if not asked:
        raise FlowError("nothing_open")
    first = own[0].handover
    open_modal(office, click, book_forms.once_form(asked, known_from(own), first, scene))


def _submit_once(office: Office, submission: Submission) -> View | None:
    """What was said once becomes an answer of every account, also of those begun already."""
    scene = sitting_of(office, submission.user, Ref.load(submission.metadata).h)
    own = _own(scene, submission.user)
    asked = asked_once(own)
    answers = forms.read_questions(submission.values, asked)
    for question in asked:
        check_parts(question, answers.get(question.id))
    office.roster.meet(people_in(asked, answers))
    each: dict[str, e.Event] = {}
    for one in own:
        if told := for_account(one.handover, one.playbook, answers):
            each[one.handover.id] = e.SectionFilled(
                at=_now(office), by=submission.user, answers=told
            )
    order(office, scene, (submission.user, submission.key), each)
    return None


def _own(scene: BookScene, user: str) -> list[Account]:
    """The accounts that somebody hands over themselves, in turn. Raises FlowError `not_found`."""
    own = [o for o in asked_of(scene.accounts, user) if o.handover.user(Role.OUTGOING) == user]
    if not own:
        raise FlowError("not_found")
    return own


def _hours(office: Office, click: Click) -> None:
    scene = sitting_of(office, click.user, about(click).h)
    _own(scene, click.user)
    open_modal(office, click, book_forms.hours_form(scene))


def _submit_hours(office: Office, submission: Submission) -> View | None:
    scene = sitting_of(office, submission.user, Ref.load(submission.metadata).h)
    hours = book_forms.read_hours(submission.values)
    event = book_events.HoursSaid(at=_now(office), by=submission.user, hours=hours)
    office.books.record(Receipt(office.team, submission.key), scene.book.id, event)
    return None


def _less(office: Office, click: Click) -> None:
    """Only the essentials of the accounts that do not fit; as many as its button said."""
    ref = about(click)
    scene = sitting_of(office, click.user, ref.h)
    own = _own(scene, click.user)
    time = time_of(own, click.user, scene.hours_a_day, scene.now.date())
    less = to_leave_out(own, click.user, time)
    if str(len(less)) != ref.v:
        raise FlowError("fits_otherwise")
    _ask(office, click, scene, (less, True))


def _more(office: Office, click: Click) -> None:
    """Everything is asked again, by whoever hands over or leads. Raises FlowError `not_found`."""
    scene, user = book_for(office, click.user, about(click).h), click.user
    own = [o for o in scene.accounts if granted(Do.VOUCH, parts(o.handover, user))]
    if not own:
        raise FlowError("not_found")
    _ask(office, click, scene, ([o for o in own if o.handover.asked_less], False))


def _ask(
    office: Office, click: Click, scene: BookScene, wanted: tuple[Sequence[Account], bool]
) -> None:
    which, less = wanted
    event = e.AskedLess(at=_now(office), by=click.user, less=less)
    each: dict[str, e.Event] = {one.handover.id: event for one in which}
    order(office, scene, (click.user, click.key), each)


def _choose(office: Office, click: Click) -> None:
    scene = sitting_of(office, click.user, about(click).h)
    left = [o for o in asked_of(scene.accounts, click.user) if is_open(o, click.user)]
    if not left:
        raise FlowError("nothing_open")
    open_modal(office, click, book_forms.choose_form(left, scene))


def _submit_choice(office: Office, submission: Submission) -> View | None:
    _resume(office, (submission.user, submission.key), book_forms.read_choice(submission.values).h)
    return None


def _forms(office: Office, click: Click) -> None:
    """A whole account as forms, from the first section that is open."""
    view = _section(office, click.user, about(click).h)
    if view is None:
        raise FlowError("nothing_open")
    open_modal(office, click, view)


def _submit_section(office: Office, submission: Submission) -> View | None:
    """Keep what a section's form says, and go on to the next one."""
    ref = Ref.load(submission.metadata)
    handover, playbook = _row(office, submission.user, ref.h)
    asked = in_section(handover, playbook, submission.user, ref.v)
    answers = read_answers(submission.values, asked)
    office.roster.meet(people_in(asked, answers))
    if answers:
        event = e.SectionFilled(at=_now(office), by=submission.user, answers=answers)
        office.desk.record(Receipt(submission.team, submission.key), ref.h, event)
    view = _section(office, submission.user, ref.h, after=ref.v)
    return {"response_action": "update", "view": view} if view else None


def _section(office: Office, user: str, key: str, after: str = "") -> View | None:
    """The form of the first open section, behind `after` where one was just filled."""
    handover, playbook = _row(office, user, key)
    order = playbook.sections
    left = order[order.index(after) + 1 :] if after in order else order
    scene = sitting_of(office, user, handover.book)
    for title in left:
        asked = in_section(handover, playbook, user, title)
        if first_open(handover, playbook, asked):
            return book_forms.section_form(title, asked, (handover, playbook), scene)
    return None


def _now(office: Office) -> datetime:
    return office.desk.clock.now()


CLICKS: Mapping[str, Callable[[Office, Click], None]] = {
    BookAct.GO_ON: _go_on,
    BookAct.NEXT: _next,
    BookAct.CONFIRM: _confirm,
    BookAct.FORMS: _forms,
    BookAct.ONCE: _once,
    BookAct.HOURS: _hours,
    BookAct.LESS: _less,
    BookAct.MORE: _more,
    BookAct.CHOOSE: _choose,
    BookAct.STOP: _stop,
}
SUBMISSIONS: Mapping[str, Callable[[Office, Submission], View | None]] = {
    BookForm.ONCE: _submit_once,
    BookForm.HOURS: _submit_hours,
    BookForm.WHICH: _submit_choice,
    BookForm.FORMS: _submit_section,
}
