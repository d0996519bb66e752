"""The words that a customer never reads, as a playbook lists them, and how they are found.

An entry is a few words in a row. In it `*` stands for any ending, `|` parts alternatives, `...` is
up to three words of any kind, and `{csm}` is one of the two CSMs: by name, or as `persons` say.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from typing import Annotated

from pydantic import AfterValidator, Field

from flows.folding import Word, signs
from flows.frozen import Frozen

_PERSON = "\x01"
_GAP, _CSM = "...", "{csm}"
_UP_TO_THREE = r"(?: \S+){0,3}"

_PLACE = re.compile(r"(?:\{csm\}|[^\W_]+\*?)(?:\|(?:\{csm\}|[^\W_]+\*?))*")


def _checked(entry: str) -> str:
    places = entry.split()
    inner = all(_PLACE.fullmatch(place) or place == _GAP for place in places)
    if not inner or _GAP in places[:1] + places[-1:] or set(places) <= {_CSM, _GAP}:
        raise ValueError(f"{entry!r} is no entry: write words, and *, |, ... or {_CSM} among them")
    return entry


Entry = Annotated[str, Field(max_length=300), AfterValidator(_checked)]

LISTS = ("vault", "hints", "rating")
"""The lists whose words a customer is not to read."""


class LeakWords(Frozen):
    """Which words tell a customer what is said among us.

    `vault` tells why somebody really goes, and nobody lets it through. `hints` may tell, and
    `rating` is how we speak of a customer's health and worth: both unless they stand within what is
    `fine`. `common` words tell nothing where an account is called so.
    """

    vault: tuple[Entry, ...] = Field(min_length=1)
    hints: tuple[Entry, ...] = ()
    fine: tuple[Entry, ...] = ()
    rating: tuple[Entry, ...] = ()
    persons: frozenset[str] = frozenset()
    common: frozenset[str] = frozenset()

    @cached_property
    def _patterns(self) -> dict[str, re.Pattern[str]]:
        lists = {name: getattr(self, name) for name in (*LISTS, "fine")}
        return {name: _pattern(entries) for name, entries in lists.items() if entries}

    def found(self, name: str, words: Sequence[Word], csms: Collection[str]) -> Iterator[Word]:
        """Where entries of one of LISTS stand; `csms` are the folded words of the CSMs' names."""
        fine = list(self._matches("fine", words, csms)) if name != "vault" else []
        for word in self._matches(name, words, csms):
            if not any(one.start <= word.start and word.end <= one.end for one in fine):
                yield word

    def _matches(self, name: str, words: Sequence[Word], csms: Collection[str]) -> Iterator[Word]:
        pattern = self._patterns.get(name)
        if pattern is None:
            return
        people = self.persons.union(csms)
        marked = [_PERSON + w.text if w.text in people else w.text for w in words]
        starts = [0]
        for word in marked:
            starts.append(starts[-1] + len(word) + 1)
        for match in pattern.finditer(" ".join(marked)):
            first, last = (bisect_right(starts, at) - 1 for at in (match.start(), match.end() - 1))
            yield Word(match[0].replace(_PERSON, ""), words[first].start, words[last].end)


def _pattern(entries: Sequence[str]) -> re.Pattern[str]:
    longest_first = sorted(entries, key=lambda entry: -len(entry.split()))
    return re.compile(rf"(?<!\S)(?:{'|'.join(map(_phrase, longest_first))})(?!\S)")


def _phrase(entry: str) -> str:
    places = [_UP_TO_THREE if place == _GAP else " " + _place(place) for place in entry.split()]
    return "".join(places).removeprefix(" ")


def _place(place: str) -> str:
    return f"(?:{'|'.join(map(_alternative, place.split('|')))})"


def _alternative(word: str) -> str:
    if word == _CSM:
        return rf"{_PERSON}\S+"
    ending = r"\S*" if word.endswith("*") else ""
    return f"{_PERSON}?{re.escape(signs(word.removesuffix('*')).text)}{ending}"
