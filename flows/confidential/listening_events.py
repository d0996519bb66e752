"""What can happen to the listening loop; all of it is for the vault alone."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from flows.happened import Happened
from flows.terms import Word

Typed = Annotated[str, Field(min_length=1, max_length=12000)]


class CallHeld(Happened):
    """The customer was heard out on this day; without one, they want no such call."""

    type: Literal["call_held"] = "call_held"
    on: date | None


class PointRaised(Happened):
    """The customer said something that is to be acted on."""

    type: Literal["point_raised"] = "point_raised"
    id: str = Field(min_length=1)
    said: Typed
    owner: str
    due: date


class PointChanged(Happened):
    """A point reads otherwise now, is somebody else's or has another day."""

    type: Literal["point_changed"] = "point_changed"
    id: str
    said: Typed
    owner: str
    due: date


class PointClosed(Happened):
    """Nothing is left to be done about a point but to tell the customer."""

    type: Literal["point_closed"] = "point_closed"
    id: str


class PointReopened(Happened):
    """A point is not done with after all."""

    type: Literal["point_reopened"] = "point_reopened"
    id: str


class PointTold(Happened):
    """The customer was told on this day what became of a point."""

    type: Literal["point_told"] = "point_told"
    id: str
    on: date


class PointPassedOn(Happened):
    """A point became an item of the handover, in other words; `action` is that item's id."""

    type: Literal["point_passed_on"] = "point_passed_on"
    id: str
    action: str = Field(min_length=1)
    text: Typed


class WordGiven(Happened):
    """How much `to`, the incoming CSM, is told of why the account moves."""

    type: Literal["word_given"] = "word_given"
    to: str
    word: Word


ListeningEvent = (
    CallHeld | PointRaised | PointChanged | PointClosed | PointReopened | PointTold | PointPassedOn
)
