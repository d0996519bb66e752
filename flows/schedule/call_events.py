"""What can happen to the calls of a plan."""

from datetime import time
from typing import Annotated, Literal

from pydantic import Field

from flows.happened import Happened


class CallTimed(Happened):
    """A call gets a time on its day, in an IANA zone; without a `start` it is for all day (A17)."""

    type: Literal["call_timed"] = "call_timed"
    key: str
    start: time | None
    zone: Annotated[str, Field(min_length=1, max_length=64)]
    minutes: Annotated[int, Field(ge=5, le=480)]


class InvitationFetched(Happened):
    """Somebody had an invitation made, as it stands now."""

    type: Literal["invitation_fetched"] = "invitation_fetched"
    key: str
