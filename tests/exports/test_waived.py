"""What a leader let be stands in every form of the brief, with who and why."""

import csv
import io

import docx

from bot.exports.markdown import brief_markdown
from bot.exports.spreadsheet import brief_csv
from bot.exports.word import brief_word
from bot.views.taking_over.brief import brief_message
from flows import events as e
from flows.advance import advance
from flows.end.endings import Open
from flows.nudges.ruling import Ruling
from flows.taking_over.brief import Brief, make_brief
from tests.make import LENA, NOW, answer_all, default_playbook, make_handover, name_of

BOOK = default_playbook()
SAID = (
    ("The lead is not switched yet", "The customer asked & we wait"),
    ("Internal handover call", "We spoke in the corridor"),
)


def brief(*, waived: bool = True) -> Brief:
    handover = answer_all(make_handover())
    if waived:
        why = "The customer asked &amp; we wait"
        event = e.PointWaived(at=NOW, by=LENA, what=Open.LEAD, why=why)
        handover = advance(handover, event, BOOK).handover
        ruling = Ruling(by=LENA, at=NOW, waived=True, why="We spoke in the corridor")
        handover = handover.model_copy(update={"rulings": {"milestone:call": ruling}})
    return make_brief(handover, BOOK, LENA, NOW)


def forms(known: Brief) -> list[str]:
    word = docx.Document(io.BytesIO(brief_word(known, name_of, BOOK)))
    rows = csv.reader(io.StringIO(brief_csv(known, name_of, BOOK).decode("utf-8-sig")))
    message = brief_message(known, name_of, BOOK, LENA)
    return [
        brief_markdown(known, name_of, BOOK).replace("\\", ""),
        "\n".join(paragraph.text for paragraph in word.paragraphs),
        "\n".join(" ".join(row) for row in rows),
        "\n".join(b["text"]["text"] for b in message.blocks if b["type"] == "section"),
    ]


def test_what_was_let_be_stands_in_every_form() -> None:
    for text in forms(brief()):
        plain = text.replace("&amp;", "&")
        assert "Waived" in plain
        assert "Lena" in plain
        for what, why in SAID:
            assert what.lower() in plain.lower()
            assert why in plain


def test_where_nothing_was_let_be_nothing_says_so() -> None:
    for text in forms(brief(waived=False)):
        assert "Waived" not in text
