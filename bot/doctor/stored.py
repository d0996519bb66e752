"""The doctor at the database: is it there, is it ours, does it keep what it is told, what waits."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from bot.delivery.dbos_store import engine_fault
from bot.doctor.lines import Line, look, well, wrong
from bot.plainly import database_words
from storage import installations, receipts, replicas, schema, wellness
from storage.engine import Database, StorageBusyError
from storage.moments import from_stored
from storage.seal import Seal

_SLOW_SECONDS = 0.1
_LATE = timedelta(minutes=5)
_FORCED = {"1": "NORMAL", "0": "OFF", "2": "FULL", "3": "EXTRA"}
_OLDEST_POSTGRESQL = 13


def is_there(database: Database) -> bool:
    """Whether there is something to connect to: SQLite would make an empty file of it."""
    file = database.url.database if database.is_sqlite else None
    return file is None or file == ":memory:" or Path(file).exists()


def database_lines(database: Database) -> Iterator[Line]:
    """Reachable, of our schema, writable and durable; ends with the first that is wrong."""
    if not is_there(database):
        yield wrong("database", "there is no such file", "set DATABASE_URL, run `handover migrate`")
        return
    try:
        with database.read() as connection:
            fault, kept = schema.fault(connection), _durability(database, connection)
    except (StorageBusyError, SQLAlchemyError) as error:
        yield wrong(
            "database",
            f"it does not answer ({database_words(error)})",
            "see that it runs; DATABASE_URL",
        )
        return
    yield kept
    if fault:
        says, _, todo = fault.partition(": ")
        yield wrong("schema", says, todo)
        return
    yield well("schema", f"at {schema.HEAD}")
    yield _written(database)


def _durability(database: Database, connection: Connection) -> Line:
    return _sqlite(connection) if database.is_sqlite else _postgresql(connection)


def _sqlite(connection: Connection) -> Line:
    mode = str(connection.execute(text("PRAGMA journal_mode")).scalar()).lower()
    forced = _FORCED.get(str(connection.execute(text("PRAGMA synchronous")).scalar()), "?")
    says = f"SQLite, journal {mode}, synchronous {forced}"
    if mode != "wal":
        return wrong("database", says, "put it on a local disk: WAL needs shared memory")
    return well("database", says)


def _postgresql(connection: Connection) -> Line:
    def show(name: str) -> str:
        return str(connection.execute(text(f"SHOW {name}")).scalar())

    version = show("server_version")
    says = (
        f"PostgreSQL {version}, statements end after {show('statement_timeout')},"
        f" locks after {show('lock_timeout')}, {show('max_connections')} connections"
    )
    if int(show("server_version_num")) // 10_000 < _OLDEST_POSTGRESQL:
        return look("database", says, f"move to {_OLDEST_POSTGRESQL} or later")
    if show("synchronous_commit") == "off":
        todo = "a crash can lose what Slack was told is kept: switch synchronous_commit on"
        return look("database", f"{says}, synchronous_commit off", todo)
    return well("database", says)


def _written(database: Database) -> Line:
    """One transaction to the disk, which leaves nothing behind."""
    began = time.monotonic()
    try:
        with database.write() as connection:
            receipts.take(connection, "", "doctor", 0)
            receipts.forget(connection, 1)
    except (StorageBusyError, SQLAlchemyError) as error:
        return wrong(
            "writing",
            f"it takes nothing ({database_words(error)})",
            "disk full? rights? a lock that stays?",
        )
    took = time.monotonic() - began
    if took > _SLOW_SECONDS:
        return look("writing", f"{took * 1000:.0f} ms a transaction", "a faster or nearer disk")
    return well("writing", f"{took * 1000:.1f} ms a transaction")


def running_lines(database: Database, now: datetime, lease: timedelta) -> Iterator[Line]:
    """What serves, as it shows several times a lease, and what waits to be said."""
    with database.read() as connection:
        seen, found = replicas.seen(connection), wellness.look(connection)
    # One that has left in good order says so.
    ages = {name: now - from_stored(at) for name, at in seen.items() if at}
    silent = sorted(name for name, age in ages.items() if age > lease)
    alive = len(ages) - len(silent)
    if silent:
        yield look("replicas", f"{alive} serving, silent: {', '.join(silent)}", "are they to run?")
    elif not alive:
        yield look("replicas", "none is serving", "run `handover serve`")
    else:
        newest = min(ages.values()).total_seconds()
        yield well("replicas", f"{alive} serving, the newest sign of life {newest:.0f} s old")
    yield from _messages(found, now)


def _messages(found: wellness.Wellness, now: datetime) -> Iterator[Line]:
    waits = ", ".join(f"{count} wait: {why}" for why, count in sorted(found.shut_out.items()))
    oldest = now - from_stored(found.written) if found.written else timedelta(0)
    if waits:
        yield look("messages", waits, "they go out once the token works")
    elif oldest > _LATE:
        minutes = oldest.total_seconds() / 60
        says = f"{found.pending} wait, the oldest for {minutes:.0f} min"
        yield look("messages", says, "is a replica serving? does Slack answer? see its log")
    if found.dead:
        says = f"{found.dead} of the last 30 days could not be delivered"
        yield look("messages", says, "the log says why, by `cannot be delivered`")
    if not waits and oldest <= _LATE and not found.dead:
        yield well("messages", f"{found.pending} wait, none for long")


def engine_line(database: Database) -> Line:
    """The engine's own tables."""
    fault = engine_fault(database.url)
    if fault is None:
        return look("engine", "it has no tables yet", "the first `handover serve` makes them")
    if fault:
        return wrong("engine", fault, "rights and free disk beside the database")
    return well("engine", "its tables can be written")


def key_line(database: Database, seal: Seal) -> Line:
    """Whether the keys open what is stored."""
    with database.read() as connection:
        shut = installations.unopened(connection, seal)
        older = installations.sealed_otherwise(connection, seal)
    if shut:
        says = f"no key opens the token of {shut} installations"
        return wrong("keys", says, "put the key of before back into HANDOVER_ENCRYPTION_KEYS")
    if older:
        says = f"{older} tokens are sealed with an older key"
        return look("keys", says, "run `handover rotate-keys`")
    return well("keys", "the newest key opens every token")
