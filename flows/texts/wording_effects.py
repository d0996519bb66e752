"""What is to be said while the reason for the customer is agreed."""

from collections.abc import Iterator

from flows.handover import Handover
from flows.saying import Effect, Kind, Post, Refresh
from flows.texts.wording import agreers


def wording_effects(before: Handover | None, after: Handover) -> Iterator[Effect]:
    """What is to be said because `before` became `after`; an older text leads to the newer one."""
    was, now = (before.wording if before else None), after.wording
    if before is None or now is None:
        return
    subject = str(now.version)
    asked = set(agreers(before)) if was and was.version == now.version else set()
    for user in agreers(after):
        if user not in asked:
            yield Post(to=user, kind=Kind.REASON, subject=subject)
    if was is None or was == now:
        return
    for user in agreers(after):
        yield Refresh(to=user, kind=Kind.REASON, subject=str(was.version))
    if was.approved_at != now.approved_at:
        yield Refresh(to=after.leader, kind=Kind.NOTICE)
