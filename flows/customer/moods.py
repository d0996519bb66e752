"""How the customer seems about the change: what the CSMs noticed, and what was done about it."""

from datetime import date
from enum import StrEnum

from flows.frozen import Frozen, Moment


class Feeling(StrEnum):
    """How the customer seems about the change, compared with before (G28)."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"
    CANNOT_TELL = "cannot_tell"


class Signal(StrEnum):
    """A sign of discomfort; the last two are red by themselves."""

    SLOWER_REPLIES = "slower_replies"
    SPONSOR_ABSENT = "sponsor_absent"
    ASKS_FOR_FORMER = "asks_for_former"
    MEETING_CANCELLED = "meeting_cancelled"
    REPEATS_THEMSELVES = "repeats_themselves"
    ESCALATION = "escalation"
    COMPETITOR = "competitor"


class Colour(StrEnum):
    """What a round of checks says, from calm to alarm."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class Check(Frozen):
    """What one person says in one round; `round` is the milestone that asked."""

    round: str
    by: str
    at: Moment
    feeling: Feeling
    signals: tuple[Signal, ...] = ()
    note: str = ""


class Action(Frozen):
    """What a leader does about a red round, by a day (G29)."""

    round: str
    what: str
    due: date
    by: str
    at: Moment
    done_at: Moment | None = None


class Touch(Frozen):
    """Somebody was in touch with the customer on a day."""

    on: date
    by: str
    at: Moment


class Moods(Frozen):
    """Everything of this kind about one handover. `rhythm` is how often they are in touch, in days;
    `alarmed_at` when the silence was told of, until somebody is in touch again (N7).
    """

    checks: tuple[Check, ...] = ()
    actions: tuple[Action, ...] = ()
    touches: tuple[Touch, ...] = ()
    rhythm: int | None = None
    rhythm_since: Moment | None = None
    alarmed_at: Moment | None = None
