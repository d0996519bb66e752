"""What goes wrong in a command is one clear line and exit status 2, no traceback."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer

from bot.settings import SettingsError
from flows.errors import PlaybookError

WRONG = 2


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
        fail(f"DATABASE_URL: the database cannot be used ({type(error).__name__})")


def fail(line: str) -> NoReturn:
    """End the command with one line."""
    print(f"handover: {line}", file=sys.stderr)
    raise typer.Exit(WRONG)
