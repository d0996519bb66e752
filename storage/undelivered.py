"""What has not been delivered: the tick's list, the dead letters, and what may be forgotten."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, case, delete, func, or_, select, update

from storage.outbox import (
    ABSENT,
    DEAD,
    DONE,
    DROPPED,
    PENDING,
    QUIET,
    UNSURE,
    Job,
    goes_first,
    lane,
)
from storage.tables import outbox

_AT_ONCE = 500
_OVERDUE = (
    select(
        outbox.c.id,
        outbox.c.attempt,
        outbox.c.team,
        outbox.c.person,
        outbox.c.kind,
        outbox.c.not_before,
    )
    .where(
        outbox.c.state == PENDING,
        outbox.c.id > bindparam("after"),
        outbox.c.not_before <= bindparam("due"),
        or_(
            outbox.c.claimed_at.is_(None),
            outbox.c.claimed_at <= bindparam("leased"),
            # A claim of tomorrow is one of a clock that was set back since.
            outbox.c.claimed_at > bindparam("ahead"),
        ),
    )
    .order_by(outbox.c.id)
    .limit(bindparam("n"))
)
_RAISE = (
    update(outbox)
    .where(
        outbox.c.id == bindparam("i"),
        outbox.c.attempt == bindparam("a"),
        outbox.c.state == PENDING,
    )
    .values(attempt=outbox.c.attempt + 1, claimed_by=None, claimed_at=None)
)
_BRING_FORWARD = (
    update(outbox)
    .where(
        outbox.c.state == PENDING,
        outbox.c.not_before > bindparam("now"),
        or_(outbox.c.error.is_(None), outbox.c.error != QUIET),
    )
    .values(
        # Absent once, but nobody knows any more how long ago.
        error=case((outbox.c.error == ABSENT, UNSURE), else_=outbox.c.error),
        # The engine would keep the attempt that it knows until its time comes round again.
        attempt=outbox.c.attempt + 1,
        not_before=bindparam("now"),
        claimed_by=None,
        claimed_at=None,
    )
)
_OLDEST = select(func.min(outbox.c.not_before)).where(outbox.c.state == PENDING)
_MAY_STAND = (
    select(outbox.c.id)
    .where(
        outbox.c.state == PENDING,
        outbox.c.team == bindparam("t"),
        outbox.c.person == bindparam("p"),
        outbox.c.stamped_at.is_not(None),
    )
    .limit(1)
)
_DEAD = (
    select(outbox.c.id, outbox.c.handover, outbox.c.person, outbox.c.kind, outbox.c.error)
    .where(outbox.c.team == bindparam("t"), outbox.c.state == DEAD)
    .order_by(outbox.c.id.desc())
    .limit(bindparam("n"))
)
_NEXT = (
    select(outbox.c.id, outbox.c.created_at)
    .where(outbox.c.id > bindparam("after"))
    .order_by(outbox.c.id)
    .limit(bindparam("n"))
)
_FORGET = delete(outbox).where(
    outbox.c.id.between(bindparam("first"), bindparam("last")),
    outbox.c.state.in_((DONE, DROPPED, DEAD)),
    outbox.c.done_at < bindparam("before"),
)


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that can never be delivered, and Slack's word for why."""

    id: int
    handover: str
    person: str
    kind: str
    error: str


def overdue(
    connection: Connection, now: int, grace: int, lease: int, after: int = 0
) -> tuple[list[Job], int]:
    """Pending rows whose time came at least `grace` µs ago and that nobody has leased, as they were
    written; so many from the one numbered `after` on, and the number to go on from, 0 for anew.
    """
    key = {"due": now - grace, "leased": now - lease, "ahead": now + lease}
    key |= {"after": after, "n": _AT_ONCE}
    jobs = [
        Job(row.id, row.attempt, lane(row.team, row.person), 0, goes_first(row.kind))
        for row in connection.execute(_OVERDUE, key)
    ]
    return jobs, jobs[-1].id if len(jobs) == _AT_ONCE else 0


def raise_attempt(connection: Connection, jobs: Iterable[Job]) -> list[Job]:
    """The next attempts of jobs that ended without an outcome; rows that moved on are left out."""
    return [
        Job(job.id, job.attempt + 1, job.lane, 0, job.first)
        for job in jobs
        if connection.execute(_RAISE, {"i": job.id, "a": job.attempt}).rowcount == 1
    ]


def bring_forward(connection: Connection, now: int) -> int:
    """After the clock was set back: what waits for a moment that now is far off is tried at once.

    How many it were. What waits for its reader's hours goes on waiting for them.
    """
    return connection.execute(_BRING_FORWARD, {"now": now}).rowcount


def oldest_undelivered(connection: Connection) -> int | None:
    """The moment at which the longest waiting message was due."""
    return connection.execute(_OLDEST).scalar()


def may_stand(connection: Connection, team: str, person: str) -> bool:
    """Whether a person may be looking at a message of which we do not know yet that it stands."""
    return connection.execute(_MAY_STAND, {"t": team, "p": person}).first() is not None


def dead_letters(connection: Connection, team: str, most: int = 50) -> list[DeadLetter]:
    """What could not be delivered in a workspace, the newest first."""
    rows = connection.execute(_DEAD, {"t": team, "n": most})
    return [DeadLetter(row.id, row.handover, row.person, row.kind, row.error or "") for row in rows]


def forget(connection: Connection, before: int, after: int = 0, most: int = 1000) -> int | None:
    """Delete those that ended before a moment among the `most` rows that follow the one numbered
    `after`; the number to go on from, none where what follows is younger.

    Rows are numbered as they are written, and no index tells when they ended.
    """
    rows = connection.execute(_NEXT, {"after": after, "n": most}).all()
    if not rows:
        return None
    between = {"first": rows[0].id, "last": rows[-1].id}
    connection.execute(_FORGET, between | {"before": before})
    return rows[-1].id if rows[-1].created_at < before else None
