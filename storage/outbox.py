"""The outbox: what is to be said, to whom, and how far its delivery is. It holds no text.

A row is written in the transaction that causes it, under a key that can exist once. Delivery claims
it, stamps it just before the post, and records where the message landed; see `bot.delivery`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, insert, update

from flows.effects import Post, Refresh
from storage.tables import outbox, posts

PENDING, DONE, DROPPED, DEAD = "pending", "done", "dropped", "dead"

_INSERT = insert(outbox).returning(outbox.c.id)
_MARK = (
    update(posts)
    .where(
        posts.c.team == bindparam("t"),
        posts.c.handover == bindparam("i"),
        posts.c.person == bindparam("p"),
        posts.c.kind == bindparam("k"),
        posts.c.subject == bindparam("s"),
    )
    .values(stale_since=bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class Job:
    """An outbox row as the engine needs to know it: one lane per person's conversation."""

    id: int
    attempt: int
    lane: str


def add(
    connection: Connection, team: str, handover: str, seq: str, wanted: Iterable[Post], now: int
) -> list[Job]:
    """Write messages to be posted; the key makes each exist once (law 3)."""
    jobs = []
    for post in wanted:
        row = {
            "team": team,
            "key": f"{team}:{handover}:{seq}:{post.kind}-{post.to}-{post.subject}",
            "handover": handover,
            "person": post.to,
            "kind": post.kind.value,
            "subject": post.subject,
            "state": PENDING,
            "attempt": 1,
            "created_at": now,
            "not_before": now,
        }
        number = connection.execute(_INSERT, row).scalar_one()
        jobs.append(Job(number, 1, f"{team}:{post.to}"))
    return jobs


def mark_stale(
    connection: Connection, team: str, handover: str, wanted: Iterable[Refresh], now: int
) -> None:
    """Mark what stands in Slack as out of date; it is edited at its pace."""
    marks = [
        {"t": team, "i": handover, "p": r.to, "k": r.kind.value, "s": r.subject, "now": now}
        for r in wanted
    ]
    if marks:
        connection.execute(_MARK, marks)
