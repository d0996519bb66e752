"""The sweep that reminds people, beside very many tasks that are not due, on both databases."""

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from bot.nudges.reminding import Reminding
from bot.playbooks import Playbooks, playbook_text
from bot.roster import Roster
from storage import reminders
from storage.engine import Database
from storage.moments import to_stored
from storage.outbox import Job
from tests.bench.clicks import still
from tests.bench.figures import Figure, ms, percentile, spread
from tests.clocks import HandClock
from tests.databases import Postgresql, Sqlite, engine_of, postgresql_server

DUE, ROUNDS, MANY_DUE, FINDS = 100, 60, 2_000, 300
PEOPLE, EACH = 10_000, 20
START = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
_TEAM = "T1"
_HANDOVERS = """
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :handovers)
    INSERT INTO handovers (team, id, account, account_key, name_key, stage, version, due_at,
                           playbook, answered, required, short, shape, chain, updated_at, document)
    SELECT :team, 'S' || i, 'Account ' || i, 'account ' || i, 'account ' || i, 'in_flight', 40,
           NULL, 'P1', 28, 44, 0, 1, 'chain', i, '{}' FROM n
    """
_TASKS = """
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :tasks)
    INSERT INTO tasks (team, handover, aggregate, key, owner, todo, subject, due, is_new)
    SELECT :team, 'S' || (i / :each), 'handover', 'read_pack:P' || (i % :people) || ':' || i,
           'P' || (i % :people), 'read_pack', '', '2026-11-23', false FROM n
    """
_REMINDERS = """
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :tasks)
    INSERT INTO reminders (team, handover, aggregate, key, person, about, since, day, look_at,
                           snoozed)
    SELECT :team, 'S' || (i / :each), 'handover', 'read_pack:P' || (i % :people) || ':' || i,
           'P' || (i % :people), 'own', '2026-11-20', '2026-11-23',
           CASE WHEN i < :due * :rounds THEN :start + (i / :due) * CAST(60000000 AS BIGINT)
                WHEN i < :due * :rounds + :many THEN :start + :rounds * CAST(60000000 AS BIGINT)
                ELSE :far + i END, 0 FROM n
    """
_PERSONS = """
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :people)
    INSERT INTO people (team, "user", name, tz, home_team, is_admin, is_bot, is_guest,
                        is_stranger, is_gone, updated_at)
    SELECT :team, 'P' || i, 'Person ' || i, 'UTC', :team, false, false, false, false, false, 0
    FROM n
    """


class Here:
    """Everybody may be disturbed; what Slack takes to say so is not measured."""

    def away_until(self, user: str) -> datetime | None:
        return None

    def forget(self, user: str) -> None:
        """Nothing is remembered."""


def figures(folder: Path, rows: int) -> Iterator[Figure]:
    """What is due among very many tasks: found, and told in a transaction a person."""
    place = folder / "sweep"
    place.mkdir()
    yield from _figures("SQLite", Sqlite(folder).make(place), rows)
    with postgresql_server("bench") as server:
        databases = Postgresql(server)
        with databases.make() as url:
            yield from _figures("PostgreSQL", url, rows)
        databases.close()


def _figures(where: str, url: str, rows: int) -> Iterator[Figure]:
    _crowd(url, rows)
    database, clock = Database(url), HandClock(START)
    roster = Roster(_TEAM, database, clock, lambda _user: None)
    books = Playbooks(playbook_text(None))
    sweep = Reminding(database, books, clock, roster, Here(), _TEAM, forget).sweep
    still()
    found = [_timed(lambda: _find(database)) for _ in range(FINDS)]
    swept = []
    for _ in range(ROUNDS):
        swept.append(_timed(sweep))
        clock.advance(60)
    many = _timed(sweep)
    told = _told(database)
    database.close()
    beside = f"beside {rows:,} tasks, {where}"
    p99 = percentile(found, 0.99)
    yield Figure(
        f"who is due, {DUE} {beside}", "p99 ≤ 50 ms", f"{ms(p99)} ms", p99 <= 0.05, spread(found)
    )
    worst = percentile(swept, 0.99)
    yield Figure(
        f"sweep that orders {DUE} agendas {beside}",
        "for the record",
        f"p99 {ms(worst)} ms",
        met=True,
        details=spread(swept),
    )
    all_told = told == DUE * ROUNDS + MANY_DUE
    yield Figure(
        f"sweep that orders {MANY_DUE:,} agendas {beside}",
        "≤ 5 s",
        f"{many:.2f} s",
        many <= 5 and all_told,
        {"agendas in all": told},
    )


def _crowd(url: str, rows: int) -> None:
    """By an engine of its own, for the bot's gives up sooner."""
    known = {
        "team": _TEAM,
        "tasks": rows,
        "handovers": -(-rows // EACH),
        "each": EACH,
        "people": PEOPLE,
        "due": DUE,
        "rounds": ROUNDS,
        "many": MANY_DUE,
        "start": to_stored(START),
        "far": to_stored(START + timedelta(days=1)),
    }
    engine = engine_of(url)
    with engine.begin() as connection:
        for statement in (_HANDOVERS, _TASKS, _REMINDERS, _PERSONS):
            words = text(statement)
            wanted = set(words.compile().params)
            connection.execute(words, {name: known[name] for name in wanted})
        connection.execute(text("ANALYZE"))
    engine.dispose()


def _find(database: Database) -> None:
    with database.read() as connection:
        reminders.with_new_tasks(connection, _TEAM)
        assert len(reminders.due(connection, _TEAM, to_stored(START))) == DUE


def _told(database: Database) -> int:
    with database.read() as connection:
        return connection.execute(text("SELECT count(*) FROM outbox")).scalar() or 0


def _timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def forget(jobs: Iterable[Job], *, marked: bool) -> None:
    """Nothing is delivered here."""
