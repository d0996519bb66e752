"""What stands in Slack: one row per message of ours. Delivery writes it, listeners read it.

`shown` is the version that a message says: the handover's, as stored, or how many tasks stand in an
agenda. `stale_since` marks a message that no longer says what is true and is to be edited. Slack's
ids of messages (`ts`) have one length, so they compare as text.

Several may stand in one message, joined. What opened it has `place` 0, and whoever edits the
message takes that one; what joined later follows, and is in no thread: its `thread_ts` is empty.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Select, bindparam, func, insert, select, update

from flows.effects import ROOTS, Kind
from flows.saying import OF_BOOK
from storage.outbox import Claimed
from storage.pieces import some_of
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
    posts.c.place,
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
_NOT_SHUT = posts.c.team.not_in(bindparam("shut", expanding=True))
_NEWEST = _newest(*_OF_PERSON, posts.c.kind == bindparam("k"))
_DUE = (
    select(*_COLUMNS)
    .where(*_STALE, _NOT_SHUT, posts.c.edit_after <= bindparam("now"))
    .order_by(posts.c.edit_after)
    .limit(bindparam("n"))
)
_NEXT = select(posts.c.edit_after).where(*_STALE, _NOT_SHUT).order_by(posts.c.edit_after).limit(1)
_OF_KEY = (posts.c.team == bindparam("t"), posts.c.key == bindparam("k"))
_AT = (
    posts.c.team == bindparam("t"),
    posts.c.channel == bindparam("c"),
    posts.c.ts == bindparam("at_ts"),
)
_BY_KEY = select(*_COLUMNS).where(*_OF_KEY).with_for_update()
_ALL_AT = select(*_COLUMNS).where(*_AT).order_by(posts.c.place)
_BRING_FORWARD = (
    update(posts)
    .where(*_STALE, posts.c.edit_after > bindparam("now"))
    .values(edit_after=bindparam("now"))
)
_MARK_AT = update(posts).where(*_AT).values(stale_since=bindparam("now"))
_MARK_ALL = (
    update(posts)
    .where(posts.c.team == bindparam("t"), posts.c.handover == bindparam("h"))
    .values(stale_since=bindparam("now"))
)
_TAKE = (
    update(posts)
    .where(*_OF_KEY, posts.c.edit_after == bindparam("seen"))
    .values(edit_after=bindparam("until"))
)
_TAKEN = select(posts.c.edit_after).where(*_OF_KEY)
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
_BEFORE = posts.alias()
_OLDER = (
    update(posts)
    .where(
        *_OF_PERSON,
        posts.c.kind == bindparam("k"),
        posts.c.ts
        == select(func.max(_BEFORE.c.ts))
        .where(
            _BEFORE.c.team == bindparam("t"),
            _BEFORE.c.handover == bindparam("h"),
            _BEFORE.c.person == bindparam("p"),
            _BEFORE.c.kind == bindparam("k"),
            _BEFORE.c.ts < bindparam("b"),
        )
        .scalar_subquery(),
    )
    .values(stale_since=bindparam("now"))
)

_TEAMS_AFTER = select(func.min(posts.c.team)).where(posts.c.team > bindparam("t"))
_FORGET = some_of(
    posts,
    # By workspace, for that is how they are found.
    posts.c.team == bindparam("t"),
    posts.c.handover == "",
    posts.c.ts < bindparam("before_ts"),
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
    place: int


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
    known = {
        "channel": channel,
        "ts": ts,
        "thread_ts": thread_ts,
        "shown": said.version if said else 0,
        "stale_since": now if stale else None,
        "edit_after": now,
        "place": 0,
    }
    connection.execute(_INSERT, _about(row) | known)
    return _moved_down(connection, row, ts, now) or stale


def host(connection: Connection, team: str, key: str) -> Standing | None:
    """The message that stands under a key, held until the transaction ends."""
    return _one(connection, _BY_KEY, {"t": team, "k": key})


def join(connection: Connection, row: Claimed, held: Standing, now: int) -> None:
    """Note that a row's message is added, by an edit, to one that stands and is held."""
    others = joined(connection, held)
    known = {
        "channel": held.channel,
        "ts": held.ts,
        "thread_ts": "",
        "shown": 0,
        "stale_since": now,
        "edit_after": now,
        "place": others[-1].place + 1,
    }
    connection.execute(_INSERT, _about(row) | known)


def joined(connection: Connection, post: Standing) -> list[Standing]:
    """All that stands in the same message, itself among it, in order."""
    place = {"t": post.team, "c": post.channel, "at_ts": post.ts}
    return [Standing(**row) for row in connection.execute(_ALL_AT, place).mappings()]


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


