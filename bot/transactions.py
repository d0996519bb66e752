"""One transaction, written again where another replica was faster."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection

from bot.crash import crash_point
from storage.engine import Database
from storage.handovers import StaleWriteError

_TRIES = 3

W = TypeVar("W")


def written(database: Database, write: Callable[[Connection], W]) -> W:
    """What came of a transaction. Raises StaleWriteError when others were faster each time."""
    left = _TRIES
    while True:
        left -= 1
        try:
            with database.write() as connection:
                found = write(connection)
                crash_point("desk.uncommitted")
                return found
        except StaleWriteError:
            if not left:
                raise
