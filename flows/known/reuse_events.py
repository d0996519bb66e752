"""What happens where something known already is used again (A10)."""

from typing import Literal

from pydantic import Field

from flows.handover import Known
from flows.happened import Happened


class FileRead(Happened):
    """A file of a paste (`piece`) or of a reply was read.

    `found` is what it says to questions, `left` the rest, `trouble` the code of what was in the
    way.
    """

    type: Literal["file_read"] = "file_read"
    piece: str
    file: str
    found: dict[str, Known] = {}
    left: str = ""
    trouble: str = ""


class EarlierUsed(Happened):
    """The answers of an earlier handover of the same account are to be confirmed here."""

    type: Literal["earlier_used"] = "earlier_used"
    earlier: str
    found: dict[str, Known]


class WroteAhead(Happened):
    """The incoming CSM wrote what they know already; only fields with content are in it."""

    type: Literal["wrote_ahead"] = "wrote_ahead"
    id: str
    found: dict[str, Known]


class PrefillConfirmed(Happened):
    """What was prefilled for these questions is right."""

    type: Literal["prefill_confirmed"] = "prefill_confirmed"
    questions: tuple[str, ...] = Field(min_length=1)


class UnsortedFiled(Happened):
    """A piece of what is unsorted belongs to this question."""

    type: Literal["unsorted_filed"] = "unsorted_filed"
    piece: str
    question: str


class UnsortedDropped(Happened):
    """A piece of what is unsorted is not wanted any more."""

    type: Literal["unsorted_dropped"] = "unsorted_dropped"
    piece: str
