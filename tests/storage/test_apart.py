"""Two workspaces in which every id is the same: no function for one touches a row of the other.

Every public function of storage that takes a workspace is called for one that has nothing, in a
database that is full of another's rows.
"""

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import date
from importlib import import_module
from typing import Any

import pytest
from sqlalchemy import Boolean, Connection, Integer, Table, insert, select

import storage
from flows.audit.acts import Exported
from flows.audit.forgetting import Forgetting
from flows.effects import Kind, Post, Refresh
from flows.nudges.reminders import Wishes
from storage import undelivered
from storage.digests import Made
from storage.engine import Database
from storage.tables import (
    corrections,
    disturbances,
    messages,
    metadata,
    outbox,
    posts,
    receipts,
    strays,
)
from tests.make import NOW

OURS, THEIRS = "T0OURS", "T0THEIRS"
X = "x"
DAY = "2026-12-01"
ROW: dict[str, object] = {
    "stage": "in_flight",
    # What a column has to say for its row to be found; any other text is X.
    "state": "pending",
    "kind": Kind.QUESTION.value,
    "error": "account_inactive",
    "due": DAY,
    "day": DAY,
    "since": DAY,
    "told_on": DAY,
    "first": DAY,
    "last": DAY,
    "country": "PT",
    "aggregate": "handover",
    "document": '"x"',
}
ARGUMENTS: dict[str, object] = {
    "at": NOW,
    "names": (),
    "ids": [X],
    "table": strays,
    "told": (1, 1),
    "who": Forgetting(person=X, alias="y"),
    "account": X,
    "after": "",
    "aggregate": "handover",
    "before": 100,
    "accounts": [X],
    "book": X,
    "by": X,
    "canvas": X,
    "channel": X,
    "content": "other",
    "day": DAY,
    "days": {X: date.fromisoformat(DAY)},
    "handover": X,
    "key": X,
    "keys": {X},
    "kind": Kind.QUESTION,
    "lock": False,
    "message": X,
    "moment": 200,
    "most": 10,
    "name": X,
    "now": 100,
    "org": "E0ORG",
    "own": "y",
    "people": {X},
    "number": 1,
    "person": X,
    "persons": [X],
    "seq": "1",
    "subject": X,
    "thread_ts": X,
    "today": date.fromisoformat(DAY),
    "ts": X,
    "user": X,
    "users": {X},
}
OWN_ARGUMENTS: dict[str, dict[str, object]] = {
    "taking_out.rows_with": {"after": None},
    "canvases.admit": {"person": "y"},
    "installations.drop_team": {"org": X},
    "outbox.add": {"wanted": [Post(to=X, kind=Kind.QUESTION, subject=X)], "by": X},
    "outbox.mark_stale": {"wanted": [Refresh(to=X, kind=Kind.QUESTION, subject=X)]},
    "people.keep_channel": {"channel": "y"},
    "posts.asked_before": {"ts": "y"},
    "receipts.take": {"at": 1},
    "receipts.taking": {"at": 1},
    "reminders.add": {"wanted": []},
    "reminders.have_agenda": {"days": {X: [date.fromisoformat(DAY)]}},
    "reminders.later": {"found": []},
    "reminders.tell": {"agendas": {}},
    "strays.file": {"handover": "y"},
    "digests.keep": {"made": Made(handover=X, version=2)},
    "reports.touched": {"since": 0},
    "workspaces.note": {"act": Exported(by=X, at=NOW)},
    "wishes.keep": {"wanted": Wishes()},
}
WITH_VALUES = {
    # These write what they are given, whose workspace is in every statement's key.
    "corrections.keep",
    "messages.change",
    "messages.keep",
    "reminders.snooze",
    "strays.edit",
    "strays.keep",
    "tasks.sync",
}
TELLS_NOTHING = {
    "closed.is_over",
    # What they find is found by more than these rows can say, or was so before.
    "departures.purge",
    "digests.changed",
    "reminders.have_agenda",
    "reports.late",
    "handovers.hold_account",
    "installations.owner_of",
    "journal.vault_events_of",
    # Told apart by `test_what_is_too_old_in_one_workspace_is_so_in_no_other`.
    "posts.forget_of_nothing",
    "outbox.add",
    "playbooks.keep",
    "posts.root_of",
    "reminders.add",
    "reminders.are_told",
    "reminders.find",
    "reminders.later",
    "reminders.lead_passed",
    "reminders.mark_agendas",
    "reminders.tell",
    "undelivered.dead_letters",
}


