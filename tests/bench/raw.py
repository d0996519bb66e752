"""What a click's SQL costs by itself: the same statements by the driver, and the disk's share."""

import os
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, event, make_url

from storage.prepared import Prepared, Values

Statement = tuple[str, object, bool]
"""SQL, its parameters, and whether they are many."""
Transaction = list[Statement]


@contextmanager
def recorded(engine: Engine) -> Iterator[list[Transaction]]:
    """Every transaction that is run meanwhile, as the driver got it."""
    found: list[Transaction] = []

    def begin(_connection: object) -> None:
        found.append([])

    def execute(
        _connection: object,
        _cursor: object,
        sql: str,
        parameters: object,
        _context: object,
        many: bool,
    ) -> None:
        if not sql.startswith("BEGIN"):
            found[-1].append((sql, parameters, many))

    run = Prepared.run

    def prepared(self: Prepared, connection: Connection, values: Values) -> Any:  # noqa: ANN401
        compiled = self._for(connection.dialect, values)
        found[-1].append((compiled.sql, compiled.bound(values), False))
        return run(self, connection, values)

    event.listen(engine, "begin", begin, insert=True)
    event.listen(engine, "before_cursor_execute", execute)
    # What is prepared goes past the engine's events.
    Prepared.run = prepared  # type: ignore[method-assign]
    try:
        yield found
    finally:
        Prepared.run = run  # type: ignore[method-assign]
        event.remove(engine, "begin", begin)
        event.remove(engine, "before_cursor_execute", execute)


@contextmanager
def driver(url: str) -> Iterator[Callable[[Transaction], None]]:
    """Runs recorded transactions by the driver alone, with the settings that the bot uses."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        connection: Any = sqlite3.connect(parsed.database or "", isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=0"):
            connection.execute(f"PRAGMA {pragma}")
        start = "BEGIN IMMEDIATE"
    else:
        plain = parsed.set(drivername="postgresql").render_as_string(hide_password=False)
        connection = psycopg.connect(plain, autocommit=True, prepare_threshold=2)
        start = "BEGIN"

    def run(transaction: Transaction) -> None:
        cursor = connection.cursor()
        cursor.execute(start)
        for sql, parameters, many in transaction:
            if many:
                cursor.executemany(sql, parameters)
            else:
                cursor.execute(sql, parameters)
                if cursor.description:
                    cursor.fetchall()
        cursor.execute("COMMIT")
        cursor.close()

    try:
        yield run
    finally:
        connection.close()


def fsync_seconds(folder: Path, count: int = 200) -> float:
    """The median time that this disk takes to keep one page."""
    file, times = folder / "fsync", []
    handle = os.open(file, os.O_CREAT | os.O_WRONLY)
    for _ in range(count):
        os.write(handle, b"x" * 4096)
        began = time.perf_counter()
        os.fsync(handle)
        times.append(time.perf_counter() - began)
    os.close(handle)
    file.unlink()
    return statistics.median(times)
