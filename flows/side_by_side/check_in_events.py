"""What can be said once a week."""

from typing import Annotated, Literal

from pydantic import Field

from flows.happened import Happened


class CheckedIn(Happened):
    """The outgoing CSM says how it goes; `week` counts from 0."""

    type: Literal["checked_in"] = "checked_in"
    week: Annotated[int, Field(ge=0)]
    needs_help: bool = False
    help: Annotated[str, Field(max_length=2000)] = ""
