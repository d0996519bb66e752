"""A file of accounts as a sheet, whatever program wrote it and in whatever characters."""

import codecs
import re

from charset_normalizer import from_bytes

from bot.imports.trouble import UnreadableError
from bot.payloads import storable
from bot.views.slack_text import cleaned
from flows.books.sheets import Sheet, read_table
from flows.errors import FlowError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ELSEWHERE = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b")
"""How spreadsheets, documents, pictures and archives begin."""
_WRITTEN = [f"cp{1250 + at}" for at in (2, 0, 1, 3, 4, 5, 6, 7)]
_WRITTEN += ["cp932", "gb18030", "big5", "cp949"]
"""What spreadsheets write where they do not write Unicode."""
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f]")
_SAMPLE = 20_000


def read_sheet(name: str, content: bytes) -> Sheet:
    """A file's lines and cells. Raises UnreadableError with what is in the way."""
    if not content.strip():
        raise UnreadableError("file_empty")
    if content.startswith(_ELSEWHERE):
        raise UnreadableError("not_csv")
    text = _text(content)
    if _CONTROLS.search(text[:_SAMPLE]):
        raise UnreadableError("not_csv")
    try:
        return read_table(str(storable(cleaned(text))), name)
    except FlowError as error:
        raise UnreadableError(error.code) from error


def _text(content: bytes) -> str:
    """The characters, as the file says itself, else as most of what people send is written."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _decoded(content, encoding)
    if b"\x00" in content[:_SAMPLE]:
        # Without a mark: half of what is mostly Latin letters is zero, in UTF-16.
        return _decoded(content, "utf-16-le" if content[1:2] == b"\x00" else "utf-16-be")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        found = from_bytes(content[:_SAMPLE], cp_isolation=_WRITTEN).best()
    return _decoded(content, found.encoding if found else "cp1252", instead="latin-1")


def _decoded(content: bytes, encoding: str, instead: str = "") -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        if instead:
            return content.decode(instead)
        raise UnreadableError("file_encoding") from error
