"""What can happen to the customer's texts."""

from typing import Annotated, Literal

from pydantic import Field

from flows.happened import ForCustomer, Happened

Text = Annotated[str, Field(min_length=1, max_length=6000)]
Words = Annotated[str, Field(max_length=2000)]


class BackupNamed(Happened):
    """The leader said who approves when they cannot; without anybody, why there is nobody."""

    type: Literal["backup_named"] = "backup_named"
    user: str | None
    why: Words = ""


class SentForApproval(ForCustomer):
    """Reason, texts and plan go to the leader as they stand (C3)."""

    type: Literal["sent_for_approval"] = "sent_for_approval"


class LetterWorded(ForCustomer):
    """Somebody put a text in other words; `version` is the one that they read, 0 if none yet.

    `despite` says why a leader lets stand what the leak check found.
    """

    type: Literal["letter_worded"] = "letter_worded"
    key: str
    version: int
    text: Text
    despite: Words = ""


class PiecesApproved(Happened):
    """A leader approves these versions: of texts by key, of `reason` and of `plan`."""

    type: Literal["pieces_approved"] = "pieces_approved"
    pieces: Annotated[dict[str, int], Field(min_length=1)]
    why: Words = ""


class ChangesRequested(Happened):
    """A leader wants a piece to be different."""

    type: Literal["changes_requested"] = "changes_requested"
    piece: str
    version: int
    comment: Annotated[str, Field(min_length=1, max_length=2000)]


class LetterObjected(Happened):
    """A CSM objects to what a leader made of a text."""

    type: Literal["letter_objected"] = "letter_objected"
    key: str
    version: int
    why: Annotated[str, Field(min_length=1, max_length=2000)]


class TakenOutOfGroup(Happened):
    """A leader decides on what this customer is told by itself, apart from others of the book."""

    type: Literal["taken_out_of_group"] = "taken_out_of_group"
