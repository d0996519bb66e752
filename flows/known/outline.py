"""A text as its headings, paragraphs, list items and tables: what a matcher reads.

Texts are in the stored form, as Slack would have sent them.
"""

from enum import Enum, auto

from flows.frozen import Frozen


class Shape(Enum):
    """What a piece of a document is. An ASIDE says who said what before it, in one line."""

    HEADING = auto()
    TEXT = auto()
    ITEM = auto()
    TABLE = auto()
    ASIDE = auto()


class Piece(Frozen):
    """One piece. `level` counts from 1 for a heading and from 0 for a list item; `strong` is an
    item whose whole text stands out; a table's first row is its head.
    """

    shape: Shape
    text: str = ""
    level: int = 0
    strong: bool = False
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def raw(self) -> str:
        """The piece as plain lines."""
        if self.shape is Shape.TABLE:
            return "\n".join(" | ".join(row) for row in self.rows)
        bullet = "  " * self.level + "- " if self.shape is Shape.ITEM else ""
        return bullet + self.text


class Outline(Frozen):
    """A document from its first piece to its last."""

    pieces: tuple[Piece, ...]
