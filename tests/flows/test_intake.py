"""Lists of accounts: told apart, read, forgiven, and never guessed."""

from datetime import date
from decimal import Decimal

import pytest

from flows.books.intake import (
    Column,
    Reader,
    is_table,
    looked_up,
    notes_known,
    rows_of,
    rows_typed,
    with_columns,
)
from flows.books.rows import MOST_ROWS, Fault
from flows.books.sheets import read_table
from flows.errors import FlowError
from flows.known.namesakes import Directory
from flows.terms import Role, Segment
from tests.flows.books import made_row
from tests.flows.make import IVAN, KIM, OLGA, party
from tests.make import default_playbook

PEOPLE = Directory({IVAN: "Ivan Petrov", OLGA: "Olga Costa", KIM: "Kim Lund", "U9": "Kim Sørensen"})
READER = Reader(people=PEOPLE, today=date(2026, 11, 23), stored=str)
PLAYBOOK = default_playbook()


@pytest.mark.parametrize(
    ("typed", "who"),
    [
        ("Ivan Petrov", IVAN),
        ("petrov, ivan", IVAN),
        ("@Ivan", IVAN),
        ("Ivan P.", IVAN),
        ("kim sorensen", "U9"),
        ("Kim", None),
        ("Ivana", None),
        ("", None),
    ],
)
def test_a_name_is_found_as_people_write_it_and_never_guessed(typed: str, who: str | None) -> None:
    assert PEOPLE.find(typed) == who


def test_whoever_is_not_found_may_be_one_of_the_closest() -> None:
    assert PEOPLE.closest("Kim") == ("Kim Lund", "Kim Sørensen")
    assert PEOPLE.closest("Ivn Petrow") == ("Ivan Petrov",)
    assert PEOPLE.closest("Zzz") == ()


@pytest.mark.parametrize(
    "line",
    [
        "Northwind – SMB – Ivan – 120k – 1 March 2027",
        "Northwind\tsmall business\tIvan Petrov\t120.000\t2027-03-01",
        "Northwind; €120,000; SMB; 01.03.2027; Petrov Ivan",
        "Northwind - SMB - Ivan - 120k - 2027/03/01",
    ],
)
def test_a_typed_line_is_read_whatever_parts_it_and_in_any_order(line: str) -> None:
    (row,) = rows_typed(line, READER)
    assert (row.account, row.segment, row.arr) == ("Northwind", Segment.SMB, Decimal(120000))
    assert (row.renewal, row.incoming) == (date(2027, 3, 1), party(IVAN, "Ivan Petrov"))
    assert not row.marks


def test_lines_keep_their_numbers_and_what_nobody_can_read_is_told() -> None:
    rows = rows_typed("One\n\nTwo – SMB – Ivann – 3/4/2027 – a lot", READER)
    assert [row.line for row in rows] == [1, 3]
    assert rows[1].incoming_typed == "Ivann"
    assert rows[1].marks == {Fault.UNREADABLE_VALUE}
    assert rows[1].renewal is None


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_a_table_is_told_apart_by_its_marks_and_the_names_of_its_columns(mark: str) -> None:
    head = ["Customer", "Tier", "New CSM", "ARR (EUR)", "Renewal date", "Owner", "PF4", "Junk"]
    cells = ["Northwind", "SMB", "Ivan", "1200", "2027-03-01", "Olga", "Yes", "=SUM(A1)"]
    text = "\n".join(mark.join(line) for line in (head, cells, cells))
    sheet = with_columns(read_table(text), PLAYBOOK)
    assert sheet.columns == ("account", "segment", "incoming", "arr", "renewal", "owner", "PF4", "")
    row = rows_of(sheet, READER)[0]
    assert (row.line, row.account, row.arr, row.owner) == (2, "Northwind", Decimal(1200), "Olga")
    assert notes_known(row)["PF4"].text == "Yes"


