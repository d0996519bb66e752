"""Forgetting a person or a workspace while the bot may serve: piece by piece, each a transaction.

Whoever is stopped in between begins again and goes on; nothing that is done is done twice. To find
where somebody stands, all that is stored of the workspace is looked at, some hundreds of texts at a
time and without holding anybody up; only what is written takes the place of others, and on SQLite
they get as long a turn after each.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from secrets import token_hex
from typing import TypeVar

from sqlalchemy import Connection, Table

from bot.desk import Desk
from bot.playbooks import Playbooks, playbook_text
from bot.times import SystemClock
from bot.transactions import written
from bot.turns import Turns, patiently
from flows.audit.acts import HandoverErased
from flows.audit.forgetting import Forgetting
from storage import departures, forgetting, handovers, installations, people, taking_out, workspaces
from storage.auditing import AGGREGATES
from storage.engine import Database
from storage.forgetting import Anew, Piece
from storage.outbox import Job
from storage.taking_out import Key, Rows

W = TypeVar("W")


class Unfinished(Exception):  # noqa: N818 - what is left to do, no fault
    """Somebody still has a part in handovers (id and account) that are not over."""

    def __init__(self, handovers: list[tuple[str, str]]) -> None:
        super().__init__()
        self.handovers = handovers


@dataclass(slots=True)
class Forgot:
    """What somebody is called now; how many texts and rows were looked at in the end, which is all
    of them, and how many are others or gone.
    """

    alias: str
    looked_at: int = 0
    changed: int = 0


def forget_known(
    database: Database, team: str, person: str, names: tuple[str, ...], by: str, *, force: bool
) -> Forgot | None:
    """Forget somebody unless they are needed; none where nothing is stored of them.

    Raises Unfinished.
    """
    with database.read() as connection:
        begun = forgetting.is_begun(connection, team, person)
        open_ones = forgetting.still_at(connection, team, person)
    if open_ones and not force and not begun:
        raise Unfinished(open_ones)
    if not begun and not is_known(database, team, person):
        return None
    desk = Desk(database, Playbooks(playbook_text(None)), SystemClock(), _new_id, _later)
    return forget_person(desk, team, person, names, by)


def is_known(database: Database, team: str, person: str) -> bool:
    """Whether anything is stored of somebody."""
    with database.read() as connection:
        if people.find(connection, team, person):
            return True
    search = _Search(database, team, Forgetting(person=person, alias=""))
    return any(True for _ in search.journals()) or any(True for _ in search.rows())


def forget_person(desk: Desk, team: str, person: str, names: tuple[str, ...], by: str) -> Forgot:
    """Take somebody out of everything stored of a workspace.

    `names` are what else they are called. Raises StorageBusyError.
    """
    database, now = desk.database, desk.clock.now
    turns = Turns(database)
    who = turns.take(lambda c: forgetting.begin(c, team, person, names, by, now()))
    patiently(lambda: desk.person_gone(team, person, between=turns.give_way))
    told, rewritten = Forgot(who.alias), True
    while rewritten:
        # Again for what was written meanwhile, until nobody has written anything of them.
        rewritten = False
        search = _Search(database, team, who)
        for what in search.journals():
            rewritten = True
            write = partial(forgetting.rewrite, what=what, who=who, by=by, at=now())
            if turns.take(write):
                told.changed += what.changed
        for rows in search.rows():
            rewritten = True
            told.changed += turns.take(partial(taking_out.take_out, rows=rows, who=who))
        told.looked_at = search.looked_at
    counted = told.looked_at, told.changed
    turns.take(lambda c: forgetting.end(c, team, who, by, now(), counted))
    return told


class _Search:
    """Everything stored in which somebody stands, some at a time; counts what it looked at."""

    def __init__(self, database: Database, team: str, who: Forgetting) -> None:
        self._database, self._team, self._who = database, team, who
        self.looked_at = 0

    def journals(self) -> Iterator[Anew]:
        """Documents with their journals, as they are to be written."""
        for aggregate in AGGREGATES:
            after: str | None = ""
            while after is not None:
                piece = self._read(partial(self._piece, aggregate=aggregate, after=after))
                self.looked_at += piece.looked_at
                for name in piece.found:
                    if what := self._read(partial(self._anew, aggregate=aggregate, name=name)):
                        yield what
                after = piece.last

    def rows(self) -> Iterator[Rows]:
        """Rows beside them, as many at a time as a transaction is to take."""
        for table in taking_out.SHARED:
            after, more = None, True
            while more:
                rows = self._read(partial(self._rows_of, table=table, after=after))
                self.looked_at += rows.looked_at
                yield from taking_out.together(rows)
                after, more = rows.last, rows.last is not None

    def _piece(self, connection: Connection, aggregate: str, after: str) -> Piece:
        return forgetting.journals_with(connection, self._team, aggregate, after, self._who)

    def _rows_of(self, connection: Connection, table: Table, after: Key | None) -> Rows:
        return taking_out.rows_with(connection, self._team, table, after, self._who)

    def _anew(self, connection: Connection, aggregate: str, name: str) -> Anew | None:
        return forgetting.anew(connection, self._team, aggregate, name, self._who)

    def _read(self, look: Callable[[Connection], W]) -> W:
        def read() -> W:
            with self._database.read() as connection:
                return look(connection)

        return patiently(read)


def forget_workspace(database: Database, team: str, by: str, now: int) -> bool:
    """Erase every row of a workspace, tokens too; a digest of its id says that it was forgotten.

    Whether the bot was still there: then whoever serves may go on, and begin anew.
    """
    turns = Turns(database)
    was_there = turns.take(lambda c: _depart(c, team, now))
    turns.take(lambda c: _take_out(c, team))
    while turns.take(lambda c: departures.purge(c, team, by, now)):
        continue
    return was_there


def forget_handover(
    database: Database, team: str, handover: str, by: str, at: datetime
) -> str | None:
    """Erase one handover; none where there was none, else the book it was in, if any: what that
    knows of the account stays with the others'.
    """

    def write(connection: Connection) -> str | None:
        found = handovers.load(connection, team, handover, lock=True)
        if found is None:
            return None
        handovers.erase(connection, team, handover)
        act = HandoverErased(by=by, at=at, handover=handover, why="asked")
        workspaces.note(connection, team, act)
        return found.value.book

    return patiently(lambda: written(database, write))


def _depart(connection: Connection, team: str, now: int) -> bool:
    departures.depart(connection, team, now)
    return installations.owner_of(connection, team) is not None


def _take_out(connection: Connection, team: str) -> None:
    """The tokens go first. An organisation's may serve others."""
    if since := installations.since(connection, team):
        installations.remove(connection, team, since[0])


def _new_id() -> str:
    return token_hex(16)


def _later(jobs: Iterable[Job], *, marked: bool) -> None:
    """Whoever serves finds what is to be said by its next tick."""
