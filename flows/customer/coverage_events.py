"""What can happen to the introductions of stakeholders."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from flows.customer.introductions import Channel, Step
from flows.frozen import Frozen
from flows.happened import Happened


class Intended(Frozen):
    """How one stakeholder is to be introduced, and when: 1 comes first, 0 whenever it suits."""

    channel: Channel
    place: Annotated[int, Field(ge=0, le=999)] = 0
    email: Annotated[str, Field(max_length=254)] = ""


class IntroductionsPlanned(Happened):
    """How stakeholders are to be introduced, by record; those that are not named stay as they are.

    `why` is a leader's reason to introduce by mail whoever would be called (A18).
    """

    type: Literal["introductions_planned"] = "introductions_planned"
    people: dict[str, Intended]
    why: Annotated[str, Field(max_length=2000)] = ""


class StakeholderTicked(Happened):
    """A stakeholder had a heads-up, was introduced, or was reassured.

    `who` did it, by default whoever says so; `on` is a calendar day of theirs, and without a
    `channel` it was the planned one. `why` is as above.
    """

    type: Literal["stakeholder_ticked"] = "stakeholder_ticked"
    id: str
    step: Step
    on: date
    who: str = ""
    channel: Channel | None = None
    why: Annotated[str, Field(max_length=2000)] = ""


class TickTakenBack(Happened):
    """A tick was a mistake."""

    type: Literal["tick_taken_back"] = "tick_taken_back"
    id: str
    step: Step
