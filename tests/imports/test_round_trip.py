"""A brief that the bot wrote reads back whole: every question that it shows, with what was said."""

import re

import pytest

from bot.exports.markdown import brief_markdown
from bot.exports.word import brief_word
from bot.imports.reader import read_content
from flows import events as e
from flows.advance import advance
from flows.handover import Handover, Known, Said
from flows.known.prefills import askable, fitted, prefill_of
from flows.taking_over.brief import make_brief
from flows.taking_over.portable import portable, write_portable
from flows.terms import Segment
from tests.exports.material import full_pack
from tests.make import LENA, NOW, OLGA, PEOPLE, answer_all, default_playbook, make_handover, name_of

BOOK = default_playbook()
TEXT = (
    "They *like* <https://x.example/a_b|the _plan_> &amp; 1. more\n- a list\n\n# no heading\n"
    "| no | table |\n&lt;b&gt; and <https://q.example/a_(b)>"
)
PACKS = {
    "smb": lambda: answer_all(make_handover(), text=TEXT),
    "mid-market": lambda: answer_all(make_handover(segment=Segment.MID_MARKET), text=TEXT),
    "enterprise": lambda: full_pack(20, 8),
}


def written(handover: Handover, form: str) -> bytes:
    brief = make_brief(handover, BOOK, LENA, NOW)
    match form:
        case "md":
            return brief_markdown(brief, name_of, BOOK).encode()
        case "docx":
            return brief_word(brief, name_of, BOOK)
        case _:
            return write_portable(portable(brief, name_of)).encode()


def read(handover: Handover, form: str) -> dict[str, Known]:
    people = {name: user for user, name in PEOPLE.items()}
    content = written(handover, form)
    match = read_content(f"brief.{form}", content, BOOK, askable(handover, BOOK), people)
    assert match.left == ""
    found, left = fitted(handover, BOOK, match.found)
    assert left == []
    return found


def plain(text: str) -> list[str]:
    """The words of a text, without what Word's paragraphs do to blank lines and bullets."""
    return re.findall(r"[^\s*_]+", text)


@pytest.mark.parametrize("form", ["md", "docx", "json"])
@pytest.mark.parametrize("pack", PACKS)
def test_a_brief_reads_back_whole(pack: str, form: str) -> None:
    handover = PACKS[pack]()
    found = read(handover, form)
    assert set(found) == set(handover.answers)
    for key, answer in handover.answers.items():
        known, question = found[key], BOOK.by_id[key]
        own = [record for record in handover.records if record.question == key]
        assert (known.verdict, known.given) == (answer.verdict, answer.given), key
        if own:
            kept = [(record.kind, record.details) for record in own]
            assert [(one.kind, one.details) for one in known.listed] == kept, key
            continue
        said = "\n".join(said.text.strip() for said in answer.said)
        assert question.records or plain(known.text) == plain(said), key
        assert form == "docx" or question.records or known.text.strip() == said, key


@pytest.mark.parametrize("form", ["md", "docx", "json"])
def test_none_and_i_dont_know_read_back(form: str) -> None:
    handover = make_handover(segment=Segment.MID_MARKET)
    said = Said(source="1795400000.000001", text="A few")
    for event in (
        e.AnswerGiven(at=NOW, by=OLGA, question="SN1", said=said),
        e.NoneDeclared(at=NOW, by=OLGA, question="SN1"),
        e.UnknownDeclared(at=NOW, by=OLGA, question="BG1"),
        e.NoneDeclared(at=NOW, by=OLGA, question="RK1"),
        e.NoneDeclared(at=NOW, by=OLGA, question="OI1"),
        e.UnknownDeclared(at=NOW, by=OLGA, question="CM1"),
    ):
        handover = advance(handover, event, BOOK).handover
    found = read(handover, form)
    verdicts = {key: known.verdict.value for key, known in found.items()}
    none, unknown = "none", "unknown"
    assert verdicts == {"SN1": none, "BG1": unknown, "RK1": none, "OI1": none, "CM1": unknown}
    assert found["SN1"].text == "A few"


def test_what_reads_back_and_is_confirmed_is_the_same_pack() -> None:
    old = answer_all(make_handover(segment=Segment.MID_MARKET), text=TEXT)
    new = make_handover(segment=Segment.MID_MARKET)
    event = e.FileRead(at=NOW, by=OLGA, piece="P1", file="F1", found=read(old, "md"))
    pasted = e.Pasted(at=NOW, by=OLGA, id="P1", text="old")
    new = advance(advance(new, pasted, BOOK).handover, event, BOOK).handover
    assert new.answers == {}
    assert prefill_of(new, BOOK.by_id["SN1"]) is not None
    own = tuple(key for key in old.answers if BOOK.by_id[key].asked_of == "outgoing")
    confirmed = e.PrefillConfirmed(at=NOW, by=OLGA, questions=own)
    new = advance(new, confirmed, BOOK).handover
    assert new.interviews[OLGA].current is None
    assert set(new.answers) == set(own)
    assert advance(new, confirmed, BOOK).handover is new
