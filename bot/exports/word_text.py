"""Typed texts as Word's paragraphs: links stay links, lists become lists, *bold* becomes bold."""

import re
from collections.abc import Iterator

from bot.exports.word_page import Line, Run
from bot.views.slack_text import Names, Piece, cleaned, pieces

_BULLET = re.compile(r"\s*[•◦▪*-]\s+(?=\S)")
_LOOKS = re.compile(
    r"(?<![\w*_])(?:\*(?P<bold>\S|\S[^*\n]*?\S)\*|_(?P<italic>\S|\S[^_\n]*?\S)_)(?![\w*_])"
)
_LONGEST_ADDRESS = 60


def paragraphs(text: str, names: Names) -> Iterator[tuple[str, Line]]:
    """The style and the runs of each paragraph of a stored text; an empty line parts two."""
    gathered: list[Run] = []
    for typed in (*cleaned(text).split("\n"), ""):
        bullet = _BULLET.match(typed)
        if gathered and (bullet or not typed.strip()):
            yield "BodyText", gathered
            gathered = []
        if bullet:
            yield "ListBullet", line(typed[bullet.end() :], names)
        elif typed.strip():
            gathered = [*gathered, *([Run("\n")] if gathered else []), *line(typed.strip(), names)]


def line(text: str, names: Names) -> Line:
    """A stored text without its line ends, as runs."""
    found = pieces(" ".join(cleaned(text).split()), names)
    return [run for piece in found for run in _runs(piece)]


def _runs(piece: Piece) -> Iterator[Run]:
    if piece.address:
        long = piece.text == piece.address and len(piece.text) > _LONGEST_ADDRESS
        shown = piece.text[: _LONGEST_ADDRESS - 1] + "…" if long else piece.text
        yield Run(shown, address=piece.address)
        return
    done = 0
    for match in _LOOKS.finditer(piece.text):
        yield Run(piece.text[done : match.start()])
        bold = match["bold"]
        yield Run(bold or match["italic"], bold=bool(bold), italic=not bold)
        done = match.end()
    yield Run(piece.text[done:])
