"""What a person reads who opens a file: text as it is, of an office document its words."""

import io
import re
import zipfile
from html import unescape

_ZIP = b"PK\x03\x04"
_LINE_END = re.compile(r"</w:p>|<w:br/>|<w:tab/>|</w:tc>")
_TAG = re.compile(r"<[^>]*>")


def readable(content: bytes) -> str:
    """All the words, those of hidden properties and the addresses of links too."""
    if not content.startswith(_ZIP):
        return content.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(content)) as office:
        parts = {name: office.read(name) for name in office.namelist() if _holds_words(name)}
    return "\n".join(_words(name, part.decode(errors="replace")) for name, part in parts.items())


def _holds_words(name: str) -> bool:
    """Styles, settings and themes say nothing."""
    return name.startswith(("docProps", "word/_rels", "word/document", "word/foot", "word/head"))


def _words(name: str, xml: str) -> str:
    text = xml if name.endswith(".rels") else _TAG.sub("", _LINE_END.sub("\n", xml))
    return unescape(text)
