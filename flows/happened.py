"""What every event has: when, and by whom."""

from flows.frozen import Frozen, Moment

CLOCK = "clock"
"""Who brings about what time itself does."""


class Happened(Frozen):
    """A past fact; `by` is a Slack user id, or CLOCK."""

    at: Moment
    by: str
