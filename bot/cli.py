"""The operator's commands. What goes wrong is one clear line and exit status 2, no traceback."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.custody.commands import app as custody
from bot.custody.commands import audit
from bot.plainly import fail, one_clear_line
from bot.settings import make_seal, read_database_settings, read_settings
from flows.errors import PlaybookError

if TYPE_CHECKING:
    from storage.engine import Database
    from storage.seal import Seal

app = typer.Typer(
    help="A Slack bot that makes handing a customer account from one CSM to another go well.",
    no_args_is_help=True,
    add_completion=False,
    # Lines of one paragraph are one paragraph.
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)
playbook = typer.Typer(help="Look after your own playbook.", no_args_is_help=True)
app.add_typer(playbook, name="playbook")
app.add_typer(custody)
app.add_typer(audit, name="audit")


@app.command()
def serve(
    socket: Annotated[
        bool, typer.Option("--socket", help="Use Socket Mode (needs SLACK_APP_TOKEN).")
    ] = False,
) -> None:
    """Serve Slack, and health and metrics on PORT, until SIGTERM or Ctrl-C.

    Settings come from the environment; README.md lists them. Run `handover migrate` first.
    """
    # Each command pays only for what it needs: `manifest` starts in a fraction of the time.
    from bot.logs import set_up_logs  # noqa: PLC0415
    from bot.serving import serve as serve_until_stopped  # noqa: PLC0415

    with one_clear_line():
        settings = read_settings()
        set_up_logs(settings.log_level, settings.log_format)
        serve_until_stopped(settings, socket=socket)


@app.command()
def migrate() -> None:
    """Bring the database of DATABASE_URL to the newest schema. Safe to repeat."""
    from migrations.upgrade import TablesBusyError, upgrade  # noqa: PLC0415 - Alembic is slow
    from storage.engine import Database  # noqa: PLC0415
    from storage.schema import HEAD, current, fault  # noqa: PLC0415

    with one_clear_line():
        url = read_database_settings().database_url
        database = Database(url)
        try:
            with database.read() as connection:
                found, wrong = current(connection) or "", fault(connection)
        finally:
            database.close()
        if found > HEAD:
            # A newer release was here: a release that is rolled back goes on if that lets it.
            if wrong:
                fail(wrong)
            print(f"The database is at {found} already, which serves this version too.")
            return
        try:
            upgrade(url)
        except TablesBusyError:
            fail("the tables are in use all the time, nothing was changed: please run it again")
    print(f"The database is at {HEAD}.")


@app.command()
def rotate_keys() -> None:
    """Seal all tokens with the newest of HANDOVER_ENCRYPTION_KEYS. Safe to repeat, and to stop.

    Give every serving process the new key first, in front of the others; drop the old afterwards.
    """
    from storage import installations  # noqa: PLC0415
    from storage.engine import Database  # noqa: PLC0415

    sealed = 0
    with one_clear_line():
        settings = read_database_settings()
        seal = make_seal(settings.encryption_keys)
        database = Database(settings.database_url)
        try:
            # Again for what was renewed meanwhile by whoever has not the new key yet.
            while done := _resealed(database, seal):
                sealed += done
            with database.read() as connection:
                shut = installations.unopened(connection, seal)
        finally:
            database.close()
    print(f"Sealed {sealed} installations with the newest key.")
    if shut:
        fail(
            f"HANDOVER_ENCRYPTION_KEYS: no key opens the token of {shut} installations; "
            "put the key of before back"
        )


def _resealed(database: "Database", seal: "Seal") -> int:
    """Go once through all installations; how many were sealed anew."""
    from storage import installations  # noqa: PLC0415

    sealed, after = 0, ""
    while True:
        with database.write() as connection:
            done, following = installations.reseal(connection, seal, after)
        sealed += done
        if following is None:
            return sealed
        after = following


@app.command()
def doctor() -> None:
    """Look whether all that it takes is there, and say what to do where it is not.

    A line a check: ok, look or wrong. Exit status 1 if anything is wrong. It changes nothing.
    """
    from bot.doctor.doctor import examine  # noqa: PLC0415
    from bot.times import SystemClock  # noqa: PLC0415

    is_wrong = False
    with one_clear_line():
        for line in examine(SystemClock()):
            is_wrong = is_wrong or line.grade == "wrong"
            print(line)
    if is_wrong:
        raise typer.Exit(1)


@app.command()
def demo(
    folder: Annotated[Path, typer.Option(help="Where its database and files go.")] = Path(".demo"),
) -> None:
    """Eight weeks of a handover in a make-believe Slack, in under a minute; no account needed."""
    from bot.demo.director import play  # noqa: PLC0415

    if violations := play(folder):
        for violation in violations:
            print(f"Slack's rules were broken: {violation}", file=sys.stderr)
        raise typer.Exit(1)


@app.command()
def manifest(
    address: Annotated[
        str, typer.Option(help="Where Slack reaches the bot, as https://host.")
    ] = "https://example.com",
    socket: Annotated[bool, typer.Option("--socket", help="For Socket Mode.")] = False,
    many: Annotated[
        bool, typer.Option("--many", help="For workspaces that install it by themselves.")
    ] = False,
) -> None:
    """Print the Slack app manifest (JSON), with exactly the scopes and events that are used."""
    from bot.manifest import manifest as made  # noqa: PLC0415

    print(json.dumps(made(address.rstrip("/"), socket=socket, many=many), indent=2))


@playbook.command()
def check(
    file: Annotated[Path, typer.Argument(help="A playbook, in TOML.", show_default=False)],
) -> None:
    """Check a playbook, and say what is wrong line by line."""
    from flows.playbook import read_playbook  # noqa: PLC0415

    try:
        found = read_playbook(file.read_text(encoding="utf-8"))
    except PlaybookError as error:
        for problem in error.problems:
            print(problem)
        raise typer.Exit(1) from None
    except OSError as error:
        print(f"{file}: {error.strerror}")
        raise typer.Exit(1) from None
    except UnicodeDecodeError:
        print(f"{file}: not UTF-8 text")
        raise typer.Exit(1) from None
    print(
        f"{file.name} is fine: {len(found.questions)} questions in {len(found.sections)} sections,"
        f" {len(found.records)} kinds of records."
    )


def main() -> None:
    """The entry point."""
    app()
