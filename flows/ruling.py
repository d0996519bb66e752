"""What whoever leads decided about a task that was late."""

from datetime import date

from flows.frozen import Frozen, Moment


class Ruling(Frozen):
    """A task has time `until` a calendar day, or is `waived`: nobody owes it any more."""

    by: str
    at: Moment
    until: date | None = None
    waived: bool = False
    why: str = ""


def of_milestone(key: str) -> str:
    """Under what a step of the plan is waived, whoever acts in it."""
    return f"milestone:{key}"
