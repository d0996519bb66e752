"""Finding what fits a question among a few hundred texts, by its words.

A question is never a query language: it is read as words, without case, accents and endings, and a
word also fits the beginning of a longer one. A word weighs the more the fewer texts have it, and
what a text is headed by counts a little less than what it says. Nothing is found where too little
of the question's weight is: an answer that does not fit costs more than none.
"""

import math
import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from flows.folding import folded
from flows.frozen import Frozen

MOST = 3
_ENOUGH = 0.35
_BESIDE_THE_BEST = 0.6
_TITLE = 0.8
_SIMILAR = 0.8
_SHORT = 3
_STEM = 4
_ALONE = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
"""Scripts without blanks between words: each of their signs counts as one."""
_WORD = re.compile(rf"[{_ALONE}]|(?:(?![{_ALONE}])[^\W_])+")
_MARKUP = re.compile(r"<(?:@([A-Z0-9]+)[^>\n]*|[^<>|\n]*\|([^<>\n]*)|([^<>\n]*))>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
_ENDINGS = (
    *("ations", "ation", "ments", "ment", "ings", "ing", "als", "ies", "ers", "al", "ly"),
    *("ed", "er", "es", "en", "e", "s", "y", "n"),
)
_EVERYWHERE = """
a about account all also am an and any anybody anyone anything are as at be because been but
by can client could customer did do does done for from had has have he her him his how i if
in into is it its just know let like may me my need no not of on one or our out please say
she should so some somebody someone something tell that the their them then there these they
thing things this those to up us was we were what when where which who whom whose why will
with would you your
"""
COMMON = frozenset(_EVERYWHERE.split())
"""English words that tell nothing of what is asked; in other languages their weight does."""


class Searchable(Frozen):
    """A text that may be found; `section` and `title` are what it is headed by.

    All as Slack sends texts: people are mentions in them, addresses are links.
    """

    key: str
    section: str
    title: str
    text: str


S = TypeVar("S", bound=Searchable)


def search(
    texts: Sequence[S], question: str, name_of: Callable[[str], str], *, without: str = ""
) -> list[S]:
    """The texts that answer a question, best first, at most MOST, one for each key.

    `name_of` gives the name of a mentioned user; words of `without` (the account's name, which is
    everywhere) tell nothing.
    """
    dull = {*COMMON, *words(without, name_of)}
    terms = [word for word in dict.fromkeys(words(question, name_of)) if word not in dull]
    fits = [_fits(terms, text, name_of) for text in texts]
    weights = [_weight(len(texts), sum(fit[n] > 0 for fit in fits)) for n in range(len(terms))]
    scores = [sum(w * f for w, f in zip(weights, fit, strict=True)) for fit in fits]
    best = max(scores, default=0.0)
    if best == 0 or best < _ENOUGH * sum(weights):
        return []
    close = [place for place, score in enumerate(scores) if score >= _BESIDE_THE_BEST * best]
    ranked: dict[str, S] = {}
    for place in sorted(close, key=lambda place: -scores[place]):
        ranked.setdefault(texts[place].key, texts[place])
    return list(ranked.values())[:MOST]


def words(text: str, name_of: Callable[[str], str]) -> list[str]:
    """The words of a text as they are compared."""
    shown = _MARKUP.sub(
        lambda m: f" {name_of(m[1]) if m[1] else m[2] if m[2] is not None else m[3]} ", text
    )
    for entity, sign in _ENTITIES:
        shown = shown.replace(entity, sign)
    return _WORD.findall(folded(shown))


def _weight(count: int, having: int) -> float:
    return math.log1p(count / max(having, 1))


def _fits(terms: Sequence[str], text: Searchable, name_of: Callable[[str], str]) -> list[float]:
    """How well each term is met: 1 by the very word in the text, 0 not at all."""
    said, headed = set(words(text.text, name_of)), set(words(_head(text), name_of))
    return [max(_met(term, said), _TITLE * _met(term, headed)) for term in terms]


def _head(text: Searchable) -> str:
    return f"{text.section} {text.title}"


def _met(term: str, among: set[str]) -> float:
    if term in among:
        return 1.0
    if len(term) < _SHORT:
        return 0.0
    return _SIMILAR if any(_similar(term, word) for word in among) else 0.0


def _similar(term: str, word: str) -> bool:
    """Whether two words differ in their ending only, or the term begins the word."""
    if len(word) < _SHORT or term[0] != word[0]:
        return False
    ended = term.startswith(word) and term[len(word) :] in _ENDINGS
    return word.startswith(term) or ended or _stem(term) == _stem(word)


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _STEM:
            stem = word.removesuffix(ending)
            return stem[:-1] if len(stem) > _STEM and stem[-1] == stem[-2] else stem
    return word
