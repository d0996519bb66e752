"""Who owes what by when: one list that everything else reads.

Home, reminders, digests and "what is missing" all come from here, so that nothing can stand in one
and be missing from another.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum

from flows.customer.coverage import MILESTONES
from flows.customer.next_steps import next_steps
from flows.customer.sentiment import is_round, red_without_action, still_to_say
from flows.end.completing import is_over, open_points, to_sign
from flows.end.endings import Open
from flows.end.following_up import asked_to_visit, sees_to, still_to_visit
from flows.end.kit import to_do, without_lead
from flows.frozen import Frozen
from flows.handover import Acceptance, Handover, Stage, Standing
from flows.knowledge.interview import is_complete, next_question, pack_complete, respondents
from flows.often import ANSWERING, UNLISTED
from flows.playbook import Playbook
from flows.privacy import (
    close_ones,
    everybody,
    is_asked,
    is_led,
    is_never_told,
    is_source,
    leads,
    may_know,
    outgoing_or_leader,
    told_user,
)
from flows.remembering import remembered, unmoved_by
from flows.schedule.calls import lack_time
from flows.schedule.numbering import plan_days
from flows.schedule.plan_warnings import open_warnings
from flows.schedule.timeline import Plan, in_turn, make_plan, message_approved
from flows.schedule.workdays import add_workdays
from flows.side_by_side.checking_in import next_due
from flows.side_by_side.lead import has_switched, is_session, lead_now
from flows.side_by_side.overlap import READY, before_switch, readiness, to_debrief
from flows.staffing.changing import to_decide
from flows.taking_over.items import decider, due_day, open_items, owner, undecided
from flows.taking_over.reading import broken, fixer
from flows.taking_over.teach_back import is_passed, unmarked
from flows.terms import Role
from flows.texts.pieces import (
    asked_to_approve,
    author,
    can_be_sent,
    first_sender,
    lacks_backup,
    pending,
    wanted,
)
from flows.texts.wording import still_to_agree


class Todo(StrEnum):
    """What there is to do."""

    FINISH_DRAFT = "finish_draft"
    ACCEPT = "accept"
    NAME_INCOMING = "name_incoming"
    ANSWER_QUESTIONS = "answer_questions"
    INTRODUCE_YOURSELF = "introduce_yourself"
    ANSWER_ASK = "answer_ask"
    RECORD_ANSWER = "record_answer"
    LEADERS_CHECKS = "leaders_checks"
    READ_PACK = "read_pack"
    DECIDE_ITEMS = "decide_items"
    SETTLE_PROPOSAL = "settle_proposal"
    SETTLE_DECLINED = "settle_declined"
    DO_ITEM = "do_item"
    TELL_WITHDRAWN = "tell_withdrawn"
    FIX_LINK = "fix_link"
    TEACH_BACK = "teach_back"
    MARK_TAUGHT = "mark_taught"
    READ_ADDITIONS = "read_additions"
    AGREE_REASON = "agree_reason"
    NAME_BACKUP = "name_backup"
    SEND_LETTERS = "send_letters"
    APPROVE = "approve"
    CHANGE_PIECE = "change_piece"
    LOG_SESSION = "log_session"
    DEBRIEF = "debrief"
    SAY_READY = "say_ready"
    DECIDE_READY = "decide_ready"
    SWITCH_LEAD = "switch_lead"
    SAY_MOOD = "say_mood"
    ACT_ON_RED = "act_on_red"
    DO_ACTION = "do_action"
    BREAK_SILENCE = "break_silence"
    SIGN = "sign"
    CHECK_IN = "check_in"
    CONFIRM_END = "confirm_end"
    TAKE_UP = "take_up"
    FOLLOW_UP = "follow_up"
    AFTERCARE = "aftercare"
    NAME_LEADER = "name_leader"
    MILESTONE = "milestone"
    ANSWER_WARNING = "answer_warning"
    COVER = "cover"
    SET_TIME = "set_time"
    SEND_TEXT = "send_text"
    NOTE_ANSWER = "note_answer"
    CALL_CUSTOMER = "call_customer"
    TRY_ANOTHER = "try_another"
    DECIDE_CONTACT = "decide_contact"
    TALK = "talk"
    MOVE_DATES = "move_dates"
    NAME_INTERIM = "name_interim"
    KIT = "kit"
    LEAD_MEETING = "lead_meeting"
    TELL_INCOMING = "tell_incoming"
    TELL_OUTGOING = "tell_outgoing"


ADMINS = "admins"
"""Whose task it is where it belongs to nobody on the handover."""

_HOW_TOLD = frozenset({Todo.TELL_INCOMING, Todo.TELL_OUTGOING})
"""What shows how somebody is to hear of it is only for leaders to see."""

_TAKEN = frozenset({Standing.ACCEPTED, Standing.KEPT, Standing.PASSED, Standing.WITHDRAWN})


Dates = Mapping[str, date]


class Task(Frozen):
    """One thing that one person owes by a calendar day; `key` is unique within the handover."""

    key: str
    owner: str
    todo: Todo
    due: date
    subject: str = ""


def open_tasks(handover: Handover, playbook: Playbook, viewer: str) -> tuple[Task, ...]:
    """Everything that is owed on a handover, by due day, as far as the viewer may know of it."""
    if may_know(handover, viewer):
        found, close = all_tasks(handover, playbook), leads(handover, viewer)
        return tuple(task for task in found if close or task.todo not in _HOW_TOLD)
    if not is_asked(handover, viewer):
        return ()
    return tuple(task for task in _asks(handover) if task.owner == viewer)


@remembered
def all_tasks(handover: Handover, playbook: Playbook) -> tuple[Task, ...]:
    """Everything that is owed, whoever looks: for storing, never for showing."""
    if handover.stage is Stage.DISCARDED:
        return ()
    if handover.stage is Stage.DRAFT:
        day = handover.created_at.date()
        owner = told_user(handover, Role.CREATOR)
        return (_task(Todo.FINISH_DRAFT, owner, add_workdays(day, 1)),) if owner else ()
    if is_over(handover):
        return tuple(sorted(_as_ruled(handover, _afterwards(handover, playbook)), key=_order))
    if pause := handover.ending.pause:
        return (_task(Todo.TAKE_UP, handover.leader, pause.until),)
    plan = make_plan(handover, playbook)
    dates = {milestone.key: milestone.day for milestone in plan.milestones}
    found = [
        *_whatever_is_answered(handover, playbook, plan),
        *_questions(handover, playbook, dates),
        *_asks(handover),
        *_pack(handover, playbook, dates),
        *_items(handover),
        *_links(handover),
        *_teach_back(handover, playbook),
        *_letters(handover, playbook, dates),
        *_lead(handover, playbook, plan),
        *_end(handover, playbook, plan),
        *_plan(handover, playbook, plan),
        *(_task(Todo(s.what), s.owner, s.due, s.subject) for s in next_steps(handover, playbook)),
        *(_task(Todo(s.what), s.owner, s.due, s.subject) for s in to_decide(handover, playbook)),
        *_last_day(handover, playbook),
    ]
    if handover.leader_gone:
        # What a leader would do waits until an admin names one.
        found = [task for task in found if task.owner != handover.leader]
    return tuple(sorted(_as_ruled(handover, found), key=_order))


@unmoved_by(ANSWERING)
def _whatever_is_answered(handover: Handover, playbook: Playbook, plan: Plan) -> tuple[Task, ...]:
    """What is owed by this plan whatever anybody answers."""
    dates = {milestone.key: milestone.day for milestone in plan.milestones}
    return (
        *_leader(handover, dates),
        *_incoming(handover, playbook, dates),
        *_wording(handover, playbook),
        *_sessions(handover, playbook, plan),
        *_moods(handover, playbook, plan),
        *_milestones(handover, playbook, plan),
    )


def first_dates(handover: Handover, playbook: Playbook) -> Dates:
    """The day of every milestone by its key, with `accept`, `pack`, `read` and `switch`."""
    return plan_days(handover, playbook)


def _as_ruled(handover: Handover, tasks: Iterable[Task]) -> Iterator[Task]:
    """The tasks with the leader's word on them: somebody else's, more time, or nothing to be done.

    What is passed on to whoever has it anyway is theirs once.
    """
    there, known = (close_ones(handover) if handover.rulings else ()), set[str]()
    for task in tasks:
        ruling = handover.rulings.get(task.key)
        if ruling and ruling.to in there and ruling.until:
            due = max(task.due, ruling.until)
            task = _task(task.todo, ruling.to, due, task.subject)  # noqa: PLW2901
            ruling = handover.rulings.get(task.key)
        if task.key in known or (ruling and ruling.waived):
            continue
        known.add(task.key)
        later = ruling.until if ruling and not ruling.to else None
        yield task.model_copy(update={"due": max(task.due, later)}) if later else task


def _task(todo: Todo, owner: str, due: date, subject: str = "") -> Task:
    key = ":".join(piece for piece in (todo.value, owner, subject) if piece)
    return Task(key=key, owner=owner, todo=todo, due=due, subject=subject)


def _leader(handover: Handover, dates: Dates) -> Iterator[Task]:
    if not is_led(handover):
        yield _task(Todo.NAME_LEADER, ADMINS, dates["accept"])


def _incoming(handover: Handover, playbook: Playbook, dates: Dates) -> Iterator[Task]:
    incoming = told_user(handover, Role.INCOMING)
    if handover.incoming is None or handover.acceptance is Acceptance.DECLINED:
        # Where nobody leads, an admin names somebody who can do this.
        if is_led(handover):
            yield _task(Todo.NAME_INCOMING, handover.leader, dates["accept"])
    elif incoming and handover.acceptance is Acceptance.WAITING:
        since = handover.incoming_since or handover.created_at
        days = playbook.milestones.accept[handover.segment]
        yield _task(Todo.ACCEPT, incoming, add_workdays(since.date(), days))
    elif is_never_told(handover, Role.INCOMING) and is_led(handover):
        # Whoever is prepared for quietly is told by hand, or nobody ever takes over.
        yield _task(Todo.TELL_INCOMING, handover.leader, dates["pack"])


def _questions(handover: Handover, playbook: Playbook, dates: Dates) -> Iterator[Task]:
    due = dates["pack"]
    unasked = is_never_told(handover, Role.OUTGOING) and is_led(handover)
    if unasked and not is_complete(handover, playbook, Role.OUTGOING):
        yield _task(Todo.TELL_OUTGOING, handover.leader, due)
    asked_of = (
        (Role.OUTGOING, Todo.ANSWER_QUESTIONS),
        (Role.INCOMING, Todo.INTRODUCE_YOURSELF),
    )
    for role, todo in asked_of:
        if not is_complete(handover, playbook, role):
            yield from (
                _task(todo, user, due)
                for user in respondents(handover, role)
                if not is_source(handover, user) or next_question(handover, playbook, user)
            )


def _asks(handover: Handover) -> Iterator[Task]:
    for ask in handover.asks:
        if not ask.reply:
            todo = Todo.RECORD_ANSWER if ask.whom else Todo.ANSWER_ASK
            yield _task(todo, ask.to, ask.due or add_workdays(ask.at.date(), 1), ask.id)


def _pack(handover: Handover, playbook: Playbook, dates: Dates) -> Iterator[Task]:
    incoming = told_user(handover, Role.INCOMING)
    if incoming is None or handover.acceptance is not Acceptance.ACCEPTED:
        return
    due = dates["read"]
    if handover.reading.accepted_at is None:
        if pack_complete(handover, playbook):
            yield _task(Todo.READ_PACK, incoming, due)
    elif undecided(handover):
        yield _task(Todo.DECIDE_ITEMS, incoming, due)


@unmoved_by(UNLISTED)
def _items(handover: Handover) -> tuple[Task, ...]:
    """What is owed of promises and issues."""
    return tuple(_of_items(handover))


def _of_items(handover: Handover) -> Iterator[Task]:
    """What waits for somebody's word, and what is to be done for the customer by a day.

    What nobody has taken over yet is listed once it falls due before the lead switch (A23).
    """
    todos = {
        Standing.PROPOSED: Todo.SETTLE_PROPOSAL,
        Standing.DECLINED: Todo.SETTLE_DECLINED,
    }
    for item in open_items(handover):
        standing, since = item.decision.standing, item.decision.at or item.at
        todo, who = todos.get(standing), decider(handover, item)
        if todo and who:
            yield _task(todo, who, add_workdays(since.date(), 1), item.id)
        due = due_day(item)
        early = due is not None and due < handover.day
        if standing in _TAKEN or early:
            withdrawn = standing is Standing.WITHDRAWN
            todo = Todo.TELL_WITHDRAWN if withdrawn else Todo.DO_ITEM
            yield _task(todo, owner(handover, item), due or handover.day, item.id)


def _links(handover: Handover) -> Iterator[Task]:
    if not handover.reading.ticks:
        return
    for document in broken(handover):
        since = handover.reading.ticks[document.key].at.date()
        who = fixer(handover, document)
        yield _task(Todo.FIX_LINK, who, add_workdays(since, 1), document.key)


def _teach_back(handover: Handover, playbook: Playbook) -> Iterator[Task]:
    incoming, taught = told_user(handover, Role.INCOMING), handover.teach_back
    since = taught.at if taught else handover.reading.accepted_at
    if incoming is None or since is None:
        return
    due = add_workdays(since.date(), playbook.milestones.teach_back)
    if taught is None:
        yield _task(Todo.TEACH_BACK, incoming, due)
    elif unmarked(handover):
        yield _task(Todo.MARK_TAUGHT, outgoing_or_leader(handover), due)
    elif not is_passed(handover):
        yield _task(Todo.READ_ADDITIONS, incoming, due)


def _wording(handover: Handover, playbook: Playbook) -> Iterator[Task]:
    """Who is to agree to the reason for the customer."""
    wording = handover.wording
    if wording is None or wording.approved_at:
        return
    due = add_workdays(wording.at.date(), playbook.milestones.silent_on_reason)
    for user in still_to_agree(handover):
        yield _task(Todo.AGREE_REASON, user, due, str(wording.version))


def _letters(handover: Handover, playbook: Playbook, dates: Dates) -> Iterator[Task]:
    """The customer's texts: who sends them for approval, who approves and who changes them."""
    words, letters = handover.wording, handover.letters
    if words is None:
        return
    if lacks_backup(handover):
        yield _task(Todo.NAME_BACKUP, handover.leader, add_workdays(words.at.date(), 1))
    if letters.asked_at is None:
        if can_be_sent(handover):
            yield _task(Todo.SEND_LETTERS, first_sender(handover), dates["approved"])
        return
    if letters.round_at and pending(handover):
        due = add_workdays(letters.round_at.date(), 1)
        for user in asked_to_approve(handover):
            yield _task(Todo.APPROVE, user, due, str(letters.round))
    for key, (number, remark) in wanted(handover).items():
        due = add_workdays(remark.at.date(), 1)
        yield _task(Todo.CHANGE_PIECE, author(handover, playbook, key), due, f"{key}:{number}")


