"""What a leader may bring about on any handover, whatever moves them to it."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from flows.handover import Party
from flows.happened import Happened


class ActionAdded(Happened):
    """Something is to be done by a day, by somebody who works on the handover."""

    type: Literal["action_added"] = "action_added"
    id: str = Field(min_length=1)
    text: Annotated[str, Field(min_length=1, max_length=3000)]
    owner: Party
    due: date


class CallsArranged(Happened):
    """Whether the outgoing CSM takes part in calls with the customer from now on."""

    type: Literal["calls_arranged"] = "calls_arranged"
    without_outgoing: bool
