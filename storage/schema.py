"""Which schema the code needs, and whether a database has it.

While replicas are replaced, the release before runs on the schema of the new one: each migration
says in the database which schema's code may still use it. Alembic is not imported here: it costs
start-up time that only `handover migrate` should pay.
"""

from sqlalchemy import Connection, inspect, select, text

from storage.tables import schema_serves

HEAD = "0001"
"""The newest revision in `migrations/versions`; a test compares the two. They sort by their age."""


def current(connection: Connection) -> str | None:
    """The revision that a database is at; none for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def fault(connection: Connection, needed: str = HEAD) -> str:
    """Why code that needs a schema cannot run on a database, with what to do; empty if it can."""
    found = current(connection)
    if found == needed:
        return ""
    if found is None or found < needed:
        return (
            f"the database is at {found or 'nothing'}, this version needs {needed}:"
            " run `handover migrate` first"
        )
    oldest = connection.execute(select(schema_serves.c.oldest)).scalar_one()
    if oldest <= needed:
        return ""
    return (
        f"the database is at {found} already, too new for this version: it serves {oldest} and on"
    )