def _lead(handover: Handover, playbook: Playbook, plan: Plan) -> Iterator[Task]:
    """The sessions side by side, what both say after one, readiness, and the switch itself."""
    outgoing, weekly = told_user(handover, Role.OUTGOING), next_due(handover)
    if outgoing and weekly:
        yield _task(Todo.CHECK_IN, outgoing, weekly, str(len(handover.check_ins)))
    for session, user in to_debrief(handover):
        yield _task(Todo.DEBRIEF, user, add_workdays(session.at.date(), 1), session.id)
    switch, incoming = plan.find("switch"), told_user(handover, Role.INCOMING)
    if switch is None or incoming is None:
        return
    if (
        has_switched(handover)
        or handover.reading.accepted_at is None
        or not message_approved(handover)
    ):
        return
    said = readiness(handover)
    if said is None:
        yield _task(Todo.SAY_READY, incoming, switch.day)
    elif said.score < READY:
        due = add_workdays(said.at.date(), 1)
        yield _task(Todo.DECIDE_READY, handover.leader, due, str(len(handover.leading.readiness)))
    if not before_switch(handover, playbook):
        yield _task(Todo.SWITCH_LEAD, incoming, switch.day)


def _sessions(handover: Handover, playbook: Playbook, plan: Plan) -> Iterator[Task]:
    """The sessions to be held: also after a lead switch that passed over them, unless waived."""
    if told_user(handover, Role.INCOMING) is None or plan.find("switch") is None:
        return
    if has_switched(handover) and Open.LADDER in handover.ending.waived:
        return
    for milestone in in_turn(plan, playbook):
        if is_session(milestone.key):
            who = outgoing_or_leader(handover)
            yield _task(Todo.LOG_SESSION, who, milestone.day, milestone.key)


