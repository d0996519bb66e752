"""What the operator types, and reads."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import func, select, update
from typer.testing import CliRunner

from bot.cli import app
from storage import installations, people
from storage.installations import Installation, Tokens
from storage.people import Person
from storage.seal import Seal
from storage.tables import handovers, journal
from tests.flows.make import IVAN, LENA, OLGA
from tests.storage.test_books import TEAM, Shelf, rows

Run = Callable[..., Any]


@pytest.fixture
def shelf(sqlite_url: str) -> Iterator[Shelf]:
    shelf = Shelf(sqlite_url)
    shelf.begun(rows(2))
    shelf.books.carry(TEAM, "B1")
    with shelf.database.write() as connection:
        for user, name in ((OLGA, "Olga Costa"), (IVAN, "Ivan Petrov"), (LENA, "Lena Berg")):
            people.keep(connection, Person(TEAM, user, name), 0)
    yield shelf
    shelf.database.close()


@pytest.fixture
def run(shelf: Shelf) -> Run:
    url = shelf.database.url.render_as_string(hide_password=False)
    return lambda *words, typed="": CliRunner().invoke(
        app, list(words), env={"DATABASE_URL": url}, input=typed
    )


def test_journals_are_verified(shelf: Shelf, run: Run) -> None:
    done = run("audit", "verify")
    assert (done.exit_code, done.stdout.count("\n")) == (0, 1)
    assert "2 of a handover" in done.stdout
    assert "no faults" in done.stdout
    (one, *_) = shelf.handovers()
    with shelf.database.write() as connection:
        that = (journal.c.handover == one.id, journal.c.aggregate == "handover", journal.c.seq == 2)
        connection.execute(update(journal).where(*that).values(by="U0EVIL"))
    done = run("audit", "verify")
    assert done.exit_code == 1
    first, *_ = done.stdout.splitlines()
    where = f"{TEAM} handover {one.id} line 2:"
    assert first == f"{where} it does not follow from the line before it"


def test_an_export_is_written_for_nobody_else_and_verified(
    shelf: Shelf, run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "all.jsonl"
    done = run("export", TEAM, "--out", str(file), "--by", "Ada")
    assert done.exit_code == 0, done.output
    assert file.stat().st_mode & 0o077 == 0
    assert run("audit", "verify", "--export", str(file)).exit_code == 0
    file.write_text(file.read_text(encoding="utf-8").replace(OLGA, LENA), encoding="utf-8")
    assert run("audit", "verify", "--export", str(file)).exit_code == 1
    file.write_text("no export", encoding="utf-8")
    assert run("audit", "verify", "--export", str(file)).exit_code == 2
    (one, *_) = shelf.handovers()
    assert one.id in run("export", TEAM, "--handover", one.id).stdout
    assert run("export", "T0NOBODY").exit_code == 2
    with shelf.database.read() as connection:
        told = select(journal.c.by).where(journal.c.type == "exported").order_by(journal.c.seq)
        assert connection.execute(told).scalars().all()[0] == "Ada"


def test_an_export_takes_the_place_of_a_file_whole_or_not_at_all(
    shelf: Shelf, run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "all.jsonl"
    file.write_text("of yesterday", encoding="utf-8")
    file.chmod(0o644)
    with shelf.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE strays RENAME TO elsewhere")
    assert run("export", TEAM, "--out", str(file)).exit_code == 2
    assert file.read_text(encoding="utf-8") == "of yesterday"
    assert [left.name for left in tmp_path.glob("*all.jsonl*")] == ["all.jsonl"]
    with shelf.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO strays")
    assert run("export", TEAM, "--out", str(file)).exit_code == 0
    assert file.stat().st_mode & 0o077 == 0
    done = run("export", TEAM, "--out", str(tmp_path / "no" / "all.jsonl"))
    assert done.exit_code == 2
    assert "all.jsonl: it cannot be written (No such file or directory)" in done.stderr


def test_whoever_is_needed_is_forgotten_only_by_force(shelf: Shelf, run: Run) -> None:
    refused = run("forget-user", TEAM, OLGA)
    assert refused.exit_code == 1
    assert "Account 1" in refused.stdout
    assert "--force" in refused.stdout
    done = run("forget-user", TEAM, OLGA, "--force", "--also", "olga@example.com")
    assert done.exit_code == 0, done.output
    assert "Former colleague" in done.stdout
    # Their part is passed on, as that of anybody who is gone.
    assert all(OLGA not in one.model_dump_json() for one in shelf.handovers())
    assert run("audit", "verify").exit_code == 0
    again = run("forget-user", TEAM, OLGA)
    assert (again.exit_code, "Nothing is stored" in again.stdout) == (0, True)


def test_an_operator_has_something_to_show_for_it(shelf: Shelf, run: Run) -> None:
    """How much was looked at, how much is others now; in the journal of the workspace too."""
    done = run("forget-user", TEAM, OLGA, "--force")
    said = re.search(r"(\d+) texts and rows looked at, (\d+) changed", done.stdout)
    assert said, done.output
    looked_at, changed = int(said[1]), int(said[2])
    with shelf.database.read() as connection:
        ends = select(journal.c.payload).where(journal.c.type == "forgetting_done")
        told = json.loads(connection.execute(ends).scalar_one())
        lines = connection.execute(select(func.count()).select_from(journal)).scalar_one()
    assert (told["looked_at"], told["changed"]) == (looked_at, changed)
    # Two documents and their starts at least; every line was looked at but the last, which says so.
    assert 4 <= changed < looked_at
    assert looked_at > lines - 1
    assert "nicknames" in done.stdout


@pytest.mark.parametrize("name", ["olga", "Olga Costa", "u0olga", "B0BOT", ""])
def test_only_an_id_is_forgotten_or_a_word_would_be_taken_out_of_every_text(
    run: Run, name: str
) -> None:
    done = run("forget-user", TEAM, name, "--force")
    assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
    assert "not an id of Slack's" in done.stderr


def test_a_name_that_is_a_word_of_ours_breaks_nothing(run: Run) -> None:
    done = run("forget-user", TEAM, OLGA, "--force", "--also", "in_flight")
    assert (done.exit_code, done.stderr) == (0, "")
    assert run("audit", "verify").exit_code == 0


def test_a_handover_or_a_workspace_goes_when_it_is_confirmed(shelf: Shelf, run: Run) -> None:
    (one, other) = shelf.handovers()
    assert run("forget-handover", TEAM, one.id, typed="n\n").exit_code == 1
    done = run("forget-handover", TEAM, one.id, "--yes")
    assert (done.exit_code, "in its book B1" in done.stdout) == (0, True)
    assert [kept.id for kept in shelf.handovers()] == [other.id]
    assert run("forget-handover", TEAM, one.id, "--yes").exit_code == 2
    assert run("audit", "verify").exit_code == 0
    assert run("forget-workspace", TEAM, typed="n\n").exit_code == 1
    seal = Seal([Fernet.generate_key().decode()])
    bot = Installation(TEAM, "Acme", "A1", "U1", "", "U1", 1, Tokens("xoxb"))
    with shelf.database.write() as connection:
        installations.keep(connection, seal, bot)
    done = run("forget-workspace", TEAM, typed="y\n")
    assert (done.exit_code, "Take it out of Slack" in done.stdout) == (0, True)
    again = run("forget-workspace", TEAM, "--yes")
    assert (again.exit_code, again.stdout.count("\n")) == (0, 1)
    with shelf.database.read() as connection:
        assert connection.execute(select(handovers)).first() is None


def test_an_older_schema_is_told_in_one_line(run: Run, shelf: Shelf) -> None:
    with shelf.database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    done = run("audit", "verify")
    assert done.exit_code == 2
    assert "handover migrate" in done.stderr
