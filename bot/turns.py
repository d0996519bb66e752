"""Transactions that nobody waits for, between those of whoever serves."""

import time
from collections.abc import Callable
from threading import Event
from typing import TypeVar

from sqlalchemy import Connection

from bot.crash import crash_point
from bot.transactions import written
from storage.engine import Database, StorageBusyError

TRIES = 20
_PAUSE_SECONDS = 0.3
_CHECKPOINT_AFTER = 100
"""So many transactions: nobody else keeps SQLite's log short while no bot serves."""

W = TypeVar("W")


class Turns:
    """Many small transactions, one after the other; each is tried so often while others write."""

    def __init__(self, database: Database, tries: int = TRIES) -> None:
        self._database = database
        self._tries = tries
        self._taken = 0
        self._began = time.monotonic()

    def take(self, write: Callable[[Connection], W]) -> W:
        """One of them. Raises StorageBusyError."""
        self._began = time.monotonic()
        found = patiently(lambda: written(self._database, write), self._tries)
        crash_point("turn.committed")
        if found:
            self.give_way()
        return found

    def give_way(self) -> None:
        """Have others write for as long as the last one took."""
        self._taken += 1
        if self._database.is_sqlite:
            # Whoever waits for SQLite looks only now and then whether it is free.
            Event().wait(time.monotonic() - self._began)
            if self._taken % _CHECKPOINT_AFTER == 0:
                self._database.checkpoint()
        self._began = time.monotonic()

    def until_none(self, write: Callable[[Connection], int]) -> int:
        """So many that there is nothing left to write; of how many rows in all."""
        count = 0
        while found := self.take(write):
            count += found
        return count


def patiently(do: Callable[[], W], tries: int = TRIES) -> W:
    """Again where others keep the database busy. Raises StorageBusyError in the end."""
    left = tries
    while True:
        left -= 1
        try:
            return do()
        except StorageBusyError:
            if not left:
                raise
            Event().wait(_PAUSE_SECONDS)