def _first(function: Callable[..., Any]) -> list[str]:
    return list(inspect.signature(function).parameters)[:2]


def functions() -> dict[str, Callable[..., Any]]:
    """Every public function of storage that takes a workspace, by module and name."""
    found: dict[str, Callable[..., Any]] = {}
    for module in pkgutil.iter_modules(storage.__path__):
        loaded = import_module(f"storage.{module.name}")
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            public = function.__module__ == loaded.__name__ and not name.startswith("_")
            if public and _first(function) in (["connection", "team"], ["block", "team"]):
                found[f"{module.name}.{name}"] = function
    return found


WALKED = sorted(set(functions()) - WITH_VALUES)


def their_row(table: Table) -> dict[str, object]:
    """A row of the other workspace in which every id is X."""
    row: dict[str, object] = {}
    for column in table.columns:
        if isinstance(column.type, Boolean):
            row[column.name] = True
        elif isinstance(column.type, Integer):
            row[column.name] = 1 if column.name != "id" else 1_000_000
        else:
            row[column.name] = ROW.get(column.name, X)
    return row | {"team": THEIRS}


def fill(database: Database) -> None:
    with database.write() as connection:
        for table in metadata.sorted_tables:
            if "team" in table.c:
                connection.execute(insert(table).values(their_row(table)))


