"""Where and how the engine on DBOS runs: a file or schema of its own, no reports, no noise."""

from pathlib import Path
from typing import Any

from dbos import DBOSConfig
from sqlalchemy import URL, Engine, create_engine, event

VERSION = "stable"
"""A job of another version would stay for ever; one step has nothing that could differ."""

AT_ONCE = 32
"""How many jobs one process runs at the same time, each in a lane of its own."""

SCHEMA = "handover_engine"
"""The engine's own schema on PostgreSQL."""

_POOL = 5


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


def _own_file(url: URL) -> Engine:
    """NAME-engine.db beside NAME.db: in the same file its polling would stand in the facts' way."""
    facts = Path(url.database or "handover.db")
    engine = create_engine(
        url.set(database=str(facts.with_name(f"{facts.stem}-engine.db"))),
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
