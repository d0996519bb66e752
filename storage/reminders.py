"""Whom to remind of which task, and when to look at them next.

A row is one task and one person: its owner, or whoever leads when it gets late with somebody else
(see `flows.reminders`). It comes soon after its task, off the ack's path, and goes with it.
`look_at` is the stored moment of the next look, 0 for as soon as may be, none where nothing is left
to be told; `told_on` is the day of the agenda in which it stands.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, bindparam, delete, select, text, update

from flows.nudges.reminders import About, Reminder
from flows.saying import Kind, Post, Refresh
from storage import outbox
from storage.outbox import Job
from storage.tables import reminders, tasks

_SOON = 0
_AGENDA = "agenda"

# As the index of what is new has it: SQLite compares the expressions as they are written.
_IS_NEW = text("tasks.is_new")
_HANDOVERS_WITH_NEW = (
    select(tasks.c.handover)
    .where(tasks.c.team == bindparam("t"), tasks.c.handover > bindparam("after"), _IS_NEW)
    .distinct()
    .order_by(tasks.c.handover)
    .limit(bindparam("n"))
)
_OF_HANDOVER = (tasks.c.team == bindparam("t"), tasks.c.handover == bindparam("h"))
_NEW = select(tasks.c.aggregate, tasks.c.key, tasks.c.owner, tasks.c.todo).where(
    *_OF_HANDOVER, tasks.c.is_new
)
_NOT_NEW = update(tasks).where(*_OF_HANDOVER, tasks.c.is_new).values(is_new=False)
_NEW_AGAIN = update(tasks).where(*_OF_HANDOVER).values(is_new=True)
_INSERT = text(
    "INSERT INTO reminders (team, handover, aggregate, key, person, about, since, look_at, snoozed)"
    " VALUES (:team, :handover, :aggregate, :key, :person, :about, :since, 0, 0)"
    " ON CONFLICT DO NOTHING"
)
_FORGET_OTHERS = delete(reminders).where(
    reminders.c.team == bindparam("t"),
    reminders.c.handover == bindparam("h"),
    reminders.c.about == About.OTHERS.value,
)
_DUE = (
    select(reminders.c.person)
    .where(reminders.c.team == bindparam("t"), reminders.c.look_at <= bindparam("now"))
    .order_by(reminders.c.look_at)
    .limit(bindparam("n"))
)
_SAME_TASK = (
    (tasks.c.team == reminders.c.team)
    & (tasks.c.handover == reminders.c.handover)
    & (tasks.c.aggregate == reminders.c.aggregate)
    & (tasks.c.key == reminders.c.key)
)
_OF_PERSON = (reminders.c.team == bindparam("t"), reminders.c.person == bindparam("p"))
_KEPT = select(
    reminders.c.person,
    reminders.c.handover,
    reminders.c.key,
    tasks.c.todo,
    tasks.c.due,
    reminders.c.about,
    reminders.c.since,
    reminders.c.day,
    reminders.c.told_on,
    reminders.c.snoozed,
    reminders.c.look_at,
).join(tasks, _SAME_TASK)
_TO_LOOK_AT = _KEPT.where(
    reminders.c.team == bindparam("t"),
    reminders.c.person.in_(bindparam("ps", expanding=True)),
    reminders.c.look_at <= bindparam("now"),
)
_ONE = _KEPT.where(
    *_OF_PERSON,
    reminders.c.handover == bindparam("h"),
    reminders.c.key == bindparam("k"),
    reminders.c.about == About.OWN.value,
)
_THIS = (
    *_OF_PERSON,
    reminders.c.handover == bindparam("h"),
    reminders.c.key == bindparam("k"),
)
_AS_SEEN = (*_THIS, reminders.c.look_at == bindparam("seen"))
_LATER = update(reminders).where(*_AS_SEEN).values(day=bindparam("to"), look_at=bindparam("moment"))
_TELL = (
    update(reminders)
    .where(*_AS_SEEN)
    .values(day=bindparam("to"), look_at=bindparam("moment"), told_on=bindparam("on_day"))
)
_TOLD = (
    update(reminders)
    .where(*_OF_PERSON, reminders.c.told_on == bindparam("d"), reminders.c.look_at.is_not(None))
    .values(since=bindparam("d"), day=None, look_at=_SOON)
)
_SNOOZE = (
    update(reminders)
    .where(*_THIS)
    .values(day=bindparam("to"), look_at=_SOON, told_on=None, snoozed=reminders.c.snoozed + 1)
)
_PUT_OFF = (
    update(reminders)
    .where(*_OF_PERSON, reminders.c.look_at <= bindparam("now"))
    .values(look_at=bindparam("moment"))
)
_LOOK_AGAIN = (
    update(reminders).where(*_OF_PERSON, reminders.c.look_at.is_not(None)).values(look_at=_SOON)
)
_LISTED = (
    select(
        reminders.c.handover,
        reminders.c.key,
        tasks.c.todo,
        tasks.c.subject,
        tasks.c.due,
        reminders.c.about,
        reminders.c.snoozed,
    )
    .join(tasks, _SAME_TASK)
    .where(*_OF_PERSON, reminders.c.told_on == bindparam("d"))
    .order_by(tasks.c.due, reminders.c.handover, reminders.c.key)
)
_TOLD_OF = (
    select(reminders.c.person, reminders.c.told_on)
    .where(
        reminders.c.team == bindparam("t"),
        reminders.c.handover == bindparam("h"),
        reminders.c.aggregate == bindparam("a"),
        reminders.c.key.in_(bindparam("ks", expanding=True)),
        reminders.c.told_on.is_not(None),
    )
    .distinct()
)


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task of which nobody is reminded yet."""

    aggregate: str
    key: str
    owner: str
    todo: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Somebody is to be reminded of a new task, which came up on the calendar day `since`."""

    task: NewTask
    person: str
    about: About
    since: date


@dataclass(frozen=True, slots=True)
class Kept:
    """Whom a reminder is for, the moment of its next look, and the day (ISO) of the agenda in which
    it stands.
    """

    person: str
    reminder: Reminder
    look_at: int | None
    told_on: str | None


@dataclass(frozen=True, slots=True)
class Again:
    """A reminder with its day as it is now known, and the stored moment to look at it again."""

    kept: Kept
    planned: Reminder
    look_at: int | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A task that stands in somebody's agenda and is still open; `due` is an ISO date."""

    handover: str
    key: str
    todo: str
    subject: str
    due: str
    about: str
    snoozed: int


