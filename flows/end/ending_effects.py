"""What is to be said at the end of a handover, when it rests, and after it."""

from collections.abc import Iterator

from flows.end.completing import to_sign
from flows.end.endings import Ending
from flows.end.following_up import asked_to_visit
from flows.handover import Handover
from flows.privacy import everybody, told_user
from flows.saying import Effect, Kind, Post, Refresh
from flows.terms import Role


def ending_effects(before: Handover | None, after: Handover) -> Iterator[Effect]:
    """What is to be said because `before` became `after`."""
    if before is None or before.ending == after.ending:
        return
    was, now, on_it = before.ending, after.ending, sorted(everybody(after))
    if now.signed and now.signed != was.signed and not to_sign(after):
        yield Post(to=after.leader, kind=Kind.CONFIRM)
    yield from _over(was, now, after.leader, on_it)
    yield from _pauses(was, now, on_it)
    yield from _aftercare(was, now)
    for visit in [visit for visit in now.visits if visit not in was.visits]:
        for user in asked_to_visit(after, visit.key):
            yield Refresh(to=user, kind=Kind.FOLLOW_UP, subject=visit.key)
        known = any(visit.key == other.key for other in was.visits)
        if taker := told_user(after, Role.INCOMING):
            yield (Refresh if known else Post)(to=taker, kind=Kind.FOLLOWED_UP, subject=visit.key)
    for key in [key for key in now.late if key not in was.late]:
        for user in asked_to_visit(after, key)[1:]:
            yield Post(to=user, kind=Kind.FOLLOW_UP, subject=key)
    yield from (Refresh(to=user, kind=Kind.PLAN) for user in on_it)
    yield Refresh(to=after.leader, kind=Kind.NOTICE)


def _over(was: Ending, now: Ending, leader: str, on_it: list[str]) -> Iterator[Effect]:
    """That it is over, and that what stands says so; turned back, that it goes on."""
    if (was.completed, was.cancelled) == (now.completed, now.cancelled):
        return
    if now.completed:
        yield Refresh(to=leader, kind=Kind.CONFIRM)
        yield from (Post(to=user, kind=Kind.CLOSED) for user in on_it)
    if now.cancelled:
        yield from (Post(to=user, kind=Kind.CANCELLED) for user in on_it)
    for kind in (Kind.CARD, Kind.ACCEPT, *(() if now.completed else (Kind.CLOSED,))):
        yield from (Refresh(to=user, kind=kind) for user in on_it)


def _pauses(was: Ending, now: Ending, on_it: list[str]) -> Iterator[Effect]:
    if was.pause == now.pause:
        return
    for user in on_it:
        if was.pause:
            yield Refresh(to=user, kind=Kind.PAUSED, subject=was.pause.until.isoformat())
        if now.pause:
            yield Post(to=user, kind=Kind.PAUSED, subject=now.pause.until.isoformat())


def _aftercare(was: Ending, now: Ending) -> Iterator[Effect]:
    for number, care in enumerate(now.aftercare):
        if number >= len(was.aftercare) or care.owner != was.aftercare[number].owner:
            yield Post(to=care.owner, kind=Kind.AFTERCARE, subject=str(number))
        elif care != was.aftercare[number]:
            yield Refresh(to=care.owner, kind=Kind.AFTERCARE, subject=str(number))
