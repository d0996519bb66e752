"""What can happen to the lead of an account, and on the way to it."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from flows.happened import Happened
from flows.side_by_side.leading import SessionKind, Went

Words = Annotated[str, Field(max_length=2000)]


class SessionLogged(Happened):
    """A shadow or a reverse session took place."""

    type: Literal["session_logged"] = "session_logged"
    id: str
    kind: SessionKind
    on: date
    note: Words = ""


class SessionDebriefed(Happened):
    """One of the two says how it went; without a note the one they wrote before stands."""

    type: Literal["session_debriefed"] = "session_debriefed"
    session: str
    went: Went
    note: Words | None = None


class ReadinessGiven(Happened):
    """The incoming CSM says how ready they are to lead, 1 to 5, and what is missing."""

    type: Literal["readiness_given"] = "readiness_given"
    score: Annotated[int, Field(ge=1, le=5)]
    missing: Words = ""


class ReadinessAsked(Happened):
    """A leader has the incoming CSM say anew how ready they are."""

    type: Literal["readiness_asked"] = "readiness_asked"


class LeadSwitched(Happened):
    """The incoming CSM leads from now on; `why` is a leader's reason to pass over what is open."""

    type: Literal["lead_switched"] = "lead_switched"
    why: Words = ""
