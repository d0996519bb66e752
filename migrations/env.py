"""How migrations reach the database: the URL comes from whoever runs them, one at a time."""

import threading

from alembic import context
from sqlalchemy import Connection, create_engine, pool, text

from storage.tables import metadata

_ONE_AT_A_TIME = 0x48414E44
_AGAIN_SECONDS = 0.2
_LOCK_MS = 500
"""Well below what a click waits for a lock (`storage.engine.WAIT_SECONDS`)."""


def _include(name: str | None, kind: str, _parents: object) -> bool:
    """Only our own tables are compared; the engine keeps its own elsewhere."""
    return kind != "table" or name in metadata.tables


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        transaction_per_migration=True,
        include_name=_include,
        compare_type=True,
    )
    if connection.dialect.name == "postgresql":
        # Whoever clicks queues behind a migration that queues behind a long reader: not for long.
        connection.execute(text(f"SET lock_timeout = {_LOCK_MS}"))
        # Asked again and again: making an index beside writers waits for whoever waits in here.
        while not connection.execute(
            text(f"SELECT pg_try_advisory_lock({_ONE_AT_A_TIME})")
        ).scalar():
            connection.commit()
            threading.Event().wait(_AGAIN_SECONDS)
        connection.commit()
    with context.begin_transaction():
        context.run_migrations()
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_unlock({_ONE_AT_A_TIME})"))
        connection.commit()


given = context.config.attributes.get("connection")
if isinstance(given, Connection):
    _migrate(given)
else:
    # Tests hand in an engine of their own.
    engine = given or create_engine(context.config.attributes["url"], poolclass=pool.NullPool)
    with engine.connect() as opened:
        _migrate(opened)
    if given is None:
        engine.dispose()
