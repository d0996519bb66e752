"""A Word document as a sheet of paper: styles, running lines, and how words get onto it.

What it is made of are Word's own styles, so that a screen reader finds headings and tables, and who
wants another look changes a style. Elements are built directly: python-docx looks every style up by
its name, which takes longer than all the rest.
"""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from bot.exports.word_styles import WIDTH, template
from bot.views.slack_text import cleaned

_NOT_XML = re.compile("[\ufffe\uffff]")
_WHOLE = 400
_BREAKS = re.compile("(\n|\t)")
_BREAK_TAGS = {"\n": "w:br", "\t": "w:tab"}


@dataclass(frozen=True)
class Run:
    """Some text in one look; a link when there is an address, within the document with `#`."""

    text: str
    bold: bool = False
    italic: bool = False
    address: str = ""


Line = Sequence[Run]
"""The runs of one paragraph."""


@dataclass(frozen=True)
class Cell:
    """A table's cell: a paragraph a line."""

    lines: Sequence[Line]


def length(cell: Cell) -> int:
    """How many characters its longest paragraph has."""
    return max((sum(len(run.text) for run in runs) for runs in cell.lines), default=0)


def words(text: str, *, bold: bool = False) -> Line:
    """A line in one look."""
    return (Run(text, bold),)


class Page:
    """A document under way; `bytes` when it is done."""

    def __init__(self, title: str, subject: str, made_at: datetime) -> None:
        self._document = Document(io.BytesIO(template()))
        self._bookmarks = 0
        self._end = self._document.element.body.sectPr
        self._links: dict[str, str] = {}
        known = self._document.core_properties
        known.title, known.subject = _xml(title), _xml(subject)
        known.author = known.last_modified_by = "Handover"
        known.comments = known.keywords = known.category = ""
        known.language = "en"
        known.created = known.modified = made_at.astimezone(UTC).replace(tzinfo=None)

    def running(self, left: str, right: str, foot: str) -> None:
        """The lines above and below every page; the first has its title for the upper one."""
        section = self._document.sections[0]
        section.different_first_page_header_footer = True
        self._pair(section.header.paragraphs[0]._p, words(left), words(right))  # noqa: SLF001
        for footer in (section.footer, section.first_page_footer):
            line = footer.paragraphs[0]._p  # noqa: SLF001
            self._pair(line, words(foot), ())
            for text, counted in (("Page ", "PAGE"), (" of ", "NUMPAGES")):
                self._runs(line, words(text))
                line.append(_counter(counted))

    def say(self, line: Line, style: str = "BodyText") -> None:
        """A paragraph."""
        self._end.addprevious(self._paragraph(line, style))

    def heading(self, text: str, level: int, mark: str = "") -> None:
        """A heading; with a `mark`, links find it."""
        paragraph = self._paragraph(words(text), f"Heading{level}")
        if mark:
            self._bookmarks += 1
            number = str(self._bookmarks)
            start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
            for element in (start, end):
                element.set(qn("w:id"), number)
            start.set(qn("w:name"), mark)
            paragraph.insert(1, start)
            paragraph.append(end)
        self._end.addprevious(paragraph)

    def table(
        self,
        heads: Sequence[str],
        rows: Iterable[Sequence[Cell]],
        about: str,
        shares: Sequence[int],
    ) -> None:
        """A table whose head is repeated on every page; `about` is told to a screen reader.

        `shares` say how wide the columns are beside each other.
        """
        widths = [WIDTH * share // sum(shares) for share in shares]
        table = _table("Records", about, widths, head=bool(heads))
        if heads:
            cells = [Cell((words(head),)) for head in heads]
            table.append(self._row(cells, widths, "TableHead", head=True))
        for row in rows:
            table.append(self._row(row, widths, "TableText"))
        self._end.addprevious(table)
        self._end.addprevious(self._paragraph((), "AfterTable"))

    def facts(self, rows: Iterable[tuple[str, Line]], about: str) -> None:
        """Labels with their words beside them."""
        widths = [WIDTH * 3 // 14, WIDTH - WIDTH * 3 // 14]
        table = _table("Facts", about, widths, head=False)
        for label, line in rows:
            cells = (Cell((words(label, bold=True),)), Cell((line,)))
            table.append(self._row(cells, widths, "TableText"))
        self._end.addprevious(table)
        self._end.addprevious(self._paragraph((), "AfterTable"))

    def bytes(self) -> bytes:
        """The file."""
        file = io.BytesIO()
        self._document.save(file)
        return file.getvalue()

    def _row(
        self, cells: Sequence[Cell], widths: Sequence[int], style: str, *, head: bool = False
    ) -> BaseOxmlElement:
        row, properties = OxmlElement("w:tr"), OxmlElement("w:trPr")
        if max(length(cell) for cell in cells) < _WHOLE:
            # A longer one might not fit on any page.
            properties.append(OxmlElement("w:cantSplit"))
        if head:
            properties.append(OxmlElement("w:tblHeader"))
        row.append(properties)
        for cell, width in zip(cells, widths, strict=True):
            box, known = OxmlElement("w:tc"), OxmlElement("w:tcPr")
            known.append(_wide("w:tcW", width))
            box.append(known)
            for line in cell.lines or ((),):
                box.append(self._paragraph(line, style))
            row.append(box)
        return row

    def _paragraph(self, line: Line, style: str) -> BaseOxmlElement:
        paragraph, properties = OxmlElement("w:p"), OxmlElement("w:pPr")
        properties.append(_named("w:pStyle", style))
        paragraph.append(properties)
        self._runs(paragraph, line)
        return paragraph

    def _pair(self, paragraph: BaseOxmlElement, left: Line, right: Line) -> None:
        """What stands left and right of one line, with the tab between that the style stops."""
        self._runs(paragraph, (*left, Run("\t"), *right))

    def _runs(self, paragraph: BaseOxmlElement, line: Line) -> None:
        for run in line:
            text = _xml(run.text)
            if not text:
                continue
            written = _run(replace(run, text=text))
            paragraph.append(self._linked(written, run.address) if run.address else written)

    def _linked(self, written: BaseOxmlElement, address: str) -> BaseOxmlElement:
        link = OxmlElement("w:hyperlink")
        if address.startswith("#"):
            link.set(qn("w:anchor"), address[1:])
        else:
            link.set(qn("r:id"), self._relation(_xml(address)))
        link.append(written)
        return link

    def _relation(self, address: str) -> str:
        if address not in self._links:
            part = self._document.part
            self._links[address] = part.relate_to(
                address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True
            )
        return self._links[address]


def _run(run: Run) -> BaseOxmlElement:
    written, properties = OxmlElement("w:r"), OxmlElement("w:rPr")
    if run.address:
        properties.append(_named("w:rStyle", "Hyperlink"))
    for tag, on in (("w:b", run.bold), ("w:i", run.italic)):
        if on:
            properties.append(OxmlElement(tag))
    if len(properties):
        written.append(properties)
    for piece in _BREAKS.split(run.text):
        if piece in _BREAK_TAGS:
            written.append(OxmlElement(_BREAK_TAGS[piece]))
        elif piece:
            text = OxmlElement("w:t")
            text.text = piece
            text.set(qn("xml:space"), "preserve")
            written.append(text)
    return written


def _counter(field_code: str) -> BaseOxmlElement:
    """A number that Word counts, with one to show until it has."""
    counter = OxmlElement("w:fldSimple")
    counter.set(qn("w:instr"), field_code)
    counter.append(_run(Run("1")))
    return counter


def _table(style: str, about: str, widths: Sequence[int], *, head: bool) -> BaseOxmlElement:
    table, properties, grid = (OxmlElement(f"w:{name}") for name in ("tbl", "tblPr", "tblGrid"))
    look, layout = OxmlElement("w:tblLook"), OxmlElement("w:tblLayout")
    for edge in ("firstRow", "lastRow", "firstColumn", "lastColumn", "noHBand", "noVBand"):
        on = (edge == "firstRow" and head) or edge.startswith("no")
        look.set(qn(f"w:{edge}"), "1" if on else "0")
    layout.set(qn("w:type"), "fixed")
    named, told = _named("w:tblStyle", style), _named("w:tblCaption", _xml(about))
    for element in (named, _wide("w:tblW", sum(widths)), layout, look, told):
        properties.append(element)
    for column in widths:
        measured = OxmlElement("w:gridCol")
        measured.set(qn("w:w"), str(column))
        grid.append(measured)
    table.append(properties)
    table.append(grid)
    return table


def _named(tag: str, value: str) -> BaseOxmlElement:
    element = OxmlElement(tag)
    element.set(qn("w:val"), value)
    return element


def _wide(tag: str, twips: int) -> BaseOxmlElement:
    element = OxmlElement(tag)
    element.set(qn("w:w"), str(twips))
    element.set(qn("w:type"), "dxa")
    return element


def _xml(text: str) -> str:
    """A text without what XML cannot hold."""
    return _NOT_XML.sub("", cleaned(text))
