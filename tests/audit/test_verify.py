"""Whatever is done to a journal behind the bot's back is found, and where."""

import threading
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, and_, delete, insert, select, update

from bot.desk import Receipt
from flows.audit.acts import Exported
from flows.events import Accepted
from storage import journal, tables, workspaces
from storage.auditing import Fault, Seen, verify
from storage.engine import Database
from storage.journal import WORKSPACE
from storage.tables import books, handovers, vaults
from storage.tables import journal as lines
from storage.workspaces import Workspace
from tests.audit.faults import faults
from tests.databases import sqlite
from tests.flows.make import LENA, OLGA
from tests.make import NOW
from tests.storage.test_books import TEAM, Shelf, rows

Line = dict[str, Any]
ROWS = {
    "handover": (handovers, handovers.c.id),
    "vault": (vaults, vaults.c.handover),
    "book": (books, books.c.id),
    "workspace": (tables.workspaces, tables.workspaces.c.team),
}


def fill(url: str) -> Database:
    """A book with three accounts, accepted; and a workspace that was set up twice."""
    shelf = Shelf(url)
    shelf.begun(rows(3))
    shelf.books.carry(TEAM, "B1")
    with shelf.database.write() as connection:
        for leaders in ((LENA,), (LENA, OLGA)):
            chosen = Workspace(team=TEAM, leaders=leaders)
            workspaces.keep(connection, chosen, LENA, NOW)
        workspaces.note(connection, TEAM, Exported(by="operator", at=NOW))
    return shelf.database


def everything(connection: Connection) -> list[Line]:
    found = connection.execute(
        select(lines).order_by(lines.c.aggregate, lines.c.handover, lines.c.seq)
    )
    return [dict(row) for row in found.mappings()]


def one(line: Line) -> Any:  # noqa: ANN401 - a condition of SQLAlchemy's
    names = ("team", "aggregate", "handover", "seq")
    return and_(*(lines.c[name] == line[name] for name in names))


def rewrite(connection: Connection, line: Line, **changes: object) -> None:
    connection.execute(update(lines).where(one(line)).values(**changes))


def row_of(line: Line) -> tuple[Any, Any]:
    table, key = ROWS[line["aggregate"]]
    return table, and_(table.c.team == line["team"], key == line["handover"])


def change_row(connection: Connection, line: Line, **changes: object) -> None:
    table, this = row_of(line)
    connection.execute(update(table).where(this).values(**changes))


def changes_field(name: str, value: Callable[[Any], object]) -> Callable[..., None]:
    def tamper(connection: Connection, line: Line, _other: Line) -> None:
        rewrite(connection, line, **{name: value(line[name])})

    return tamper


def swaps_order(connection: Connection, line: Line, other: Line) -> None:
    connection.execute(delete(lines).where(one(line)))
    connection.execute(delete(lines).where(one(other)))
    for new, old in ((line, other), (other, line)):
        connection.execute(insert(lines).values(new | {"seq": old["seq"]}))


def swaps_payloads(connection: Connection, line: Line, other: Line) -> None:
    rewrite(connection, line, payload=other["payload"])


def removes(connection: Connection, line: Line, _other: Line) -> None:
    connection.execute(delete(lines).where(one(line)))


def puts_in(connection: Connection, line: Line, other: Line) -> None:
    """A copy of a line before the others, which move up."""
    here = and_(
        *(lines.c[name] == line[name] for name in ("team", "aggregate", "handover")),
        lines.c.seq >= line["seq"],
    )
    later = [dict(row) for row in connection.execute(select(lines).where(here)).mappings()]
    connection.execute(delete(lines).where(here))
    moved = [row | {"seq": row["seq"] + 1} for row in later]
    connection.execute(insert(lines), [other | {"seq": line["seq"]}, *moved])
    change_row(connection, line, version=max(row["seq"] for row in moved))


def cuts_tail(connection: Connection, line: Line, _other: Line) -> None:
    """The line and all after it, in the row too, so that only the chain's end tells."""
    here = (lines.c[name] == line[name] for name in ("team", "aggregate", "handover"))
    connection.execute(delete(lines).where(*here, lines.c.seq >= line["seq"]))


