"""What can happen to the reason that the customer is told."""

from typing import Annotated, Literal

from pydantic import Field

from flows.happened import ForCustomer, Happened


class ReasonWorded(ForCustomer):
    """Somebody put it in other words, which everybody is asked about again (G13).

    `despite` is why a leader lets the text stand although the leak check found something in it.
    """

    type: Literal["reason_worded"] = "reason_worded"
    text: Annotated[str, Field(min_length=1, max_length=1000)]
    despite: str = ""


class ReasonAgreed(Happened):
    """One of the two CSMs agrees to these very words: the version that they read."""

    type: Literal["reason_agreed"] = "reason_agreed"
    version: int