def newest(
    connection: Connection, team: str, handover: str, person: str, kind: str
) -> Standing | None:
    """The newest message of a kind that somebody has, whatever its subject."""
    key = {"t": team, "h": handover, "p": person, "k": kind}
    return _one(connection, _NEWEST, key)


def mark_at(connection: Connection, team: str, channel: str, ts: str, now: int) -> None:
    """Mark the message that stands there as out of date."""
    connection.execute(_MARK_AT, {"t": team, "c": channel, "at_ts": ts, "now": now})


def mark_all(connection: Connection, team: str, handover: str, now: int) -> None:
    """Mark all that stands of a handover."""
    connection.execute(_MARK_ALL, {"t": team, "h": handover, "now": now})


def due_edits(
    connection: Connection, now: int, shut: Collection[str] = (), most: int = 20
) -> list[Standing]:
    """Messages that no longer say what is true and whose time to be edited has come, but for those
    of workspaces that have to wait.
    """
    rows = connection.execute(_DUE, {"now": now, "shut": list(shut), "n": most})
    return [Standing(**row) for row in rows.mappings()]


def next_edit(connection: Connection, shut: Collection[str] = ()) -> int | None:
    """When the next edit may be made; None when there is nothing to edit elsewhere than there."""
    return connection.execute(_NEXT, {"shut": list(shut)}).scalar()


def bring_forward(connection: Connection, now: int) -> None:
    """After the clock was set back: no edit waits for a moment that now is far off."""
    connection.execute(_BRING_FORWARD, {"now": now})


def take_edit(connection: Connection, post: Standing, until: int) -> bool:
    """Keep other replicas off a message while it is edited; False when another was faster."""
    key = {"t": post.team, "k": post.key, "seen": post.edit_after, "until": until}
    return connection.execute(_TAKE, key).rowcount == 1


def is_taken(connection: Connection, post: Standing, until: int) -> bool:
    """Whether nobody has taken a message since it was taken until a moment."""
    key = {"t": post.team, "k": post.key}
    return connection.execute(_TAKEN, key).scalar() == until


def put_off(connection: Connection, post: Standing, until: int) -> None:
    """Edit it later, not now."""
    connection.execute(_PUT_OFF, {"t": post.team, "k": post.key, "until": until})


def edited(
    connection: Connection, shown: Sequence[tuple[Standing, Said | None]], next_after: int
) -> None:
    """Note what a message says now, part by part; none of a part with nothing true to say any more.

    The mark stays on what was outrun meanwhile.
    """
    # The handovers' rows before the messages', as whoever marks messages locks them.
    by_handover = sorted(shown, key=lambda part: part[0].handover)
    outrun = {post.key for post, said in by_handover if said and _outrun(connection, post, said)}
    for post, said in shown:
        if said:
            key = {"t": post.team, "k": post.key}
            connection.execute(_SHOWS, key | {"now_shown": said.version, "until": next_after})
        if post.key not in outrun:
            unmark(connection, post)


def unmark(connection: Connection, post: Standing) -> None:
    """Leave a message as it stands, unless it was marked again meanwhile."""
    key = {"t": post.team, "k": post.key, "seen": post.stale_since}
    connection.execute(_CLEAR, key)


def _about(row: Claimed) -> dict[str, str | int | None]:
    return {
        "team": row.team,
        "key": row.key,
        "handover": row.handover,
        "person": row.person,
        "kind": row.kind,
        "subject": row.subject,
    }


def _moved_down(connection: Connection, row: Claimed, ts: str, now: int) -> bool:
    """Whether a question stood further up as well; only its newest copy can be pressed. The same is
    true of what is offered next in a book.
    """
    if row.kind == Kind.BOOK_NEXT:
        key = {"t": row.team, "h": row.handover, "p": row.person, "k": row.kind}
        connection.execute(_OLDER, key | {"b": ts, "now": now})
        return False
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


def teams(connection: Connection) -> list[str]:
    """The workspaces in which anything stands."""
    found, team = list[str](), ""
    while team := connection.execute(_TEAMS_AFTER, {"t": team}).scalar() or "":
        found.append(team)
    return found


def forget_of_nothing(connection: Connection, team: str, before: int, most: int = 1000) -> int:
    """Forget some of what was posted in a workspace before a stored moment and is about no
    handover; how many it were.
    """
    ts = f"{before // 1_000_000}.{before % 1_000_000:06}"
    return connection.execute(_FORGET, {"t": team, "before_ts": ts, "n": most}).rowcount