def puts_on(connection: Connection, line: Line, _other: Line) -> None:
    """A line that follows rightly, and of which the row knows nothing."""
    table, this = row_of(line)
    version, chain = connection.execute(select(table.c.version, table.c.chain).where(this)).one()
    header = (line["at"], line["by"], line["type"], line["digest"], line["state"])
    link = journal.link_of(chain, version + 1, *header)
    connection.execute(insert(lines).values(line | {"seq": version + 1, "chain": link}))


def changes_document(connection: Connection, line: Line, _other: Line) -> None:
    table, this = row_of(line)
    document = connection.execute(select(table.c.document).where(this)).scalar_one()
    change_row(connection, line, document=document.replace(":", ": ", 1))


def sets_back(connection: Connection, line: Line, _other: Line) -> None:
    change_row(connection, line, version=1, chain=journal.FIRST_LINK)


def claims_it_was_written_anew(connection: Connection, line: Line, other: Line) -> None:
    """As a forgetting would leave it, but that nothing tells of one."""
    before = other["chain"] if other["seq"] == line["seq"] - 1 else journal.FIRST_LINK
    header = (line["seq"], line["at"], "U0FORGED", line["type"], line["digest"])
    rewrite(connection, line, by="U0FORGED", state=journal.link_of(before, *header, ""))


def letter(text: str) -> str:
    return text[:-2] + ("x" if text[-2] != "x" else "y") + text[-1]