def with_new_tasks(
    connection: Connection, team: str, after: str = "", most: int = 100
) -> list[str]:
    """The handovers that have tasks of which nobody is reminded yet, by id, a piece at a time."""
    here = {"t": team, "after": after, "n": most}
    return list(connection.execute(_HANDOVERS_WITH_NEW, here).scalars())


def new_tasks(connection: Connection, team: str, handover: str) -> list[NewTask]:
    """The tasks of a handover of which nobody is reminded yet; its row is locked by the caller."""
    return [NewTask(*row) for row in connection.execute(_NEW, {"t": team, "h": handover})]


def add(connection: Connection, team: str, handover: str, wanted: Iterable[Wanted]) -> None:
    """Remind people of new tasks from now on; all tasks of the handover count as known then."""
    rows = [
        {
            "team": team,
            "handover": handover,
            "aggregate": one.task.aggregate,
            "key": one.task.key,
            "person": one.person,
            "about": one.about.value,
            "since": one.since.isoformat(),
        }
        for one in wanted
    ]
    if rows:
        connection.execute(_INSERT, rows)
    connection.execute(_NOT_NEW, {"t": team, "h": handover})


def lead_passed(connection: Connection, team: str, handover: str) -> None:
    """Somebody else leads: they hear of what is overdue with others, and nobody else does."""
    key = {"t": team, "h": handover}
    connection.execute(_FORGET_OTHERS, key)
    connection.execute(_NEW_AGAIN, key)


def due(connection: Connection, team: str, now: int, most: int = 500) -> list[str]:
    """Who is to be looked at, whoever waits longest first."""
    found = connection.execute(_DUE, {"t": team, "now": now, "n": most}).scalars()
    return list(dict.fromkeys(found))


def to_look_at(connection: Connection, team: str, persons: Collection[str], now: int) -> list[Kept]:
    """The reminders of some people whose time to be looked at has come."""
    rows = connection.execute(_TO_LOOK_AT, {"t": team, "ps": list(persons), "now": now})
    return [_kept(row) for row in rows]


def find(connection: Connection, team: str, person: str, handover: str, key: str) -> Kept | None:
    """A person's reminder of a task of their own."""
    found = connection.execute(_ONE, {"t": team, "p": person, "h": handover, "k": key}).first()
    return _kept(found) if found else None


def later(connection: Connection, team: str, found: Iterable[Again]) -> None:
    """Look at reminders again another time; what changed since they were read stays so."""
    rows = [_seen(team, again) for again in found]
    if rows:
        connection.execute(_LATER, rows)


