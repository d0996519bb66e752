"""What the leaders decided about the customer's texts, card by card.

Nothing of it is stored beside the versions themselves: a decision belongs to the card that stood
when it was made.
"""

from collections.abc import Iterator
from typing import NamedTuple

from flows.frozen import Moment
from flows.handover import Handover
from flows.happened import CLOCK
from flows.texts.letters import PLAN, REASON, Approval, Remark


class Decided(NamedTuple):
    """A leader's word on one version of a piece: approved, or to be different.

    `edited` tells that it is the leader's own words.
    """

    key: str
    version: int
    approved: Approval | None
    wanted: Remark | None
    edited: bool = False

    @property
    def at(self) -> Moment | None:
        """When it was decided."""
        word = self.approved or self.wanted
        return word.at if word else None


def decided_in(handover: Handover, number: int) -> tuple[Decided, ...]:
    """What was decided while the card of this number (from 1) was the newest one, in the order of
    the pieces; nothing where there was no such card.
    """
    rounds = handover.letters.rounds
    if not 0 < number <= len(rounds):
        return ()
    begins, ends = rounds[number - 1], rounds[number] if number < len(rounds) else None
    return tuple(
        one
        for one in _decided(handover)
        if one.at and begins <= one.at and (ends is None or one.at < ends)
    )


def _decided(handover: Handover) -> Iterator[Decided]:
    words, letters = handover.wording, handover.letters
    if words and words.approved_at:
        approval = Approval(by=words.approved_by, at=words.approved_at)
        yield Decided(REASON, words.version, approval, None)
    elif words and words.wanted:
        yield Decided(REASON, words.version, None, words.wanted)
    for key, versions in letters.drafts.items():
        for text in versions:
            own = bool(
                text.approved and text.approved.by == text.by and text.at == text.approved.at
            )
            if text.approved or (text.wanted and text.wanted.by != CLOCK):
                yield Decided(key, text.number, text.approved, text.wanted, own)
    for days in letters.plan:
        if days.approved or days.wanted:
            yield Decided(PLAN, days.number, days.approved, days.wanted)
