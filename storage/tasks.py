"""The open tasks of all handovers, kept in step with what flows derives from each."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, insert, select

from flows.tasks import Task
from storage import reminders
from storage.journal import VAULT
from storage.prepared import Prepared, Together
from storage.tables import handovers, tasks

_STANDING = Prepared(
    select(tasks.c.key, tasks.c.owner, tasks.c.todo, tasks.c.subject, tasks.c.due).where(
        tasks.c.team == bindparam("t"),
        tasks.c.handover == bindparam("i"),
        tasks.c.aggregate == bindparam("a"),
    )
)
_INSERT = insert(tasks)
_DELETE = delete(tasks).where(
    tasks.c.team == bindparam("t"),
    tasks.c.handover == bindparam("i"),
    tasks.c.aggregate == bindparam("a"),
    tasks.c.key == bindparam("k"),
)
_OF_PERSON = (
    select(tasks.c.handover, handovers.c.account, tasks.c.todo, tasks.c.subject, tasks.c.due)
    .join(handovers, (handovers.c.team == tasks.c.team) & (handovers.c.id == tasks.c.handover))
    .where(tasks.c.team == bindparam("t"), tasks.c.owner == bindparam("p"))
    .order_by(tasks.c.due, handovers.c.account_key)
    .limit(bindparam("n"))
)
_OF_BOOK = (
    select(
        tasks.c.handover,
        handovers.c.account,
        tasks.c.todo,
        tasks.c.subject,
        tasks.c.due,
        tasks.c.owner,
        tasks.c.aggregate,
    )
    .join(handovers, (handovers.c.team == tasks.c.team) & (handovers.c.id == tasks.c.handover))
    .where(handovers.c.team == bindparam("t"), handovers.c.book == bindparam("b"))
    .order_by(tasks.c.due, handovers.c.account_key)
)


_COLUMNS = ("key", "owner", "todo", "subject", "due")


@dataclass(frozen=True, slots=True)
class OwnTask:
    """A task as its owner sees it; `due` is an ISO date."""

    handover: str
    account: str
    todo: str
    subject: str
    due: str


@dataclass(frozen=True, slots=True)
class BookTask(OwnTask):
    """A task of one account of a book, with whose it is; `close` ones come from its vault."""

    owner: str
    close: bool


def sync(
    block: Together, team: str, handover: str, aggregate: str, owed: Sequence[Task], now: int
) -> None:
    """Make an aggregate's rows say what is owed, by writing only what differs from them.

    The agendas in which something stands that is not owed any more are out of date from `now` on.

    What stands there is read, not worked out again from the former state: a newer version of the
    rules may owe something else for that.
    """
    here = {"t": team, "i": handover, "a": aggregate}
    standing = _STANDING.run(block.connection, here)

    def settle() -> None:
        old = {row[0]: tuple(row) for row in standing.fetchall()}
        new = {task.key: _columns(task) for task in owed}
        gone = [here | {"k": key} for key in old if old[key] != new.get(key)]
        came = [
            {"team": team, "handover": handover, "aggregate": aggregate}
            | dict(zip(_COLUMNS, row, strict=True))
            for key, row in new.items()
            if row != old.get(key)
        ]
        if gone:
            keys = [row["k"] for row in gone]
            reminders.mark_agendas(block.connection, team, handover, aggregate, keys, now)
            block.connection.execute(_DELETE, gone)
        if came:
            block.connection.execute(_INSERT, came)

    block.then(settle)


def of_person(connection: Connection, team: str, person: str, most: int = 50) -> list[OwnTask]:
    """What a person owes, the most urgent first."""
    rows = connection.execute(_OF_PERSON, {"t": team, "p": person, "n": most})
    return [OwnTask(*row) for row in rows]


def of_book(connection: Connection, team: str, book: str) -> list[BookTask]:
    """What is owed on all accounts of a book, the most urgent first; who may know of what is for
    whoever asks.
    """
    rows = connection.execute(_OF_BOOK, {"t": team, "b": book})
    return [BookTask(*row[:6], close=row[6] == VAULT) for row in rows]


def _columns(task: Task) -> tuple[str, ...]:
    """A task as its row says it, in the order of _COLUMNS."""
    return (task.key, task.owner, task.todo.value, task.subject, task.due.isoformat())
