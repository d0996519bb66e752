"""A file of accounts, in whatever characters; what is no list is told kindly."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.imports.sheet import read_sheet
from bot.imports.trouble import UnreadableError
from bot.views.errors import say

LATIN = "Kunde;Segment;Besitzer\nMüller & Söhne;SMB;Jürgen Größe\nÉcole Zoë;SMB;Zoë\n"
POLISH = "Klient;Segment\nŁódź Zażółć gęślą jaźń sp. z o.o.;SMB\nŻywiec;SMB\n"
RUSSIAN = "Клиент;Сегмент\nМосковский завод;SMB\nСибирь;SMB\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *(
            (LATIN, one)
            for one in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32")
        ),
        (LATIN, "cp1252"),
        (LATIN, "iso-8859-1"),
        (POLISH, "cp1250"),
        (RUSSIAN, "cp1251"),
    ],
)
def test_a_list_is_read_in_the_characters_it_was_written_in(text: str, encoding: str) -> None:
    sheet = read_sheet("list.csv", text.encode(encoding))
    assert [list(line.cells) for line in sheet.lines] == [
        line.split(";") for line in text.strip().split("\n")
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_any_system_ends_them(end: str) -> None:
    content = end.join(["Account,Segment", "Northwind,SMB", "", "Contoso,SMB"]).encode()
    assert [line.number for line in read_sheet("list.csv", content).lines] == [1, 2, 4]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b" \r\n ", "file_empty"),
        (b"PK\x03\x04\x14\x00", "not_csv"),
        (b"%PDF-1.7", "not_csv"),
        (b"\x01\x02\x03\x04", "not_csv"),
        (b"\xff\xfeA", "file_encoding"),
        (b"Account;Segment\n" + b"A;SMB\n" * 100_000, "too_many_rows"),
    ],
)
def test_what_is_no_list_is_told(content: bytes, code: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        read_sheet("list.csv", content)
    assert refused.value.code == code
    assert say(code) != say("no such code")


@given(st.binary(max_size=400))
def test_whatever_a_file_holds_it_is_a_list_or_it_is_told(content: bytes) -> None:
    with suppress(UnreadableError):
        sheet = read_sheet("list.csv", content)
        assert all(len(line.cells) == len(sheet.head) for line in sheet.lines)
