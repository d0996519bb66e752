"""What can happen to the reason that the customer is told."""

from typing import Annotated, Literal

from pydantic import Field

from flows.happened import Happened


class ReasonWorded(Happened):
    """Somebody put it in other words, which everybody is asked about again (G13)."""

    type: Literal["reason_worded"] = "reason_worded"
    text: Annotated[str, Field(min_length=1, max_length=1000)]


class ReasonAgreed(Happened):
    """One of the two CSMs agrees to these very words: the version that they read."""

    type: Literal["reason_agreed"] = "reason_agreed"
    version: int
