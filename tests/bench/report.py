"""How long a leader's report on very many handovers takes, and what clicks cost meanwhile."""

import re
import statistics
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import text

from bot.app import Bot
from bot.delivery.port import Row
from bot.reports.report import report
from flows.effects import Kind
from tests.bench.clicks import bot_on, call, sandbox, still, workload
from tests.bench.figures import Figure, ms
from tests.bench.material import Workload, clicks, fill
from tests.databases import Postgresql, Sqlite, postgresql_server
from tests.make import LENA
from tests.wire.stage import SECRET

MANY, ROUNDS, GOAL = 2_000, 5, 2.0
_COPIES = text(
    """
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :rows)
    INSERT INTO handovers (team, id, account, account_key, name_key, stage, version, due_at,
                           playbook, answered, required, short, shape, chain, updated_at, document)
    SELECT h.team, 'R' || i, 'Account ' || i, 'account ' || i, 'account ' || i, 'in_flight', 40,
           NULL, h.playbook, 28, 44, 0, 1, 'chain', h.updated_at,
           replace(replace(h.document, '"H0000"', '"R' || i || '"'), '2026-11-23', '2026-11-02')
    FROM n, handovers h WHERE h.team = :team AND h.id = 'H0000'
    """
)
_TAKES_PART = text(
    "INSERT INTO participants (team, person, handover)"
    " SELECT team, :person, id FROM handovers WHERE team = :team AND id LIKE 'R%'"
)


def figures(folder: Path) -> Iterator[Figure]:
    """The words of a report, with documents of 17 KB, on both databases."""
    place = folder / "filled"
    place.mkdir()
    yield _figure("SQLite", Sqlite(folder).make(place))
    with postgresql_server("bench") as server:
        databases = Postgresql(server)
        with databases.make() as url:
            yield _figure("PostgreSQL", url)
        databases.close()


def _figure(where: str, url: str) -> Figure:
    with sandbox() as slack, bot_on(url, slack) as bot:
        work = workload(bot)
        fill(bot.database, work)
        _crowd(bot, work)
        still()
        row = Row(work.team, "", LENA, Kind.REPORT, "90:segment")
        busy = time.thread_time()
        taken = [_seconds(bot, row) for _ in range(ROUNDS)]
        busy = (time.thread_time() - busy) / ROUNDS
        alone, beside = _acks(bot, work, row)
    middle = statistics.median(taken)
    return Figure(
        name=f"report over {MANY:,} handovers, {where}",
        goal=f"≤ {GOAL:g} s",
        result=f"{middle:.2f} s",
        met=middle <= GOAL,
        details={
            "on the processor ms": ms(busy),
            "ack alone ms": ms(alone),
            "ack beside a report ms": ms(beside),
        },
    )


def _crowd(bot: Bot, work: Workload) -> None:
    with bot.database.write() as connection:
        connection.execute(_COPIES, {"team": work.team, "rows": MANY})
        connection.execute(_TAKES_PART, {"team": work.team, "person": LENA})


def _seconds(bot: Bot, row: Row) -> float:
    began = time.perf_counter()
    office = bot.offices.of(row.team)
    rendered = report(bot.desk, office.roster, row) if office else None
    seconds = time.perf_counter() - began
    counted = re.search(r"(\d+) handovers that you lead", rendered.message.text if rendered else "")
    if counted is None or int(counted[1]) < MANY:
        raise RuntimeError("the report did not count them all")
    return seconds


def _acks(bot: Bot, work: Workload, row: Row) -> tuple[float, float]:
    """The middle ack of a click, alone and while a report is made."""
    deliveries = clicks(work, SECRET)
    half = len(deliveries) // 2
    alone = [_ack(bot, one) for one in deliveries[:half]]
    ended = threading.Event()

    def reports() -> None:
        while not ended.is_set():
            _seconds(bot, row)

    other = threading.Thread(target=reports)
    other.start()
    beside = [_ack(bot, one) for one in deliveries[half:]]
    ended.set()
    other.join()
    return statistics.median(alone), statistics.median(beside)


def _ack(bot: Bot, delivery: dict[str, object]) -> float:
    began = time.perf_counter()
    call(bot.door, delivery)
    return time.perf_counter() - began
