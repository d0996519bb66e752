"""What can happen to the guests of a handover."""

from typing import Literal

from flows.happened import Happened


class GuestsChosen(Happened):
    """A leader said which guests of the workspace may answer here, by Slack id: these and no
    others.
    """

    type: Literal["guests_chosen"] = "guests_chosen"
    guests: tuple[str, ...]
