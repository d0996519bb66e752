"""How people come to a handover: it is started, they are told, they accept, decline or ask."""

from collections.abc import Iterator
from datetime import date, timedelta

from flows.customer import sending
from flows.customer.coverage import for_somebody_new as covered_anew
from flows.customer.sent import Changed
from flows.errors import FlowError, FormError
from flows.events import (
    Accepted,
    AskAnswered,
    Asked,
    Declined,
    Discarded,
    FormFilled,
    Happened,
    IncomingNamed,
    LeaderNamed,
    Opened,
    PersonGone,
    Redrafted,
    SourceNamed,
    Started,
    StartUndone,
    Told,
)
from flows.frozen import Moment
from flows.handover import (
    FORM,
    Acceptance,
    Ask,
    Handover,
    Party,
    Reading,
    Said,
    Stage,
    Telling,
    When,
)
from flows.parts import has_left
from flows.playbook import Playbook
from flows.privacy import is_told, may_know, told_user
from flows.schedule.workdays import is_workday, last_workday, workdays_after
from flows.side_by_side import overlap
from flows.staffing.changes import Changes
from flows.taking_over.items import forgotten
from flows.terms import DateIs, Role
from flows.texts import renewing
from flows.texts.wording import for_somebody_new

EXAMPLE_KEPT = timedelta(days=7)
_FORM = frozenset(FormFilled.model_fields) - frozenset(Happened.model_fields) - {"today"}

MOST_WAITING = 5
"""How many questions of one person may wait for an answer on one handover."""


def started(event: Started) -> Handover:
    """A new handover. Raises FormError with the fields of the start form that are at fault."""
    if event.example:
        _check_example(event)
    else:
        check_start(event)
    handover = Handover(
        **event.model_dump(include={*_FORM, "id", "team", "playbook"}),
        created_by=event.by,
        created_at=event.at,
        example=event.example,
        book=event.book,
        tellings=event.tellings,
    )
    return handover if event.draft else _open(handover, event.at)


def _check_example(event: Started) -> None:
    """Whoever tries it plays every part themselves, so that nobody else ever hears of it."""
    parts = (event.outgoing.user, event.incoming and event.incoming.user, event.leader)
    if {event.by} != set(parts) or event.backup or event.draft:
        raise FlowError("not_yours")


def erased_at(handover: Handover) -> Moment | None:
    """When an example is taken out of the tables; none for a real handover."""
    return handover.created_at + EXAMPLE_KEPT if handover.example else None


def redrafted(handover: Handover, event: Redrafted, _playbook: Playbook) -> Handover:
    """A draft as its form says now. Raises FormError as `started` does, and `already_started`."""
    _must_be_draft(handover)
    check_start(event)
    return handover.model_copy(update={name: getattr(event, name) for name in _FORM})


def discarded(handover: Handover, _event: Discarded, _playbook: Playbook) -> Handover:
    """A draft goes from every list. Raises FlowError `already_started`."""
    _must_be_draft(handover)
    return handover.model_copy(update={"stage": Stage.DISCARDED})


def check_start(event: FormFilled) -> None:
    """The rules of the start form that need nothing but the form. Raises FormError."""
    part = people_faults(event.outgoing, event.incoming, event.leader, event.backup)
    if faults := [*part, *day_faults(event.day, event.day_is, event.today)]:
        raise FormError(faults)


def people_faults(
    outgoing: Party | None, incoming: Party | None, leader: str, backup: str | None
) -> Iterator[FlowError]:
    """What is wrong with who has which part; of the CSMs as far as they are known."""
    csms = {party.user for party in (outgoing, incoming) if party}
    if outgoing and incoming and same_person(outgoing, incoming):
        yield FlowError("same_person", field="incoming")
    if leader in csms:
        yield FlowError("leader_is_csm", field="leader")
    if backup and backup in csms | {leader}:
        yield FlowError("backup_has_a_part", field="backup")


def day_faults(day: date, day_is: DateIs, today: date) -> Iterator[FlowError]:
    """What is wrong with the date; on a weekend a last working day may have been the one before."""
    last = day_is is DateIs.LAST_DAY
    if day < (last_workday(today) if last else today):
        yield FlowError("date_past", field="day")
    elif last and not is_workday(day):
        yield FlowError("not_a_workday", field="day")