def _moods(handover: Handover, playbook: Playbook, plan: Plan) -> Iterator[Task]:
    """How the customer seems, what is done about it, and who gets in touch where it is silent."""
    for milestone in in_turn(plan, playbook):
        if is_round(milestone.key):
            for user in still_to_say(handover, milestone.key, milestone.owners):
                yield _task(Todo.SAY_MOOD, user, milestone.day, milestone.key)
    for each in red_without_action(handover):
        due = max(check.at for check in each.checks).date()
        yield _task(Todo.ACT_ON_RED, handover.leader, due, each.key)
    for action in handover.moods.actions:
        if action.done_at is None:
            yield _task(Todo.DO_ACTION, handover.leader, action.due, action.round)
    if handover.moods.alarmed_at:
        who = lead_now(handover)[0]
        lead = who if who in everybody(handover) else handover.leader
        yield _task(Todo.BREAK_SILENCE, lead, handover.moods.alarmed_at.date())


def _end(handover: Handover, playbook: Playbook, plan: Plan) -> Iterator[Task]:
    """Once nothing is open, both CSMs sign and the leader confirms."""
    end = plan.find("complete")
    if end is None or not has_switched(handover) or open_points(handover, playbook):
        return
    missing = to_sign(handover)
    for party in missing:
        # Their part and not their name, which may be as long as anything that is typed.
        role = Role.OUTGOING if party is handover.outgoing else Role.INCOMING
        yield _task(Todo.SIGN, party.reachable or handover.leader, end.day, role)
    if not missing:
        yield _task(Todo.CONFIRM_END, handover.leader, end.day)


