"""A Word document as an outline. It is looked at before it is opened: a small file may hold much.

No address in it is ever fetched, and nothing outside the document is read.
"""

import io
import zipfile
from collections.abc import Iterator

from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table, _Cell
from docx.text.hyperlink import Hyperlink
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from bot.imports.trouble import UnreadableError
from bot.views.slack_text import cleaned, escaped, from_form
from flows.known.outline import Outline, Piece, Shape

MOST_UNPACKED = 30_000_000
MOST_MEMBERS = 2000
_PIECE = 65_536
_OURS = frozenset({"Overline", "Title", "Subtitle", "Status", "Callout", "Contents"})
"""The head of a brief: what is in it stands elsewhere."""


def outline_of_word(content: bytes) -> Outline:
    """The body's paragraphs and tables. Raises UnreadableError."""
    _check(content)
    try:
        document = Document(io.BytesIO(content))
        pieces = tuple(_pieces(document.iter_inner_content()))
    except (KeyError, ValueError, PackageNotFoundError, SyntaxError, zipfile.BadZipFile) as error:
        raise UnreadableError("not_word") from error
    return Outline(pieces=pieces)


def _check(content: bytes) -> None:
    """Whether it is a document, and not too much when it is unpacked."""
    try:
        fits, is_word = _unpacked(content)
    except Exception as error:  # a broken stream raises whatever its packing does
        raise UnreadableError("not_word") from error
    if not fits:
        raise UnreadableError("file_unpacks")
    if not is_word:
        raise UnreadableError("not_word")


def _unpacked(content: bytes) -> tuple[bool, bool]:
    """Whether it stays within bounds and holds a document; what a file says of its size is not
    believed, so bytes are counted while they are unpacked.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members, room = archive.infolist(), MOST_UNPACKED
        if len(members) > MOST_MEMBERS:
            return False, True
        for member in members:
            with archive.open(member) as packed:
                while room >= 0 and (piece := packed.read(_PIECE)):
                    room -= len(piece)
            if room < 0:
                return False, True
        return True, "word/document.xml" in archive.namelist()


def _pieces(blocks: Iterator[Paragraph | Table]) -> Iterator[Piece]:
    for block in blocks:
        if isinstance(block, Table):
            if block.style and block.style.style_id == "Facts":
                continue
            rows = tuple(tuple(_cell(cell) for cell in row.cells) for row in block.rows)
            yield Piece(shape=Shape.TABLE, rows=rows)
        elif block.text.strip() and _style(block) not in _OURS:
            yield _paragraph(block)


def _paragraph(paragraph: Paragraph) -> Piece:
    named, text = _style(paragraph), _stored(paragraph, looks=True)
    if named.startswith("Heading") and named.removeprefix("Heading").isdigit():
        return Piece(shape=Shape.HEADING, text=text, level=int(named.removeprefix("Heading")))
    if named.startswith("SaidBy"):
        return Piece(shape=Shape.ASIDE, text=text)
    if named.startswith("List"):
        return Piece(shape=Shape.ITEM, text=text)
    return Piece(shape=Shape.TEXT, text=text)


def _style(paragraph: Paragraph) -> str:
    return (paragraph.style.style_id if paragraph.style else None) or ""


def _cell(cell: _Cell) -> str:
    return "\n".join(_stored(paragraph) for paragraph in cell.paragraphs).strip()


def _stored(paragraph: Paragraph, *, looks: bool = False) -> str:
    """The paragraph's text; with `looks`, what is bold or italic is marked as Slack does."""
    pieces = (
        _linked(piece) if isinstance(piece, Hyperlink) else _run(piece, looks=looks)
        for piece in paragraph.iter_inner_content()
    )
    return "".join(pieces).strip()


def _run(run: Run, *, looks: bool) -> str:
    text = from_form(cleaned(run.text))
    mark = "*" if run.bold else "_" if run.italic else ""
    return f"{mark}{text}{mark}" if looks and mark and text.strip() == text else text


def _linked(link: Hyperlink) -> str:
    words, address = cleaned(link.text), link.url
    if not address.startswith(("http://", "https://", "mailto:")):
        return escaped(words)
    shortened = words.endswith("…") and address.startswith(words[:-1])
    if words == address or shortened:
        return f"<{escaped(address)}>"
    return f"<{escaped(address)}|{escaped(words)}>"
