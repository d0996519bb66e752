"""Whom somebody means by a name: as it is written in full, the other way round, or in part."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from flows.folding import folded

_WORD = re.compile(r"\w+")
_ALIKE = 0.6
_OFFERED = 2


class Directory:
    """People by Slack id, with the name that each is shown by."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        self._words = {user: words_of(name) for user, name in names.items()}
        self._found: dict[str, str | None] = {}
        self._near: dict[str, tuple[str, ...]] = {}

    def __getitem__(self, user: str) -> str:
        return self._names[user]

    def find(self, typed: str) -> str | None:
        """The one person whom a name fits best; nobody where it fits several as well."""
        if typed not in self._found:
            self._found[typed] = self._find(words_of(typed))
        return self._found[typed]

    def closest(self, typed: str) -> tuple[str, ...]:
        """The names of up to two people who may be meant; they begin with the same letter."""
        if typed not in self._near:
            self._near[typed] = self._closest(words_of(typed))
        return self._near[typed]

    def _closest(self, words: tuple[str, ...]) -> tuple[str, ...]:
        if not words:
            return ()
        near = {u: name for u, name in self._words.items() if name and name[0][0] == words[0][0]}
        same = [user for user, name in near.items() if name[0] == words[0]]
        if not same:
            spelled = {name[0]: user for user, name in near.items()}
            spelled |= {" ".join(name): user for user, name in near.items()}
            alike = get_close_matches(" ".join(words), spelled, _OFFERED, _ALIKE)
            same = [spelled[one] for one in alike]
        return tuple(sorted({self._names[user] for user in same})[:_OFFERED])

    def _find(self, words: tuple[str, ...]) -> str | None:
        if not words:
            return None
        people = self._words.items()
        for fitting in (
            [user for user, name in people if name == words],
            [user for user, name in people if sorted(name) == sorted(words)],
            [user for user, name in people if name[:1] == words],
            [user for user, name in people if _begins(words, name)],
        ):
            if fitting:
                return fitting[0] if len(fitting) == 1 else None
        return None


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name as they are compared."""
    return tuple(_WORD.findall(folded(name)))


def _begins(words: Iterable[str], name: tuple[str, ...]) -> bool:
    """Whether each word is a word of the name or its beginning, each another one."""
    left = list(name)
    for word in words:
        fitting = next((one for one in left if one.startswith(word)), None)
        if fitting is None:
            return False
        left.remove(fitting)
    return True