def theirs(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Everything of the other workspace."""
    return {
        table.name: [
            tuple(row) for row in connection.execute(select(table).where(table.c.team == THEIRS))
        ]
        for table in metadata.sorted_tables
        if "team" in table.c
    }


class _UndoneError(Exception):
    pass


def answer(database: Database, name: str, team: str) -> tuple[object, object]:
    """What a function answers, and what is theirs afterwards; nothing of it stays."""
    function = functions()[name]
    parameters = list(inspect.signature(function).parameters)[2:]
    known = ARGUMENTS | OWN_ARGUMENTS.get(name, {})
    given = {parameter: known[parameter] for parameter in parameters}
    said: list[object] = []
    after: list[object] = []
    try:
        with database.write() as connection:
            try:
                found = function(connection, team, **given)
                found = found() if callable(found) else found
                said.append([*found] if isinstance(found, Iterator) else found)
            except ValueError as error:
                # A row that was found, and that is no document.
                said.append(type(error))
            after.append(theirs(connection))
            raise _UndoneError  # noqa: TRY301 - so that it is rolled back
    except _UndoneError:
        return said[0], after[0]


@pytest.fixture
def full(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    fill(database)
    yield database
    database.close()


def test_every_function_that_takes_a_workspace_is_walked() -> None:
    assert WITH_VALUES | TELLS_NOTHING | set(OWN_ARGUMENTS) <= set(functions())
    for name in WALKED:
        asked = list(inspect.signature(functions()[name]).parameters)[2:]
        assert set(asked) <= set(ARGUMENTS) | set(OWN_ARGUMENTS.get(name, {})), name


def test_nothing_of_another_workspace_is_read_or_changed(full: Database) -> None:
    with full.read() as connection:
        before = theirs(connection)
    assert all(before.values()), "there is a row of theirs in every table"
    answers = {name: answer(full, name, OURS) for name in WALKED}
    assert {name for name, (_, after) in answers.items() if after != before} == set()

    with full.write() as connection:
        for table in reversed(metadata.sorted_tables):
            if "team" in table.c:
                connection.execute(table.delete())
    alone = {name: answer(full, name, OURS)[0] for name in WALKED}
    # A serial number tells only how many there are.
    assert len(str(alone.pop("outbox.add"))) > 0
    # An alias is drawn.
    assert alone.pop("forgetting.begin")
    assert {name for name, said in alone.items() if said != answers[name][0]} == set()


def test_the_same_calls_find_the_rows_of_whom_they_are_for(full: Database) -> None:
    """Else the walk would prove nothing."""
    with full.read() as connection:
        before = theirs(connection)
    unseen = set()
    for name in sorted(set(WALKED) - TELLS_NOTHING):
        ours, _ = answer(full, name, OURS)
        found, after = answer(full, name, THEIRS)
        if found == ours and after == before:
            unseen.add(name)
    assert not unseen, " ".join(sorted(unseen))


PRUNING = {
    "corrections.forget": corrections,
    "disturbances.forget": disturbances,
    "messages.forget": messages,
    "posts.forget_of_nothing": posts,
    "receipts.forget": receipts,
    "strays.forget": strays,
    "strays.forget_unfiled": strays,
}
"""Every function of storage that deletes some of what is too old, and in which table."""
OVER = 100


def test_every_function_that_deletes_what_is_too_old_is_known() -> None:
    found = set()
    for module in pkgutil.iter_modules(storage.__path__):
        loaded = import_module(f"storage.{module.name}")
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            is_own = function.__module__ == loaded.__name__ and name.startswith("forget")
            if is_own and "before" in inspect.signature(function).parameters:
                found.add(f"{module.name}.{name}")
    assert found == {*PRUNING, "undelivered.forget"}


@pytest.mark.parametrize("name", PRUNING)
def test_what_is_too_old_in_one_workspace_is_so_in_no_other(name: str, database_url: str) -> None:
    """Both have the same ids; and no more goes at a time than is asked for."""
    database, table = Database(database_url), PRUNING[name]
    module, _, function = name.partition(".")
    forget = getattr(import_module(f"storage.{module}"), function)
    takes_team = "team" in inspect.signature(forget).parameters
    _fill(database, table)

    def goes(team: str) -> int:
        with database.write() as connection:
            where = {"team": team} if takes_team else {}
            count: int = forget(connection, before=OVER, most=2, **where)
            return count

    if takes_team:
        assert goes(OURS) == 0
    assert (goes(THEIRS), _teams_in(database, table)) == (2, [OURS] * 3 + [THEIRS])
    assert (goes(THEIRS), goes(THEIRS), _teams_in(database, table)) == (1, 0, [OURS] * 3)
    database.close()


def test_messages_that_ended_long_ago_go_by_their_numbers(database_url: str) -> None:
    database, after = Database(database_url), list[int | None]([0])
    _fill(database, outbox)
    while after[-1] is not None:
        with database.write() as connection:
            after.append(undelivered.forget(connection, OVER, after[-1], most=2))
    assert _teams_in(database, outbox) == [OURS] * 3
    database.close()


def _fill(database: Database, table: Table) -> None:
    """Three rows of each workspace; theirs come first and are too old."""
    with database.write() as connection:
        for team, at in ((THEIRS, OVER - 1), (OURS, OVER + 1)):
            for number in range(3):
                connection.execute(insert(table).values(_aged(table, team, at, number)))


def _teams_in(database: Database, table: Table) -> list[str]:
    with database.read() as connection:
        return sorted(connection.execute(select(table.c.team)).scalars())


def _aged(table: Table, team: str, at: int, number: int) -> dict[str, object]:
    """One of some rows in which every id is the same in both workspaces."""
    row = their_row(table) | {"team": team}
    row |= {column.name: at for column in table.columns if column.name.endswith("at")}
    if table is posts:
        row |= {"handover": "", "ts": f"0.{at:06}"}
    if table is outbox:
        row |= {"state": "done", "id": at * 10 + number}
    if table is disturbances:
        row["number"] = number
    own = "id" if table is messages else "key" if "key" in table.c else "ts"
    row[own] = str(number)
    return row
