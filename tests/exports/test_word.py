"""The Word document: whole, structured for a screen reader, and silent about who made it."""

import io
import zipfile
from itertools import pairwise

import pytest
from docx import Document
from docx.document import Document as Doc
from docx.oxml.ns import qn

from bot.exports.word import brief_word
from bot.sandbox.reading import readable
from flows import events as e
from flows.handover import Handover
from flows.taking_over.brief import make_brief
from flows.terms import RecordKind
from tests.exports.material import full_pack
from tests.make import (
    IVAN,
    LENA,
    NOW,
    OLGA,
    default_playbook,
    make_handover,
    name_of,
    record,
    reply,
)

BOOK = default_playbook()


def word(handover: Handover, viewer: str = LENA) -> bytes:
    return brief_word(make_brief(handover, BOOK, viewer, NOW), name_of, BOOK)


def opened(content: bytes) -> Doc:
    return Document(io.BytesIO(content))


def early(*then: e.Event, account: str = "Northwind") -> Handover:
    """Five answers, the first in words."""
    unknown = [e.UnknownDeclared(at=NOW, by=OLGA, question=f"S{n}") for n in range(2, 6)]
    return make_handover([*then, *unknown], account=account)


def test_the_title_says_what_an_executive_asks_first() -> None:
    document = opened(word(early(reply("S1", "Renewal in March"))))
    head = [p.text for p in document.paragraphs[:5]]
    assert head[:3] == ["Handover brief", "Northwind", "Lead now: Olga (until Tue 8 Dec 2026)"]
    assert head[3].startswith("Version 6  ·  Mon 23 Nov 2026, 09:30  ·  unfinished, 4 of 13")
    assert head[4].startswith("Unfinished: 9 required answers still to come. Nothing yet: ")
    facts = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert ["From", "Olga"] in facts
    assert ["Last working day", "Tue 8 Dec 2026"] in facts


def test_everything_known_is_in_it() -> None:
    handover = full_pack(records=200, documents=100)
    text = readable(word(handover))
    assert "Unfinished:" not in text
    for kept in handover.records:
        assert next(iter(kept.details.values())) in text
    for answer in handover.answers.values():
        assert BOOK.by_id[next(k for k, v in handover.answers.items() if v is answer)].text in text


def test_headings_tables_and_running_lines_are_real() -> None:
    document = opened(word(full_pack()))
    styles = [p.style.name for p in document.paragraphs if p.style]
    assert styles.count("Title") == 1
    levels = [int(name[-1]) for name in styles if name.startswith(("heading", "Heading"))]
    assert levels[0] == 1
    assert {1, 2} == set(levels)
    assert all(after - before <= 1 for before, after in pairwise(levels))
    for table in document.tables:
        properties = table._tbl.tblPr
        assert properties.find(qn("w:tblCaption")).get(qn("w:val"))
    assert sum(bool(t._tbl.findall(f".//{qn('w:tblHeader')}")) for t in document.tables) > 6
    section = document.sections[0]
    assert section.header.paragraphs[0].text == "Northwind: handover brief\tVersion 103"
    for footer in (section.footer, section.first_page_footer):
        codes = [f.get(qn("w:instr")) for f in footer._element.iter(qn("w:fldSimple"))]
        assert codes == ["PAGE", "NUMPAGES"]
        assert "not for the customer" in footer.paragraphs[0].text


def test_its_properties_name_the_account_and_nobody() -> None:
    content = word(full_pack())
    known = opened(content).core_properties
    assert known.title == "Northwind: handover brief"
    assert known.subject == "Version 103"
    assert (known.author, known.last_modified_by, known.comments) == ("Handover", "Handover", "")
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert not [name for name in parts.namelist() if "thumbnail" in name]
        assert b"python-docx" not in b"".join(parts.read(n) for n in parts.namelist())


def test_links_lists_and_bold_become_what_they_are() -> None:
    said = (
        "Read <https://x.example.com/a?b=1&amp;c=2|the plan>\n• *first*\n• second <@U0KIM>\n\nEnd"
    )
    content = word(early(reply("S1", said)))
    document = opened(content)
    shown = [(p.style.name, p.text) for p in document.paragraphs if p.style]
    assert ("Body Text", "Read the plan") in shown
    assert ("List Bullet", "first") in shown
    assert ("List Bullet", "second @Kim") in shown
    assert ("Body Text", "End") in shown
    links = [link for p in document.paragraphs for link in p.hyperlinks if link.address]
    assert [(link.text, link.address) for link in links] == [
        ("the plan", "https://x.example.com/a?b=1&c=2")
    ]
    bold = [run.text for p in document.paragraphs for run in p.runs if run.bold]
    assert "first" in bold


@pytest.mark.parametrize(
    "odd", ["\x00\x0b\ufffe\uffff", "&lt;w:p&gt;]]&gt;", "\U0001f389\u202e", "  "]
)
def test_odd_characters_do_no_harm(odd: str) -> None:
    evil = record(RecordKind.DOCUMENT, "S7", title=f"T{odd}", link="javascript:alert(1)")
    handover = early(reply("S1", f"Text {odd}."), evil, account=f"A{odd}")
    document = opened(word(handover))
    assert document.paragraphs[1].text.startswith("A")
    assert not [
        link for p in document.paragraphs for link in p.hyperlinks if "java" in link.address
    ]


def test_the_usual_author_is_named_once() -> None:
    handover = early(reply("S1", "Renewal in March"))
    text = readable(word(handover))
    assert text.count("Answers are by Olga, Mon 23 Nov 2026") == 1
    assert "Said by" not in text
    other = handover.model_copy(
        update={
            "answers": handover.answers
            | {"S2": handover.answers["S2"].model_copy(update={"by": IVAN})}
        }
    )
    assert readable(word(other)).count("Said by Ivan, Mon 23 Nov 2026") == 1
