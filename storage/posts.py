"""What stands in Slack: one row per message of ours. Delivery writes it, listeners read it.

`shown` is the version that a message says: the handover's, as stored, or how many tasks stand in an
agenda. `stale_since` marks a message that no longer says what is true and is to be edited. Slack's
ids of messages (`ts`) have one length, so they compare as text.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, Select, bindparam, insert, select, update

from flows.effects import ROOTS, Kind
from flows.saying import OF_BOOK
from storage.outbox import Claimed
from storage.tables import departures, handovers, posts, reminders, vaults

_INSERT = insert(posts)
_NOW_AT = (
    select(handovers.c.version)
    .where(handovers.c.team == bindparam("t"), handovers.c.id == bindparam("h"))
    .with_for_update(read=True)
)
_VAULT_NOW_AT = (
    select(vaults.c.version)
    .where(vaults.c.team == bindparam("t"), vaults.c.handover == bindparam("h"))
    .with_for_update(read=True)
)
_STANDS_IN_AGENDA = (
    select(reminders.c.key)
    .where(
        reminders.c.team == bindparam("t"),
        reminders.c.person == bindparam("p"),
        reminders.c.told_on == bindparam("d"),
    )
    .with_for_update(read=True)
)
_COLUMNS = (
    posts.c.team,
    posts.c.key,
    posts.c.handover,
    posts.c.person,
    posts.c.kind,
    posts.c.subject,
    posts.c.channel,
    posts.c.ts,
    posts.c.thread_ts,
    posts.c.shown,
    posts.c.stale_since,
    posts.c.edit_after,
)
_IN_THREAD = (
    posts.c.team == bindparam("t"),
    posts.c.channel == bindparam("c"),
    posts.c.thread_ts == bindparam("th"),
)


def _newest(*conditions: object) -> Select[tuple[object, ...]]:
    return select(*_COLUMNS).where(*conditions).order_by(posts.c.ts.desc()).limit(1)  # type: ignore[arg-type]


_ASKED_BEFORE = _newest(
    *_IN_THREAD,
    posts.c.kind.in_((Kind.QUESTION.value, Kind.PAST.value, Kind.ASK.value)),
    posts.c.ts < bindparam("b"),
)
_OF_PERSON = (
    posts.c.team == bindparam("t"),
    posts.c.handover == bindparam("h"),
    posts.c.person == bindparam("p"),
)
_SAME_QUESTION = (posts.c.kind == Kind.QUESTION.value, posts.c.subject == bindparam("s"))
_BOOK_OF = (
    select(handovers.c.book)
    .where(handovers.c.team == bindparam("t"), handovers.c.id == bindparam("h"))
    .scalar_subquery()
)
_ROOT = (
    select(*_COLUMNS)
    .where(
        posts.c.team == bindparam("t"),
        posts.c.handover.in_((bindparam("h"), _BOOK_OF)),
        posts.c.person == bindparam("p"),
        posts.c.kind.in_(sorted(kind.value for kind in ROOTS)),
    )
    .order_by((posts.c.handover == bindparam("h")).desc(), posts.c.ts.desc())
    .limit(1)
)
_ROOT_OF_THREAD = select(*_COLUMNS).where(*_IN_THREAD, posts.c.ts == bindparam("th"))
_STANDS = _newest(*_OF_PERSON, posts.c.kind == bindparam("k"), posts.c.subject == bindparam("s"))
_STALE = (
    posts.c.stale_since.is_not(None),
    # Where the bot was taken out, what stands there waits for it.
    posts.c.team.not_in(select(departures.c.team)),
)
_DUE = (
    select(*_COLUMNS)
    .where(*_STALE, posts.c.edit_after <= bindparam("now"))
    .order_by(posts.c.edit_after)
    .limit(bindparam("n"))
)
_NEXT = select(posts.c.edit_after).where(*_STALE).order_by(posts.c.edit_after).limit(1)
_OF_KEY = (posts.c.team == bindparam("t"), posts.c.key == bindparam("k"))
_MARK_AT = (
    update(posts)
    .where(
        posts.c.team == bindparam("t"),
        posts.c.channel == bindparam("c"),
        posts.c.ts == bindparam("at_ts"),
    )
    .values(stale_since=bindparam("now"))
)
_TAKE = (
    update(posts)
    .where(*_OF_KEY, posts.c.edit_after == bindparam("seen"))
    .values(edit_after=bindparam("until"))
)
_PUT_OFF = update(posts).where(*_OF_KEY).values(edit_after=bindparam("until"))
_SHOWS = (
    update(posts)
    .where(*_OF_KEY)
    .values(shown=bindparam("now_shown"), edit_after=bindparam("until"))
)
_CLEAR = (
    update(posts).where(*_OF_KEY, posts.c.stale_since == bindparam("seen")).values(stale_since=None)
)
_PAST = (
    update(posts)
    .where(*_OF_PERSON, *_SAME_QUESTION, posts.c.ts < bindparam("b"))
    .values(kind=Kind.PAST.value, stale_since=bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A message of ours as it stands in Slack."""

    team: str
    key: str
    handover: str
    person: str
    kind: str
    subject: str
    channel: str
    ts: str
    thread_ts: str
    shown: int
    stale_since: int | None
    edit_after: int


@dataclass(frozen=True, slots=True)
class Said:
    """Which versions a message was made from; without a vault's, it says nothing of a vault."""

    version: int
    vault: int | None = None


