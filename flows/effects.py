"""What a change asks to be told: messages to post and messages to bring up to date.

Effects are read off the difference between a handover before and after an event, so no event can
forget one.
"""

from collections.abc import Iterable, Iterator, Mapping

from flows.confidential.actions import action_effects
from flows.customer.mood_effects import mood_effects
from flows.customer.sending_effects import sending_effects
from flows.end.completing import is_over
from flows.end.ending_effects import ending_effects
from flows.end.kit import kit_effects
from flows.handover import Acceptance, Handover, Interview, Origin
from flows.knowledge.interview import (
    BRIEF_FROM,
    answers_so_far,
    next_question,
    pack_complete,
    respondents,
)
from flows.known.splitting import is_piece_of_book
from flows.often import ANSWERING
from flows.playbook import Playbook
from flows.privacy import is_source, may_know, may_take_part, told_user
from flows.remembering import unmoved_by
from flows.saying import IN_BOOK, IN_CHANNELS, ROOTS, Effect, Kind, Post, Refresh
from flows.schedule.plan_effects import plan_effects
from flows.side_by_side.checking_in import check_in_effects
from flows.side_by_side.lead_effects import lead_effects
from flows.staffing.change_effects import change_effects
from flows.taking_over.receiving_effects import receiving_effects
from flows.terms import THE_THREE, Role
from flows.texts.letter_effects import letter_effects
from flows.texts.wording_effects import wording_effects

_AFTERWARDS = frozenset(
    {
        *(Kind.CANCELLED, Kind.CLOSED, Kind.ASK, Kind.ASK_REPLY),
        *(Kind.FOLLOW_UP, Kind.FOLLOWED_UP, Kind.AFTERCARE, Kind.NOTICE, Kind.PERSON),
    }
)
_UNASKED = Interview()
__all__ = ["IN_CHANNELS", "ROOTS", "Effect", "Kind", "Post", "Refresh", "effects", "root_kind"]


def effects(before: Handover | None, after: Handover, playbook: Playbook) -> tuple[Effect, ...]:
    """What is to be said because `before` became `after`; posts come in the order to be read."""
    found = [
        *_roots(before, after),
        *_acceptance(before, after),
        *_tellings(before, after),
        *_asks(before, after),
        *receiving_effects(before, after, playbook),
        *wording_effects(before, after),
        *letter_effects(before, after, playbook),
        *lead_effects(before, after),
        *mood_effects(before, after),
        *ending_effects(before, after),
        *sending_effects(before, after, playbook),
        *_interviews(before, after),
        *_reused(before, after),
        *_pack(before, after, playbook),
        *_cards(before, after),
        *plan_effects(before, after, playbook),
        *action_effects(before, after),
        *change_effects(before, after, playbook),
        *kit_effects(before, after, playbook),
        *check_in_effects(before, after),
        *_guests(before, after),
    ]
    if after.book:
        found = list(_of_book(before, after, found, playbook))
    return tuple(effect for effect in dict.fromkeys(found) if _may_reach(before, after, effect))


def root_kind(handover: Handover, user: str) -> Kind:
    """The message that opens this user's thread: the first of what they are to the handover."""
    if user in respondents(handover, Role.OUTGOING) and user != handover.user(Role.INCOMING):
        return Kind.CARD
    return Kind.ACCEPT if user == handover.user(Role.INCOMING) else Kind.NOTICE


def _may_reach(before: Handover | None, after: Handover, effect: Effect) -> bool:
    """Only who knows hears anything; what stands with who just left is brought up to date once.

    Of what is over nobody hears more than comes afterwards, whoever leaves then.
    """
    if isinstance(effect, Post) and is_over(after) and effect.kind not in _AFTERWARDS:
        return False
    left = isinstance(effect, Refresh) and before is not None and may_know(before, effect.to)
    return may_take_part(after, effect.to) or left


@unmoved_by(ANSWERING)
def _threads(handover: Handover) -> dict[str, Kind]:
    """Everybody who has a thread, with the message that opens it."""
    if not handover.started_at:
        return {}
    people = [told_user(handover, role) for role in THE_THREE]
    people += [user for user in respondents(handover, Role.OUTGOING) if is_source(handover, user)]
    return {user: root_kind(handover, user) for user in people if user}


