"""The statements of the ack's path: written in Core, compiled once, run by the driver itself.

Running one through Core costs several times what the database takes for it, and an answer runs six.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect

Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Compiled:
    """SQL as a driver takes it; `order` are the names of its parameters where it wants a tuple."""

    sql: str
    order: tuple[str, ...] | None

    def bound(self, values: Values) -> Any:  # noqa: ANN401 - a tuple or a mapping, as the driver likes
        return values if self.order is None else tuple(values[name] for name in self.order)


class Prepared:
    """One statement whose parameters always have the same names, all of text or whole numbers."""

    def __init__(self, statement: Any) -> None:  # noqa: ANN401 - Core's own bases share no public one
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def run(self, connection: Connection, values: Values) -> Any:  # noqa: ANN401 - the driver's cursor
        """Run it; the driver's cursor. Raises the driver's own errors."""
        compiled = self._for(connection.dialect, values)
        cursor = connection.connection.cursor()
        cursor.execute(compiled.sql, compiled.bound(values))
        return cursor

    def _for(self, dialect: Dialect, values: Iterable[str]) -> _Compiled:
        known = self._compiled.get(dialect.name)
        if known is None:
            compiled = self._statement.compile(dialect=dialect, column_keys=list(values))
            order = tuple(compiled.positiontup) if compiled.positional else None
            known = self._compiled[dialect.name] = _Compiled(str(compiled), order)
        return known
