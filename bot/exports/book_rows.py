"""The accounts of a book as CSV, as one reader may know of them."""

import csv
import io

from bot.exports.spreadsheet import harmless
from bot.views import people
from bot.views.books import table as book_table
from bot.views.books.scene import BookScene
from bot.views.rows import Row
from bot.views.slack_text import Surface, one_line
from bot.views.words import SEGMENTS, stage
from flows.knowledge.interview import progress
from flows.terms import Role
from flows.texts.pieces import approved_texts

COLUMNS = (
    "Account",
    "Segment",
    "Incoming CSM",
    "Stage",
    "Required answered",
    "Required",
    "Texts approved",
    "Texts sent",
    "Lead now",
    "Risk",
    "Waits for",
)


def book_csv(scene: BookScene) -> bytes:
    """The file's bytes: UTF-8 with its mark and CRLF, and nothing that a spreadsheet calculates."""
    text = io.StringIO()
    sheet = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")
    sheet.writeheader()
    for row in book_table.in_order(scene):
        cells = _cells(scene, row)
        sheet.writerow({column: harmless(str(cell)) for column, cell in cells.items()})
    return text.getvalue().encode("utf-8-sig")


def _cells(scene: BookScene, row: Row) -> dict[str, str | int]:
    handover = row.handover
    done = progress(handover, row.playbook, Role.OUTGOING)
    lead = people.lead_line(handover, scene.names, Surface.PLAIN)
    return {
        "Account": one_line(handover.account, Surface.PLAIN, scene.names),
        "Segment": SEGMENTS[handover.segment],
        "Incoming CSM": book_table.taker(scene, handover, Surface.PLAIN),
        "Stage": stage(handover, row.playbook),
        "Required answered": done.answered,
        "Required": done.required,
        "Texts approved": approved_texts(handover)[0],
        "Texts sent": len({each.key for each in handover.sending.sent}),
        "Lead now": lead.partition(": ")[2],
        "Risk": book_table.risk(scene, handover),
        "Waits for": "; ".join(book_table.waits(scene, row, Surface.PLAIN)),
    }
