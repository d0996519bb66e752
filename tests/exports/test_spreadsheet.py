"""CSV: a row for everything, and no cell that a spreadsheet calculates."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.exports.spreadsheet import COLUMNS, brief_csv, harmless
from flows import events as e
from flows.handover import Handover
from flows.taking_over.brief import make_brief
from flows.terms import RecordKind
from tests.exports.material import full_pack
from tests.make import LENA, NOW, OLGA, default_playbook, make_handover, name_of, record, reply

BOOK = default_playbook()


def rows(handover: Handover) -> list[dict[str, str]]:
    content = brief_csv(make_brief(handover, BOOK, LENA, NOW), name_of, BOOK)
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_every_answer_record_and_document_has_its_row() -> None:
    handover = full_pack(records=200, documents=100)
    found = rows(handover)
    assert tuple(found[0]) == COLUMNS
    answers = [row["Question id"] for row in found if row["What"] == "Answer"]
    assert sorted(answers) == sorted(handover.answers)
    titles = {row["Question or title"] for row in found}
    assert {next(iter(r.details.values())) for r in handover.records} <= titles
    assert sum(row["What"] == "Document" for row in found) >= 100
    assert {(row["Account"], row["Version"]) for row in found} == {("Northwind", "353")}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", " =", "\ufeff="])
def test_no_formula_gets_in(start: str) -> None:
    evil = f"{start}HYPERLINK(1)"
    assert harmless(evil) == f"'{evil}"
    unknown = [e.UnknownDeclared(at=NOW, by=OLGA, question=f"S{n}") for n in range(2, 6)]
    issue = record(RecordKind.ISSUE, "S9", what=evil, ref=evil)
    pasted = e.Pasted(at=NOW, by=OLGA, id="P1", text=evil)
    handover = make_handover([reply("S1", evil), *unknown, issue, pasted], account=f"x{evil}")
    for row in rows(handover):
        assert not [cell for cell in row.values() if cell.lstrip().startswith(("=", "+", "-", "@"))]


@given(st.text())
def test_what_is_harmless_stays_as_it_is(cell: str) -> None:
    guarded = harmless(cell)
    assert guarded in (cell, f"'{cell}")
    assert not guarded.startswith(("=", "+", "-", "@", "\t", "\r"))
