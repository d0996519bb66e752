"""What can happen to a handover that is one of many in a sitting."""

from typing import Literal

from flows.happened import Happened


class AskedLess(Happened):
    """The outgoing side is asked the essentials only, for there is no time for more (N8, N9); or
    everything again.
    """

    type: Literal["asked_less"] = "asked_less"
    less: bool = True
