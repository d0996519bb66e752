"""What is unsorted finds its place by a tap, or is dropped (A10)."""

from flows.errors import FlowError
from flows.events import AnswerGiven, UnsortedDropped, UnsortedFiled
from flows.handover import Handover, Known, Origin, Prefill, Said, Unsorted
from flows.knowledge.answering import answer_given
from flows.knowledge.interview import is_answered
from flows.known import prefills
from flows.playbook import Playbook


def unsorted_filed(handover: Handover, event: UnsortedFiled, playbook: Playbook) -> Handover:
    """One's own text becomes part of the answer, somebody else's waits there to be confirmed.

    Beside an answer that stands it is part of it, whoever wrote it: it was read when it was filed.
    Raises FlowError `no_such_piece`.
    """
    piece = piece_of(handover, event.piece)
    left, text = without(handover, piece), in_words(piece)
    answered = is_answered(handover, playbook.by_id[event.question])
    if is_own(piece, event.by) or answered:
        said = Said(
            source=piece.id,
            text=text,
            edited=piece.edited,
            links=piece.links,
            files=piece.files,
        )
        given = AnswerGiven(at=event.at, by=event.by, question=event.question, said=said)
        return answer_given(left, given, playbook)
    known = Known(text=text, files=piece.files, raw=text)
    prefill = Prefill(by=piece.by, at=piece.at, origin=Origin.PASTED, source=piece.id, known=known)
    return prefills.added(left, prefill, event.question)


def unsorted_dropped(handover: Handover, event: UnsortedDropped, _playbook: Playbook) -> Handover:
    """A piece goes; dropped again, nothing changes."""
    pieces = [piece for piece in handover.unsorted if piece.id == event.piece]
    return without(handover, pieces[0]) if pieces else handover


def piece_of(handover: Handover, piece: str) -> Unsorted:
    """A piece by its id. Raises FlowError `no_such_piece`."""
    found = next((other for other in handover.unsorted if other.id == piece), None)
    if found is None:
        raise FlowError("no_such_piece")
    return found


def placeless(handover: Handover) -> tuple[Unsorted, ...]:
    """What is still to be filed: whoever brought the others has said where they belong."""
    return tuple(one for one in handover.unsorted if not (one.question or one.section))


def is_own(piece: Unsorted, user: str) -> bool:
    """Whether a piece is somebody's own words; a message that they only added is its author's."""
    return piece.by == user and piece.quoted is None


def in_words(piece: Unsorted) -> str:
    """The whole piece as one text, with what was noted about it and where it came from."""
    link = f"<{piece.quoted.link}>" if piece.quoted and piece.quoted.link else ""
    return "\n".join(words for words in (piece.text, piece.note, link) if words.strip())


def without(handover: Handover, piece: Unsorted) -> Handover:
    """The handover without a piece."""
    left = tuple(other for other in handover.unsorted if other.id != piece.id)
    return handover.model_copy(update={"unsorted": left})
