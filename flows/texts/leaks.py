"""The leak check: what in a text for a customer says more than they are to know (N4, G5, G32).

It is the same on every handover: nothing here reads a vault, so that an error never tells whether
there is something in it. What a leak shows is only what its typist wrote.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from flows.errors import FlowError
from flows.folding import Signs, Word, readings, signs, words
from flows.frozen import Frozen
from flows.handover import Handover
from flows.known.amounts import amounts
from flows.playbook import Playbook
from flows.privacy import leads
from flows.taking_over.search import COMMON
from flows.texts.kept_close import kept_close, revenues

_RUN = 4
_TELLING = 4
_ALONE = 5
_NAME, _KEY = 6, 200
_SHORT_NAME = 4
_LEGAL_FORMS = """
ab ag as bv co corp corporation gmbh inc kg limited llc llp ltd nv oy plc sa sas se srl
"""
_LEGAL = frozenset(_LEGAL_FORMS.split())


class LeakKind(StrEnum):
    """What a leak would tell: why somebody really goes, what was said in confidence, of another
    account, what a customer pays, or how we rate them.
    """

    REASON = "reason"
    PRIVATE = "private"
    ACCOUNT = "account"
    REVENUE = "revenue"
    RATING = "rating"


class Leak(Frozen):
    """One thing that a customer is not to read: `words` as typed, from the place `at` on (in signs
    from 0). A leader may let it stand where it is `overridable`.
    """

    kind: LeakKind
    words: str
    at: int
    overridable: bool = True


class LeakError(FlowError):
    """A text that leaks, with everything that was found in it (at least one)."""

    def __init__(self, leaks: Sequence[Leak], *, field: str = "") -> None:
        super().__init__("leak", field=field)
        self.leaks = tuple(leaks)

    @property
    def overridable(self) -> bool:
        """Whether a leader may let the text stand."""
        return all(leak.overridable for leak in self.leaks)


class _Text(NamedTuple):
    """A text for a customer, read in every way."""

    typed: str
    signs: Signs
    parted: list[Word]
    joined: list[Word]
    whole: list[Word]


def check(
    text: str, handover: Handover, playbook: Playbook, others: Iterable[str] = ()
) -> tuple[Leak, ...]:
    """Everything that leaks, in the order of the text (as typed, or as Slack stores it).

    `others` are names of accounts as handovers have them; those that mean nothing here, because
    they are ordinary words or part of this account's own name, are passed over.
    """
    found = signs(text)
    read = _Text(text, found, *readings(found))
    leaks = [
        *_reasons(read, handover, playbook),
        *_private(read, handover, playbook),
        *_accounts(read, handover, playbook, others),
        *_revenue(read, handover),
        *_ratings(read, handover, playbook),
    ]
    return tuple(sorted(_outermost(leaks), key=lambda leak: (leak.at, leak.kind)))


def is_never_told(text: str, handover: Handover, playbook: Playbook) -> bool:
    """Whether a text has words that nobody lets through to a customer."""
    return any(_of_vault(readings(signs(text)), handover, playbook))


def let_through(
    by: str,
    text: str,
    despite: str,
    handover: Handover,
    playbook: Playbook,
    others: Iterable[str] = (),
) -> str:
    """Why a text may go to a customer although something in it leaks; empty where nothing does.

    Raises LeakError with the field `text` unless a leader says why (`despite`) and no word of the
    vault is in it; with the field `despite` where such a word is in what they say.
    """
    despite = despite.strip()
    if not (leaks := check(text, handover, playbook, others)):
        return ""
    may = despite and leads(handover, by) and all(leak.overridable for leak in leaks)
    if not may:
        raise LeakError(leaks, field="text")
    # The others read why, so it keeps the vault's words to itself as well.
    told = [leak for leak in check(despite, handover, playbook) if not leak.overridable]
    if told:
        raise LeakError(told, field="despite")
    return despite


def name_key(account: str) -> str:
    """An account's name as it is looked for in texts: folded, without its legal form, at most six
    words; empty where nothing of it is a word.
    """
    return " ".join(_name(account))[:_KEY]


def name_keys(text: str) -> frozenset[str]:
    """Every run of up to six words of a text: among them the key of each account it names."""
    parted, joined, _whole = ([word.text for word in way] for way in readings(signs(text)))
    return frozenset(
        " ".join(way[at : at + length])[:_KEY]
        for way in (parted, joined)
        for at in range(len(way))
        for length in range(1, _NAME + 1)
    )


def _leak(text: _Text, kind: LeakKind, start: int, end: int, *, overridable: bool = True) -> Leak:
    return Leak(kind=kind, words=text.typed[start:end], at=start, overridable=overridable)


def _outermost(leaks: Sequence[Leak]) -> Iterator[Leak]:
    """Each place once: what stands within another leak of its kind says nothing more."""
    kept: list[Leak] = []
    for leak in sorted(leaks, key=lambda leak: (leak.overridable, -len(leak.words))):
        end = leak.at + len(leak.words)
        inner = (
            one.kind is leak.kind and one.at <= leak.at and end <= one.at + len(one.words)
            for one in kept
        )
        if not any(inner):
            kept.append(leak)
    yield from kept


def _reasons(text: _Text, handover: Handover, playbook: Playbook) -> Iterator[Leak]:
    for word in _of_vault((text.parted, text.joined, text.whole), handover, playbook):
        yield _leak(text, LeakKind.REASON, word.start, word.end, overridable=False)
    for reading in (text.parted, text.joined):
        for word in playbook.leaks.found("hints", reading, _csms(handover)):
            yield _leak(text, LeakKind.REASON, word.start, word.end)


def _of_vault(ways: Iterable[list[Word]], handover: Handover, playbook: Playbook) -> Iterator[Word]:
    for reading in ways:
        yield from playbook.leaks.found("vault", reading, _csms(handover))


def _ratings(text: _Text, handover: Handover, playbook: Playbook) -> Iterator[Leak]:
    for reading in (text.parted, text.joined):
        for word in playbook.leaks.found("rating", reading, _csms(handover)):
            yield _leak(text, LeakKind.RATING, word.start, word.end)


def _csms(handover: Handover) -> frozenset[str]:
    """The words of both CSMs' names."""
    parties = (handover.outgoing, handover.incoming)
    names = " ".join(party.name for party in parties if party)
    return frozenset(word.text for word in words(signs(names)))


