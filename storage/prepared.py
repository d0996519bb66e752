"""The statements of the ack's path: written in Core, compiled once, run by the driver itself.

Running one through Core costs several times what the database takes for it, and an answer runs six.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import Connection, Dialect

Values = Mapping[str, object]
T = TypeVar("T")
Later = Callable[[], T]
"""What the database answers, to be called for once a block of `together` has ended."""


@dataclass(frozen=True, slots=True)
class _Compiled:
    """SQL as a driver takes it; `bound` makes a tuple of the parameters where it wants one."""

    sql: str
    bound: Callable[[Values], Any]


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
            # Several names make a tuple; no statement here has only one.
            bound = itemgetter(*compiled.positiontup) if compiled.positional else _as_they_are
            known = self._compiled[dialect.name] = _Compiled(str(compiled), bound)
        return known


def _as_they_are(values: Values) -> Values:
    return values


class Together:
    """The statements of one block; what has to follow from their answers is done at its end."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.following: list[Callable[[], None]] = []

    def then(self, do: Callable[[], None]) -> None:
        """Have something done when the answers are there."""
        self.following.append(do)


@contextmanager
def together(connection: Connection) -> Iterator[Together]:
    """A block of prepared statements, and of no others, that wait for each other's answers no more
    than they must: PostgreSQL gets them all before it is asked for the first answer.

    Raises at its end what any of them raised. A commit does not belong into it.
    """
    block = Together(connection)
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.driver_connection
        with driver.pipeline():
            yield block
    else:
        yield block
    for do in block.following:
        do()
