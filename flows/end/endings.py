"""How a handover ends, rests or is called off: signatures, what was waived, and what came after."""

from datetime import date
from enum import StrEnum

from pydantic import Field

from flows.frozen import Frozen, Moment


class Open(StrEnum):
    """What keeps a handover from being complete (playbook, "May be closed when")."""

    ANSWERS = "answers"
    PACK = "pack"
    ITEMS = "items"
    APPROVALS = "approvals"
    INTRODUCTION = "introduction"
    LADDER = "ladder"
    LEAD = "lead"
    SYSTEMS = "systems"
    SENTIMENT = "sentiment"
    ASKS = "asks"


class Waived(Frozen):
    """A leader let something be open, and why; shown wherever the handover is looked back on."""

    by: str
    at: Moment
    why: str


class Signature(Frozen):
    """Somebody signed; `absent` is the CSM in whose place the leader did."""

    by: str
    at: Moment
    absent: str = ""


class Pause(Frozen):
    """Nothing is asked of anybody until somebody takes it up again, at the latest on a day."""

    by: str
    at: Moment
    why: str
    until: date


class Ended(Frozen):
    """Who said that it is over, and when; `why` it was called off, and what the customer hears."""

    by: str
    at: Moment
    why: str = ""
    customer: str = ""


class Gap(Frozen):
    """Something the customer had to explain again, and the question that should have told it."""

    question: str
    words: str = ""


class Visit(Frozen):
    """A leader's follow-up with the customer, weeks after (G31); `key` is its milestone.

    `well` is the leader's verdict, `rating` 1 to 5 what the incoming CSM says of the handover.
    """

    key: str
    by: str
    at: Moment
    explained_again: bool
    gaps: tuple[Gap, ...] = ()
    well: bool = True
    notes: str = ""


class Aftercare(Frozen):
    """What is done because a follow-up was not good: by whom, what, and until when."""

    owner: str
    what: str
    due: date
    by: str
    at: Moment
    done_at: Moment | None = None


class Ending(Frozen):
    """The end of one handover and what came after it.

    `signed` is by the Slack id or name of the CSM, `late` the follow-up that the backup was asked
    about too.
    """

    waived: dict[Open, Waived] = {}
    signed: dict[str, Signature] = {}
    pause: Pause | None = None
    completed: Ended | None = None
    cancelled: Ended | None = None
    visits: tuple[Visit, ...] = ()
    aftercare: tuple[Aftercare, ...] = ()
    late: tuple[str, ...] = ()
    rating: int | None = Field(default=None, ge=1, le=5)
