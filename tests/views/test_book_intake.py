"""The modals of a book's intake at their largest: within Slack's limits, and nothing left out."""

import json

import pytest

from bot.ids import Ref
from bot.views.books.intake import PAGE, accounts_view
from bot.views.books.intake_lists import pick_form, sheet_form
from bot.views.books.intake_rows import MOST_NAMES, row_form, who_form
from bot.views.books.intake_start import faults_view, ranges, start_view
from flows.books import events as e
from flows.books.book import Book, can_be_taken
from flows.books.rows import MOST_ROWS, Fault, Row
from flows.books.sheets import MOST_COLUMNS, Line, Sheet
from flows.known.namesakes import Directory
from tests.flows.books import BookStory, made_row, made_shared
from tests.flows.make import LENA, party
from tests.make import default_playbook, make_handover, name_of
from tests.views.limits import check_view, words

REF = Ref(h="B1")
LONG = "&amp;" * 38


def full(**change: object) -> Book:
    """A book as full as it may be."""
    rows = (made_row(n, **{"account": f"{n} {LONG}"} | change) for n in range(1, MOST_ROWS + 1))
    return BookStory(*rows).book


@pytest.mark.parametrize("page", [0, 7, 12, 99])
def test_every_page_of_a_full_book_fits(page: int) -> None:
    book = full(incoming_typed=LONG, segment=None)
    view = check_view(accounts_view(book, name_of, page))
    shown = words(view)
    assert f"Accounts {min(page, 12) * PAGE + 1} to" in shown
    assert ("Next page" in shown) is (page < 12)


def test_every_line_of_a_fault_is_named_by_its_number() -> None:
    book = full(incoming_typed=LONG, owner=LONG, segment=None, marks=[*Fault])
    shown = words(check_view(faults_view(book, name_of, Directory({LENA: "Lena"}), REF)))
    assert f"Lines 1–{MOST_ROWS}" in shown
    assert "and 4" in shown
    assert ranges([9, 3, 4, 5, 11]) == "3–5, 9, 11"


def test_a_list_with_many_columns_fits_and_weighs_less_than_slack_takes() -> None:
    head = tuple(f"Column {LONG} {at}" for at in range(MOST_COLUMNS))
    lines = tuple(Line(number=n, cells=("x" * 3000,) * MOST_COLUMNS) for n in range(1, 5))
    sheet = Sheet(name="list.csv", head=head, lines=lines, columns=("account",) * MOST_COLUMNS)
    for playbook in (default_playbook(),):
        view = check_view(sheet_form(full(), sheet, playbook, REF))
        assert len(json.dumps(view)) < 250_000
        one = sheet.model_copy(update={"head": ("A",), "columns": ("PF4",)})
        few = check_view(sheet_form(full(), one, playbook, REF))
        assert len(json.dumps(few)) < 250_000


def test_many_known_accounts_and_unknown_names_fit() -> None:
    known = [make_handover(id=f"H{n}", account=f"{n:03} {LONG}") for n in range(600)]
    assert "000" in words(check_view(pick_form(full(), known, name_of, REF)))
    unknown = {f"{n} {LONG}": ("Ivan Petrov", "Ivan Smith") for n in range(MOST_NAMES + 9)}
    assert "Who is 0" in words(check_view(who_form(unknown, name_of, REF)))


def test_who_is_told_what_fits_with_as_many_csms_as_there_are_accounts() -> None:
    rows = [made_row(n, incoming=party(f"U{n}")) for n in range(1, MOST_ROWS + 1)]
    story = BookStory(*rows, by=LENA, shared=made_shared())
    shared = story.book.shared
    assert shared is not None
    assert len(can_be_taken(story.book)) == MOST_ROWS
    view = start_view(story.book, shared, name_of, LENA, leader_view=True, ref=REF)
    assert "nobody is told" in words(check_view(view))


def test_one_account_is_edited_whatever_is_known_of_it() -> None:
    check_view(row_form(made_row(1), name_of, REF))
    row: Row = made_row(1, account=LONG, incoming_typed=LONG, skills=["a" * 50] * 9, arr="1.5")
    check_view(row_form(row, name_of, REF))
    story = BookStory(row)
    story.does(LENA, e.RowsPut, rows=("1",), out=True)
    assert "Taken out" in words(check_view(accounts_view(story.book, name_of)))
