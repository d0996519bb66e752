"""The same answers beside very many closed handovers, against the same answers beside none."""

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import text

from storage.engine import Database
from tests.bench.clicks import BLOCK, Took, bot_on, call, sandbox, still, timed, workload
from tests.bench.figures import Figure, ms
from tests.bench.material import Workload, clicks, fill
from tests.databases import Sqlite
from tests.wire.stage import SECRET

PEOPLE = 5_000
_CLOSED = text(
    """
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :rows)
    INSERT INTO handovers (team, id, account, account_key, name_key, stage, version, due_at,
                           playbook, answered, required, short, shape, chain, updated_at, document)
    SELECT :team, 'C' || i, 'Account ' || i, 'account ' || i, 'account ' || i, 'closed', 40, NULL,
           :playbook, 44, 44, 0, 1, hex(randomblob(32)), i, hex(randomblob(512)) FROM n
    """
)
_TOOK_PART = text(
    """
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :rows)
    INSERT INTO participants (team, person, handover)
    SELECT :team, 'P' || ((i + :step) % :people), 'C' || i FROM n
    """
)


def figures(folder: Path, rows: int) -> Iterator[Figure]:
    """How much dearer an answer becomes, on SQLite."""
    template = Sqlite(folder)
    places = [folder / "alone", folder / "beside"]
    for place in places:
        place.mkdir()
    alone, beside = (template.make(place) for place in places)
    with sandbox() as slack, bot_on(alone, slack) as one, bot_on(beside, slack) as other:
        work = workload(one)
        began = time.perf_counter()
        _crowd(other.database, work, rows)
        filling = time.perf_counter() - began
        for bot in (one, other):
            fill(bot.database, work)
        few, many = clicks(work, SECRET), clicks(work, SECRET)
        times: tuple[list[Took], list[Took]] = ([], [])
        still()
        for start in range(0, work.clicks, BLOCK):
            block = slice(start, start + BLOCK)
            times[0].append(timed(lambda click: call(one.door, click), few[block]))
            times[1].append(timed(lambda click: call(other.door, click), many[block]))
    few_seconds, many_seconds = (
        statistics.median(took.wall for took in kind[1:]) for kind in times
    )
    ratio = many_seconds / few_seconds
    yield Figure(
        f"answer by button beside {rows:,} closed handovers against none, SQLite",
        "≤ 1.3",
        f"{ratio:.2f}",
        ratio <= 1.3,
        {"beside ms": ms(many_seconds), "alone ms": ms(few_seconds), "filled in s": round(filling)},
    )


def _crowd(database: Database, work: Workload, rows: int) -> None:
    """Closed handovers with documents of 1 KB, two CSMs each."""
    known = {"team": work.team, "rows": rows}
    with database.write() as connection:
        connection.execute(_CLOSED, known | {"playbook": work.playbook})
        for step in (0, 1):
            connection.execute(_TOOK_PART, known | {"step": step, "people": PEOPLE})
    database.checkpoint()