def test_a_question_may_name_a_column_in_its_own_words() -> None:
    question = PLAYBOOK.by_id["PF4"]
    sheet = with_columns(read_table(f"Account\t{question.text}\nA\tYes"), PLAYBOOK)
    assert sheet.columns == ("account", "PF4")


def test_what_only_leaders_are_asked_is_no_column() -> None:
    theirs = [q for q in PLAYBOOK.questions if q.asked_of not in {Role.OUTGOING, Role.INCOMING}]
    secret = [q for q in PLAYBOOK.questions if q.confidential]
    assert theirs
    for question in (*theirs, *secret):
        sheet = with_columns(read_table(f"Account\t{question.text}\nA\tYes"), PLAYBOOK)
        assert sheet.columns == ("account", "")


def test_a_list_without_a_head_has_columns_to_be_named() -> None:
    sheet = with_columns(read_table("Northwind;Red\nContoso;Blue"), PLAYBOOK)
    assert sheet.head == ("Column 1", "Column 2")
    assert [line.number for line in sheet.lines] == [1, 2]
    named = sheet.model_copy(update={"columns": (Column.ACCOUNT.value, "")})
    assert [row.account for row in rows_of(named, READER)] == ["Northwind", "Contoso"]


def test_cells_may_hold_quotes_line_ends_and_formulas_and_stay_text() -> None:
    text = 'sep=;\nAccount;Notes\n"=HYPERLINK(""http://x"";""y"")";"a\nb"\nNext;\n'
    sheet = with_columns(read_table(text), PLAYBOOK)
    assert [line.number for line in sheet.lines] == [3, 5]
    rows = rows_of(sheet, READER)
    assert [row.account for row in rows] == ['=HYPERLINK("http://x";"y")', "Next"]


def test_a_list_has_an_end() -> None:
    many = "Account;Segment\n" + "A;SMB\n" * 100_000
    with pytest.raises(FlowError, match="too_many_rows"):
        read_table(many)
    assert len(read_table("Account;S\n" + "A;SMB\n" * MOST_ROWS).lines) == MOST_ROWS + 1
    with pytest.raises(FlowError, match="too_many_rows"):
        read_table("Account" + ";" * 2_000_000 + "\n" + ("A" + ";" * 999 + "\n") * 600)
    with pytest.raises(FlowError, match="no_lines"):
        read_table("\n \n")
    with pytest.raises(FlowError, match="not_a_table"):
        read_table('Account;S\n"' + "never closed" * 20_000)


def test_lines_copied_from_a_spreadsheet_are_a_table_and_typed_ones_are_not() -> None:
    assert is_table("Account\tSegment\nNorthwind\tSMB", PLAYBOOK)
    assert not is_table("Northwind\tSMB\nContoso\tSMB", PLAYBOOK)


def test_what_is_too_long_is_left_away_and_told() -> None:
    sheet = with_columns(read_table(f"Account;PF4\nA;{'x' * 3001}\n{'y' * 201};z"), PLAYBOOK)
    long_note, long_name = rows_of(sheet, READER)
    assert long_note.notes == {}
    assert long_name.account == ""
    assert Fault.UNREADABLE_VALUE in long_note.marks & long_name.marks


def test_an_account_of_somebody_else_or_under_way_is_told() -> None:
    rows = [
        made_row(1, owner="Olga"),
        made_row(2, owner="Costa, Olga"),
        made_row(3, owner="Ivan"),
        made_row(4, owner="Nobody Known"),
        made_row(5, account="NORTH  wind"),
        made_row(6, marks=[Fault.IN_FLIGHT, Fault.UNREADABLE_VALUE]),
    ]
    after = looked_up(rows, party(OLGA, "Olga Costa"), PEOPLE, frozenset({"north wind"}))
    assert [row.key for row in after if Fault.OTHER_OWNER in row.marks] == ["3", "4"]
    assert [row.key for row in after if Fault.IN_FLIGHT in row.marks] == ["5"]
    assert after[5].marks == {Fault.UNREADABLE_VALUE}
