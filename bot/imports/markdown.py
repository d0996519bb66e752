"""Markdown and plain text as an outline, in the stored form of texts.

Nothing is ever fetched: an address in a text stays an address.
"""

import re
from collections.abc import Iterator

from bot.views.slack_text import cleaned, escaped, from_form
from flows.known.outline import Outline, Piece, Shape

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
_ITEM = re.compile(r"(\s*)(?:[-*+•]|\d{1,3}[.)])\s+(.*)$")
_ASIDE = re.compile(r"_(?:Said|Pasted) by (?:[^_\\]|\\.)*_$")
_STRONG = re.compile(r"\*\*((?:[^*\\]|\\.)+)\*\*$")
_ROW = re.compile(r"\s*\|(.*)\|\s*$")
_RULE = re.compile(r"[\s|:=_-]{3,}$")
_CELLS = re.compile(r"(?<!\\)\|")
_TOKEN = re.compile(
    r"\[(?P<words>(?:[^\[\]\\]|\\.)*)\]\((?P<url>[^()\s]+)\)"
    r"|\\(?P<plain>[!-/:-@\[-`{-~])"
    r"|\*\*(?P<bold>(?:[^*\\]|\\.)+)\*\*"
)
_WRITTEN = {f"%{ord(c):02X}": c for c in "()*_~[]`"}


def outline_of_markdown(text: str) -> Outline:
    """A text as its pieces. Without a single Markdown heading it is read as plain lines."""
    lines = cleaned(text).split("\n")
    marked = any(_HEADING.match(line) for line in lines)
    return Outline(pieces=tuple(_marked(lines) if marked else _plain(lines)))


def _plain(lines: list[str]) -> Iterator[Piece]:
    for line in lines:
        if not line.strip():
            continue
        row, item = _ROW.match(line), _ITEM.match(line)
        if row and _RULE.match(line):
            continue
        if item:
            level = min(len(item[1]) // 2, 1)
            yield Piece(shape=Shape.ITEM, text=from_form(item[2].strip()), level=level)
        else:
            yield Piece(shape=Shape.TEXT, text=from_form(line.strip()))


def _marked(lines: list[str]) -> Iterator[Piece]:
    gathered: list[str] = []
    rows: list[tuple[str, ...]] = []
    for line in [*lines, ""]:
        row = _ROW.match(line)
        if rows and not row:
            yield Piece(shape=Shape.TABLE, rows=tuple(rows))
            rows = []
        piece = _one(line)
        if gathered and (piece or row or not line):
            yield from _paragraph(gathered)
            gathered = []
        if row:
            cells = tuple(stored(cell.strip()) for cell in _CELLS.split(row[1]))
            rows += [] if _RULE.match(line) else [cells]
        elif piece:
            yield piece
        elif line:
            gathered.append(line)


def _one(line: str) -> Piece | None:
    """A line that is a piece by itself."""
    if heading := _HEADING.match(line):
        return Piece(shape=Shape.HEADING, text=stored(heading[2]), level=len(heading[1]))
    if item := _ITEM.match(line):
        strong = _STRONG.match(item[2])
        text = stored(strong[1] if strong else item[2].strip())
        level = min(len(item[1]) // 2, 1)
        return Piece(shape=Shape.ITEM, text=text, level=level, strong=bool(strong))
    if _ASIDE.match(line):
        return Piece(shape=Shape.ASIDE, text=stored(line))
    return None


def _paragraph(lines: list[str]) -> Iterator[Piece]:
    """A paragraph; who said it may stand behind its one line."""
    text = "\n".join(line.rstrip() for line in lines)
    aside = re.search(r" (_Said by (?:[^_\\]|\\.)*_)$", text) if len(lines) == 1 else None
    if aside:
        text = text[: aside.start()]
    if text.strip():
        yield Piece(shape=Shape.TEXT, text=stored(text))
    if aside:
        yield Piece(shape=Shape.ASIDE, text=stored(aside[1]))


def stored(text: str) -> str:
    """Markdown's own escapes and links in the form in which Slack's messages are stored."""
    done, pieces = 0, []
    for match in _TOKEN.finditer(text):
        pieces.append(from_form(text[done : match.start()]))
        pieces.append(_token(match))
        done = match.end()
    return "".join([*pieces, from_form(text[done:])])


def _token(match: re.Match[str]) -> str:
    if match["plain"]:
        return escaped(match["plain"])
    if match["bold"]:
        return f"*{stored(match['bold'])}*"
    words = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", match["words"])
    url = match["url"]
    if not url.startswith(("http://", "https://", "mailto:", "tel:")):
        return escaped(words)
    for code, char in _WRITTEN.items():
        url = url.replace(code, char)
    if words in (url, match["url"]):
        return f"<{escaped(url)}>"
    return f"<{escaped(url)}|{escaped(words)}>"
