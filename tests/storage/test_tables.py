"""The narrow tables beside the documents, on both databases."""

from collections.abc import Iterator
from datetime import date

import pytest

from flows.events import SaidEdited, SaidWithdrawn
from flows.handover import Quoted, Said, Unsorted
from flows.tasks import Task, Todo
from storage import (
    canvases,
    corrections,
    messages,
    people,
    playbooks,
    receipts,
    strays,
    tasks,
    workspaces,
)
from storage.engine import Database, StorageBusyError
from storage.journal import HANDOVER
from storage.moments import to_stored
from storage.people import Person
from storage.prepared import together
from tests.make import NOW
from tests.storage.test_handovers import ID, TEAM, begin

OLGA = "U0OLGA"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()


def test_a_delivery_is_taken_once(database: Database) -> None:
    with database.write() as connection:
        assert receipts.take(connection, TEAM, "k1", 1)
        assert not receipts.take(connection, TEAM, "k1", 2)
        assert receipts.take(connection, "T2", "k1", 3)


def test_a_delivery_that_was_rolled_back_is_taken_again(database: Database) -> None:
    def fail() -> None:
        with database.write() as connection:
            receipts.take(connection, TEAM, "k1", 1)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with database.write() as connection:
        assert receipts.take(connection, TEAM, "k1", 2)


def test_old_receipts_are_forgotten(database: Database) -> None:
    with database.write() as connection:
        receipts.take(connection, TEAM, "old", 1)
        receipts.take(connection, TEAM, "new", 9)
        assert receipts.forget(connection, before=5, most=1) == 1
        assert receipts.forget(connection, before=5) == 0
        assert receipts.take(connection, TEAM, "old", 10)
        assert not receipts.take(connection, TEAM, "new", 10)


def task(key: str, due: str = "2026-12-01") -> Task:
    return Task(key=key, owner=OLGA, todo=Todo.ANSWER_QUESTIONS, due=date.fromisoformat(due))


def test_tasks_follow_what_is_owed(database: Database) -> None:
    begin(database)
    with database.write() as connection:
        for due in (
            (task("a"), task("b", "2026-12-09")),
            (task("a", "2026-12-24"), task("c")),
        ):
            with together(connection) as block:
                tasks.sync(block, TEAM, ID, HANDOVER, due, 1)
        owed = tasks.of_person(connection, TEAM, OLGA)
        assert [(t.account, t.due) for t in owed] == [
            ("Northwind", "2026-12-01"),
            ("Northwind", "2026-12-24"),
        ]
        assert tasks.of_person(connection, "T2", OLGA) == []


def test_people_are_kept_with_their_conversation(database: Database) -> None:
    with database.write() as connection:
        people.keep(connection, Person(TEAM, OLGA, "Olga"), 1)
        people.keep_channel(connection, TEAM, OLGA, "D1")
        people.keep(connection, Person(TEAM, OLGA, "Olga Costa", is_gone=True), 2)
        found = people.find(connection, TEAM, OLGA)
    assert found == Person(TEAM, OLGA, "Olga Costa", is_gone=True, channel="D1")


def test_a_stray_reply_is_filed_once(database: Database) -> None:
    said = Said(source="1795400000.000001", text="For whom?")
    begin(database)
    with database.write() as connection:
        strays.keep(connection, TEAM, "D1", OLGA, said, 1)
        strays.keep(connection, TEAM, "D1", OLGA, said, 2)
        assert strays.find(connection, TEAM, "D1", said.source, OLGA) == strays.Stray(said, None)
        assert strays.find(connection, TEAM, "D1", said.source, "U0OTHER") is None
        strays.file(connection, TEAM, "D1", said.source, ID)
        filed = strays.find(connection, TEAM, "D1", said.source, OLGA)
        assert filed == strays.Stray(said, ID)


