"""What the leader lets the incoming CSM know of why the account moves: nothing, that the customer
wants to be heard, or the reason (G5).

It is kept in the vault with the name of whoever was told, so that a successor knows nothing of it.
It can be read in one modal, which every incoming CSM has.
"""

from flows.confidential.listening_events import WordGiven
from flows.errors import FlowError
from flows.frozen import Frozen, Moment
from flows.handover import Handover
from flows.privacy import told_user
from flows.terms import Confidential, Role, Word


class Spoken(Frozen):
    """Who was told how much."""

    to: str
    word: Word
    by: str
    at: Moment


def given(handover: Handover, confidential: Confidential | None, event: WordGiven) -> Spoken:
    """A word to the incoming CSM.

    Raises FlowError with its field: `nobody_to_tell` unless they know of the handover,
    `no_reason` where there is nothing confidential.
    """
    if event.to != told_user(handover, Role.INCOMING):
        raise FlowError("nobody_to_tell", field="word")
    if event.word is Word.REASON and confidential is None:
        raise FlowError("nothing_confidential", field="word")
    return Spoken(to=event.to, word=event.word, by=event.by, at=event.at)


def word_for(spoken: Spoken | None, handover: Handover, viewer: str) -> Word:
    """What this viewer was told; nothing for whoever is not the incoming CSM it was said to."""
    if spoken is None or viewer != spoken.to or viewer != told_user(handover, Role.INCOMING):
        return Word.NOTHING
    return spoken.word
