"""On SQLite one process serves: a lock on a file beside the database says so."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url


class AlreadyServedError(Exception):
    """Another process serves this database; the text is one clear line."""


@contextmanager
def only_one(database_url: str) -> Iterator[None]:
    """Hold the database's lock; it is let go when the process ends, however that happens.

    PostgreSQL is made for many, so there it does nothing. Raises AlreadyServedError.
    """
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        yield
        return
    place = Path(f"{url.database}.lock")
    with place.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyServedError(
                f"another `handover serve` is using {place.name.removesuffix('.lock')};"
                " for several at once use PostgreSQL"
            ) from None
        yield
