"""Somebody without a name: what stays of a person who is forgotten.

What was said about the customer belongs to the company and stays; whose it was is an alias from now
on. A name of one word is only taken for theirs where it stands alone: "Will" is also a word.
"""

import json
import re
from functools import cached_property
from typing import Any

from flows.frozen import Frozen


class Forgetting(Frozen):
    """Who is forgotten, by all the names they go by, and what they are called instead."""

    person: str
    alias: str
    names: tuple[str, ...] = ()

    @property
    def signs(self) -> tuple[str, ...]:
        """What to look for in what is stored: without any of it there is nothing to forget."""
        written = [json.dumps(name, ensure_ascii=False) for name in self.names]
        parts = (name[1:-1] if _is_whole(name) else name for name in written)
        whole = (name for name in self.names if _is_whole(name))
        return tuple(dict.fromkeys((self.person, *whole, *parts)))

    def text(self, text: str) -> str:
        """A text without them."""
        if text.strip().casefold() in self._names:
            return self.alias
        return self._said.sub(self.alias, text)

    def stored(self, text: str) -> str:
        """The same for what is stored: each text of a JSON document, or one by itself."""
        if text[:1] not in ("{", "["):
            return self.text(text)
        try:
            value = json.loads(text)
        except ValueError:
            return self.text(text)
        without = self._value(value)
        if without == value:
            return text
        return json.dumps(without, ensure_ascii=False, separators=(",", ":"))

    def _value(self, value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self._value(each) for each in value]
        if not isinstance(value, dict):
            return value
        without = {self.text(key): self._value(each) for key, each in value.items()}
        # A party is who it is, whatever name stands beside the id.
        if value.get("user") == self.person and "name" in value:
            without["name"] = self.alias
        return without

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(name.casefold() for name in self.names)

    @cached_property
    def _said(self) -> re.Pattern[str]:
        one = re.escape(self.person)
        ways = [rf"<@{one}(?:\|[^>]*)?>", rf"(?<![A-Za-z0-9]){one}(?![A-Za-z0-9])"]
        whole = sorted((name for name in self.names if _is_whole(name)), key=len)
        ways += [rf"(?i:(?<!\w){re.escape(name)}(?!\w))" for name in reversed(whole)]
        return re.compile("|".join(ways))


def _is_whole(name: str) -> bool:
    return len(name.split()) > 1
