"""What people have already is used again: pastes, files, an earlier handover, the incoming CSM."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.exports.markdown import brief_markdown
from bot.exports.word import brief_word
from bot.ids import Ref
from bot.sandbox import Message, Person
from flows.taking_over.brief import make_brief
from flows.taking_over.portable import portable, write_portable
from flows.terms import Segment
from tests.make import LENA, NOW, answer_all, default_playbook, make_handover, name_of
from tests.wire.knocking import knock, last_payload
from tests.wire.stage import Stage, asked, list_leaders, question, sqlite_url, staged

BOOK = default_playbook()
OK = 200
TOP = "What are the top 3 things to know about this account?"
NOTES = """\
# Northwind notes

## Top 3
They grow fast. The export bug costs trust. Ana decides.

## Health: amber

## Key contacts
- Ana Silva – head of support
- Bo Lee – buyer

## Weather
It rains a lot.
"""


def _paste(
    person: Person, card: Message, text: str = "", files: Mapping[str, bytes] | None = None
) -> None:
    card.click("Paste what you have")
    form = person.modal("Paste what you have")
    if text:
        form.fill("Paste what you have", text)
    for name, content in (files or {}).items():
        form.upload("Or add files", name, content)
    assert form.submit().closed


def test_pasted_notes_are_prefilled_and_count_once_confirmed(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        card = stage.start(segment="Mid-market")
        first = question(stage.olga, "1 of 32")
        _paste(stage.olga, card, NOTES)
        stage.olga.dm().wait("3 answers are prefilled. Please confirm as the questions come.")
        stage.until(lambda: "Confirm this answer" in first.buttons)
        assert "Prefilled, please confirm (pasted by you)" in first.text
        assert "The export bug costs trust" in first.text
        assert stage.stored().answers == {}
        assert "0 of 32 required answered" in card.text
        first.click("Confirm this answer")
        health = asked(stage.olga, "How healthy is the account")
        assert "Health: Amber: needs care" in health.text
        kept = stage.stored().answers["SN1"]
        assert (kept.by, kept.said[0].text) == (
            stage.olga.id,
            "They grow fast. The export bug costs trust. Ana decides.",
        )
        # Another answer takes the place of what was prefilled.
        health.click("Green: going well")
        health.reply("Two new teams since March")
        asked(stage.olga, "When is the renewal")
        assert stage.stored().answers["SN2"].given["health"].values == ("green",)
        piece = stage.stored().unsorted[0]
        assert piece.text == "Northwind notes\nWeather\nIt rains a lot."


def _brief(form: str) -> bytes:
    handover = answer_all(make_handover(segment=Segment.MID_MARKET), text="They grow fast.")
    brief = make_brief(handover, BOOK, LENA, NOW)
    match form:
        case "md":
            return brief_markdown(brief, name_of, BOOK).encode()
        case "docx":
            return brief_word(brief, name_of, BOOK)
        case _:
            return write_portable(portable(brief, name_of)).encode()


@pytest.mark.parametrize("form", ["md", "docx", "json"])
def test_an_earlier_brief_is_read_whole(tmp_path: Path, form: str) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        card = stage.start(segment="Mid-market")
        first = question(stage.olga, "1 of 32")
        _paste(stage.olga, card, files={f"old.{form}": _brief(form)})
        told = stage.olga.dm().wait(f"old.{form}: ")
        assert "answers are prefilled" in told.text
        assert len(stage.stored().prefilled) > 25
        stage.until(lambda: f"from old.{form}" in first.text)
        card.click("Fill this section as a form")
        section = stage.olga.modal("Fill this section")
        assert section.value(TOP) == "They grow fast."
        assert section.submit().closed
        stage.until(lambda: {"SN1", "SN2", "SN3"} <= set(stage.stored().answers))
        assert stage.stored().answers["SN2"].given["health"].values == ("green",)


def _bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 60_000_000)
    return file.getvalue()


BAD = {
    "a.docx": (b"PK no word at all", "not a Word document"),
    "b.docx": (_bomb(), "more than I can unpack"),
    "c.txt": (b"\xff\xfa\x00 caf\xe9", "characters of this file"),
    "d.md": (b"  \n", "This file is empty"),
    "e.json": (b'{"a": 1}', "not a brief of mine"),
    "f.pdf": (b"%PDF", "I read Word, Markdown"),
    "g.txt": (b"x" * 5_000_001, "more than I can read"),
}


def test_a_file_that_cannot_be_read_is_told_kindly_and_kept(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        card = stage.start(segment="Mid-market")
        files = {name: content for name, (content, _) in BAD.items()}
        _paste(stage.olga, card, "Weather: it rains", files)
        for name, (_content, words) in BAD.items():
            assert words in stage.olga.dm().wait(f"{name}: ").text
        kept = stage.stored().unsorted[0]
        assert [file.name for file in kept.files] == list(BAD)
        stage.until(lambda: "File what is unsorted" in card.buttons)
        card.click("File what is unsorted")
        pieces = stage.olga.modal("Unsorted")
        assert "a.docx" in pieces.text
        stage.olga.dm().wait("a.docx: ").click("Read it again")


def test_what_is_unsorted_is_filed_by_a_tap_or_dropped(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        card = stage.start(segment="Mid-market")
        question(stage.olga, "1 of 32")
        _paste(stage.olga, card, "They bought three times.")
        _paste(stage.olga, card, "Weather is fine.")
        stage.olga.dm().wait("Unsorted: 2 pieces")
        card.click("File what is unsorted")
        pieces = stage.olga.modal("Unsorted")
        pieces.click("File it")
        form = stage.olga.modal("File this piece")
        form.choose("Which question does it answer?", f"Snapshot: {TOP}")
        assert form.submit().closed
        asked(stage.olga, "How healthy is the account")
        assert stage.stored().answers["SN1"].said[0].text == "They bought three times."
        card.click("File what is unsorted")
        pieces = stage.olga.modal("Unsorted")
        pieces.click("Drop it")
        stage.until(lambda: "Nothing is unsorted any more" in pieces.text)
        assert stage.stored().unsorted == ()


def test_the_incoming_csm_may_go_first(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start(segment="Mid-market")
        first = question(stage.olga, "1 of 32")
        invitation = stage.ivan.dm().wait("Will you take Northwind over")
        assert "Write what you already know" not in invitation.buttons
        invitation.click("Accept handover")
        stage.until(lambda: "Write what you already know" in invitation.buttons)
        invitation.click("Write what you already know")
        form = stage.ivan.modal("What you already know")
        form.fill(TOP, "The CRM says they grow.")
        result = form.submit()
        assert result.modal is not None
        assert "Client background" in result.modal.text
        stage.ivan.modal().close()
        stage.until(lambda: "written by Ivan Petrov" in first.text)
        assert stage.stored().answers == {}
        first.click("Confirm this answer")
        asked(stage.olga, "How healthy is the account")
        assert stage.stored().answers["SN1"].by == stage.olga.id


def test_somebody_without_a_part_uploads_nothing(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start(segment="Mid-market")
        stage.ada.says("here", files=[("old.md", _brief("md"))])
        stage.hears(stage.ada, "Nothing is open for you here")
        assert stage.stored().prefilled == {}


def test_a_file_in_the_thread_is_read_beside_being_an_answer(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start(segment="Mid-market")
        question(stage.olga, "1 of 32").reply("See this", files=[("old.md", _brief("md"))])
        assert "answers are prefilled" in stage.olga.dm().wait("old.md: ").text
        assert stage.stored().answers["SN1"].said[0].files[0].name == "old.md"


def _again(stage: Stage) -> Message:
    """Northwind moves on from Ivan to Kim; Bea, who does not know of the first time, starts it."""
    kim = stage.slack.person("Kim Lee", tz="UTC")
    bea = stage.slack.person("Bea Moor", tz="UTC")
    stage.ada.types("/handover settings")
    settings = stage.ada.modal()
    settings.pick_person("Leaders", stage.lena, bea)
    assert settings.submit().closed
    bea.types("/handover start Northwind")
    form = stage.fill(bea.modal(), segment="Mid-market")
    form.pick_person("Outgoing CSM", stage.ivan)
    form.pick_person("Incoming CSM", kim)
    form.choose("Leader", "Bea Moor")
    result = form.submit()
    assert result.modal is not None, result
    assert result.modal.submit().closed
    return stage.ivan.dm().wait("Knowledge pack: Northwind")


def test_an_earlier_handover_is_offered_to_who_knows_of_it(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start(segment="Mid-market")
        question(stage.olga, "1 of 32").reply("They grow")
        asked(stage.olga, "How healthy is the account")
        stage.settle(stage.olga)
        card = _again(stage)
        assert "There is an earlier handover of Northwind, from " in card.text
        card.click("Use its answers")
        first = question(stage.ivan, "1 of 32")
        stage.until(lambda: "from the earlier handover" in first.text)
        stage.until(lambda: "Use its answers" not in card.buttons)
        first.click("Confirm this answer")
        asked(stage.ivan, "How healthy is the account")
        assert stage.stored().answers["SN1"].said[0].text == "They grow"


def test_an_earlier_handover_is_not_there_for_who_may_not_know(tmp_path: Path) -> None:
    with staged(sqlite_url(tmp_path)) as stage:
        list_leaders(stage)
        stage.start(segment="Mid-market")
        stage.settle(stage.olga)
        earlier = stage.stored().id
        card = _again(stage)
        # A new outgoing CSM, who never heard of the first time.
        dora = stage.slack.person("Dora Ray", tz="UTC")
        dora.types("/handover start Northwind")
        form = stage.fill(dora.modal(), segment="Mid-market")
        result = form.submit()
        assert result.modal is not None, result
        assert result.modal.submit().closed
        hers = dora.dm().wait("Knowledge pack: Northwind")
        assert "earlier" not in hers.text
        assert "Use its answers" in card.buttons
        card.click("Use its answers")
        stage.until(lambda: "Use its answers" not in card.buttons)
        # What she was never shown, she asks for all the same.
        forged = last_payload(stage)
        mine = stage.stored().id
        forged["user"]["id"] = dora.id
        forged["actions"][0]["value"] = Ref(h=mine, v=earlier).dump()
        forged["actions"][0]["action_ts"] = "1795400001.000001"
        assert knock(stage, forged) == OK
        assert stage.stored().id == mine
        assert stage.stored().prefilled == {}
