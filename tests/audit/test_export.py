"""What is stored can be taken along, is what its schema says, and can be verified elsewhere."""

import json
from collections.abc import Iterator
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import select

from bot.custody.exporting import exported
from bot.custody.forgetting import forget_person
from bot.desk import Receipt
from flows.audit.acts import Exported
from flows.audit.exported import export_schema
from flows.confidential.listening_events import PointRaised
from flows.events import AnswerGiven
from flows.handover import Said
from flows.taking_over.portable import brief_schema
from storage import exporting, people, strays
from storage.auditing import Seen
from storage.people import Person
from storage.tables import journal as lines_of_journals
from storage.tables import metadata
from tests.audit.faults import faults
from tests.flows.make import IVAN, LENA, OLGA
from tests.storage.test_books import TEAM, Shelf, rows

SCHEMA = files("flows").joinpath("export.schema.json").read_text(encoding="utf-8")
NASTY = 'Ólga said "no" \\ \x01\x7f\u2028 </script> 🙁 \u202e\n\t'
SECRET = "Only leaders know the word Foxglove"

FOLLOWS = {
    # Worked out from documents.
    *("absences", "book_people", "digest_lines", "digest_readers", "gaps", "participants"),
    *("reminders", "tasks", "canvas_readers"),
    # How far messages are; they hold no text.
    *("disturbances", "outbox", "posts", "receipts"),
    # Where the bot is installed, and whom it is forgetting.
    *("departures", "org_teams", "forgettings"),
}


@pytest.fixture
def shelf(database_url: str) -> Iterator[Shelf]:
    shelf = Shelf(database_url)
    shelf.begun(rows(25))
    shelf.books.carry(TEAM, "B1")
    first = shelf.handovers()[0]
    at = shelf.clock.now()
    words = Said(source="1795400000.000001", text=NASTY)
    answer = AnswerGiven(at=at, by=IVAN, question="S1", said=words)
    shelf.desk.record(Receipt(TEAM, "answer"), first.id, answer)
    point = PointRaised(at=at, by=LENA, id="P1", said=SECRET, owner=LENA, due=at.date())
    shelf.desk.record_in_vault(Receipt(TEAM, "point"), first.id, point)
    with shelf.database.write() as connection:
        for user in (OLGA, IVAN, LENA, "U0OTHER"):
            people.keep(connection, Person(TEAM, user, f"Name of {user}"), 0)
        stray = Said(source="1.1", text="Where does this go?", by=OLGA)
        strays.keep(connection, TEAM, "D1", OLGA, stray, 1)
    yield shelf
    shelf.database.close()


def taken(shelf: Shelf, handover: str = "", *, with_vault: bool = False) -> list[str]:
    return list(exported(shelf.database, TEAM, handover, "operator", with_vault=with_vault))


def test_the_published_schema_is_the_models() -> None:
    assert export_schema() == SCHEMA
    Draft202012Validator.check_schema(json.loads(SCHEMA))


@pytest.mark.parametrize("schema", [export_schema(), brief_schema()], ids=["export", "brief"])
def test_a_part_of_a_published_schema_is_called_as_its_class_wherever_that_stands(
    schema: str,
) -> None:
    """Two classes of one name would both be called by their modules: give one another name."""
    for name, part in json.loads(schema)["$defs"].items():
        assert name == part["title"], f"{name}: name its class otherwise"


def test_every_table_is_exported_or_known_not_to_be() -> None:
    of_a_team = {table.name for table in metadata.sorted_tables if "team" in table.c}
    told = {"handovers", "vaults", "books", "workspaces", "journal"}
    told |= {table.name for table in exporting.EXPORTED}
    assert told | FOLLOWS == of_a_team
    assert not told & FOLLOWS


def test_a_workspace_is_what_the_schema_says_and_is_whole_elsewhere(shelf: Shelf) -> None:
    lines = taken(shelf, with_vault=True)
    validator = Draft202012Validator(json.loads(SCHEMA))
    told = [json.loads(line) for line in lines]
    for line in told:
        assert next(validator.iter_errors(line), None) is None
    kinds = [line["kind"] for line in told]
    assert {kind: kinds.count(kind) for kind in ("handover", "vault", "book", "workspace")} == {
        "handover": 25,
        "vault": 25,
        "book": 1,
        "workspace": 1,
    }
    assert any(SECRET in line for line in lines)
    (stray,) = (line["row"] for line in told if line.get("table") == "strays")
    assert "Where does this go?" in stray["said"]
    seen = Seen()
    assert list(exporting.verify(lines, seen)) == []
    assert seen.lines > 50
    said = next(line for line in told if "Ólga" in json.dumps(line, ensure_ascii=False))
    assert said["document"]["answers"]["S1"]["said"][0]["text"] == NASTY


def test_without_the_flag_nothing_of_the_vault_is_in_it(shelf: Shelf) -> None:
    lines = taken(shelf)
    assert not any(SECRET in line or '"kind":"vault"' in line for line in lines)
    assert list(exporting.verify(lines, Seen())) == []


def test_one_handover_comes_with_the_people_it_names_and_no_others(shelf: Shelf) -> None:
    (first, *_) = shelf.handovers()
    told = [json.loads(line) for line in taken(shelf, first.id, with_vault=True)]
    kinds = [line["kind"] for line in told]
    assert kinds[:3] == ["export", "handover", "vault"]
    assert kinds[-1] == "end"
    named = {line["row"]["user"] for line in told if line.get("table") == "people"}
    assert named == {OLGA, IVAN, LENA}
    assert [line["table"] for line in told if line["kind"] == "row"].count("playbooks") == 1
    with pytest.raises(LookupError):
        taken(shelf, "nothing")


@pytest.mark.parametrize(
    ("before", "after"),
    [("Where does", "Where"), ('"seq":2', '"seq":3'), ("Ólga", "Olga"), ('"by":"', '"by":"X')],
)
def test_a_file_that_was_changed_is_found_out(shelf: Shelf, before: str, after: str) -> None:
    lines = taken(shelf)
    changed = [line.replace(before, after, 1) for line in lines]
    assert changed != lines
    is_row = before.startswith("Where")
    assert bool(list(exporting.verify(changed, Seen()))) is not is_row
    assert list(exporting.verify(lines[:-1], Seen()))[-1].wrong == "the file is not whole"
    assert list(exporting.verify([*lines[:3], *lines[4:]], Seen()))


def test_a_file_cannot_claim_that_something_has_no_journal(shelf: Shelf) -> None:
    lines = taken(shelf)
    at = next(n for n, line in enumerate(lines) if '"kind":"handover"' in line)
    one = json.loads(lines[at])
    lines[at] = json.dumps(one | {"version": 0, "chain": "", "journal": [], "document": {}})
    assert [fault.id for fault in exporting.verify(lines, Seen())] == [one["id"]]


def test_who_took_it_is_told_and_a_forgetting_shows(shelf: Shelf) -> None:
    (first, *_) = shelf.handovers()
    taken(shelf, first.id, with_vault=True)
    with shelf.database.read() as connection:
        payloads = connection.execute(
            select(lines_of_journals.c.payload).where(lines_of_journals.c.type == "exported")
        ).scalars()
        (act,) = (Exported.model_validate_json(payload) for payload in payloads)
    assert (act.by, act.handover, act.with_vault) == ("operator", first.id, True)
    forget_person(shelf.desk, TEAM, OLGA, (), "operator")
    lines = taken(shelf)
    assert not any(OLGA in line for line in lines)
    assert list(exporting.verify(lines, Seen())) == []
    assert faults(shelf.database) == []
