"""Where and how the engine on DBOS runs: a file or schema of its own, no reports, no noise."""

from pathlib import Path
from typing import Any

from dbos import DBOSConfig
from sqlalchemy import (
    URL,
    Engine,
    column,
    create_engine,
    event,
    false,
    inspect,
    table,
    update,
)
from sqlalchemy.exc import SQLAlchemyError

VERSION = "stable"
"""A job of another version would stay for ever; one step has nothing that could differ."""

AT_ONCE = 32
"""How many jobs one process runs at the same time, each in a lane of its own."""

SCHEMA = "handover_engine"
"""The engine's own schema on PostgreSQL."""

_POOL = 5
_JOBS = "workflow_status"


def make_config(url: URL, replica: str) -> tuple[DBOSConfig, Engine | None]:
    """The configuration for a database, and the engine that has to be disposed of at the end."""
    config: DBOSConfig = {
        "name": "handover",
        "executor_id": replica,
        "application_version": VERSION,
        "log_level": "WARNING",
        "enable_otlp": False,
        "use_listen_notify": False,
        "notification_listener_polling_interval_sec": 0.2,
        "scheduler_polling_interval_sec": 3600,
        "max_executor_threads": AT_ONCE + 8,
    }
    if url.get_backend_name() == "sqlite":
        own = _own_file(url)
        config["system_database_engine"] = own
        config["system_database_url"] = own.url.render_as_string(hide_password=False)
        return config, own
    config["system_database_url"] = url.render_as_string(hide_password=False)
    config["dbos_system_schema"] = SCHEMA
    config["sys_db_pool_size"] = _POOL
    return config, None


def engine_fault(url: URL) -> str | None:
    """Why the engine of a database could not work; empty if it can, none if it never ran there."""
    file = _place(url) if url.get_backend_name() == "sqlite" else None
    if file and not file.exists():
        return None
    own = create_engine(url.set(database=str(file)) if file else url, hide_parameters=True)
    schema = None if file else SCHEMA
    try:
        if not inspect(own).has_table(_JOBS, schema=schema):
            return None
        with own.begin() as connection:
            # Changes nothing, and takes all that a change takes.
            jobs = table(_JOBS, column("status"), schema=schema)
            connection.execute(update(jobs).where(false()).values(status="PENDING"))
    except SQLAlchemyError as error:
        return f"its tables cannot be written ({type(error).__name__})"
    finally:
        own.dispose()
    return ""


def _place(url: URL) -> Path:
    """NAME-engine.db beside NAME.db: in the same file its polling would stand in the facts' way."""
    facts = Path(url.database or "handover.db")
    return facts.with_name(f"{facts.stem}-engine.db")


def _own_file(url: URL) -> Engine:
    engine = create_engine(
        url.set(database=str(_place(url))),
        pool_size=_POOL,
        max_overflow=AT_ONCE,
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own type
        connection.isolation_level = "IMMEDIATE"
        for pragma in ("busy_timeout=30000", "journal_mode=WAL", "synchronous=NORMAL"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("PRAGMA foreign_keys=ON")

    return engine
