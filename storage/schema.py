"""Which schema the code needs, and whether a database has it.

While replicas are replaced, the release before runs on the schema of the new one: each migration
says in the database which schema's code may still use it. Alembic is not imported here: it costs
start-up time that only `handover migrate` should pay.
"""

from sqlalchemy import Connection, inspect, select, text

from storage.tables import schema_serves

HEAD = "0002"
"""The newest revision in `migrations/versions`; a test compares the two. They sort by their age."""


def current(connection: Connection) -> str | None:
    """The revision that a database is at; none for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def fault(connection: Connection, needed: str = HEAD) -> str:
    """Why code that needs a schema cannot run on a database, with what to do; empty if it can."""
    found = current(connection)
    if found is None or found <= needed:
        return fault_of(found, None, needed)
    return fault_of(found, connection.execute(select(schema_serves.c.oldest)).scalar_one(), needed)


def fault_of(found: str | None, serves: str | None, needed: str = HEAD) -> str:
    """The same of a schema and the oldest that it serves, which only a newer one has to say."""
    if found == needed:
        return ""
    if found is None or found < needed:
        state = f"at {found}" if found else "empty"
        return f"the database is {state}, this version needs {needed}: run `handover migrate` first"
    if serves is not None and serves <= needed:
        return ""
    return (
        f"the database is at {found}, too new for this version, which knows {needed}:"
        " run the release that brought it there"
    )