def _private(text: _Text, handover: Handover, playbook: Playbook) -> Iterator[Leak]:
    """Runs of words that also stand in what is kept close, and short passages of it as a whole."""
    runs: set[tuple[str, ...]] = set()
    passages: set[tuple[str, ...]] = set()
    for passage in kept_close(handover, playbook):
        kept = tuple(word.text for word in words(signs(passage)))
        runs.update(kept[at : at + _RUN] for at in range(len(kept) - _RUN + 1))
        if 0 < len(kept) < _RUN:
            passages.add(kept)
    if not (runs or passages):
        return
    plain = _plain(handover, playbook)
    said = [word.text for word in text.parted]
    for start, end in _shared(said, runs):
        points = [_weight(word, plain) for word in said[start:end]]
        if sum(points) >= _TELLING and max(points) > 1:
            yield _leak(text, LeakKind.PRIVATE, text.parted[start].start, text.parted[end - 1].end)
    for passage_ in passages:
        if any(len(word) >= _ALONE and word not in plain for word in passage_):
            for start in _occurrences(said, passage_):
                end = text.parted[start + len(passage_) - 1].end
                yield _leak(text, LeakKind.PRIVATE, text.parted[start].start, end)


def _weight(word: str, plain: Collection[str]) -> int:
    """How much a shared word tells: what everybody says, little; short words, nothing."""
    if word not in plain:
        return 2
    return int(len(word) >= _RUN and word not in COMMON)


def _plain(handover: Handover, playbook: Playbook) -> frozenset[str]:
    """Words that are no secret here: everybody's, the playbook's, and names that customers know."""
    named = [record.details.get("name", "") for record in handover.records]
    known = words(signs(" ".join([handover.account, *named])))
    return COMMON | playbook.vocabulary | _csms(handover) | {word.text for word in known}


def _shared(said: Sequence[str], runs: Collection[tuple[str, ...]]) -> list[tuple[int, int]]:
    """Where the text has runs of others, from the first word up to the one after the last."""
    spans: list[tuple[int, int]] = []
    for at in range(len(said) - _RUN + 1):
        if tuple(said[at : at + _RUN]) in runs:
            goes_on = spans and at <= spans[-1][1]
            spans[-1:] = [(spans[-1][0], at + _RUN)] if goes_on else [*spans[-1:], (at, at + _RUN)]
    return spans


def _occurrences(said: Sequence[str], wanted: tuple[str, ...]) -> Iterator[int]:
    size = len(wanted)
    yield from (at for at in range(len(said)) if tuple(said[at : at + size]) == wanted)


def _accounts(
    text: _Text, handover: Handover, playbook: Playbook, others: Iterable[str]
) -> Iterator[Leak]:
    own = [tuple(_name(handover.account, legal=True))]
    own += [(word,) for word in _csms(handover)]
    for other in dict.fromkeys(others):
        name = tuple(_name(other))
        if _says_nothing(name, playbook) or any(list(_occurrences(full, name)) for full in own):
            continue
        letters = sum(map(len, name))
        for reading in (text.parted, text.joined):
            for start in _occurrences([word.text for word in reading], name):
                first, last = reading[start].start, reading[start + len(name) - 1].end
                if letters >= _SHORT_NAME or text.typed[first:last] in other.split():
                    yield _leak(text, LeakKind.ACCOUNT, first, last)


def _says_nothing(name: tuple[str, ...], playbook: Playbook) -> bool:
    """Whether a name is too short, or nothing but words that everybody uses."""
    if sum(map(len, name)) < _SHORT_NAME - 1:
        return True
    if len(name) > 1:
        return COMMON.issuperset(name)
    return name[0] in COMMON | playbook.leaks.common | playbook.vocabulary


def _name(account: str, *, legal: bool = False) -> list[str]:
    found = [word.text for word in words(signs(account))]
    while not legal and len(found) > 1 and found[-1] in _LEGAL:
        found.pop()
    return found[:_NAME]


def _revenue(text: _Text, handover: Handover) -> Iterator[Leak]:
    known = revenues(handover)
    for amount in amounts(text.signs):
        if any(amount.means(value) for value in known):
            yield _leak(text, LeakKind.REVENUE, amount.start, amount.end)
