"""All journals of all workspaces against what is stored, read in pieces while the bot serves.

Each piece is one look at the database in which nothing moves: some aggregates by their ids, and the
lines of everything up to the last of them, so that lines of nothing are met too.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, text, union

from flows.audit.acts import ForgettingBegun
from storage.chains import Chain, Head
from storage.engine import Database
from storage.journal import BOOK, HANDOVER, VAULT, WORKSPACE
from storage.tables import books, handovers, journal, vaults, workspaces

ROWS = {
    # The workspace's comes first: it tells which forgettings there were.
    WORKSPACE: (workspaces, workspaces.c.team),
    HANDOVER: (handovers, handovers.c.id),
    VAULT: (vaults, vaults.c.handover),
    BOOK: (books, books.c.id),
}
AGGREGATES = tuple(ROWS)
_AT_ONCE = 50
_NEXT_TEAM = select(
    func.min(
        union(
            *(
                select(func.min(table.c.team).label("team")).where(table.c.team > bindparam("t"))
                for table in (workspaces, handovers, books, journal)
            )
        )
        .subquery()
        .c.team
    )
)
_HEADS = {
    aggregate: select(key, table.c.version, table.c.chain, table.c.document)
    .where(table.c.team == bindparam("t"), key > bindparam("after"))
    .order_by(key)
    .limit(_AT_ONCE)
    for aggregate, (table, key) in ROWS.items()
}
_OF = (
    journal.c.team == bindparam("t"),
    journal.c.aggregate == bindparam("a"),
    journal.c.handover > bindparam("after"),
)
_LINES = select(journal).where(*_OF).order_by(journal.c.handover, journal.c.seq)
_LINES_UP_TO = _LINES.where(journal.c.handover <= bindparam("last"))


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and where; `line` is its number in the journal."""

    team: str
    aggregate: str
    id: str
    line: int
    wrong: str


@dataclass(slots=True)
class Seen:
    """How much was looked at; `erased` are the lines that no longer tell what happened."""

    workspaces: int = 0
    lines: int = 0
    erased: int = 0
    journals: dict[str, int] = field(default_factory=lambda: dict.fromkeys(AGGREGATES, 0))


def verify(database: Database, seen: Seen) -> Iterator[Fault]:
    """Every fault of every journal; `seen` counts along."""
    team = ""
    while team := _next_team(database, team):
        seen.workspaces += 1
        begun: set[str] = set()
        for aggregate in AGGREGATES:
            yield from _Walk(database, seen, team, aggregate, begun).faults()


@dataclass(slots=True)
class _Walk:
    """Through the journals of one kind in one workspace; `begun` are its forgettings' aliases."""

    database: Database
    seen: Seen
    team: str
    aggregate: str
    begun: set[str]

    def faults(self) -> Iterator[Fault]:
        after: str | None = ""
        while after is not None:
            with self.database.read() as connection:
                hold_still(connection)
                # Those of one piece, which are few unless all is broken.
                found, after = self._piece(connection, after)
            yield from found

    def _piece(self, connection: Connection, after: str) -> tuple[list[Fault], str | None]:
        """The faults of the next aggregates, and the last one's id if there may be more."""
        here = {"t": self.team, "after": after}
        heads = {row[0]: Head(*row[1:]) for row in connection.execute(_HEADS[self.aggregate], here)}
        last = list(heads)[-1] if len(heads) == _AT_ONCE else None
        lines = _LINES if last is None else _LINES_UP_TO
        up_to = {} if last is None else {"last": last}
        found: list[Fault] = []
        what = here | up_to | {"a": self.aggregate}
        rows = connection.execute(lines, what, execution_options={"yield_per": 500})
        for name, each in groupby(rows.mappings(), key=itemgetter("handover")):
            found += self._journal(name, each, heads.pop(name, None))
        for name, head in heads.items():
            self.seen.journals[self.aggregate] += 1
            if must_have_lines(self.aggregate, head.version):
                found.append(self._fault(name, (1, f"all {head.version} lines are gone")))
        return found, last

    def _journal(self, name: str, lines: Iterator[Any], head: Head | None) -> Iterator[Fault]:
        chain = Chain()
        for line in lines:
            for wrong in chain.read(line):
                yield self._fault(name, wrong)
            if line["type"] == "forgetting_begun" and line["payload"]:
                self.begun.add(ForgettingBegun.model_validate_json(line["payload"]).alias)
        self.seen.journals[self.aggregate] += 1
        self.seen.lines += chain.lines
        self.seen.erased += chain.erased
        if head is None:
            yield self._fault(name, (1, "lines of something that is not stored"))
            return
        for wrong in chain.end(head):
            yield self._fault(name, wrong)
        for alias in sorted(set(chain.forgotten) - self.begun):
            wrong = (chain.lines, f"the workspace's journal tells nothing of forgetting {alias}")
            yield self._fault(name, wrong)

    def _fault(self, name: str, wrong: tuple[int, str]) -> Fault:
        return Fault(self.team, self.aggregate, name, *wrong)


def must_have_lines(aggregate: str, version: int) -> bool:
    """Whether there was a journal: the release before kept none of a workspace."""
    return version > 0 or aggregate != WORKSPACE


def hold_still(connection: Connection) -> None:
    """Let all that this transaction reads be of one moment; SQLite does so anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))


def _next_team(database: Database, team: str) -> str:
    with database.read() as connection:
        return connection.execute(_NEXT_TEAM, {"t": team}).scalar() or ""
