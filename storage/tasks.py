"""The open tasks of all handovers, kept in step with what flows derives from each."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, insert, select

from flows.tasks import Task
from storage.tables import handovers, tasks

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


@dataclass(frozen=True, slots=True)
class OwnTask:
    """A task as its owner sees it; `due` is an ISO date."""

    handover: str
    account: str
    todo: str
    subject: str
    due: str


def sync(
    connection: Connection,
    team: str,
    handover: str,
    aggregate: str,
    before: Sequence[Task],
    after: Sequence[Task],
) -> None:
    """Write only what changed between two lists of one aggregate's tasks."""
    old, new = {task.key: task for task in before}, {task.key: task for task in after}
    gone = [key for key in old if old[key] != new.get(key)]
    came = [task for key, task in new.items() if task != old.get(key)]
    if gone:
        keys = [{"t": team, "i": handover, "a": aggregate, "k": key} for key in gone]
        connection.execute(_DELETE, keys)
    if came:
        connection.execute(
            _INSERT,
            [
                {
                    "team": team,
                    "handover": handover,
                    "aggregate": aggregate,
                    "key": task.key,
                    "owner": task.owner,
                    "todo": task.todo.value,
                    "subject": task.subject,
                    "due": task.due.isoformat(),
                }
                for task in came
            ],
        )


def of_person(connection: Connection, team: str, person: str, most: int = 50) -> list[OwnTask]:
    """What a person owes, the most urgent first."""
    rows = connection.execute(_OF_PERSON, {"t": team, "p": person, "n": most})
    return [OwnTask(*row) for row in rows]