def tell(
    connection: Connection, team: str, agendas: Mapping[tuple[str, date], Iterable[Again]], now: int
) -> list[Job]:
    """Have people sent what is to stand in their agenda, by person and by the day where they are.

    Where there is one for the day, no other is sent (law 3). Should one not be sent in the end, its
    reminders are looked at again.
    """
    jobs: list[Job] = []
    rows, put_off = list[dict[str, str | int | None]](), list[Again]()
    for (person, day), found in agendas.items():
        ordered = outbox.add(connection, team, "", _AGENDA, [_agenda(person, day)], now)
        jobs += ordered
        if ordered:
            rows += [_seen(team, again) | {"on_day": day.isoformat()} for again in found]
        else:
            put_off += found
    if rows:
        connection.execute(_TELL, rows)
    later(connection, team, put_off)
    return jobs


def are_told(connection: Connection, team: str, days: Mapping[str, date]) -> set[str]:
    """Those of some people whose agenda of this day, theirs, has been ordered."""
    keys = {_key(team, person, day): person for person, day in days.items()}
    return {keys[key] for key in outbox.known(connection, team, keys)}


def have_agenda(connection: Connection, team: str, days: Mapping[str, Iterable[date]]) -> set[str]:
    """Those of some people who got an agenda on one of these days, theirs, or are getting it."""
    keys = {_key(team, person, day): person for person, each in days.items() for day in each}
    found = outbox.known(connection, team, keys)
    return {keys[key] for key, state in found.items() if state != outbox.DROPPED}


def landed(connection: Connection, team: str, person: str, day: str) -> None:
    """A person's agenda of a day (ISO) stands in Slack: what is in it was told."""
    connection.execute(_TOLD, {"t": team, "p": person, "d": day})


def snooze(connection: Connection, team: str, person: str, reminder: Reminder, until: date) -> None:
    """Put a task off; it leaves the agenda in which it stands."""
    this = {"t": team, "p": person, "h": reminder.handover, "k": reminder.key}
    connection.execute(_SNOOZE, this | {"to": until.isoformat()})


def put_off(connection: Connection, team: str, person: str, now: int, moment: int) -> None:
    """Look at a person later, for now it does not work out."""
    connection.execute(_PUT_OFF, {"t": team, "p": person, "now": now, "moment": moment})


def look_again(connection: Connection, team: str, person: str) -> None:
    """Look at all of a person's reminders anew: their zone changed, or what they want."""
    connection.execute(_LOOK_AGAIN, {"t": team, "p": person})


def listed(connection: Connection, team: str, person: str, day: str) -> list[Listed]:
    """What stands in a person's agenda of a day (ISO) and is still open, by due day."""
    rows = connection.execute(_LISTED, {"t": team, "p": person, "d": day})
    return [Listed(*row) for row in rows]


def mark_agendas(
    connection: Connection, team: str, handover: str, aggregate: str, keys: list[str], now: int
) -> None:
    """Mark the agendas in which these tasks stand; before the tasks go, in the same transaction."""
    key = {"t": team, "h": handover, "a": aggregate, "ks": keys}
    stale = [
        Refresh(to=person, kind=Kind.AGENDA, subject=day)
        for person, day in connection.execute(_TOLD_OF, key)
    ]
    outbox.mark_stale(connection, team, "", stale, now)


def _key(team: str, person: str, day: date) -> str:
    return outbox.key_of(team, "", _AGENDA, _agenda(person, day))


def _agenda(person: str, day: date) -> Post:
    return Post(to=person, kind=Kind.AGENDA, subject=day.isoformat())


def _kept(row: Sequence[object]) -> Kept:
    person, handover, key, todo, due_day, about, since, day, told_on, put_off, look_at = row
    reminder = Reminder(
        handover=str(handover),
        key=str(key),
        todo=str(todo),
        due=date.fromisoformat(str(due_day)),
        about=About(str(about)),
        since=date.fromisoformat(str(since)),
        day=date.fromisoformat(str(day)) if day else None,
        told=told_on is not None,
        snoozed=int(str(put_off)),
    )
    moment = None if look_at is None else int(str(look_at))
    return Kept(str(person), reminder, moment, None if told_on is None else str(told_on))


def _seen(team: str, again: Again) -> dict[str, str | int | None]:
    planned = again.planned
    return {
        "t": team,
        "p": again.kept.person,
        "h": planned.handover,
        "k": planned.key,
        "seen": again.kept.look_at,
        "to": planned.day.isoformat() if planned.day else None,
        "moment": again.look_at,
    }
