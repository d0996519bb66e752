"""Trees of code to run replicas of: the release before this one, and one that is to come."""

import json
import shutil
import subprocess
import tarfile
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import text, update

from flows.handover import Handover
from storage.engine import Database
from storage.tables import schema_serves

PREVIOUS = "b355b74"
"""The last commit on schema 0001: who runs it is served while this code takes over."""
HERE = Path(__file__).parents[2]
_PACKAGES = ("bot", "flows", "storage", "migrations")
_HANDOVER = "class Handover(Remembering):\n"
# Each is other than the next, so that none is a default that would not be written.
_OF_TOMORROW = f"""from itertools import count


class _Tomorrow(Remembering):
    of_tomorrow: int = Field(default_factory=count(1).__next__)


{_HANDOVER.replace("Remembering", "_Tomorrow")}"""


def previous(folder: Path) -> Path:
    """The code of the release before this one; skips the test where the history is not there."""
    git = shutil.which("git") or "git"
    asked = [git, "-C", str(HERE), "archive", PREVIOUS, *_PACKAGES]
    try:
        found = subprocess.run(asked, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip(f"no git history with {PREVIOUS} here (a tarball, or a shallow clone)")
    tree = folder / "previous"
    with tarfile.open(fileobj=BytesIO(found.stdout)) as archive:
        archive.extractall(tree, filter="data")
    return tree


def coming(folder: Path) -> Path:
    """This code with a field more in every handover that it writes, which no other can read."""
    tree = folder / "coming"
    for name in _PACKAGES:
        leave = shutil.ignore_patterns("__pycache__")
        shutil.copytree(HERE / name, tree / name, ignore=leave)
    file = tree / "flows" / "handover.py"
    code = file.read_text(encoding="utf-8")
    assert code.count(_HANDOVER) == 1
    file.write_text(code.replace(_HANDOVER, _OF_TOMORROW), encoding="utf-8")
    return tree


def as_of_today(document: str) -> Handover:
    """A stored handover without what the coming release has added, as this one can read it."""
    known = json.loads(document)
    known.pop("of_tomorrow", None)
    return Handover.model_validate(known)


def migrate_to_the_coming(database: Database) -> None:
    """What its migration does: a table and a column more, and it serves the one before."""
    with database.write() as connection:
        for statement in (
            "ALTER TABLE handovers ADD COLUMN of_tomorrow INTEGER NOT NULL DEFAULT 0",
            "CREATE TABLE of_tomorrow (id INTEGER PRIMARY KEY)",
            "UPDATE alembic_version SET version_num = '9999'",
        ):
            connection.execute(text(statement))
        connection.execute(update(schema_serves).values(oldest="0001"))
