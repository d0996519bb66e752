"""Edits and deletions follow what was written to wherever it went.

A reply is part of an answer, of what was answered between people (or of both, where somebody else
was asked for an answer), or among what is unsorted.
"""

from flows.events import SaidEdited, SaidWithdrawn
from flows.handover import FORM, Ask, Handover, Said, Unsorted
from flows.knowledge import answering
from flows.playbook import Playbook
from flows.staffing.joining import with_replies


def holds(handover: Handover, source: str) -> bool:
    """Whether a message, known by its ts, is anywhere in this handover."""
    return bool(
        answering.find_said(handover, source)
        or replied_in(handover, source)
        or unsorted_of(handover, source)
    )


def replied_in(handover: Handover, source: str) -> tuple[Ask, Said] | None:
    """The question between people that a message replied to, with the reply; no form is one."""
    found = (
        (ask, said)
        for ask in handover.asks
        for said in ask.replies
        if said.source == source != FORM
    )
    return next(found, None)


def unsorted_of(handover: Handover, source: str) -> Unsorted | None:
    """What was kept of a message without a question."""
    return next((piece for piece in handover.unsorted if piece.id == source), None)


def corrected(said: Said, event: SaidEdited | SaidWithdrawn) -> Said | None:
    """What an edit or a deletion makes of a piece of text; none if nothing is left of it.

    The newest edit stands, whichever comes last.
    """
    if isinstance(event, SaidWithdrawn):
        return None
    if event.edited <= said.edited:
        return said
    change = {"text": event.text, "edited": event.edited, "links": event.links}
    edited = said.model_copy(update=change)
    return edited if edited.says_something else None


def said_edited(handover: Handover, event: SaidEdited, playbook: Playbook) -> Handover:
    """The newest edit stands; what is edited to nothing is taken back."""
    elsewhere = _elsewhere(handover, event)
    if elsewhere and not answering.find_said(elsewhere, event.source):
        return elsewhere
    return answering.said_edited(elsewhere or handover, event, playbook)


def said_withdrawn(handover: Handover, event: SaidWithdrawn, playbook: Playbook) -> Handover:
    """What was deleted is not known any more."""
    elsewhere = _elsewhere(handover, event)
    if elsewhere and not answering.find_said(elsewhere, event.source):
        return elsewhere
    return answering.said_withdrawn(elsewhere or handover, event, playbook)


def _elsewhere(handover: Handover, event: SaidEdited | SaidWithdrawn) -> Handover | None:
    """What becomes of a message that is part of no answer; none if it is part of one."""
    if found := replied_in(handover, event.source):
        ask, said = found
        after = corrected(said, event)
        left = (after if other is said else other for other in ask.replies)
        return with_replies(handover, ask, tuple(piece for piece in left if piece))
    if kept := unsorted_of(handover, event.source):
        said = Said(source=kept.id, text=kept.text, edited=kept.edited, files=kept.files)
        after = corrected(said, event)
        change = {"text": after.text, "edited": after.edited} if after else {}
        pieces = (
            piece.model_copy(update=change) if piece is kept else piece
            for piece in handover.unsorted
            if after or piece is not kept
        )
        return handover.model_copy(update={"unsorted": tuple(pieces)})
    return None
