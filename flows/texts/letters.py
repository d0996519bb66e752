"""The customer's texts of one handover: their versions, who approved them, and what was sent.

A text is kept as Slack sends texts; in place of a day of the plan, or of the leader's name, it has
a slot, so that it always tells the day that the plan has now. What is approved is a version with
its slots, and a version of the plan with its days (C3).
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum

from flows.frozen import Frozen, Moment

_SLOT = re.compile(r"⟦(\w+)⟧")
_WORDS = re.compile(r"\w+|\W")
_SPOKEN = "--- In the call ---"
REASON, PLAN = "reason", "plan"
"""The keys of the two pieces to be approved that are no letters."""


class Approval(Frozen):
    """Who approved; `why` where they approved what nobody but they had looked at."""

    by: str
    at: Moment
    why: str = ""


class Remark(Frozen):
    """What somebody wants to be different about a version."""

    by: str
    at: Moment
    text: str


class Version(Frozen):
    """One text as it was sent for approval or edited; `by` is CLOCK where it was composed.

    `despite` says why a leader lets stand what the leak check found.
    """

    number: int
    text: str
    by: str
    at: Moment
    approved: Approval | None = None
    wanted: Remark | None = None
    objections: tuple[Remark, ...] = ()
    despite: str = ""


class PlanVersion(Frozen):
    """The days that the customer is told, as they were sent for approval."""

    number: int
    days: dict[str, date]
    at: Moment
    approved: Approval | None = None
    wanted: Remark | None = None


class Letters(Frozen):
    """The texts by the key of their template, newest version last, and the plan's versions.

    `asked_by` sent them for approval, `asked_at` when; each of `rounds` is when one card went to
    the leaders. `opened_at` is when all was approved for the first time: from then on the customer
    may hear of it. `backup_asked_at` is when the backup was asked too, `alone` why there is none.
    `apart` says that a leader decides on it by itself although it is one of a book.
    """

    drafts: dict[str, tuple[Version, ...]] = {}
    plan: tuple[PlanVersion, ...] = ()
    asked_by: str = ""
    asked_at: Moment | None = None
    rounds: tuple[Moment, ...] = ()
    backup_asked_at: Moment | None = None
    alone: str = ""
    opened_at: Moment | None = None
    apart: bool = False

    @property
    def round(self) -> int:
        """The number of the newest card; 0 before the first."""
        return len(self.rounds)

    @property
    def round_at(self) -> Moment | None:
        """When the newest card went to the leaders."""
        return self.rounds[-1] if self.rounds else None


class PieceState(StrEnum):
    """Where a piece stands on its way to the customer."""

    DRAFT = "draft"
    WAITING = "waiting"
    CHANGES = "changes"
    APPROVED = "approved"


def slot(key: str) -> str:
    """The place in a text where a day or a name of the moment stands."""
    return f"⟦{key}⟧"


def slots_in(text: str) -> frozenset[str]:
    """The keys of the slots in a text."""
    return frozenset(_SLOT.findall(text))


def filled(text: str, value: Callable[[str], str]) -> str:
    """A text with its slots filled in; `value` tells what stands in one now."""
    return _SLOT.sub(lambda match: value(match[1]), text)


def slotted(text: str, values: Mapping[str, str], before: str = "") -> str:
    """A filled text with its slots again: where a value stands as a word, its slot does.

    Of slots with the same value it is the one that stood in this place of the text before, else one
    that the text had before.
    """
    clean = text.replace("⟦", "[").replace("⟧", "]")
    had = slots_in(before)
    by_value: dict[str, str] = {}
    for key in sorted(values, key=lambda key: key not in had):
        if values[key]:
            by_value.setdefault(values[key], key)
    if not by_value:
        return clean
    longest = sorted(by_value, key=len, reverse=True)
    found = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, longest))})(?!\w)")
    now = _tokens(found.split(clean))
    then = _tokens(_SLOT.split(before))
    places = _places([values.get(word, "") if odd else word for odd, word in then], now)
    return "".join(
        slot(
            then[places[number]][1]
            if number in places and then[places[number]][0]
            else by_value[word]
        )
        if odd
        else word
        for number, (odd, word) in enumerate(now)
    )


def _tokens(pieces: list[str]) -> list[tuple[bool, str]]:
    """Words, and between them what was split at, marked."""
    found: list[tuple[bool, str]] = []
    for number, piece in enumerate(pieces):
        odd = number % 2 == 1
        found += [(odd, word) for word in ([piece] if odd else _WORDS.findall(piece))]
    return found


def _places(then: list[str], now: list[tuple[bool, str]]) -> dict[int, int]:
    """Where each token that stayed stood before."""
    blocks = SequenceMatcher(None, then, [word for _, word in now], autojunk=False)
    return {
        block.b + step: block.a + step
        for block in blocks.get_matching_blocks()
        for step in range(block.size)
    }


def written(text: str) -> str:
    """What the customer reads of a text: all of it, or what invites to a call."""
    return text.partition(_SPOKEN)[0].strip()


def spoken(text: str) -> str:
    """What is said in the call; empty where nothing is."""
    return text.partition(_SPOKEN)[2].strip()
