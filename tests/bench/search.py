"""Searching the pack of one handover beside very many passages of others, on both databases."""

import random
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import text

from flows.handover import Handover
from flows.taking_over.passages import passages
from flows.taking_over.search import search
from storage import handovers
from storage.engine import Database
from tests.bench.clicks import still
from tests.bench.figures import Figure, ms, percentile
from tests.bench.material import Workload, half_answered
from tests.databases import Postgresql, Sqlite, engine_of, postgresql_server
from tests.make import OLGA, default_playbook, name_of

FEW = 10_000
SEARCHES = 400
QUESTIONS = (
    "What was agreed and by whom?",
    "who is the head of support",
    "Renewals: which risks are still open?",
    "invoicing language",
    "what is the health, and why",
)
_TEAM = "T1"
_FILL = text(
    """
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :rows)
    INSERT INTO handovers (team, id, account, account_key, name_key, stage, version, due_at,
                           playbook, answered, required, short, shape, chain, updated_at, document)
    SELECT :team, 'S' || i, 'Account ' || i, 'account ' || i, 'account ' || i, 'in_flight', 40,
           NULL, 'P1', 28, 44, 0, 1, 'chain', i, replace(:document, :id, 'S' || i) FROM n
    """
)


def figures(folder: Path, many: int = 1_000_000) -> Iterator[Figure]:
    """How long a search takes, and how much longer beside many passages than beside few."""
    template = Sqlite(folder)
    places = [folder / "few", folder / "many"]
    for place in places:
        place.mkdir()
    yield from _figures("SQLite", (template.make(places[0]), template.make(places[1])), many)
    with postgresql_server("bench") as server:
        databases = Postgresql(server)
        with databases.make() as few, databases.make() as more:
            yield from _figures("PostgreSQL", (few, more), many)
        databases.close()


def _figures(where: str, urls: tuple[str, str], many: int) -> Iterator[Figure]:
    handover = half_answered(Workload(_TEAM, "P1", 1), 0)
    each = len(passages(handover, default_playbook(), OLGA))
    times = []
    for url, count in zip(urls, (FEW, many), strict=True):
        rows = -(-count // each)
        _crowd(url, handover, rows)
        times.append(_searches(url, rows))
    few, more = times
    p95 = percentile(more, 0.95)
    yield Figure(
        f"search of one pack beside {many:,} passages, {where}",
        "p95 ≤ 50 ms",
        f"{ms(p95)} ms",
        p95 <= 0.050,
        {"p50 ms": ms(statistics.median(more)), "passages each": each, "searches": len(more)},
    )
    ratio = p95 / percentile(few, 0.95)
    yield Figure(
        f"the same against beside {FEW:,} passages, {where}", "≤ 3", f"{ratio:.2f}", ratio <= 3, {}
    )


def _crowd(url: str, handover: Handover, rows: int) -> None:
    """Handovers like this one; by an engine of its own, for the bot's gives up sooner."""
    document = handover.model_dump_json(exclude_defaults=True)
    engine = engine_of(url)
    with engine.begin() as connection:
        known = {"team": _TEAM, "rows": rows, "document": document, "id": handover.id}
        connection.execute(_FILL, known)
    engine.dispose()


def _searches(url: str, rows: int) -> list[float]:
    """Seconds for each search: read the pack, see what its reader may find, and rank it."""
    database, chosen, times = Database(url), random.Random(7), list[float]()  # noqa: S311
    book = default_playbook()
    still()
    for number in range(SEARCHES + 20):
        place, question = chosen.randint(1, rows), QUESTIONS[number % len(QUESTIONS)]
        began = time.perf_counter()
        with database.read() as connection:
            stored = handovers.load(connection, _TEAM, f"S{place}")
        assert stored is not None
        known = passages(stored.value, book, OLGA)
        search(known, question, name_of, without=stored.value.account)
        times.append(time.perf_counter() - began)
    database.close()
    return times[20:]
