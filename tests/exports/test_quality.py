"""How good an answer is stands beside it, in every form of the brief and on the reading page."""

import csv
import io
import json
from datetime import date, timedelta

import docx

from bot.exports.markdown import brief_markdown
from bot.exports.spreadsheet import brief_csv
from bot.exports.word import brief_word
from bot.views.messages import build
from bot.views.taking_over.brief import brief_message
from flows import events as e
from flows.effects import Kind
from flows.handover import Acceptance, Handover
from flows.taking_over.brief import Brief, make_brief
from flows.taking_over.portable import portable, read_portable, write_portable
from flows.taking_over.reading import pages
from flows.terms import How, Sureness
from tests.make import IVAN, LENA, NOW, OLGA, default_playbook, make_handover, name_of, reply
from tests.views.scenes import make_scene

DUE = date(2026, 11, 25)
MARKS = (
    "a guess",
    "short answer",
    "heard from Sam & Lee on a call, Mon 23 Nov 2026",
    "Kim is asked, by Wed 25 Nov 2026",
)


def told() -> Handover:
    """Olga guesses S2, is short on S3, has heard S4, and asks about S5."""
    at = {"at": NOW + timedelta(minutes=9), "by": OLGA}
    asks = [
        e.SomebodyAsked(**at, id=f"A{key}", question=key, text="?", due=DUE, **who)
        for key, who in (("S4", {"whom": "Sam &amp; Lee"}), ("S5", {"whom": "Kim"}))
    ]
    heard = {"who": "Sam &amp; Lee", "on": date(2026, 11, 23), "how": How.CALL}
    return make_handover(
        [
            reply("S1", "Three things"),
            e.ValueGiven(**at, question="S1", part="health", given={"values": ["red"]}),
            reply("S2", "Dentists, 40 of them", minutes=2),
            e.SurenessGiven(**at, question="S2", sureness=Sureness.GUESS),
            reply("S3", "ok", minutes=3),
            e.AnswerKept(**at, question="S3"),
            e.UnknownDeclared(**at, question="S4"),
            e.UnknownDeclared(**at, question="S5"),
            *asks,
            e.AnswerRecorded(**at, ask="AS4", text="One outage", **heard),
        ]
    )


def brief() -> Brief:
    return make_brief(told(), default_playbook(), LENA, NOW)


def test_every_form_says_it_of_these_and_of_no_others() -> None:
    book = default_playbook()
    sheet = brief_csv(brief(), name_of, book).decode("utf-8-sig")
    word = docx.Document(io.BytesIO(brief_word(brief(), name_of, book)))
    forms = {
        "message": json.dumps(brief_message(brief(), name_of, book, LENA, canvas=False).blocks),
        "markdown": brief_markdown(brief(), name_of, book),
        "csv": sheet,
        "word": "\n".join(paragraph.text for paragraph in word.paragraphs),
    }
    for form, text in forms.items():
        plain = text.replace("\\u00e4", "ä").replace("&amp;", "&").replace("\\&", "&")
        assert [(form, mark, plain.count(mark)) for mark in MARKS if plain.count(mark) != 1] == []
    rows = {row["Question id"]: row for row in csv.DictReader(io.StringIO(sheet))}
    found = {key: (rows[key]["How sure"], rows[key]["Remarks"]) for key in ("S1", "S2", "S3")}
    assert found == {
        "S1": ("know", ""),
        "S2": ("guess", "a guess"),
        "S3": ("know", "short answer"),
    }


def test_it_is_data_that_can_be_read_back() -> None:
    found = read_portable(write_portable(portable(brief(), name_of)))
    answers = {a.question: a for section in found.sections for a in section.answers}
    assert answers["S2"].sureness is Sureness.GUESS
    assert answers["S3"].short
    assert [heard.how for heard in answers["S4"].heard] == [How.CALL]
    assert (answers["S1"].sureness, answers["S1"].short, answers["S1"].heard) == (
        *(Sureness.KNOW, False),
        (),
    )


def test_the_reading_page_says_it_too() -> None:
    book, handover = default_playbook(), told()
    seen = ""
    handover = handover.model_copy(update={"acceptance": Acceptance.ACCEPTED})
    for page in range(1, len(pages(handover, book, IVAN, NOW)) + 1):
        reading = handover.reading.model_copy(update={"page": page})
        turned = handover.model_copy(update={"reading": reading})
        message = build(Kind.READING, "", make_scene(turned, IVAN))
        assert message is not None
        seen += message.text
    seen = seen.replace("&amp;", "&")
    assert [mark for mark in MARKS if mark not in seen] == []