def _roots(before: Handover | None, after: Handover) -> Iterator[Effect]:
    known = _threads(before) if before else {}
    for user, kind in _threads(after).items():
        if known.get(user) is not kind:
            yield Post(to=user, kind=kind)


def _acceptance(before: Handover | None, after: Handover) -> Iterator[Effect]:
    if before is None:
        return
    former = before.user(Role.INCOMING)
    if former and after.incoming and former != after.incoming.user:
        yield Refresh(to=former, kind=Kind.ACCEPT)
        if before.reading.page:
            yield Refresh(to=former, kind=Kind.READING)
    if (before.acceptance, before.chased, before.incoming) == (
        after.acceptance,
        after.chased,
        after.incoming,
    ):
        return
    if after.acceptance is Acceptance.DECLINED and before.acceptance is not after.acceptance:
        yield Post(to=after.leader, kind=Kind.DECLINED)
    elif after.chased and not before.chased:
        yield Post(to=after.leader, kind=Kind.SILENT)
    for role, kind in ((Role.INCOMING, Kind.ACCEPT), (Role.LEADER, Kind.NOTICE)):
        if user := told_user(after, role):
            yield Refresh(to=user, kind=kind)
    for kind in (Kind.DECLINED, Kind.SILENT):
        yield Refresh(to=after.leader, kind=kind)


def _tellings(before: Handover | None, after: Handover) -> Iterator[Effect]:
    """Who is told changes what the others read: who knows by now, and who is still to be told."""
    if before is None or before.tellings == after.tellings:
        return
    yield Refresh(to=after.leader, kind=Kind.NOTICE)
    if incoming := told_user(after, Role.INCOMING):
        yield Refresh(to=incoming, kind=Kind.ACCEPT)


def _asks(before: Handover | None, after: Handover) -> Iterator[Effect]:
    known = {ask.id: ask for ask in before.asks} if before else {}
    for ask in after.asks:
        if ask.id not in known or ask.to != known[ask.id].to:
            yield Post(to=ask.to, kind=Kind.ASK, subject=ask.id)
        elif ask != known[ask.id]:
            yield Refresh(to=ask.to, kind=Kind.ASK, subject=ask.id)
            said_more = len(ask.replies) > len(known[ask.id].replies)
            tell = Post if said_more and ask.replies[-1].by != ask.by else Refresh
            yield tell(to=ask.by, kind=Kind.ASK_REPLY, subject=ask.id)


def _guests(before: Handover | None, after: Handover) -> Iterator[Effect]:
    for guest in after.guests.admitted:
        if before and not before.guests.has(guest.user):
            yield Post(to=guest.user, kind=Kind.GUEST)


def _interviews(before: Handover | None, after: Handover) -> Iterator[Effect]:
    touched = _touched(before, after)
    for user, interview in after.interviews.items():
        former = (before.interviews.get(user) if before else None) or _UNASKED
        for question in touched:
            if question in interview.asked:
                yield Refresh(to=user, kind=Kind.QUESTION, subject=question)
        if former.current and former.current != interview.current:
            yield Refresh(to=user, kind=Kind.QUESTION, subject=former.current)
        if len(interview.asked) > len(former.asked) and interview.current:
            yield Post(to=user, kind=Kind.QUESTION, subject=interview.current)
        if interview.menu and not former.menu:
            yield Post(to=user, kind=Kind.CLOSING)
        elif interview.menu and interview != former:
            yield Refresh(to=user, kind=Kind.CLOSING)


def _touched(before: Handover | None, after: Handover) -> list[str]:
    """The questions whose answer or records changed, or for which somebody else is asked."""
    if before is None:
        return []
    changed = _differing(before.answers, after.answers)
    changed += _differing(before.prefilled, after.prefilled)
    if before.records != after.records:
        old, new = ({record.id: record for record in h.records} for h in (before, after))
        changed += [(new.get(key) or old[key]).question for key in _differing(old, new)]
    if before.asks != after.asks:
        known = {ask.id: ask for ask in before.asks}
        changed += [ask.about for ask in after.asks if ask.fills and known.get(ask.id) != ask]
    return list(dict.fromkeys(changed))