TAMPERINGS: dict[str, Callable[[Connection, Line, Line], None]] = {
    "at": changes_field("at", lambda at: at + 1),
    "by": changes_field("by", lambda by: f"{by}X"),
    "type": changes_field("type", lambda kind: f"{kind}_"),
    "salt": changes_field("salt", letter),
    "digest": changes_field("digest", letter),
    "chain": changes_field("chain", letter),
    "state": changes_field("state", letter),
    "no state": changes_field("state", lambda _state: ""),
    "payload": changes_field("payload", letter),
    "order": swaps_order,
    "other payload": swaps_payloads,
    "removal": removes,
    "insertion": puts_in,
    "tail": cuts_tail,
    "one more": puts_on,
    "document": changes_document,
    "set back": sets_back,
    "forged forgetting": claims_it_was_written_anew,
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = fill(sqlite().make(tmp_path_factory.mktemp("audit")))
    yield database
    database.close()


def tampered(
    database: Database, how: str, pick: tuple[int, int] = (7, 1)
) -> tuple[list[Fault], Line]:
    """What is found after one change, and the line it was made at; all is put back."""
    with database.write() as connection:
        before = everything(connection)
        heads = {
            name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for name, (table, _) in ROWS.items()
        }
        pairs = [
            pair
            for first, second in pairwise(before)
            if first["handover"] == second["handover"] and first["seq"] + 1 == second["seq"]
            if first["aggregate"] == second["aggregate"]
            for pair in ((first, second), (second, first))
        ]
        line, other = pairs[pick[0] % len(pairs)]
        TAMPERINGS[how](connection, line, other)
    try:
        return faults(database), line
    finally:
        with database.write() as connection:
            connection.execute(delete(lines))
            connection.execute(insert(lines), before)
            for name, (table, key) in ROWS.items():
                for row in heads[name]:
                    this = and_(table.c.team == row["team"], key == row[key.name])
                    connection.execute(update(table).where(this).values(**row))


def test_what_the_bot_wrote_is_whole(database_url: str) -> None:
    database = fill(database_url)
    seen = Seen()
    assert list(verify(database, seen)) == []
    assert (seen.workspaces, seen.journals) == (
        1,
        {"workspace": 1, "handover": 3, "vault": 3, "book": 1},
    )
    with database.read() as connection:
        assert seen.lines == len(everything(connection))
    database.close()


@pytest.mark.parametrize("how", TAMPERINGS)
def test_each_kind_of_tampering_is_found_where_it_was_done(filled: Database, how: str) -> None:
    found, line = tampered(filled, how)
    assert {(fault.aggregate, fault.id) for fault in found} == {
        (line["aggregate"], line["handover"])
    }
    assert faults(filled) == []


@settings(max_examples=60)
@given(st.sampled_from(sorted(TAMPERINGS)), st.integers(0, 10_000))
def test_any_tampering_at_any_line_is_found(filled: Database, how: str, place: int) -> None:
    found, line = tampered(filled, how, (place, 0))
    assert {(fault.aggregate, fault.id) for fault in found} == {
        (line["aggregate"], line["handover"])
    }


def test_the_fault_names_line_and_kind(filled: Database) -> None:
    found, line = tampered(filled, "payload")
    assert [(f.line, f.wrong) for f in found] == [
        (line["seq"], "its payload is not what was written")
    ]
    (cut,), line = tampered(filled, "tail")
    assert (cut.line, cut.wrong.partition(":")[0]) == (line["seq"], "cut off")
    (document,), _ = tampered(filled, "document")
    assert document.wrong == "what is stored is not what it led to"


def test_rows_and_lines_without_each_other_are_found(tmp_path: Path) -> None:
    database = fill(sqlite().make(tmp_path))
    with database.write() as connection:
        connection.execute(delete(lines).where(lines.c.aggregate == "book"))
        connection.execute(delete(vaults))
    found = faults(database)
    assert {fault.aggregate for fault in found} == {"book", "vault"}
    assert any("are gone" in fault.wrong for fault in found)
    assert any("of something that is not stored" in fault.wrong for fault in found)
    database.close()


def test_a_row_that_claims_to_have_no_journal_is_found(tmp_path: Path) -> None:
    """Only a workspace can be without one: the release before kept none of it."""
    database = fill(sqlite().make(tmp_path))
    with database.write() as connection:
        (one,) = connection.execute(select(handovers.c.id).limit(1)).scalars()
        told = (lines.c.aggregate == "handover", lines.c.handover == one)
        connection.execute(delete(lines).where(*told))
        nothing = {"version": 0, "chain": "", "document": "{}"}
        connection.execute(update(handovers).where(handovers.c.id == one).values(**nothing))
    (fault,) = faults(database)
    assert (fault.aggregate, fault.id) == ("handover", one)
    database.close()


def test_what_was_erased_and_what_the_release_before_wrote_are_no_faults(filled: Database) -> None:
    with filled.write() as connection:
        before = everything(connection)
        connection.execute(update(lines).where(lines.c.seq == 2).values(payload=None))
    seen = Seen()
    assert list(verify(filled, seen)) == []
    assert seen.erased == sum(line["seq"] == 2 for line in before)
    with filled.write() as connection:
        # It knows no states: every link is made without one.
        link = journal.FIRST_LINK
        for line in before:
            if line["seq"] == 1:
                link = journal.FIRST_LINK
            header = (line["at"], line["by"], line["type"], line["digest"])
            link = journal.link_of(link, line["seq"], *header, "")
            rewrite(connection, line, chain=link, state="", payload=line["payload"])
            change_row(connection, line, chain=link)
    assert faults(filled) == []
    with filled.write() as connection:
        connection.execute(delete(lines))
        connection.execute(insert(lines), before)
        for line in before:
            change_row(connection, line, chain=line["chain"])


def test_it_can_be_looked_at_while_the_bot_writes(database_url: str) -> None:
    """Each look is at one moment: nothing half written is taken for a fault."""
    shelf = Shelf(database_url)
    shelf.begun(rows(8))
    shelf.books.carry(TEAM, "B1")
    accounts = [handover.id for handover in shelf.handovers()]

    def write() -> None:
        for handover in accounts:
            accepted = Accepted(at=shelf.clock.now(), by=OLGA)
            shelf.desk.record(Receipt(TEAM, handover), handover, accepted)

    writer = threading.Thread(target=write)
    writer.start()
    found = faults(shelf.database)
    while writer.is_alive():
        found += faults(shelf.database)
    writer.join()
    assert found == []
    shelf.database.close()


def test_settings_are_told_by_who_changed_what(filled: Database) -> None:
    with filled.read() as connection:
        told = [line for line in everything(connection) if line["aggregate"] == WORKSPACE]
    assert [line["type"] for line in told] == ["settings_changed", "settings_changed", "exported"]
    assert [line["by"] for line in told] == [LENA, LENA, "operator"]
    assert f'"before":{{"leaders":["{LENA}"]}}' in told[1]["payload"]
