"""What an operator asks for of a workspace of very many handovers, while others write to it."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import chain, count, islice
from pathlib import Path

from sqlalchemy import Connection, insert, text

from bot.custody.exporting import exported
from bot.custody.forgetting import forget_person, forget_workspace
from bot.custody.retention import Retention
from bot.desk import Desk
from bot.playbooks import Playbooks, playbook_text
from bot.times import SystemClock
from flows.handover import Handover, Stage
from storage import auditing, journal, people, playbooks, receipts, tables
from storage.documents import document_of
from storage.engine import Database
from storage.journal import FIRST_LINK, HANDOVER, Line
from storage.moments import to_stored
from storage.people import Person
from tests.bench.clicks import still
from tests.bench.figures import Figure, ms, percentile
from tests.bench.material import Workload, half_answered
from tests.bench.sweep import forget
from tests.clocks import HandClock
from tests.databases import Postgresql, Sqlite, engine_of, postgresql_server
from tests.make import IVAN, LENA, NOW, OLGA, answers, default_playbook, make_started

LINES, POSTS, ORDERS, TOGETHER = 10, 40, 20, 200
_TEAM, _ID = "T1", "H0000"
_PARTS = """
    INSERT INTO participants (team, person, handover)
    SELECT team, :person, id FROM handovers
    """
_POSTS = """
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :many)
    INSERT INTO posts (team, key, handover, person, kind, subject, channel, ts, thread_ts, shown,
                       edit_after, place)
    SELECT team, team || ':' || id || ':' || i, id,
           CASE WHEN i % 2 = 0 THEN :person ELSE :other END,
           'question', 'S1', 'D1', id || '.' || i, '1.0', 1, 0, 0 FROM handovers, n
    """
_ORDERS = """
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :many)
    INSERT INTO outbox (team, key, handover, person, kind, subject, state, attempt, created_at,
                        not_before, quiet, failures)
    SELECT team, team || ':' || id || ':' || i, id,
           CASE WHEN i % 2 = 0 THEN :person ELSE :other END,
           'question', 'S1', 'done', 1, 0, 0, false, 0 FROM handovers, n
    """


class _Timed(Database):
    """Notes how long each transaction that may write lasts, the wait for it left out."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.lasted: list[float] = []

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction."""
        with super().write() as connection:
            began = time.perf_counter()
            yield connection
        self.lasted.append(time.perf_counter() - began)


def figures(folder: Path, handovers: int) -> Iterator[Figure]:
    """Checking, copying, forgetting and erasing, on both databases."""
    for number in range(2):
        (folder / str(number)).mkdir()
    sqlite = Sqlite(folder)
    yield from _kept("SQLite", sqlite.make(folder / "0"), handovers)
    yield _erased("SQLite", sqlite.make(folder / "1"), handovers)
    with postgresql_server("bench") as server:
        databases = Postgresql(server)
        with databases.make() as url:
            yield from _kept("PostgreSQL", url, handovers)
        with databases.make() as url:
            yield _erased("PostgreSQL", url, handovers)
        databases.close()


def _kept(where: str, url: str, handovers: int) -> Iterator[Figure]:
    fill(url, handovers)
    database = _Timed(url)
    still()
    seen = auditing.Seen()
    took = _spent(lambda: _no_faults(database, seen))
    yield _figure(f"{seen.lines:,} lines verified, {where}", took, [], [])
    took = _spent(lambda: _taken(database, handovers))
    yield _figure(f"{handovers:,} handovers exported, {where}", took, [], [])

    books = Playbooks(playbook_text(None))
    desk = Desk(database, books, SystemClock(), iter(str, None).__next__, forget)
    with _others_write(url) as waited:
        took = _spent(lambda: forget_person(desk, _TEAM, OLGA, (), "operator"))
    what = f"a person of {handovers:,} handovers forgotten, {where}"
    yield _figure(what, took, database.lasted, waited)
    _no_faults(database, auditing.Seen())

    database.lasted.clear()
    _over(url)
    late = HandClock(NOW + timedelta(days=400))
    tidy = Retention(database, late, timedelta(days=365)).tidy
    with _others_write(url) as waited:
        took = _spent(tidy)
    what = f"{handovers:,} closed handovers erased by the policy, {where}"
    yield _figure(what, took, database.lasted, waited)
    _nothing_left(database)
    database.close()


def _erased(where: str, url: str, handovers: int) -> Figure:
    fill(url, handovers)
    database = _Timed(url)
    with _others_write(url) as waited:
        took = _spent(lambda: forget_workspace(database, _TEAM, "operator", 1))
    _nothing_left(database)
    lasted = database.lasted
    database.close()
    what = f"a workspace of {handovers:,} handovers forgotten, {where}"
    return _figure(what, took, lasted, waited)


def _over(url: str) -> None:
    """That somebody left has given others something to do: it is done."""
    engine = engine_of(url)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM tasks"))
        done = "UPDATE handovers SET stage = 'complete', due_at = NULL, updated_at = :at"
        connection.execute(text(done), {"at": to_stored(NOW)})
        connection.execute(text("ANALYZE"))
    engine.dispose()


def _figure(
    what: str, took: tuple[float, float], lasted: list[float], waited: list[float]
) -> Figure:
    told = f"{took[0]:.1f} s, {took[1]:.1f} s of processor time"
    details = dict[str, float | str]()
    if lasted:
        told += f"; longest transaction {max(lasted) * 1000:.0f} ms"
        details = {
            "transactions": len(lasted),
            "transaction_p99_ms": ms(percentile(lasted, 0.99)),
            "others_p99_ms": ms(percentile(waited, 0.99)),
            "others_max_ms": ms(max(waited)),
        }
        told += f"; others wrote in p99 {details['others_p99_ms']:.0f} ms"
    return Figure(what, "for the record", told, met=True, details=details)


@contextmanager
def _others_write(url: str) -> Iterator[list[float]]:
    """Somebody in another process writes a little twenty times a second; how long each took."""
    waited, ended, numbers = list[float](), threading.Event(), count()
    other = Database(url)

    def write() -> None:
        while not ended.wait(0.05):
            waited.append(_timed(lambda: _take(other, str(next(numbers)))))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield waited
    finally:
        ended.set()
        writer.join()
        other.close()


def _take(database: Database, key: str) -> None:
    with database.write() as connection:
        receipts.take(connection, "T2", key, 2**60)


def _no_faults(database: Database, seen: auditing.Seen) -> None:
    assert not list(auditing.verify(database, seen))


def _taken(database: Database, handovers: int) -> None:
    lines = exported(database, _TEAM, "", "operator", with_vault=True)
    assert sum(1 for _ in lines) > handovers


def _nothing_left(database: Database) -> None:
    with database.read() as connection:
        left = connection.execute(text("SELECT count(*) FROM handovers")).scalar()
        assert left == 0


def fill(url: str, handovers: int) -> None:
    """Store closed handovers, copies of a real one, with what stands beside each."""
    model, told = _model(), _told()
    document, database = document_of(model), Database(url)
    books = Playbooks(playbook_text(None))
    with database.write() as connection:
        people.keep(connection, Person(_TEAM, OLGA, "Olga Costa"), 0)
        playbooks.keep(connection, _TEAM, books.name, playbook_text(None))
    for start in range(0, handovers, TOGETHER):
        rows, lines = list[dict[str, object]](), list[dict[str, str | int]]()
        for number in range(start, min(start + TOGETHER, handovers)):
            row, of_row = _copy(f"H{number:05}", document, told)
            rows.append(row)
            lines += of_row
        with database.write() as connection:
            connection.execute(insert(tables.handovers), rows)
            connection.execute(insert(tables.journal), lines)
    database.close()
    engine = engine_of(url)
    with engine.begin() as connection:
        for person in (OLGA, IVAN, LENA):
            connection.execute(text(_PARTS), {"person": person})
        for statement, many in ((_POSTS, POSTS), (_ORDERS, ORDERS)):
            known = {"many": many, "person": OLGA, "other": IVAN}
            connection.execute(text(statement), known)
        connection.execute(text("ANALYZE"))
    engine.dispose()


def _model() -> Handover:
    books = Playbooks(playbook_text(None))
    work = Workload(team=_TEAM, playbook=books.name, handovers=1)
    return half_answered(work, 0).model_copy(update={"stage": Stage.COMPLETE})


def _told() -> list[Line]:
    """The start, and nine answers of Olga's."""
    questions = enumerate(default_playbook().questions)
    said = "What was agreed, by whom. " * 6
    answered = chain.from_iterable(answers(one, OLGA, minute, said) for minute, one in questions)
    events = chain([make_started(id=_ID, team=_TEAM)], answered)
    return [Line(event, f"salt-{number}") for number, event in enumerate(islice(events, LINES))]


def _copy(
    name: str, document: str, told: list[Line]
) -> tuple[dict[str, object], list[dict[str, str | int]]]:
    written, link, lines = document.replace(_ID, name), FIRST_LINK, list[dict[str, str | int]]()
    for seq, line in enumerate(told, start=1):
        lines.append(journal.written(HANDOVER, _TEAM, name, seq, link, line, written))
        link = str(lines[-1]["chain"])
    account = json.loads(document)["account"]
    row = {
        "team": _TEAM,
        "id": name,
        "account": account,
        "account_key": f"{account} {name}".casefold(),
        "name_key": name,
        "stage": Stage.COMPLETE.value,
        "version": LINES,
        "playbook": "P1",
        "answered": 28,
        "required": 44,
        "short": 0,
        "shape": 1,
        "chain": link,
        "updated_at": to_stored(NOW),
        "document": written,
    }
    return row, lines


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _spent(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock, and of this process's processor time."""
    began = time.process_time()
    return _timed(work), time.process_time() - began