def test_what_became_of_a_message_is_kept_until_it_comes(database: Database) -> None:
    ts = "1795400000.000001"
    edit = SaidEdited(at=NOW, by=OLGA, source=ts, text="Gone", edited="1795400001.000001")
    gone = SaidWithdrawn(at=NOW, by=OLGA, source=ts)
    with database.write() as connection:
        for event in (edit, edit, gone):
            corrections.keep(connection, TEAM, "D1", event)
        kept = corrections.find(connection, TEAM, "D1", ts, OLGA)
        assert sorted(event.type for event in kept) == ["said_edited", "said_withdrawn"]
        assert corrections.find(connection, TEAM, "D1", ts, "U0OTHER") == []
        assert corrections.forget(connection, to_stored(NOW)) == 0
        assert corrections.forget(connection, to_stored(NOW) + 1) == 2


def test_a_message_is_kept_for_whoever_adds_it_and_then_forgotten(database: Database) -> None:
    piece = Unsorted(
        id="M1", by=OLGA, at=NOW, text="x" * 40_000, quoted=Quoted(author="U1", at=NOW)
    )
    known = piece.model_copy(update={"text": "y"})
    with database.write() as connection:
        messages.keep(connection, TEAM, piece, 5)
        messages.keep(connection, TEAM, known, 6)
        assert messages.find(connection, TEAM, "M1", OLGA) == piece
        assert messages.find(connection, TEAM, "M1", "U0OTHER") is None
        assert messages.find(connection, "T2", "M1", OLGA) is None
        messages.change(connection, "T2", known)
        assert messages.find(connection, TEAM, "M1", OLGA) == piece
        messages.change(connection, TEAM, known)
        assert messages.find(connection, TEAM, "M1", OLGA) == known
        assert messages.forget(connection, before=5) == 0
        assert messages.forget(connection, before=6) == 1


def test_settings_and_playbooks_are_kept_per_workspace(database: Database) -> None:
    with database.write() as connection:
        chosen = workspaces.Workspace(team=TEAM, leaders=(OLGA,))
        workspaces.keep(connection, chosen, OLGA, NOW)
        assert workspaces.find(connection, TEAM) == chosen
        assert workspaces.find(connection, "T2").leaders == ()
        playbooks.keep(connection, TEAM, "abc", "text")
        playbooks.keep(connection, TEAM, "abc", "other text")
        assert playbooks.find(connection, TEAM, "abc") == "text"
        assert playbooks.find(connection, "T2", "abc") is None


def test_a_handover_has_one_canvas_and_its_readers_are_known(database: Database) -> None:
    with database.write() as connection:
        assert canvases.keep(connection, TEAM, ID, "F1")
        assert not canvases.keep(connection, TEAM, ID, "F2")
        assert canvases.find(connection, TEAM, ID) == "F1"
        assert canvases.find(connection, "T2", ID) is None
        for person in (OLGA, OLGA, "U0IVAN"):
            canvases.admit(connection, TEAM, "F1", person)
        assert canvases.readers(connection, TEAM, "F1") == {OLGA, "U0IVAN"}
        canvases.dismiss(connection, TEAM, "F1", {OLGA})
        canvases.dismiss(connection, TEAM, "F1", ())
        assert canvases.readers(connection, TEAM, "F1") == {"U0IVAN"}
        canvases.forget(connection, TEAM, ID, "F2")
        assert canvases.find(connection, TEAM, ID) == "F1"
        canvases.forget(connection, TEAM, ID, "F1")
        assert canvases.find(connection, TEAM, ID) is None


def test_a_workspace_without_canvases_is_asked_again_after_a_month() -> None:
    workspace, day = workspaces.Workspace(team=TEAM), 24 * 3600 * 1_000_000
    assert workspace.may_have_canvas(0)
    without = workspace.model_copy(update={"no_canvas_since": day})
    assert not without.may_have_canvas(day)
    assert not without.may_have_canvas(30 * day)
    assert without.may_have_canvas(32 * day)


def test_a_database_that_is_away_is_told_plainly() -> None:
    away = Database("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    with pytest.raises(StorageBusyError), away.write():
        pass
    away.close()
