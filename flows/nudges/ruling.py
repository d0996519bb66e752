"""What whoever leads decided about a task that was late."""

from collections.abc import Collection, Mapping
from datetime import date

from flows.frozen import Frozen, Moment


class Ruling(Frozen):
    """A task has time `until` a calendar day, or is `waived`: nobody owes it any more. Somebody
    else, `to`, may have it now.
    """

    by: str
    at: Moment
    until: date | None = None
    waived: bool = False
    why: str = ""
    to: str = ""


def is_waived(rulings: Mapping[str, Ruling], subject: str) -> bool:
    """Whether what was owed about a subject, an id of its own, was let be, whoever owed it."""
    return any(
        ruling.waived and key.rpartition(":")[2] == subject for key, ruling in rulings.items()
    )


def of_milestone(key: str) -> str:
    """Under what a step of the plan is waived, whoever acts in it."""
    return f"milestone:{key}"


def with_owner(key: str, owner: str) -> str:
    """The key of the same task when it is somebody else's."""
    todo, _, rest = key.partition(":")
    return ":".join([todo, owner, *rest.split(":")[1:]])


def acting(
    rulings: Mapping[str, Ruling], milestone: str, owner: str, there: Collection[str]
) -> str:
    """Who acts in a step of the plan in the place of its owner, as long as they are `there`."""
    ruling = rulings.get(f"milestone:{owner}:{milestone}")
    return ruling.to if ruling and ruling.to in there else owner
