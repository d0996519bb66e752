"""What can happen about the customer's mood."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from flows.customer.moods import Feeling, Signal
from flows.happened import Happened

Words = Annotated[str, Field(max_length=2000)]


class MoodGiven(Happened):
    """One of the CSMs says how the customer seems; a later word in the same round replaces it, and
    what it leaves out (none) stays.
    """

    type: Literal["mood_given"] = "mood_given"
    round: str
    feeling: Feeling
    signals: tuple[Signal, ...] | None = None
    note: Words | None = None


class ActionTaken(Happened):
    """A leader says what is done about a red round, and by when."""

    type: Literal["action_taken"] = "action_taken"
    round: str
    what: Annotated[str, Field(max_length=2000)]
    due: date


class ActionDone(Happened):
    """What was to be done about a red round is done."""

    type: Literal["action_done"] = "action_done"
    round: str


class RhythmSet(Happened):
    """How often they are usually in touch with the customer, in days."""

    type: Literal["rhythm_set"] = "rhythm_set"
    days: Annotated[int, Field(ge=1, le=120)]


class Touched(Happened):
    """Somebody was in touch with the customer."""

    type: Literal["touched"] = "touched"
    on: date
