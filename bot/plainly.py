"""What goes wrong in a command is one clear line and exit status 2, no traceback."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer

from bot.settings import SettingsError
from flows.errors import PlaybookError

WRONG = 2
_MOST_WORDS = 120


@contextmanager
def one_clear_line() -> Iterator[None]:
    """What an operator can put right is said in a line. Never a value: it may be a secret."""
    from sqlalchemy.exc import ArgumentError, SQLAlchemyError  # noqa: PLC0415

    from bot.app import StartError  # noqa: PLC0415
    from bot.only_one import AlreadyServedError  # noqa: PLC0415
    from bot.watch.traces import TracesError  # noqa: PLC0415
    from bot.wire.socket_mode import SocketError  # noqa: PLC0415
    from storage.engine import StorageBusyError  # noqa: PLC0415

    try:
        yield
    except (SettingsError, StartError, AlreadyServedError, SocketError, TracesError) as error:
        fail(str(error))
    except PlaybookError as error:
        fail("; ".join(f"HANDOVER_PLAYBOOK: {problem}" for problem in error.problems))
    except ArgumentError:
        fail("DATABASE_URL: not an address of a database")
    except (StorageBusyError, SQLAlchemyError, OSError) as error:
        fail(f"DATABASE_URL: the database cannot be used ({database_words(error)})")


def database_words(error: Exception) -> str:
    """What is said of a connection or file; of a statement only the kind, as it may quote a row."""
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415

    from storage.engine import StorageBusyError  # noqa: PLC0415

    said = ""
    if isinstance(error, StorageBusyError):
        said = str(error)
    elif isinstance(error, DBAPIError) and error.statement is None:
        said = str(error.orig)
    elif isinstance(error, OSError):
        said = error.strerror or ""
    return said.partition("\n")[0][:_MOST_WORDS] or type(error).__name__


def fail(line: str) -> NoReturn:
    """End the command with one line."""
    print(f"handover: {line}", file=sys.stderr)
    raise typer.Exit(WRONG)
