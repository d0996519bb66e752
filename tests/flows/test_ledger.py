"""What is listed one by one, and values as people type them."""

from datetime import date
from decimal import Decimal

import pytest

from flows.errors import FlowError
from flows.handover import Given
from flows.knowledge.ledger import (
    checked_details,
    checked_given,
    checked_value,
    lines,
    number,
    read_line,
)
from flows.playbook import Option, Part
from flows.terms import PartKind, RecordKind
from tests.flows.make import PLAYBOOK

AMOUNT = Part(key="arr", kind=PartKind.NUMBER, label="Revenue")
DAY = Part(key="renewal", kind=PartKind.DATE, label="Renewal")
HEALTH = Part(
    key="health",
    kind=PartKind.CHOICE,
    label="Health",
    options=(Option(value="green", label="Green"), Option(value="red", label="Red")),
)
PEOPLE = Part(key="cover", kind=PartKind.PEOPLE, label="Who covers")
NOTE = Part(key="note", kind=PartKind.TEXT, label="Note")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("48000", "48000"),
        ("48k", "48000"),
        ("48 K", "48000"),
        ("1.5k", "1500"),
        ("1,5k", "1500"),
        ("1.125m", "1125000"),
        ("1,200k", "1200000"),
        ("2.5 Mio", "2500000"),
        ("1,200.50", "1200.50"),
        ("1.200,50", "1200.50"),
        ("1 200", "1200"),
        ("1\u202f200", "1200"),
        ("1'200", "1200"),
        ("12,5", "12.5"),
        ("12.5", "12.5"),
        ("€ 30.000", "30000"),
        ("30.000,-", "30000"),
        ("EUR 30,000", "30000"),
        ("30,000 usd", "30000"),
        ("$1,234,567.89", "1234567.89"),
        ("1.234.567", "1234567"),
        ("60 %", "60"),
        ("~60", "60"),
        ("0.125", "0.125"),
        ("0", "0"),
        ("1,2345", "1.2345"),
        ("1200,50", "1200.50"),
    ],
)
def test_a_number_is_read_as_people_mean_it(typed: str, meant: str) -> None:
    assert number(AMOUNT, typed) == Decimal(meant)


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "k", "many", "about 60", "30 of 50 seats", "-5", "1e5", "nan", "inf", "1_000"),
        *("1,2,3", "12,34,567", "1.2.3", "1.200.50", "12.", ".5", "1,200.", "--", "9" * 40),
    ],
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(FlowError) as refused:
        number(AMOUNT, typed)
    assert (refused.value.code, refused.value.field) == ("not_a_number", "arr")


@pytest.mark.parametrize(
    ("part", "typed", "kept"),
    [
        (AMOUNT, "48k", "48000"),
        (AMOUNT, "1,200.50", "1200.5"),
        (DAY, "2026-12-01", "2026-12-01"),
        (DAY, "20261201", "2026-12-01"),
        (HEALTH, "green", "green"),
        (NOTE, "as it is", "as it is"),
    ],
)
def test_a_value_is_kept_in_one_form(part: Part, typed: str, kept: str) -> None:
    assert checked_value(part, typed) == kept


@pytest.mark.parametrize(
    ("part", "typed", "code"),
    [
        (DAY, "next week", "not_a_date"),
        (DAY, "2026-02-30", "not_a_date"),
        (HEALTH, "blue", "not_a_choice"),
    ],
)
def test_a_wrong_value_names_its_field(part: Part, typed: str, code: str) -> None:
    with pytest.raises(FlowError) as refused:
        checked_value(part, typed)
    assert (refused.value.code, refused.value.field) == (code, part.key)


@pytest.mark.parametrize(
    ("part", "values", "code"),
    [
        (PEOPLE, (), "missing"),
        (PEOPLE, ("U1", " "), "missing"),
        (HEALTH, ("green", "red"), "one_only"),
    ],
)
def test_a_part_wants_one_value_and_only_people_may_be_many(
    part: Part, values: tuple[str, ...], code: str
) -> None:
    with pytest.raises(FlowError) as refused:
        checked_given(part, Given(values=values))
    assert (refused.value.code, refused.value.field) == (code, part.key)


def test_people_may_be_many() -> None:
    assert checked_given(PEOPLE, Given(values=("U1", "U2"))).values == ("U1", "U2")


def test_only_a_number_that_wants_it_keeps_its_date() -> None:
    day = date(2026, 11, 1)
    dated = AMOUNT.model_copy(update={"as_of": True})
    assert checked_given(dated, Given(values=("60%",), as_of=day)) == Given(
        values=("60",), as_of=day
    )
    assert checked_given(AMOUNT, Given(values=("60",), as_of=day)).as_of is None


def test_lines_lose_their_bullets_and_empty_ones_are_none() -> None:
    assert lines("- Ana\n\n* Tom\n 1. Kim\n2) Jo\n• Li\n-\n– \n-dash") == [
        *("Ana", "Tom", "Kim", "Jo", "Li", "-dash"),
    ]


def test_a_line_fills_the_text_fields_in_their_order() -> None:
    spec = PLAYBOOK.specs[RecordKind.STAKEHOLDER]
    assert read_line(spec, "Ana") == {"name": "Ana"}
    assert read_line(spec, "Ana – head of support") == {"name": "Ana", "role": "head of support"}
    assert read_line(spec, "Ana | head | by email | no jokes | one - two") == {
        "name": "Ana",
        "role": "head",
        "contact": "by email",
        "watch_outs": "no jokes – one – two",
    }
    assert read_line(spec, "|") == {"name": "|"}


def test_a_record_keeps_known_fields_that_say_something() -> None:
    spec = PLAYBOOK.specs[RecordKind.COMMITMENT]
    typed = {"what": " A training ", "due": "2026-12-01", "to_whom": " ", "unknown": "x"}
    assert checked_details(spec, typed) == {"what": "A training", "due": "2026-12-01"}


@pytest.mark.parametrize(
    ("details", "code", "field"),
    [
        ({}, "missing", "what"),
        ({"what": "A training", "due": "soon"}, "not_a_date", "due"),
        ({"what": "A training", "in_writing": "perhaps"}, "not_a_choice", "in_writing"),
    ],
)
def test_a_wrong_record_names_its_field(details: dict[str, str], code: str, field: str) -> None:
    with pytest.raises(FlowError) as refused:
        checked_details(PLAYBOOK.specs[RecordKind.COMMITMENT], details)
    assert (refused.value.code, refused.value.field) == (code, field)
