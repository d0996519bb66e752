"""What the outgoing CSM says of a week side by side."""

from flows.frozen import Frozen, Moment


class CheckIn(Frozen):
    """What somebody said of a week; `help` is what they need, empty where all is well."""

    by: str
    at: Moment
    help: str = ""
