"""Bring a database to the newest schema, from the installed package alone."""

import threading
import time
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy.exc import OperationalError

PATIENCE_SECONDS = 60.0
_AGAIN_SECONDS = 1.0
_LOCK_NOT_AVAILABLE = "55P03"


class TablesBusyError(Exception):
    """The tables that a migration changes are in use all the time; what it began is undone."""


def config(url: str) -> Config:
    """Alembic's configuration for a database; there is no ini file."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent))
    made.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d_%%(slug)s")
    made.set_main_option("timezone", "UTC")
    made.attributes["url"] = url
    return made


def upgrade(url: str) -> None:
    """Run every migration that is missing; safe to run again and from two places at once.

    Raises TablesBusyError.
    """
    run(config(url))


def run(made: Config, patience: float = PATIENCE_SECONDS) -> None:
    """The same as a configuration says.

    Whoever works with a table that is changed goes first: a migration that cannot have it soon
    (`env.py`) lets go, so that nobody queues behind it, and is tried anew for so many seconds.
    """
    until = time.monotonic() + patience
    while True:
        try:
            command.upgrade(made, "head")
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", "") != _LOCK_NOT_AVAILABLE:
                raise
            if time.monotonic() > until:
                raise TablesBusyError from error
            threading.Event().wait(_AGAIN_SECONDS)
        else:
            return
