"""The operator's commands over what is stored: check it, take a copy, forget."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from getpass import getuser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.plainly import fail, one_clear_line
from bot.settings import read_database_settings

if TYPE_CHECKING:
    from storage.auditing import Fault
    from storage.engine import Database

app = typer.Typer()
audit = typer.Typer(help="Look after the journals.", no_args_is_help=True)

Team = Annotated[str, typer.Argument(help="The workspace, T….", show_default=False)]
_SLACK_ID = re.compile(r"[UW][A-Z0-9]+")

By = Annotated[
    str, typer.Option("--by", help="Who has it done, for the journal.", show_default="who you are")
]


@audit.command()
def verify(
    export: Annotated[
        Path | None, typer.Option(help="Check this export instead of the database.")
    ] = None,
) -> None:
    """Check every journal against what is stored, and tell each fault in a line; 1 if there is any.

    It may run while the bot serves, and before as well as after something was forgotten.
    """
    from storage import auditing, exporting  # noqa: PLC0415

    seen = auditing.Seen()

    def tell(found: Iterable["Fault"]) -> int:
        count = 0
        for fault in found:
            place = f"{fault.team} {fault.aggregate} {fault.id} line {fault.line}"
            print(f"{place}: {fault.wrong}")
            count += 1
        return count

    if export:
        try:
            with export.open(encoding="utf-8") as file:
                wrong = tell(exporting.verify(file, seen))
        except OSError as error:
            fail(f"{export}: {error.strerror}")
        except (ValueError, LookupError, TypeError):
            fail(f"{export}: not a whole export")
    else:
        with _database() as database:
            wrong = tell(auditing.verify(database, seen))
    journals = ", ".join(f"{count} of a {name}" for name, count in seen.journals.items())
    erased = f", {seen.erased} of them erased" if seen.erased else ""
    print(f"{seen.lines} lines in journals ({journals}){erased}: {wrong or 'no'} faults.")
    if wrong:
        raise typer.Exit(1)


@app.command(name="export")
def export_(
    team: Team,
    handover: Annotated[str, typer.Option(help="Only this handover, by its id.")] = "",
    with_vault: Annotated[
        bool,
        typer.Option("--with-vault", help="Also what only leaders may know. Mind who reads it."),
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="The file to write, for nobody else to read; else printed.")
    ] = None,
    by: By = "",
) -> None:
    """Write all that is stored of a workspace, or of one handover: JSON, one document a line.

    flows/export.schema.json describes a line; no token is in any. That it was taken stands in the
    workspace's journal.
    """
    from bot.custody.exporting import exported, keep_private  # noqa: PLC0415

    with _database() as database:
        try:
            lines = exported(database, team, handover, _who(by), with_vault=with_vault)
            if out:
                keep_private(lines, out)
                print(f"Written to {out}, for nobody else to read.")
            else:
                for line in lines:
                    print(line)
        except LookupError:
            fail(f"{handover or team}: nothing is stored of it")
        except OSError as error:
            fail(f"{out or 'export'}: it cannot be written ({error.strerror})")


@app.command()
def forget_user(
    team: Team,
    user: Annotated[str, typer.Argument(help="Their Slack id, U….", show_default=False)],
    also: Annotated[
        list[str] | None, typer.Option(help="Another name or address of theirs; may be repeated.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Although they have a part in open handovers.")
    ] = False,
    by: By = "",
) -> None:
    """Replace a person by an alias in everything stored. Safe to repeat, and to stop.

    What they wrote about customers stays. Switch them off in Slack first, or change their
    handovers: whoever still has a part in open ones is only forgotten with --force.
    """
    from pydantic import ValidationError  # noqa: PLC0415

    from bot.custody.forgetting import Unfinished, forget_known  # noqa: PLC0415
    from storage.reading import NewerReleaseError  # noqa: PLC0415

    if not _SLACK_ID.fullmatch(user):
        fail(f"{user}: not an id of Slack's, which is like U0123ABCD; names go into --also")
    with _database() as database:
        try:
            done = forget_known(database, team, user, tuple(also or ()), _who(by), force=force)
        except Unfinished as open_ones:
            print(f"{user} still has a part in:")
            for handover, account in open_ones.handovers:
                print(f"  {account} ({handover})")
            print("Name somebody else there first, or use --force: their work passes on as if")
            print("their Slack account had been switched off.")
            raise typer.Exit(1) from None
        except ValidationError:
            fail(f"{user}: not done; something stored cannot be read without one of these names")
        except NewerReleaseError:
            fail(f"{user}: not done; a newer release wrote of them: run this with that one")
    if done is None:
        print(f"Nothing is stored of {user} in {team}.")
        return
    print(f"Done: they are {done.alias} now.")
    print(f"{done.looked_at} texts and rows looked at, {done.changed} changed or taken out.")
    print("First names alone, nicknames and addresses are only found with --also.")


@app.command()
def forget_workspace(
    team: Team,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    by: By = "",
) -> None:
    """Erase every row of a workspace, its tokens too. Take the bot out of Slack there first."""
    from bot.custody.forgetting import forget_workspace as forget  # noqa: PLC0415
    from bot.times import SystemClock  # noqa: PLC0415
    from storage.moments import to_stored  # noqa: PLC0415

    if not yes:
        typer.confirm(f"Erase everything of {team}? It cannot be undone", abort=True)
    with _database() as database:
        was_there = forget(database, team, _who(by), to_stored(SystemClock().now()))
    print(f"Nothing of {team} is stored any more.")
    if was_there:
        print("The bot was still there. Take it out of Slack and run this again: until then it may")
        print("store what is written to it.")


@app.command()
def forget_handover(
    team: Team,
    handover: Annotated[str, typer.Argument(help="Its id.", show_default=False)],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    by: By = "",
) -> None:
    """Erase one handover, whole; that it was erased stands in the workspace's journal."""
    from bot.custody.forgetting import forget_handover as forget  # noqa: PLC0415
    from bot.times import SystemClock  # noqa: PLC0415

    if not yes:
        typer.confirm(f"Erase handover {handover}? It cannot be undone", abort=True)
    with _database() as database:
        book = forget(database, team, handover, _who(by), SystemClock().now())
    if book is None:
        fail(f"{handover}: nothing is stored of it")
    print(f"Nothing of {handover} is stored any more.")
    if book:
        print(f"Its account stands in its book {book} until the last of the others is erased.")


def _who(by: str) -> str:
    """Who runs the command, as the journal tells it."""
    return by[:64] or f"operator {getuser()}"[:64]


@contextmanager
def _database() -> Iterator["Database"]:
    """The database of DATABASE_URL, if it has the schema of this version."""
    from storage import schema  # noqa: PLC0415
    from storage.engine import Database  # noqa: PLC0415

    with one_clear_line():
        database = Database(read_database_settings().database_url)
        try:
            with database.read() as connection:
                fault = schema.fault(connection)
            if fault:
                fail(fault)
            yield database
        finally:
            database.close()
