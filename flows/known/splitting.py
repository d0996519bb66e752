"""One document about many accounts, taken apart where an account's name is a heading (N9).

What stands under no account of the book is never put under another one: it is handed back.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping

from flows.account_names import account_key
from flows.frozen import Frozen
from flows.known.outline import Outline, Piece, Shape

_BOOK_PIECE = "book:"
_BEFORE = re.compile(r"^(?:\d{1,3}[.)]\s*|account\s*[:–-]\s*)+", re.IGNORECASE)
_AROUND = " *_#:.\t"


class Split(Frozen):
    """What stands under each account, by handover, and what stands under none."""

    found: dict[str, Outline]
    rest: Outline

    @property
    def strange(self) -> list[str]:
        """The headings that name no account."""
        return [piece.text for piece in self.rest.pieces if piece.shape is Shape.HEADING]


def piece_of_book(key: str, handover: str) -> str:
    """The name of what an account got from a document about all: its person hears of it once."""
    named = hashlib.sha256(f"{key}|{handover}".encode()).hexdigest()[:16]
    return f"{_BOOK_PIECE}{named}"


def is_piece_of_book(source: str) -> bool:
    """Whether something came from a document about many accounts."""
    return source.startswith(_BOOK_PIECE)


def split(outline: Outline, accounts: Mapping[str, str]) -> Split:
    """Take a document apart. `accounts` are names by handover.

    In a document without a heading that names an account, a line that is nothing but a name opens
    it. A heading of the same or a higher level closes it.
    """
    keys = {_folded(name): handover for handover, name in accounts.items()}
    headed = any(_opens(piece, keys, headed=True) for piece in outline.pieces)
    found: dict[str, list[Piece]] = {}
    rest: list[Piece] = []
    place, level = rest, 0
    for piece in outline.pieces:
        handover = _opens(piece, keys, headed=headed)
        if handover:
            place, level = found.setdefault(handover, []), piece.level
            continue
        if headed and piece.shape is Shape.HEADING and piece.level <= level:
            place = rest
        place.append(piece)
    return Split(
        found={handover: _outline(pieces) for handover, pieces in found.items() if pieces},
        rest=_outline(rest),
    )


def _opens(piece: Piece, keys: Mapping[str, str], *, headed: bool) -> str:
    """The handover that a piece names; a heading may say more behind the name."""
    if piece.shape is not (Shape.HEADING if headed else Shape.TEXT):
        return ""
    told = _folded(_BEFORE.sub("", piece.text.strip(_AROUND)))
    if told in keys or not headed:
        return keys.get(told, "")
    longer = (
        key for key in keys if told.startswith(key) and not told[len(key) : len(key) + 1].isalnum()
    )
    return keys.get(max(longer, key=len, default=""), "")


def _folded(name: str) -> str:
    return account_key(name.replace("&amp;", "&").strip(_AROUND))


def _outline(pieces: Iterable[Piece]) -> Outline:
    return Outline(pieces=tuple(pieces))