def same_person(one: Party, other: Party) -> bool:
    """Whether two parties are the same: by Slack id, or by name for people not on Slack."""
    if one.user or other.user:
        return one.user == other.user
    return one.name.casefold() == other.name.casefold()


def opened(handover: Handover, event: Opened, _playbook: Playbook) -> Handover:
    """A draft becomes real. Raises FlowError `already_started`."""
    _must_be_draft(handover)
    tellings = event.tellings or handover.tellings
    return _open(handover.model_copy(update={"tellings": tellings}), event.at)


def start_undone(handover: Handover, event: StartUndone, _playbook: Playbook) -> Handover:
    """A handover that nobody else was told of is as if it had never been started.

    Raises FlowError `already_told`, `is_over`.
    """
    if handover.stage is not Stage.IN_FLIGHT:
        raise FlowError("is_over")
    told_csms = {told_user(handover, role) for role in (Role.OUTGOING, Role.INCOMING)} - {None}
    if told_csms - {event.by, handover.created_by}:
        raise FlowError("already_told")
    return handover.model_copy(update={"stage": Stage.DISCARDED, "started_at": None})


def told(handover: Handover, event: Told, _playbook: Playbook) -> Handover:
    """Somebody is told now, whatever was planned."""
    if event.role is Role.SOURCE or handover.user(event.role) is None:
        raise FlowError("nobody_to_tell")
    if is_told(handover, event.role):
        raise FlowError("already_told")
    telling = Telling(when=When.NOW, told_at=event.at)
    return _with_telling(handover, event.role, telling)


def accepted(handover: Handover, _event: Accepted, _playbook: Playbook) -> Handover:
    """The incoming CSM takes over; to say so twice changes nothing. FlowError `already_decided`."""
    if handover.acceptance is Acceptance.ACCEPTED:
        return handover
    return _decided(handover, Acceptance.ACCEPTED)


def declined(handover: Handover, event: Declined, _playbook: Playbook) -> Handover:
    """The incoming CSM cannot. Raises FlowError `already_decided`."""
    after = _decided(handover, Acceptance.DECLINED)
    return after.model_copy(update={"declined_by": (*after.declined_by, event.by)})


def incoming_named(handover: Handover, event: IncomingNamed, playbook: Playbook) -> Handover:
    """Somebody (else) is to take over; what only the former one could say goes with them.

    Whoever is named is told at once, unless the place was being prepared without telling: then the
    plan that was made for it stands. A customer who had the heads-up reads of it before anything
    else, unless the leader says why they need not.
    """
    check_incoming(handover, event.incoming)
    former = handover.incoming.user if handover.incoming else None
    own = {q.id for q in playbook.questions if q.asked_of is Role.INCOMING}
    plan = handover.tellings.get(Role.INCOMING)
    untold = plan is not None and plan.told_at is None
    telling = plan if plan and untold else Telling(when=When.NOW, told_at=event.at)
    named = handover.model_copy(
        update={
            "incoming": event.incoming,
            "source": None if event.incoming.user == handover.source else handover.source,
            "acceptance": Acceptance.WAITING,
            "chased": False,
            "answers": {k: a for k, a in handover.answers.items() if k not in own},
            "records": tuple(forgotten(r) for r in handover.records if r.question not in own),
            "reading": Reading(),
            "teach_back": None,
            "wording": for_somebody_new(handover),
            "letters": renewing.for_somebody_new(handover),
            "leading": overlap.for_somebody_new(handover.leading),
            "coverage": covered_anew(handover.coverage),
            "interviews": {u: i for u, i in handover.interviews.items() if u != former},
        }
    )
    changed = Changed(by=event.by, at=event.at, why=event.no_text_because.strip())
    named = sending.somebody_new(named, playbook, changed)
    return asks_passed_on(_with_telling(named, Role.INCOMING, telling), former)