def stand(
    connection: Connection,
    row: Claimed,
    place: tuple[str, str, str],
    said: Said | None,
    now: int,
) -> bool:
    """Note that a row's message stands at `place`: channel, ts, ts of its thread's root.

    True when something is to be edited at once: the message itself, or the same question where it
    stood before, which nobody is to answer there any more. What changed between making the message
    and now could not be marked on it, so it is marked here; `said` is None when the message was
    found in Slack and what it says is not known.
    """
    channel, ts, thread_ts = place
    # Which account a reply is about may have been said before this was noted, and no version tells.
    # The same is true of a book, which speaks of many handovers.
    of_many = row.kind == Kind.WHICH or row.kind in OF_BOOK
    stale = said is None or of_many or _outrun(connection, row, said)
    connection.execute(
        _INSERT,
        {
            "team": row.team,
            "key": row.key,
            "handover": row.handover,
            "person": row.person,
            "kind": row.kind,
            "subject": row.subject,
            "channel": channel,
            "ts": ts,
            "thread_ts": thread_ts,
            "shown": said.version if said else 0,
            "stale_since": now if stale else None,
            "edit_after": now,
        },
    )
    return _moved_down(connection, row, ts, now) or stale


def asked_before(
    connection: Connection, team: str, channel: str, thread_ts: str, ts: str
) -> Standing | None:
    """The question or ask that a message of this `ts` answers: the newest that stood before it."""
    return _one(connection, _ASKED_BEFORE, {"t": team, "c": channel, "th": thread_ts, "b": ts})


def root_of(connection: Connection, team: str, handover: str, person: str) -> Standing | None:
    """The message that opens a person's thread; the newest, should it have been opened again.

    The accounts of a book have one thread together, but for one that has a thread of its own.
    """
    return _one(connection, _ROOT, {"t": team, "h": handover, "p": person})


def root_of_thread(
    connection: Connection, team: str, channel: str, thread_ts: str
) -> Standing | None:
    """The message of ours that opened this thread: whose, and of which handover."""
    return _one(connection, _ROOT_OF_THREAD, {"t": team, "c": channel, "th": thread_ts})


def standing(
    connection: Connection, team: str, handover: str, person: str, kind: str, subject: str = ""
) -> Standing | None:
    """The newest message of a kind, such as the question as it was last asked."""
    key = {"t": team, "h": handover, "p": person, "k": kind, "s": subject}
    return _one(connection, _STANDS, key)


def mark_at(connection: Connection, team: str, channel: str, ts: str, now: int) -> None:
    """Mark the message that stands there as out of date."""
    connection.execute(_MARK_AT, {"t": team, "c": channel, "at_ts": ts, "now": now})


def due_edits(connection: Connection, now: int, most: int = 20) -> list[Standing]:
    """Messages that no longer say what is true and whose time to be edited has come."""
    rows = connection.execute(_DUE, {"now": now, "n": most})
    return [Standing(**row) for row in rows.mappings()]


def next_edit(connection: Connection) -> int | None:
    """When the next edit may be made; None when there is nothing to edit."""
    return connection.execute(_NEXT).scalar()


def take_edit(connection: Connection, post: Standing, until: int) -> bool:
    """Keep other replicas off a message while it is edited; False when another was faster."""
    key = {"t": post.team, "k": post.key, "seen": post.edit_after, "until": until}
    return connection.execute(_TAKE, key).rowcount == 1


def put_off(connection: Connection, post: Standing, until: int) -> None:
    """Edit it later, not now."""
    connection.execute(_PUT_OFF, {"t": post.team, "k": post.key, "until": until})


def edited(connection: Connection, post: Standing, said: Said, next_after: int) -> None:
    """Note what a message says now; the mark stays if that was outrun meanwhile."""
    key = {"t": post.team, "k": post.key}
    # The handover's row before the message's, as whoever marks messages locks them.
    outrun = _outrun(connection, post, said)
    connection.execute(_SHOWS, key | {"now_shown": said.version, "until": next_after})
    if not outrun:
        unmark(connection, post)


def unmark(connection: Connection, post: Standing) -> None:
    """Leave a message as it stands, unless it was marked again meanwhile."""
    key = {"t": post.team, "k": post.key, "seen": post.stale_since}
    connection.execute(_CLEAR, key)


def _moved_down(connection: Connection, row: Claimed, ts: str, now: int) -> bool:
    """Whether a question stood further up as well; only its newest copy can be pressed."""
    if row.kind != Kind.QUESTION:
        return False
    key = {"t": row.team, "h": row.handover, "p": row.person, "s": row.subject}
    return connection.execute(_PAST, key | {"b": ts, "now": now}).rowcount > 0


def _outrun(connection: Connection, about: Claimed | Standing, said: Said) -> bool:
    """Whether more has happened than a message says.

    The locks keep a change that is just being written from slipping past: it either is seen here,
    or waits and then finds the message to mark. An agenda says how many tasks stand in it, which
    only get fewer.
    """
    if about.kind == Kind.AGENDA:
        agenda = {"t": about.team, "p": about.person, "d": about.subject}
        return len(connection.execute(_STANDS_IN_AGENDA, agenda).all()) != said.version
    key = {"t": about.team, "h": about.handover}
    version = connection.execute(_NOW_AT, key).scalar()
    if version is not None and version > said.version:
        return True
    if said.vault is None:
        return False
    return (connection.execute(_VAULT_NOW_AT, key).scalar() or 0) > said.vault


def _one(
    connection: Connection, statement: Select[tuple[object, ...]], key: dict[str, str]
) -> Standing | None:
    found = connection.execute(statement, key).mappings().first()
    return Standing(**found) if found else None
