"""Two handovers of one account: who hears of it, and who must not."""

from sqlalchemy import Connection

from flows.effects import Kind, Post
from flows.end.completing import is_over
from flows.handover import Handover, Stage
from flows.privacy import is_announced
from storage import handovers, outbox
from storage.outbox import Job


def clashes(
    connection: Connection, before: Handover | None, after: Handover, now: int
) -> tuple[Job, ...]:
    """Once everybody on a handover knows, who leads another one of its account hears of it.

    Not earlier: a row that is being prepared quietly is nobody else's to hear of. And the starter
    hears nothing, for a row that they may not see must not show by an answer.
    """
    if after.example or not is_announced(after) or (before and is_announced(before)):
        return ()
    if is_over(after):
        return ()
    by = after.created_by
    handovers.hold_account(connection, after.team, after.account)
    jobs: list[Job] = []
    for other in handovers.of_account(connection, after.team, after.account):
        if other.id != after.id and other.stage is Stage.IN_FLIGHT and not other.example:
            ask = Post(to=other.leader, kind=Kind.CLASH, subject=by)
            seq = f"clash-{after.id}"
            jobs += outbox.add(connection, after.team, other.id, seq, [ask], now, by)
    return tuple(jobs)
