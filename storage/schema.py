"""Which schema the code needs, and whether a database has it.

Alembic is not imported here: it costs start-up time that only `handover migrate` should pay.
"""

from sqlalchemy import Connection, inspect, text

HEAD = "0001"
"""The newest revision in `migrations/versions`; a test compares the two."""


def current(connection: Connection) -> str | None:
    """The revision that a database is at; none for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
