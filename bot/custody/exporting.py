"""An export for the operator: noted in the workspace's journal before the first line is given."""

from collections.abc import Iterable, Iterator
from datetime import UTC
from errno import EEXIST
from pathlib import Path
from tempfile import NamedTemporaryFile

from bot.times import SystemClock
from flows.audit.acts import Exported
from flows.audit.exported import ExportBegins
from storage import handovers, workspaces
from storage.engine import Database
from storage.exporting import export


def exported(
    database: Database, team: str, handover: str, by: str, *, with_vault: bool
) -> Iterator[str]:
    """The lines of an export. Raises LookupError where nothing is stored of what is asked for."""
    now = SystemClock().now()
    act = Exported(at=now, by=by, handover=handover, with_vault=with_vault)
    with database.write() as connection:
        known = handovers.load(connection, team, handover) if handover else True
        if not known or not workspaces.is_known(connection, team):
            raise LookupError(handover or team)
        workspaces.note(connection, team, act)
    begins = ExportBegins(
        team=team, handover=handover, with_vault=with_vault, made_at=now.astimezone(UTC)
    )
    return export(
        database, begins.model_dump(mode="json"), handover=handover, with_vault=with_vault
    )


def keep_private(lines: Iterable[str], out: Path) -> None:
    """Write a file that nobody else can read, in the place of any other; whole, or not at all.

    Raises OSError.
    """
    if out.exists() and not out.is_file():
        raise FileExistsError(EEXIST, "it is there, and no file", str(out))
    with NamedTemporaryFile(
        "w", encoding="utf-8", dir=out.parent, prefix=f".{out.name}.", delete=False
    ) as file:
        begun = Path(file.name)
        try:
            file.writelines(f"{line}\n" for line in lines)
            file.flush()
            begun.replace(out)
        except BaseException:
            begun.unlink()
            raise
