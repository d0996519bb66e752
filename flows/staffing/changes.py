"""What changed about a handover's people and dates while it was under way, and who stands in."""

from datetime import date

from flows.end.kits import NO_KIT, Kit
from flows.frozen import Frozen, Moment, ShortText
from flows.terms import DateIs, Role


class DatesChange(Frozen):
    """The day of the start form became another one, or means something else; or a leader kept it
    though somebody told another one, and then both are the same.
    """

    was: date
    was_is: DateIs
    now: date
    now_is: DateIs
    by: str
    at: Moment
    why: str = ""

    @property
    def moves(self) -> bool:
        """Whether anything is another day now."""
        return (self.was, self.was_is) != (self.now, self.now_is)


class PersonChange(Frozen):
    """Somebody else has a role: Slack ids, or the name of who is not on Slack, empty for nobody."""

    role: Role
    was: str
    now: str
    by: str
    at: Moment
    why: str = ""


class Interim(Frozen):
    """Who leads where nobody has taken over by the last day of whoever leaves, and until when."""

    user: str
    name: ShortText
    until: date
    by: str
    at: Moment


class Changes(Frozen):
    """Every change in its order, and who leads in between where somebody is named to (AT3).

    `gone` are the Slack ids of those who had a part when they were switched off, or made a guest.
    `kit` is what is seen to around the last day.
    """

    dates: tuple[DatesChange, ...] = ()
    people: tuple[PersonChange, ...] = ()
    interim: Interim | None = None
    gone: tuple[str, ...] = ()
    kit: Kit = NO_KIT


UNCHANGED = Changes()
"""One value for all in which nothing changed yet."""
