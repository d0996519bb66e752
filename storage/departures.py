"""Workspaces that took the bot out: nothing happens there any more, and in the end all is erased.

Until then whoever installs it again finds everything as it was.
"""

import hashlib

from sqlalchemy import (
    Connection,
    bindparam,
    delete,
    insert,
    select,
    text,
    update,
)

from storage import handovers
from storage.outbox import DROPPED, PENDING
from storage.pieces import some_of
from storage.tables import departures, metadata, org_teams, outbox, people
from storage.tables import handovers as rows_of_handovers

UNINSTALLED = "uninstalled"
"""Why a message was dropped that is to be said after all once the bot is back."""

_GONE = select(departures.c.since).where(departures.c.team == bindparam("t"))
_HELD = _GONE.with_for_update()
_LONG_GONE = select(departures.c.team).where(departures.c.since <= bindparam("before"))
_BACK = delete(departures).where(departures.c.team == bindparam("t"))
_CANCEL = (
    update(outbox)
    .where(outbox.c.team == bindparam("t"), outbox.c.state == PENDING)
    .values(state=DROPPED, error=UNINSTALLED, done_at=bindparam("now"))
)
_REVIVE = (
    update(outbox)
    .where(
        outbox.c.team == bindparam("t"),
        outbox.c.state == DROPPED,
        outbox.c.error == UNINSTALLED,
    )
    .values(
        state=PENDING,
        error=None,
        done_at=None,
        claimed_by=None,
        claimed_at=None,
        attempt=outbox.c.attempt + 1,
        not_before=bindparam("now"),
    )
)
_NO_CHANNELS = update(people).where(people.c.team == bindparam("t")).values(channel=None)
_HANDOVERS = (
    select(rows_of_handovers.c.id)
    .where(rows_of_handovers.c.team == bindparam("t"))
    .limit(bindparam("n"))
)
_ALL = {
    table: some_of(table, table.c.team == bindparam("t"))
    for table in metadata.sorted_tables
    if "team" in table.c
}
_NOTE = text(
    'INSERT INTO forgotten_workspaces (digest, "by", at) VALUES (:digest, :by, :at)'
    ' ON CONFLICT (digest) DO UPDATE SET "by" = excluded."by", at = excluded.at'
)
_AT_ONCE, _TOGETHER = 500, 20


def depart(connection: Connection, team: str, now: int) -> None:
    """Stop everything in a workspace: no timer runs, and what was to be said is not."""
    if not is_gone(connection, team):
        connection.execute(insert(departures).values(team=team, since=now))
    connection.execute(_CANCEL, {"t": team, "now": now})


def come_back(connection: Connection, team: str, now: int) -> None:
    """Go on where it was stopped; the bot's conversations may be others now."""
    if connection.execute(_BACK, {"t": team}).rowcount:
        connection.execute(_REVIVE, {"t": team, "now": now})
        connection.execute(_NO_CHANNELS, {"t": team})


def is_gone(connection: Connection, team: str) -> bool:
    """Whether a workspace took the bot out."""
    return since(connection, team) is not None


def since(connection: Connection, team: str) -> int | None:
    """The moment at which a workspace took the bot out, if it is out."""
    return connection.execute(_GONE, {"t": team}).scalar()


def long_gone(connection: Connection, before: int) -> list[str]:
    """The workspaces that took the bot out before a stored moment."""
    return list(connection.execute(_LONG_GONE, {"before": before}).scalars())


def purge(connection: Connection, team: str, by: str, now: int) -> bool:
    """Erase some of what a workspace left behind; whether to go on in another transaction.

    Handovers go whole, some at a time: should the bot come back in between, the rest is in order.
    In the end only a digest of its id is left, with who had it erased and when.
    """
    if connection.execute(_HELD, {"t": team}).first() is None:
        return False
    found = list(connection.execute(_HANDOVERS, {"t": team, "n": _TOGETHER}).scalars())
    if found:
        handovers.erase_all(connection, team, found)
        return True
    for table in reversed(metadata.sorted_tables):
        of_a_team = "team" in table.c and table not in (departures, org_teams)
        if of_a_team and connection.execute(_ALL[table], {"t": team, "n": _AT_ONCE}).rowcount:
            return True
    connection.execute(delete(org_teams).where(org_teams.c.team == bindparam("t")), {"t": team})
    connection.execute(_BACK, {"t": team})
    digest = hashlib.sha256(team.encode()).hexdigest()
    connection.execute(_NOTE, {"digest": digest, "by": by, "at": now})
    return False
