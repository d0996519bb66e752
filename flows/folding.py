"""Texts as they are compared: without case, accents, and whatever hides a word from a reader's eye.

A text is folded sign by sign, so that what is found in it can be shown as it was typed.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})


def folded(text: str) -> str:
    """Small letters without accents; ligatures, wide and styled letters as plain ones."""
    small = text.casefold()
    if small.isascii():
        return small
    parted = unicodedata.normalize("NFKD", small).casefold().translate(_LETTERS)
    return "".join(sign for sign in parted if not unicodedata.combining(sign))


class Word(NamedTuple):
    """A folded word, and where it stands in the text as it was typed: from `start` up to `end`."""

    text: str
    start: int
    end: int


class Signs(NamedTuple):
    """A folded text with the place in the typed text that each of its signs comes from."""

    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where signs from `start` up to `end` (at least one) stand in the typed text."""
        return self.places[start], self.places[end - 1] + 1


_LOOKALIKES = str.maketrans(
    dict(
        zip(
            # Cyrillic, Greek, Armenian, Latin small capitals and other letters of the same shape.
            "гавеіїјкмнорсѕтухԁԛԝһьαβεηικνορτυχωςσγοհսոցᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢɑɡħ",
            "rabeiijkmhopcstyxdqwhbabenikvoptuxwscyohunqabcdefghijklmnoprstuvwyzagh",
            strict=True,
        )
    )
    | {
        first + step: letter
        for first in (0x1F150, 0x1F170, 0x1F1E6)
        for step, letter in enumerate("abcdefghijklmnopqrstuvwxyz")
    }
)
_UNSEEN = frozenset("\u115f\u1160\u3164\uffa0")
_ENTITY = re.compile("&(amp|lt|gt);")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">"}
_WORD = re.compile(r"[^\W_]+")
_GLUED = {
    "": _WORD,
    # One or two marks between letters are there to hide a word, or are its hyphen.
    "marks": re.compile(r"[^\W_]+(?:(?:_|[^\w\s\u2010\u2013\u2014-]){1,2}[^\W_]+)*"),
    "all": re.compile(r"[^\W_]+(?:(?:_|[^\w\s]){1,2}[^\W_]+)*"),
}
_SPELLED = 3


def signs(text: str) -> Signs:
    """A text as typed or as stored, sign by sign."""
    plain = _ENTITY.sub(lambda match: _ENTITIES[match[1]].ljust(len(match[0])), text)
    found = [(sign, place) for place, typed in enumerate(plain) for sign in _sign(typed)]
    return Signs("".join(sign for sign, _ in found), tuple(place for _, place in found))


def words(found: Signs) -> list[Word]:
    """The words; letters that stand one by one ("f i r e d") are one."""
    return _words(found, "")


def readings(found: Signs) -> tuple[list[Word], list[Word], list[Word]]:
    """The words as they are parted by all marks, by blanks and hyphens, and by blanks alone."""
    return _words(found, ""), _words(found, "marks"), _words(found, "all")


def _words(found: Signs, glue: str) -> list[Word]:
    parted = [_word(found, *match.span()) for match in _GLUED[glue].finditer(found.text)]
    return list(_unspelled(parted))


def _word(found: Signs, start: int, end: int) -> Word:
    text = "".join(_WORD.findall(found.text[start:end]))
    return Word(text, *found.span(start, end))


def _unspelled(parted: list[Word]) -> Iterator[Word]:
    """At least three letters in a row, each by itself, are a word that was spelled out."""
    alone: list[Word] = []
    for word in [*parted, None]:
        if word and len(word.text) == 1 and word.text.isalpha():
            alone.append(word)
            continue
        if len(alone) < _SPELLED:
            yield from alone
        else:
            yield Word("".join(one.text for one in alone), alone[0].start, alone[-1].end)
        alone = []
        if word:
            yield word


@lru_cache(maxsize=4096)
def _sign(typed: str) -> str:
    """One sign, folded; nothing for what is not seen."""
    if typed in _UNSEEN or unicodedata.category(typed) in {"Cf", "Mn", "Me"}:
        return ""
    if typed.isdecimal():
        return str(unicodedata.decimal(typed))
    return folded(typed).translate(_LOOKALIKES)
