"""The outbox: what is to be said, to whom, and how far its delivery is. It holds no text.

A row is written in the transaction that causes it, under a key that can exist once. Delivery claims
it, stamps it just before the post, and records where the message landed; see `bot.delivery`. Every
step after the claim is fenced: it changes nothing once another attempt or replica owns the row.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Connection, and_, bindparam, func, or_, select, text, update

from flows.effects import ROOTS, Kind, Post, Refresh
from storage.cause import CAUSE
from storage.prepared import Later, Prepared
from storage.tables import handovers, outbox, posts

PENDING, DONE, DROPPED, DEAD = "pending", "done", "dropped", "dead"

# Why a row waits, in its `error` column. What waits because Slack asked for it holds its lane back.
LIMITED, BEHIND, NO_ROOT, SLOW = "limited", "behind", "no_root", "slow"
UNSURE, ABSENT = "unsure", "absent"
FAILED = "failed"
NEWER = "newer"
QUIET = "quiet"

SHUT_OUT = frozenset(
    {
        "account_inactive",
        "invalid_auth",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
    }
)
"""Slack's words for a token that does not work: everything waits until one does."""

_INSERT = Prepared(
    text(
        "INSERT INTO outbox (team, key, handover, person, kind, subject,"
        " state, attempt, created_at, not_before, quiet, failures, cause)"
        " VALUES (:team, :key, :handover, :person, :kind, :subject,"
        " :state, :attempt, :created_at, :not_before, :quiet, 0, :cause)"
        " ON CONFLICT (team, key) DO NOTHING RETURNING id"
    )
)
_CLAIM = (
    update(outbox)
    .where(
        outbox.c.id == bindparam("i"),
        outbox.c.attempt == bindparam("a"),
        outbox.c.state == PENDING,
    )
    .values(claimed_by=bindparam("by"), claimed_at=bindparam("now"))
    .returning(
        outbox.c.id,
        outbox.c.attempt,
        outbox.c.team,
        outbox.c.key,
        outbox.c.handover,
        outbox.c.person,
        outbox.c.kind,
        outbox.c.subject,
        outbox.c.stamped_at,
        outbox.c.error,
        outbox.c.failures,
        outbox.c.quiet,
        outbox.c.ts.label("file"),
        outbox.c.cause,
    )
)
_MINE = (
    outbox.c.id == bindparam("i"),
    outbox.c.attempt == bindparam("a"),
    outbox.c.claimed_by == bindparam("by"),
    outbox.c.state == PENDING,
)
_STAMP = (
    update(outbox)
    .where(*_MINE)
    .values(stamped_at=bindparam("now"), error=None, ts=bindparam("file"))
)
_END = (
    update(outbox)
    .where(*_MINE)
    .values(
        state=bindparam("new_state"),
        done_at=bindparam("now"),
        error=bindparam("why"),
        channel=bindparam("at_channel"),
        ts=bindparam("at_ts"),
    )
)
_LATER = (
    update(outbox)
    .where(*_MINE)
    .values(
        attempt=outbox.c.attempt + 1,
        not_before=bindparam("moment"),
        error=bindparam("why"),
        claimed_by=None,
        claimed_at=None,
    )
)
_LATER_UNSENT = _LATER.values(stamped_at=None)
_LATER_FAILED = _LATER.values(failures=outbox.c.failures + 1)
_OLDER = and_(
    outbox.c.state == PENDING,
    outbox.c.team == bindparam("t"),
    outbox.c.person == bindparam("p"),
    outbox.c.id < bindparam("i"),
)
_BOOK_OF = (
    select(handovers.c.book)
    .where(handovers.c.team == bindparam("t"), handovers.c.id == bindparam("h"))
    .scalar_subquery()
)
_ROOT_AHEAD = select(func.max(outbox.c.not_before)).where(
    _OLDER,
    outbox.c.handover.in_((bindparam("h"), _BOOK_OF)),
    outbox.c.kind.in_(sorted(kind.value for kind in ROOTS)),
)
_HELD_BACK = select(outbox.c.not_before).where(
    _OLDER, outbox.c.error.in_(sorted({LIMITED, *SHUT_OUT})), outbox.c.not_before > bindparam("now")
)
_KNOWN = select(outbox.c.key, outbox.c.state).where(
    outbox.c.team == bindparam("t"), outbox.c.key.in_(bindparam("ks", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Job:
    """An outbox row as the engine needs to know it: one lane per person's conversation.

    `not_before` is a stored moment, 0 for at once; `first` puts it ahead of the rest of its lane.
    """

    id: int
    attempt: int
    lane: str
    not_before: int = 0
    first: bool = False


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row that this replica may work on.

    `stamped_at` says that a post may have landed since; `file` is the id of the file it would show.
    `failures` counts the attempts that ended in an error of ours. What is `quiet` keeps to its
    reader's hours and counts. `cause` is what the row was written for (`storage.cause`).
    """

    id: int
    attempt: int
    team: str
    key: str
    handover: str
    person: str
    kind: str
    subject: str
    stamped_at: int | None
    error: str | None
    failures: int
    quiet: bool
    file: str | None
    cause: str
    by: str

    @property
    def fence(self) -> dict[str, int | str]:
        """What must still be so for this attempt to change the row."""
        return {"i": self.id, "a": self.attempt, "by": self.by}


def adding(
    connection: Connection,
    where: tuple[str, str, str],
    wanted: Iterable[Post],
    now: int,
    by: str | None = None,
) -> Later[list[Job]]:
    """Write messages to be posted; one whose key is known was asked for before (law 3).

    `where` is team, handover and seq. What others hear of what `by` did is quiet; without it,
    nothing is.
    """
    opened: set[str] = set()
    asked = []
    for post in wanted:
        if post.kind in ROOTS:
            opened.add(post.to)
        # The first question stands right below what opens its thread.
        begins = post.kind is Kind.QUESTION and post.to in opened
        quiet = by is not None and not begins and post.is_quiet(by)
        asked.append((post, _INSERT.run(connection, _new_row(where, post, now, quiet=quiet))))
    team = where[0]

    def added() -> list[Job]:
        written = ((post, cursor.fetchone()) for post, cursor in asked)
        return list(_jobs(team, ((post, row[0]) for post, row in written if row)))

    return added


def add(
    connection: Connection,
    team: str,
    handover: str,
    seq: str,
    wanted: Iterable[Post],
    now: int,
    by: str | None = None,
) -> list[Job]:
    """Write messages by themselves."""
    return adding(connection, (team, handover, seq), wanted, now, by)()


def key_of(team: str, handover: str, seq: str, post: Post) -> str:
    """The name of a message, under which it can exist once."""
    return f"{team}:{handover}:{seq}:{post.kind}-{post.to}-{post.subject}"


def known(connection: Connection, team: str, keys: Iterable[str]) -> dict[str, str]:
    """Those of some messages that were ordered, by key, with the state of each."""
    found = connection.execute(_KNOWN, {"t": team, "ks": list(keys)})
    return {row.key: row.state for row in found}


def _new_row(
    where: tuple[str, str, str], post: Post, now: int, *, quiet: bool
) -> dict[str, str | int]:
    team, handover, seq = where
    return {
        "team": team,
        "key": key_of(team, handover, seq, post),
        "handover": handover,
        "person": post.to,
        "kind": post.kind.value,
        "subject": post.subject,
        "state": PENDING,
        "attempt": 1,
        "created_at": now,
        "not_before": now,
        "quiet": quiet,
        "cause": CAUSE.get(),
    }


def _jobs(team: str, added: Iterable[tuple[Post, int]]) -> Iterator[Job]:
    opened: set[str] = set()
    for post, number in added:
        if post.kind in ROOTS:
            opened.add(post.to)
        first = goes_first(post.kind.value) and post.to not in opened
        yield Job(number, 1, lane(team, post.to), first=first)


def mark_stale(
    connection: Connection, team: str, handover: str, wanted: Iterable[Refresh], now: int
) -> None:
    """Mark what stands in Slack as out of date; it is edited at its pace."""
    values: dict[str, str | int] = {"t": team, "i": handover, "now": now}
    count = 0
    for count, one in enumerate(wanted, start=1):
        values |= {f"p{count}": one.to, f"k{count}": one.kind.value, f"s{count}": one.subject}
    if count:
        _mark(count).run(connection, values)


@cache
def _mark(count: int) -> Prepared:
    """The statement that marks so many messages at once; few at a time, so there are few of it."""
    those = (
        and_(
            posts.c.person == bindparam(f"p{number}"),
            posts.c.kind == bindparam(f"k{number}"),
            posts.c.subject == bindparam(f"s{number}"),
        )
        for number in range(1, count + 1)
    )
    here = (posts.c.team == bindparam("t"), posts.c.handover == bindparam("i"))
    return Prepared(update(posts).where(*here, or_(*those)).values(stale_since=bindparam("now")))


def lane(team: str, person: str) -> str:
    """What is said to one person is said in order, one at a time; the engine is not told who."""
    return hashlib.blake2b(f"{team}:{person}".encode(), digest_size=16).hexdigest()


def goes_first(kind: str) -> bool:
    """A question follows the person's own answer: somebody sits there and waits for it."""
    return kind == Kind.QUESTION


def claim(connection: Connection, number: int, attempt: int, by: str, now: int) -> Claimed | None:
    """Take a row for one attempt; None when it is over or another attempt has its turn.

    The same attempt may be claimed again: its job runs anew after a crash, here or elsewhere, and
    the fence then shuts out whoever had it before.
    """
    key = {"i": number, "a": attempt, "by": by, "now": now}
    found = connection.execute(_CLAIM, key).mappings().first()
    return Claimed(**found, by=by) if found else None


def stamp(connection: Connection, row: Claimed, file: str | None, now: int) -> bool:
    """Note that a post starts right after this commit; False when the row was taken over."""
    return connection.execute(_STAMP, row.fence | {"now": now, "file": file}).rowcount == 1


def done(connection: Connection, row: Claimed, channel: str, ts: str, now: int) -> bool:
    """Note where the message landed; `storage.posts.stand` belongs in the same transaction."""
    return _end(connection, row, DONE, now, at=(channel, ts))


def dropped(connection: Connection, row: Claimed, now: int, why: str | None = None) -> bool:
    """Note that there is no longer anything to say."""
    return _end(connection, row, DROPPED, now, why=why)


def dead(connection: Connection, row: Claimed, error: str, now: int) -> bool:
    """Give up for good, visibly; True for the one attempt that did it."""
    return _end(connection, row, DEAD, now, why=error)


def retry_later(
    connection: Connection, row: Claimed, not_before: int, why: str, *, unsent: bool
) -> Job | None:
    """Put the row off to a next attempt; None when it was taken over.

    `unsent` says that no attempt so far can have landed, so the next one need not look for it.
    """
    statement = _LATER_UNSENT if unsent else _LATER_FAILED if why == FAILED else _LATER
    values = row.fence | {"moment": not_before, "why": why[:200]}
    if connection.execute(statement, values).rowcount != 1:
        return None
    first = goes_first(row.kind)
    return Job(row.id, row.attempt + 1, lane(row.team, row.person), not_before, first)


def root_ahead(connection: Connection, row: Claimed) -> int | None:
    """When the message that opens this row's thread is tried next; None if it is not waited for."""
    key = {"t": row.team, "p": row.person, "i": row.id, "h": row.handover}
    return connection.execute(_ROOT_AHEAD, key).scalar()


def held_back(connection: Connection, row: Claimed, now: int) -> int | None:
    """Until when an older message to the same person must wait for Slack, if one must."""
    key = {"t": row.team, "p": row.person, "i": row.id, "now": now}
    return max(connection.execute(_HELD_BACK, key).scalars(), default=None)


def _end(
    connection: Connection,
    row: Claimed,
    state: str,
    now: int,
    *,
    at: tuple[str, str] | None = None,
    why: str | None = None,
) -> bool:
    channel, ts = at or (None, None)
    values = {
        "new_state": state,
        "now": now,
        "why": why and why[:200],
        "at_channel": channel,
        "at_ts": ts,
    }
    return connection.execute(_END, row.fence | values).rowcount == 1