def check_incoming(handover: Handover, incoming: Party) -> None:
    """Whether somebody may be named to take over, with the field of the form at fault."""
    if same_person(incoming, handover.outgoing):
        raise FlowError("same_person", field="incoming")
    if incoming.user and incoming.user == handover.leader:
        raise FlowError("leader_is_csm", field="incoming")
    if incoming.user and incoming.user == handover.backup:
        raise FlowError("backup_has_a_part", field="incoming")
    known = handover.incoming
    if known and not known.gone and same_person(incoming, known):
        raise FlowError("already_named", field="incoming")


def source_named(handover: Handover, event: SourceNamed, _playbook: Playbook) -> Handover:
    """Somebody without a part answers instead of an outgoing CSM who can't; one at a time.

    Raises FlowError `outgoing_answers`, `has_a_part`, and `left_here` for whoever had one.
    """
    if handover.outgoing.reachable:
        raise FlowError("outgoing_answers", field="source")
    if event.user == handover.source:
        return handover
    if handover.roles(event.user) or event.user == handover.outgoing.user:
        raise FlowError("has_a_part", field="source")
    if has_left(handover, event.user):
        raise FlowError("left_here", field="source")
    left = {u: i for u, i in handover.interviews.items() if u != handover.source}
    return handover.model_copy(update={"source": event.user, "interviews": left})


def asked(handover: Handover, event: Asked, _playbook: Playbook) -> Handover:
    """A question goes to the outgoing CSM if they can be reached and know, else to the leader.

    Nobody asks themselves: raises FlowError `nobody_to_ask` when there is no one else, and
    `many_waiting` where enough of theirs wait for an answer. What the pack had been taken to answer
    and is asked all the same was not answered by it.
    """
    if any(ask.id == event.id for ask in handover.asks):
        return handover
    if len([ask for ask in handover.asks if ask.by == event.by and not ask.reply]) >= MOST_WAITING:
        raise FlowError("many_waiting")
    to = whom_to_ask(handover, event.by, event.about)
    ask = Ask(to=to, **event.model_dump(exclude={"type"}))
    found = tuple(other for other in handover.found if other.id != event.id)
    return handover.model_copy(update={"asks": (*handover.asks, ask), "found": found})


def whom_to_ask(handover: Handover, asker: str, about: str = "") -> str:
    """Who gets somebody's question: whoever gave the answer it is about, else who should know.

    Raises FlowError `nobody_to_ask`.
    """
    answer = handover.answers.get(about)
    author = answer.by if answer and may_know(handover, answer.by) else None
    leader = () if handover.leader_gone else (Role.LEADER,)
    roles = (Role.OUTGOING, *leader, Role.INCOMING)
    order = [author, *(told_user(handover, role) for role in roles)]
    to = next((user for user in order if user and user != asker), None)
    if to is None:
        raise FlowError("nobody_to_ask")
    return to


def ask_answered(handover: Handover, event: AskAnswered, _playbook: Playbook) -> Handover:
    """The reply joins the question; a second one is added to the first, the same one is not."""
    ask = next((ask for ask in handover.asks if ask.id == event.ask), None)
    if ask is None or ask.to != event.by:
        raise FlowError("no_such_ask")
    if not event.said.says_something:
        raise FlowError("missing", field="text")
    said = event.said.model_copy(update={"by": event.by})
    if said.source != FORM and said.source in {other.source for other in ask.replies}:
        return handover
    ask = ask.model_copy(update={"replied_at": ask.replied_at or event.at})
    return with_replies(handover, ask, (*ask.replies, said))


def with_replies(handover: Handover, ask: Ask, replies: tuple[Said, ...]) -> Handover:
    """The handover with other replies to a question between people."""
    replied = ask.model_copy(update={"replies": replies})
    asks = tuple(replied if other.id == ask.id else other for other in handover.asks)
    return handover.model_copy(update={"asks": asks})


