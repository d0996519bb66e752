"""What every event has: when, and by whom."""

from pydantic import Field

from flows.frozen import Frozen, Moment

CLOCK = "clock"
"""Who brings about what time itself does."""


class Happened(Frozen):
    """A past fact; `by` is a Slack user id, or CLOCK."""

    at: Moment
    by: str


class ForCustomer(Happened):
    """An event that puts words before a customer; `flows.for_customers` tells which.

    `others` are the names of other accounts that whoever records it found in them. They are handed
    in for the leak check and stored nowhere.
    """

    others: tuple[str, ...] = Field(default=(), exclude=True, repr=False)
