"""The brief as CSV: a row for every answer, record, document and pasted piece.

UTF-8 with its mark and CRLF, for that is what Excel opens as it is. A cell that a spreadsheet would
take for a formula gets an apostrophe in front, as people type it there themselves.
"""

import csv
import io
from collections.abc import Iterator

from bot.exports.writer import ASKED, Writer
from bot.views import people
from bot.views.slack_text import Names, Surface, render
from bot.views.waived import WAIVED, Let
from bot.views.words import VERDICTS, given, labelled, quality, value
from flows.handover import Ask, Record, Unsorted, Verdict
from flows.knowledge.ledger import Document
from flows.playbook import Playbook
from flows.taking_over.brief import Brief, Entry, Section

COLUMNS = (
    "Section",
    "What",
    "Question id",
    "Question or title",
    "Answer",
    "Details",
    "Link",
    "Files",
    "Said by",
    "On",
    "Complete",
    "How sure",
    "Remarks",
    "Account",
    "Version",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_SURFACE = Surface.PLAIN
Row = dict[str, str]


def brief_csv(brief: Brief, names: Names, playbook: Playbook) -> bytes:
    """The file's bytes."""
    text = io.StringIO()
    sheet = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\r\n")
    sheet.writeheader()
    whole = {
        "Account": people.account(brief.handover, names, _SURFACE),
        "Version": str(brief.version),
    }
    for row in _Rows(brief, names, playbook).all():
        sheet.writerow({column: harmless(words) for column, words in (row | whole).items()})
    return text.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """A cell that no spreadsheet calculates."""
    blank = cell.lstrip(" \u00a0\u200b\ufeff")
    return f"'{cell}" if blank.startswith(_FORMULA) else cell


class _Rows(Writer):
    """The rows in the order of the document."""

    def all(self) -> Iterator[Row]:
        for part in self.brief.sections:
            yield from self._section(part)
        yield from (self._asked(ask) for ask in self.brief.asked)
        yield from ({"Section": "Unsorted"} | self._piece(p) for p in self.brief.unsorted)
        yield from (self._let_be(one) for one in self.waived(_SURFACE))

    def _section(self, part: Section) -> Iterator[Row]:
        rows: list[Row] = [self._answer(entry) for entry in part.entries]
        rows += [self._record(record) for record in part.records]
        rows += [self._document(document) for document in part.documents]
        rows += [self._piece(piece) for piece in part.pieces]
        yield from ({"Section": part.title} | row for row in rows)

    def _answer(self, entry: Entry) -> Row:
        parts = [
            labelled(part.label, given(part, entry.given[part.key], self.names, _SURFACE))
            for part in entry.question.parts
            if part.key in entry.given
        ]
        verdict = [] if entry.verdict is Verdict.GIVEN else [f"{VERDICTS[entry.verdict]}."]
        texts = [self._plain(text) for text in self.texts(entry)]
        return {
            "What": "Answer",
            "Question id": entry.question.id,
            "Question or title": entry.question.text,
            "Answer": "\n".join([*verdict, *texts]),
            "Details": "; ".join(parts),
            "Files": ", ".join(file.name for file in entry.files),
            "Said by": self._person(entry.by),
            "On": self.answered(entry),
            "Complete": "no" if entry.open else "yes",
            "How sure": "" if entry.verdict is Verdict.UNKNOWN else entry.sureness.value,
            "Remarks": "; ".join(quality(entry, self.names, _SURFACE)),
        }

    def _record(self, record: Record) -> Row:
        head, *rest = self.details(record, _SURFACE, None) or [("", "")]
        return {
            "What": self.playbook.specs[record.kind].one.capitalize(),
            "Question id": record.question,
            "Question or title": head[1],
            "Details": "; ".join(labelled(label, words) for label, words in rest),
            "Link": record.details.get("link", ""),
            "Said by": self._person(record.by),
            "On": self.day(record.at),
        }

    def _document(self, document: Document) -> Row:
        notes = [
            labelled(part.label, value(part, text, self.names, _SURFACE))
            for part, text in self.notes(document)
        ]
        return {
            "What": "Document",
            "Question id": document.question,
            "Question or title": self._plain(document.title),
            "Details": "; ".join(notes),
            "Link": document.link,
        }

    def _asked(self, ask: Ask) -> Row:
        return {
            "Section": ASKED,
            "What": "Answer",
            "Question id": ask.about,
            "Question or title": self._plain(ask.text),
            "Answer": self._plain(ask.reply),
            "Said by": self._person(ask.to),
            "On": self.day(ask.at),
        }

    def _let_be(self, one: Let) -> Row:
        return {
            "Section": WAIVED,
            "What": WAIVED,
            "Question or title": one.what,
            "Details": one.why,
            "Said by": one.by,
            "On": self.day(one.at),
        }

    def _piece(self, piece: Unsorted) -> Row:
        quoted = piece.quoted
        brought = "Added" if piece.question else "Pasted"
        return {
            "What": "From Slack" if quoted else brought,
            "Question id": piece.question,
            "Answer": self._plain(piece.text),
            "Details": self._plain(piece.note),
            "Link": quoted.link if quoted else "",
            "Files": ", ".join(file.name for file in piece.files),
            "Said by": self._person(quoted.author if quoted else piece.by),
            "On": self.day(quoted.at if quoted else piece.at),
        }

    def _plain(self, text: str) -> str:
        return render(text, _SURFACE, self.names)

    def _person(self, user: str) -> str:
        return people.person(user, self.names, _SURFACE)
