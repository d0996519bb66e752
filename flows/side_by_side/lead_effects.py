"""What is to be said on the way to the lead switch, and when somebody else leads."""

from collections.abc import Iterator

from flows.handover import Handover
from flows.privacy import everybody
from flows.saying import ROOTS, Effect, Kind, Post, Refresh
from flows.side_by_side.overlap import READY, readiness


def lead_effects(before: Handover | None, after: Handover) -> Iterator[Effect]:
    """What is to be said because `before` became `after`."""
    if before is None or before.leading == after.leading:
        return
    was, now = before.leading, after.leading
    if was.spans and len(now.spans) > len(was.spans):
        yield from _announced(after, len(was.spans))
    known = {session.id: session for session in was.sessions}
    for session in now.sessions:
        for user in (session.lead, session.observer):
            said = Refresh if session.id in known else Post
            if known.get(session.id) != session:
                yield said(to=user, kind=Kind.DEBRIEF, subject=session.id)
    if was.readiness:
        yield Refresh(to=after.leader, kind=Kind.NOT_READY, subject=str(len(was.readiness)))
    said_now = readiness(after)
    if said_now and said_now != readiness(before) and said_now.score < READY:
        number = len(now.readiness)
        yield Post(to=after.leader, kind=Kind.NOT_READY, subject=str(number))
    for user in sorted(everybody(after)):
        yield Refresh(to=user, kind=Kind.PLAN)
    yield Refresh(to=after.leader, kind=Kind.NOTICE)


def _announced(after: Handover, before: int) -> Iterator[Effect]:
    """Everybody hears who leads now; what told of an earlier lead (there were `before`) says so."""
    for user in sorted(everybody(after)):
        yield Post(to=user, kind=Kind.LEAD, subject=str(len(after.leading.spans)))
        yield Refresh(to=user, kind=Kind.LEAD, subject=str(before))
        for kind in sorted(ROOTS):
            yield Refresh(to=user, kind=kind)
