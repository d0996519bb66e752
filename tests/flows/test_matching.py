"""What a text says to the questions: by heading, label, id, usual word, list and table."""

import pytest

from flows.handover import Known
from flows.known.matching import SYNONYMS, Match, matched
from flows.known.outline import Outline, Piece, Shape
from flows.known.prefills import askable
from flows.terms import Segment
from tests.make import default_playbook, make_handover

BOOK = default_playbook()
ASKED = askable(make_handover(segment=Segment.MID_MARKET), BOOK)


def outline(*lines: str) -> Outline:
    """`#` begins a heading, `-` an item, `*` a strong one, `|` a row; anything else is a text."""
    pieces: list[Piece] = []
    for line in lines:
        mark, _, text = line.partition(" ")
        match mark:
            case "#" | "##" | "###":
                pieces.append(Piece(shape=Shape.HEADING, text=text, level=len(mark)))
            case "-" | "--":
                pieces.append(Piece(shape=Shape.ITEM, text=text, level=len(mark) - 1))
            case "*":
                pieces.append(Piece(shape=Shape.ITEM, text=text, strong=True))
            case "|":
                row = tuple(cell.strip() for cell in text.split("|"))
                last = pieces[-1] if pieces else None
                if last and last.shape is Shape.TABLE:
                    pieces[-1] = last.model_copy(update={"rows": (*last.rows, row)})
                else:
                    pieces.append(Piece(shape=Shape.TABLE, rows=(row,)))
            case _:
                pieces.append(Piece(shape=Shape.TEXT, text=line))
    return Outline(pieces=tuple(pieces))


def read(*lines: str) -> Match:
    return matched(outline(*lines), BOOK, ASKED, {"Kim Lee": "UKIM"})


@pytest.mark.parametrize(
    ("lines", "question", "text"),
    [
        (("## What do they mainly use our product for?", "Tickets"), "BG2", "Tickets"),
        (("## BG2", "Tickets"), "BG2", "Tickets"),
        (("## BG2: use of it", "Tickets"), "BG2", "Tickets"),
        (("## 3. Use cases", "Tickets"), "BG2", "Tickets"),
        (("USE CASE:", "Tickets"), "BG2", "Tickets"),
        (("Use case: Tickets",), "BG2", "Tickets"),
        (("- Use case: Tickets",), "BG2", "Tickets"),
        (("What do they mainly use our product for? Tickets",), "BG2", "Tickets"),
        (("## Use case: Tickets",), "BG2", "Tickets"),
        (("## Use case", "### Details", "Tickets"), "BG2", "Details\nTickets"),
        (("## Priorities", "- Speed", "- Peace"), "PF3", "- Speed\n- Peace"),
        (("# Client background", "Dental software"), "BG1", "Dental software"),
        (("Client background", "Dental software"), "BG1", "Dental software"),
        (("# Risks", "- The sponsor leaves"), "RK1", "- The sponsor leaves"),
    ],
)
def test_words_open_a_question(lines: tuple[str, ...], question: str, text: str) -> None:
    found = read(*lines)
    assert {key: known.text for key, known in found.found.items()} == {question: text}
    assert found.left == ""


@pytest.mark.parametrize(
    ("line", "given"),
    [
        ("Health: green", {"health": "green"}),
        ("Health: Red: in danger", {"health": "red"}),
        ("ARR: 48k", {"arr": "48000"}),
        ("Renewal: 2027-03-01", {"renewal": "2027-03-01"}),
        ("Renewal: Mon 1 Mar 2027", {"renewal": "2027-03-01"}),
        ("Renewal: 1 March 2027", {"renewal": "2027-03-01"}),
    ],
)
def test_a_label_says_a_structured_part(line: str, given: dict[str, str]) -> None:
    (known,) = read(line).found.values()
    assert {key: value.values[0] for key, value in known.given.items()} == given


def test_a_value_that_is_none_stays_text() -> None:
    (known,) = read("Health: like last year").found.values()
    assert (known.given, known.text) == ({}, "like last year")


def test_tables_and_lists_become_records() -> None:
    found = read(
        "# Key contacts",
        "| Name | Role | Weather",
        "| Ana | buyer | rain",
        "| | nobody | ",
        "# Open issues",
        "* Export bug",
        "-- Due: Tue 8 Dec 2026",
        "-- Colour: red",
        "# Documents",
        "- <https://d.example/plan|The plan> – Ana",
    ).found
    assert [one.details for one in found["SK1"].listed] == [{"name": "Ana", "role": "buyer"}]
    issue = found["OI1"].listed[0].details
    assert issue == {"what": "Export bug", "due": "2026-12-08"} or "Export bug" in issue.values()
    assert "2026-12-08" in issue.values()
    (document,) = next(k for k in found.values() if "plan" in k.raw.casefold()).listed
    assert document.details["link"] == "https://d.example/plan"


def test_a_table_that_names_fields_needs_no_heading() -> None:
    found = read("| What was promised | To whom | By when", "| SSO | Ana | 2027-01-15").found
    assert list(found["CM1"].listed[0].details.values()) == ["SSO", "Ana", "2027-01-15"]


def test_what_fits_nothing_is_handed_back() -> None:
    found = read(
        "Dear Ivan,", "# Weather", "Rain", "- more rain", "| a | b", "# Use case", "Tickets"
    )
    assert found.left == "Dear Ivan,\nWeather\nRain\n- more rain\na | b"
    assert found.found["BG2"] == Known(
        text="Tickets", raw="What do they mainly use our product for?\nTickets"
    )


def test_nothing_that_leaders_are_asked_is_found() -> None:
    found = read("# UP1", "secret", "# What has the customer complained about?", "secret")
    assert found.found == {}


def test_every_usual_word_means_one_question() -> None:
    words = [word for usual in SYNONYMS.values() for word in usual]
    assert len(words) == len(set(words))
    assert set(SYNONYMS) <= set(BOOK.by_id)
