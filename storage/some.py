"""Deleting in parts: however much there is, each statement ends in its time."""

from sqlalchemy import ColumnElement, Delete, Table, bindparam, delete, select, tuple_

MOST = 1000


def some(table: Table, *which: ColumnElement[bool]) -> Delete:
    """A statement that deletes at most `n` of the rows of which all this is so."""
    key = tuple_(*table.primary_key.columns)
    found = select(*table.primary_key.columns).where(*which).limit(bindparam("n"))
    return delete(table).where(key.in_(found))
