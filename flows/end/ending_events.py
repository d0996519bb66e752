"""What can happen at the end of a handover, and after it."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from flows.end.endings import Gap, Open
from flows.happened import Happened

Words = Annotated[str, Field(max_length=2000)]
Reason = Annotated[str, Field(min_length=1, max_length=2000)]


class PointWaived(Happened):
    """A leader lets something be open for good, and says why."""

    type: Literal["point_waived"] = "point_waived"
    what: Open
    why: Reason


class Signed(Happened):
    """One of the CSMs signs; a leader signs for one who cannot (`absent`: their id or name)."""

    type: Literal["signed"] = "signed"
    absent: str = ""
    rating: Annotated[int, Field(ge=1, le=5)] | None = None


class Completed(Happened):
    """The leader confirms: the handover is over."""

    type: Literal["completed"] = "completed"


class HandoverPaused(Happened):
    """Nothing is asked of anybody until a day."""

    type: Literal["handover_paused"] = "handover_paused"
    why: Reason
    until: date


class HandoverTakenUp(Happened):
    """It goes on after a pause."""

    type: Literal["handover_taken_up"] = "handover_taken_up"


class HandoverCancelled(Happened):
    """It is called off; `customer` is what a customer who knows of it hears, or why nothing.

    `wish` is the key of the text to which the customer answered that they want whoever looked after
    them so far, where that is why.
    """

    type: Literal["handover_cancelled"] = "handover_cancelled"
    why: Reason
    customer: Words = ""
    wish: str = ""


class FollowedUp(Happened):
    """The leader talked to the customer some weeks later (G31, G10)."""

    type: Literal["followed_up"] = "followed_up"
    key: str
    explained_again: bool
    gaps: tuple[Gap, ...] = ()
    well: bool
    notes: Words = ""


class AftercareBegun(Happened):
    """The handover is opened again for one thing that is not well."""

    type: Literal["aftercare_begun"] = "aftercare_begun"
    owner: str
    what: Reason
    due: date


class AftercareDone(Happened):
    """What was done about it is done; `number` counts from 0."""

    type: Literal["aftercare_done"] = "aftercare_done"
    number: int


class Reversed(Happened):
    """The outgoing CSM leads again (decisions: "The customer")."""

    type: Literal["reversed"] = "reversed"
    why: Reason
