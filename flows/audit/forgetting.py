"""Somebody without a name: what stays of a person who is forgotten.

What was said about the customer belongs to the company and stays; whose it was is an alias from now
on. A name of one word is only taken for theirs where it stands alone: "Will" is also a word.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cached_property, partial
from typing import Any

from pydantic import ValidationError

from flows.audit.places import Words, reworded
from flows.frozen import Frozen
from flows.happened import CLOCK

_PIECES = re.compile(r"[a-z0-9]+")
_MARKS = "\u0300-\u036f"
"""What is put upon a letter is part of its word."""
_BRIEFLY = "…"
_CHOICE = re.compile(r"[a-z0-9_-]+")


class Forgetting(Frozen):
    """Who is forgotten, by all the names they go by, and what they are called instead."""

    person: str
    alias: str
    names: tuple[str, ...] = ()

    @property
    def signs(self) -> tuple[tuple[str, ...], ...]:
        """What to look for in small letters: where a name stands, all pieces of one of these do.

        They are of ASCII, which is the same in every form of Unicode and small in every database. A
        name without any may stand anywhere.
        """
        found = (_PIECES.findall(unicodedata.normalize("NFC", name).lower()) for name in self.names)
        return tuple(dict.fromkeys(tuple(pieces) for pieces in found))

    def text(self, text: str) -> str:
        """A text without them."""
        return self._text(self.alias, text)

    def stored(self, text: str) -> str:
        """The same for what is stored: each text of a JSON document, or one by itself."""
        if text[:1] not in ("{", "["):
            return self.text(text)
        try:
            value = json.loads(text)
        except ValueError:
            return self.text(text)
        without = reworded(value, None, Words(self.text, self.text, self.text))
        return text if without == value else _json(without)

    def document(self, text: str, parse: Callable[[str], object]) -> str:
        """A stored value of flows without them that `parse` still reads: words of ours stay.

        Raises ValidationError, or what `parse` raises, where that cannot be.
        """
        if not self.may_stand_in(text):
            return text
        try:
            typed = parse(text)
        except ValidationError:
            # It was broken before, and holds up nothing.
            return self.stored(text)
        try:
            return self._without(text, typed, parse, self.alias)
        except ValidationError:
            # There may be no room for so many words.
            return self._without(text, typed, parse, _BRIEFLY)

    def _without(self, text: str, typed: object, parse: Callable[[str], object], said: str) -> str:
        value = json.loads(text)
        words = Words(partial(self._text, said), self._reference, partial(self._chosen, said))
        without = reworded(value, typed, words)
        if without == value:
            return text
        written = _json(without)
        parse(written)
        return written

    def may_stand_in(self, text: str) -> bool:
        """Whether it is worth looking closer at something stored."""
        if self.person in text:
            return True
        folded = _folded(text)
        return any(all(word in folded for word in words) for words in self._words)

    def _text(self, said: str, text: str) -> str:
        """`said` takes the place of a name; whoever is meant by an id is always told by alias."""
        if text == CLOCK:
            return text
        if text == self.person:
            return self.alias
        if len(text) <= self._longest and _plain(text) in self._names:
            return said
        return self._said.sub(said, text)

    def _chosen(self, said: str, text: str) -> str:
        """A choice is written in small letters, as nobody's name is."""
        return self._reference(text) if _CHOICE.fullmatch(text) else self._text(said, text)

    def _reference(self, text: str) -> str:
        return self._id.sub(self.alias, text)

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(_plain(name) for name in self.names)

    @cached_property
    def _longest(self) -> int:
        """With room for marks apart and blanks around."""
        return 2 * max((len(name) for name in self.names), default=0) + 20

    @cached_property
    def _words(self) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(re.findall(r"\w+", name)) for name in self._names)

    @cached_property
    def _id(self) -> re.Pattern[str]:
        return re.compile(rf"(?<![A-Za-z0-9]){re.escape(self.person)}(?![A-Za-z0-9])")

    @cached_property
    def _said(self) -> re.Pattern[str]:
        ways = [rf"<@{re.escape(self.person)}(?:\|[^>]*)?>", self._id.pattern]
        whole = {form for name in self.names if _is_whole(name) for form in _forms(name)}
        for form in sorted(whole, key=lambda form: (-len(form), form)):
            words = r"\s+".join(re.escape(word) for word in form.split())
            ways.append(rf"(?i:(?<!\w){words}(?![\w{_MARKS}]))")
        return re.compile("|".join(ways))


def _is_whole(name: str) -> bool:
    return len(name.split()) > 1


def _plain(text: str) -> str:
    """A text as it is compared, however it was typed."""
    return " ".join(_folded(text).split())


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def _forms(name: str) -> Iterator[str]:
    """A name letter by letter, in either form of Unicode."""
    yield name
    yield unicodedata.normalize("NFC", name)
    yield unicodedata.normalize("NFD", name)


def _json(value: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
