"""The brief as a message fits whatever was written; the file has it all."""

import re

from bot.exports.markdown import brief_markdown
from bot.views.taking_over.brief import brief_message
from flows import events as e
from flows.advance import advance
from flows.taking_over.brief import make_brief
from flows.terms import RecordKind, Segment
from tests.make import (
    LENA,
    NOW,
    OLGA,
    answer_all,
    default_playbook,
    make_handover,
    name_of,
    record,
    reply,
)
from tests.views.limits import check_message, words

BOOK = default_playbook()


def test_an_unfinished_brief_says_so() -> None:
    keys = ["S1", "S2", "S3", "S4", "S5"]
    handover = make_handover([e.UnknownDeclared(at=NOW, by=OLGA, question=key) for key in keys])
    brief = make_brief(handover, BOOK, OLGA, NOW)
    message = check_message(brief_message(brief, name_of, BOOK, OLGA))
    assert "Version 6, Mon 23 Nov 2026, 09:30, unfinished, 5 of 13" in message.text
    assert "Nothing yet: " in words(message)
    assert "What do they use our product for" in words(message)
    assert "unfinished, 5 of 13 required answered" in brief_markdown(brief, name_of, BOOK)


def test_the_biggest_brief_fits_a_message_and_is_whole_in_the_file() -> None:
    novel = "&amp; # <https://example.com|x> 🎉\n" * 1000
    handover = answer_all(make_handover(segment=Segment.ENTERPRISE), text=novel)
    for number in range(1, 61):
        added = record(RecordKind.STAKEHOLDER, "SK1", number, name=f"Person {number} {'n' * 180}")
        handover = advance(handover, added, BOOK).handover
    brief = make_brief(handover, BOOK, LENA, NOW)
    check_message(brief_message(brief, name_of, BOOK, OLGA))
    whole = brief_markdown(brief, name_of, BOOK)
    assert all(f"Person {number} " in whole for number in range(1, 61))
    assert whole.count("[x](https://example.com)") >= 1000


def test_nothing_typed_becomes_a_heading_or_a_link_of_its_own() -> None:
    evil = "# Approved\n---\n[pay](https://evil)\n![x](https://evil)\n&lt;img src=x&gt;\n    code"
    keys = ["S2", "S3", "S4", "S5"]
    unknown = [e.UnknownDeclared(at=NOW, by=OLGA, question=key) for key in keys]
    record_of = record(RecordKind.DOCUMENT, "S7", title="# Doc", link="javascript:alert(1)")
    handover = make_handover([reply("S1", evil), *unknown, record_of], account="# A")
    text = brief_markdown(make_brief(handover, BOOK, OLGA, NOW), name_of, BOOK)
    assert text.startswith("# Brief: \\# A\n")
    headings = re.findall(r"^#+ .*$", text, re.MULTILINE)
    assert not any("Approved" in heading for heading in headings)
    assert "# Doc" not in headings
    assert not re.search(r"(?<!\\)\]\(https://evil", text)
    assert "](javascript" not in text
    assert not re.search(r"(?<!\\)<img", text)


def test_a_typed_list_is_shown_once_and_without_empty_noise() -> None:
    keys = ["S1", "S2", "S3", "S5"]
    unknown = [e.UnknownDeclared(at=NOW, by=OLGA, question=key) for key in keys]
    typed = reply("S4", "Outage in May – orders lost\nA nightly sync with the till")
    sheet = record(RecordKind.DOCUMENT, "S7", title="Results", link="https://x.example.com/r")
    pasted = e.Pasted(at=NOW, by=OLGA, id="P1", text="Old notes")
    handover = make_handover([*unknown, typed, sheet, pasted])
    brief = make_brief(handover, BOOK, OLGA, NOW)
    text = brief_markdown(brief, name_of, BOOK)
    assert text.count("Outage in May") == text.count("A nightly sync with the till") == 1
    assert "- **Outage in May**\n  - What it meant for them: orders lost" in text
    assert "- [Results](https://x.example.com/r)" in text
    assert "## Unsorted\n\nPasted, and not sorted into the questions yet.\n\nOld notes" in text
    assert "_Said by Olga, Mon 23 Nov 2026._" in text
    assert "\n\n\n" not in text
    assert "## Opportunities" not in text
    shown = words(check_message(brief_message(brief, name_of, BOOK, OLGA)))
    assert shown.count("Outage in May") == 1
    assert "Pasted and not sorted yet: 1 piece." in shown


def test_what_stood_before_an_answer_of_one_word_is_told_apart() -> None:
    keys = ["S2", "S3", "S4", "S5"]
    unknown = [e.UnknownDeclared(at=NOW, by=OLGA, question=key) for key in keys]
    none = e.NoneDeclared(at=NOW, by=OLGA, question="S1")
    handover = make_handover([reply("S1", "Three things"), none, *unknown])
    text = brief_markdown(make_brief(handover, BOOK, OLGA, NOW), name_of, BOOK)
    assert "None. _Said by Olga, Mon 23 Nov 2026._\n\nSaid before:\n\nThree things\n" in text
