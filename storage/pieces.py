"""Deleting much a piece at a time, so that no statement holds up whoever serves for long."""

from sqlalchemy import ColumnElement, Delete, Table, bindparam, delete, select, tuple_


def some_of(table: Table, *where: ColumnElement[bool]) -> Delete:
    """A statement that deletes at most `n` of the rows that are so, whatever the table's key."""
    keys = list(table.primary_key.columns)
    some = select(*keys).where(*where).limit(bindparam("n"))
    return delete(table).where(tuple_(*keys).in_(some) if len(keys) > 1 else keys[0].in_(some))
