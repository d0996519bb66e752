"""Forgetting a person or a workspace while the bot may serve: piece by piece, each a transaction.

Whoever is stopped in between begins again and goes on; nothing that is done is done twice.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from secrets import token_hex
from threading import Event
from typing import TypeVar

from sqlalchemy import Connection

from bot.crash import crash_point
from bot.desk import Desk
from bot.playbooks import Playbooks, playbook_text
from bot.times import SystemClock
from bot.transactions import written
from flows.audit.acts import HandoverErased
from storage import departures, forgetting, handovers, installations, workspaces
from storage.engine import Database, StorageBusyError
from storage.outbox import Job

_TRIES = 20
_PAUSE_SECONDS = 0.3

W = TypeVar("W")


class Unfinished(Exception):  # noqa: N818 - what is left to do, no fault
    """Somebody still has a part in handovers (id and account) that are not over."""

    def __init__(self, handovers: list[tuple[str, str]]) -> None:
        super().__init__()
        self.handovers = handovers


def forget_known(
    database: Database, team: str, person: str, names: tuple[str, ...], by: str, *, force: bool
) -> str:
    """Forget somebody unless they are needed; their alias, empty where nothing is stored of them.

    Raises Unfinished.
    """
    with database.read() as connection:
        open_ones = forgetting.still_at(connection, team, person)
        if open_ones and not force and not forgetting.is_begun(connection, team, person):
            raise Unfinished(open_ones)
        if not forgetting.is_known(connection, team, person):
            return ""
    desk = Desk(database, Playbooks(playbook_text(None)), SystemClock(), _new_id, _later)
    return forget_person(desk, team, person, names, by)


def forget_person(desk: Desk, team: str, person: str, names: tuple[str, ...], by: str) -> str:
    """Take somebody out of everything stored of a workspace; what they are called from now on.

    `names` are what else they are called. Raises StorageBusyError.
    """
    database, now = desk.database, desk.clock.now

    def do(write: Callable[[Connection], W]) -> W:
        found = _in_turn(database, write)
        crash_point("forgetting.committed")
        return found

    who = do(lambda c: forgetting.begin(c, team, person, names, by, now()))
    desk.person_gone(team, person)
    rewritten = True
    while rewritten:
        # Again for what was written meanwhile, until nobody has written anything of them.
        rewritten = False
        with database.read() as connection:
            found = forgetting.journals_with(connection, team, who)
        for which in found:
            write = partial(forgetting.rewrite, team=team, which=which, who=who, by=by, at=now())
            rewritten |= do(write)
        while do(lambda c: forgetting.sweep(c, team, who)):
            rewritten = True
    do(lambda c: forgetting.end(c, team, who, by, now()))
    return who.alias


def forget_workspace(database: Database, team: str, by: str, now: int) -> bool:
    """Erase every row of a workspace, tokens too; a digest of its id says that it was forgotten.

    Whether the bot was still there: then whoever serves may go on, and begin anew.
    """
    was_there = _in_turn(database, lambda c: _depart(c, team, now))
    _in_turn(database, lambda c: _take_out(c, team))
    while _in_turn(database, lambda c: departures.purge(c, team, by, now)):
        crash_point("forgetting.committed")
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

    return _in_turn(database, write)


def _depart(connection: Connection, team: str, now: int) -> bool:
    departures.depart(connection, team, now)
    return installations.owner_of(connection, team) is not None


def _take_out(connection: Connection, team: str) -> None:
    """The tokens go first. An organisation's may serve others."""
    if since := installations.since(connection, team):
        installations.remove(connection, team, since[0])


def _in_turn(database: Database, write: Callable[[Connection], W]) -> W:
    """A transaction between those of whoever serves."""
    left = _TRIES
    while True:
        left -= 1
        try:
            return written(database, write)
        except StorageBusyError:
            if not left:
                raise
            Event().wait(_PAUSE_SECONDS)


def _new_id() -> str:
    return token_hex(16)


def _later(jobs: Iterable[Job], *, marked: bool) -> None:
    """Whoever serves finds what is to be said by its next tick."""