def _reused(before: Handover | None, after: Handover) -> Iterator[Effect]:
    """Who brought something hears what came of it; a message of its own for every source."""
    if before is None or after.example:
        return
    known = {prefill.source for prefill in before.prefilled.values()}
    for prefill in after.prefilled.values():
        if is_piece_of_book(prefill.source):
            continue
        if prefill.source not in known and prefill.origin is not Origin.INCOMING:
            yield Post(to=prefill.by, kind=Kind.IMPORT, subject=prefill.source)
    pieces = {piece.id: piece for piece in before.unsorted}
    for piece in after.unsorted:
        old = pieces.get(piece.id)
        if old is None or old is piece:
            continue
        for file in _differing(old.read, piece.read):
            yield Post(to=piece.by, kind=Kind.IMPORT, subject=f"{piece.id}:{file}")


def _differing(old: Mapping[str, object], new: Mapping[str, object]) -> list[str]:
    """The keys whose values are not the same; most are the very same object."""
    if old is new:
        return []
    return [
        key
        for key in {**old, **new}
        if (one := old.get(key)) is not (other := new.get(key)) and one != other
    ]


def _pack(before: Handover | None, after: Handover, playbook: Playbook) -> Iterator[Effect]:
    """The pack is there for whoever is to read it, or they are there for a pack that was ready."""
    if before is None or not pack_complete(after, playbook):
        return
    is_ready_now = not pack_complete(before, playbook)
    taken = Acceptance.ACCEPTED
    is_taken_now = after.acceptance is taken and before.acceptance is not taken
    incoming = told_user(after, Role.INCOMING)
    if incoming and (is_ready_now or is_taken_now):
        yield Post(to=incoming, kind=Kind.PACK_READY)
    if is_ready_now:
        yield Refresh(to=after.leader, kind=Kind.NOTICE)


def _of_book(
    before: Handover | None, after: Handover, found: Iterable[Effect], playbook: Playbook
) -> Iterator[Effect]:
    """What is said once for a whole book takes the place of what each account would say.

    Who came to a single account later has a message of their own for it. Whoever has a card for all
    accounts finds there that drafts are ready. When somebody is through with an account, the next
    one is offered.
    """
    for effect in found:
        twin = IN_BOOK.get(effect.kind)
        if isinstance(effect, Post) and effect.kind is Kind.LETTERS and _sits(after, effect.to):
            yield Refresh(to=effect.to, kind=Kind.BOOK_CARD)
        elif twin is None:
            yield effect
        elif isinstance(effect, Refresh):
            yield effect
            yield effect.model_copy(update={"kind": twin})
        else:
            here_before = before is None or bool(before.roles(effect.to))
            yield effect.model_copy(update={"kind": twin}) if here_before else effect
    for user in after.interviews:
        if before and _was_asked(before, playbook, user) and _is_through(after, playbook, user):
            yield Post(to=user, kind=Kind.BOOK_NEXT, subject=after.id)


def _sits(handover: Handover, user: str) -> bool:
    """Whether somebody has one card for all accounts, which tells of drafts as well."""
    return user in respondents(handover, Role.OUTGOING)


def _is_through(handover: Handover, playbook: Playbook, user: str) -> bool:
    """Whether nothing is left to ask somebody."""
    interview = handover.interviews.get(user)
    open_still = interview is None or interview.current
    return not open_still and next_question(handover, playbook, user) is None


def _was_asked(handover: Handover, playbook: Playbook, user: str) -> bool:
    """Whether somebody had something to answer, in the thread or in a form."""
    known = user in handover.interviews
    return known and next_question(handover, playbook, user) is not None


def _cards(before: Handover | None, after: Handover) -> Iterator[Effect]:
    if before is None or not before.started_at:
        return
    for user in respondents(after, Role.OUTGOING):
        yield Refresh(to=user, kind=root_kind(after, user))
    for user in respondents(after, Role.INCOMING):
        if before.interviews.get(user) != after.interviews.get(user):
            yield Refresh(to=user, kind=root_kind(after, user))
    if answers_so_far(before) < BRIEF_FROM <= answers_so_far(after):
        yield Refresh(to=after.leader, kind=Kind.NOTICE)
