"""Who led when, and how the incoming CSM grew into it: sessions side by side, and readiness."""

from datetime import date
from enum import StrEnum

from pydantic import Field

from flows.frozen import Frozen, Moment


class Span(Frozen):
    """Somebody leads from a moment on: a Slack id, or the name of who is not on Slack."""

    who: str
    since: Moment
    by: str
    why: str = ""


class SessionKind(StrEnum):
    """Who leads a session with the customer and who watches (G22)."""

    SHADOW = "shadow"
    REVERSE = "reverse"


class Went(StrEnum):
    """How a session went, in one tap."""

    WELL = "well"
    SO_SO = "so_so"
    BADLY = "badly"


class Debrief(Frozen):
    """What one of the two says after a session."""

    went: Went
    at: Moment
    note: str = ""


class Session(Frozen):
    """A meeting with the customer that one of the two CSMs led and the other watched (N6)."""

    id: str
    kind: SessionKind
    on: date
    lead: str
    observer: str
    by: str
    at: Moment
    note: str = ""
    debriefs: dict[str, Debrief] = {}


class Readiness(Frozen):
    """How ready the incoming CSM feels to lead alone, 1 to 5, and what is missing (A22)."""

    score: int = Field(ge=1, le=5)
    at: Moment
    missing: str = ""


class Leading(Frozen):
    """`spans` tell who led since when, newest last; `switched_at` is when the incoming CSM took the
    lead, `passed_at` when a leaver's last noon took it from them. What was said of readiness up to
    `asked_again_at` does not count any more. `said_by` had the lead switched, a leader who passed
    over what was open with a reason, `why`.
    """

    spans: tuple[Span, ...] = ()
    switched_at: Moment | None = None
    passed_at: Moment | None = None
    sessions: tuple[Session, ...] = ()
    readiness: tuple[Readiness, ...] = ()
    asked_again_at: Moment | None = None
    said_by: str = ""
    why: str = ""