def _last_day(handover: Handover, playbook: Playbook) -> Iterator[Task]:
    """What is seen to around the last day of whoever leaves; meetings that nobody leads (G2)."""
    for todo in to_do(handover, playbook):
        yield _task(Todo.KIT, todo.owner, todo.due, todo.item)
    for unled in without_lead(handover, playbook):
        yield _task(Todo.LEAD_MEETING, handover.leader, unled.due, unled.call.key)


def _afterwards(handover: Handover, playbook: Playbook) -> Iterator[Task]:
    """What is left of a handover that is over: follow-ups, aftercare, and questions."""
    yield from _asks(handover)
    for todo in to_do(handover, playbook) if handover.stage is Stage.COMPLETE else ():
        yield _task(Todo.KIT, todo.owner, todo.due, todo.item)
    for key, day in still_to_visit(handover, playbook).items():
        for user in asked_to_visit(handover, key):
            yield _task(Todo.FOLLOW_UP, user, day, key)
    for number, care in enumerate(handover.ending.aftercare):
        if care.done_at is None:
            who = sees_to(handover, care)
            yield _task(Todo.AFTERCARE, who, care.due, str(number))


def _order(task: Task) -> tuple[date, str]:
    return task.due, task.key


def _milestones(handover: Handover, playbook: Playbook, plan: Plan) -> Iterator[Task]:
    """The milestones whose turn it is, for each who acts."""
    for milestone in in_turn(plan, playbook):
        if milestone.by_text or (milestone.derived and milestone.key not in MILESTONES):
            continue
        todo = Todo.COVER if milestone.derived else Todo.MILESTONE
        for who in milestone.owners:
            if may_know(handover, who):
                yield _task(todo, who, milestone.day, milestone.key)


def _plan(handover: Handover, playbook: Playbook, plan: Plan) -> Iterator[Task]:
    """The calls whose time is to be set, and what the leader is to decide."""
    taken = handover.acceptance is Acceptance.ACCEPTED
    if taken and pack_complete(handover, playbook):
        for call, who, due in lack_time(handover, playbook, plan):
            yield _task(Todo.SET_TIME, who, due, call.key)
    if not is_led(handover):
        # Nobody can decide until an admin names somebody who leads.
        return
    for warning in open_warnings(handover, playbook, plan):
        due = add_workdays(plan.start, 1)
        yield _task(Todo.ANSWER_WARNING, handover.leader, due, warning.kind)