def person_gone(handover: Handover, event: PersonGone, _playbook: Playbook) -> Handover:
    """Whoever was switched off is not written to any more; what was theirs passes on (N16).

    A leader's place passes to the backup, else to the creator; where both are gone it stays until
    an admin names somebody, for there is nobody left on the handover who could take it.
    """
    change: dict[str, object] = {}
    if handover.roles(event.user):
        change["changes"] = with_gone(handover, event.user)
    if handover.outgoing.user == event.user:
        change["outgoing"] = handover.outgoing.model_copy(update={"gone": True})
    if handover.incoming and handover.incoming.user == event.user and not handover.incoming.gone:
        change["incoming"] = handover.incoming.model_copy(update={"gone": True})
        change["acceptance"] = Acceptance.DECLINED
    if handover.source == event.user:
        change["source"] = None
    if event.user in {handover.leader, handover.backup}:
        change["backup"] = None
    if handover.leader == event.user:
        heirs = (handover.backup, handover.created_by)
        left = (heir for heir in heirs if heir and heir != event.user and handover.roles(heir))
        heir = next(left, None)
        change |= {"leader": heir} if heir else {"leader_gone": True}
    return asks_passed_on(handover.model_copy(update=change), event.user)


def with_gone(handover: Handover, user: str) -> Changes:
    """Whoever was switched off has no part any more; who led in between does not either."""
    changes = handover.changes
    left = changes.interim and changes.interim.user == user
    interim = None if left else changes.interim
    return changes.model_copy(update={"gone": (*changes.gone, user), "interim": interim})


def leader_named(handover: Handover, event: LeaderNamed, _playbook: Playbook) -> Handover:
    """Somebody leads again. Raises FlowError `leader_is_csm`."""
    if faults := list(people_faults(handover.outgoing, handover.incoming, event.leader, None)):
        raise FormError(faults)
    backup = None if handover.backup == event.leader else handover.backup
    named = {"leader": event.leader, "leader_gone": False, "backup": backup}
    return asks_passed_on(handover.model_copy(update=named), handover.leader)


def silent_at(handover: Handover, playbook: Playbook) -> Moment | None:
    """When the leader hears that the incoming CSM has not answered; none if that cannot happen."""
    waiting = handover.acceptance is Acceptance.WAITING and not handover.chased
    if not (waiting and handover.incoming_since and told_user(handover, Role.INCOMING)):
        return None
    return workdays_after(handover.incoming_since, playbook.milestones.silent_incoming_to_leader)


def chased(handover: Handover, _at: Moment, _playbook: Playbook) -> Handover:
    """The leader hears that the incoming CSM has not answered."""
    return handover.model_copy(update={"chased": True})


def told_next_at(handover: Handover, _playbook: Playbook) -> Moment | None:
    """When somebody is to be told next."""
    return min([t.at for t in handover.tellings.values() if t.at and not t.told_at], default=None)


def told_by_now(handover: Handover, at: Moment, _playbook: Playbook) -> Handover:
    """Everybody who is to be told by now knows."""
    for role, telling in handover.tellings.items():
        if telling.at and not telling.told_at and telling.at <= at:
            known = telling.model_copy(update={"told_at": at})
            handover = _with_telling(handover, role, known)
    return handover


def _must_be_draft(handover: Handover) -> None:
    if handover.stage is not Stage.DRAFT:
        raise FlowError("already_started")


def _open(handover: Handover, at: Moment) -> Handover:
    tellings = {
        role: telling.model_copy(update={"told_at": at})
        if telling.when is When.NOW or (telling.at and telling.at <= at)
        else telling
        for role, telling in handover.tellings.items()
    }
    known = tellings.get(Role.INCOMING)
    return handover.model_copy(
        update={
            "stage": Stage.IN_FLIGHT,
            "started_at": at,
            "tellings": tellings,
            "incoming_since": at if known and known.told_at else None,
        }
    )


def _with_telling(handover: Handover, role: Role, telling: Telling) -> Handover:
    since = {"incoming_since": telling.told_at} if role is Role.INCOMING else {}
    tellings = handover.tellings | {role: telling}
    return handover.model_copy(update={"tellings": tellings, **since})


def asks_passed_on(handover: Handover, former: str | None) -> Handover:
    """What somebody was asked and has not answered goes to the leader when they leave."""
    asks = tuple(
        ask.model_copy(update={"to": handover.leader})
        if ask.to == former and not ask.reply
        else ask
        for ask in handover.asks
    )
    return handover.model_copy(update={"asks": asks})


def _decided(handover: Handover, acceptance: Acceptance) -> Handover:
    if handover.acceptance is not Acceptance.WAITING:
        raise FlowError("already_decided")
    return handover.model_copy(update={"acceptance": acceptance})
