"""What can happen to the people and the dates of a handover while it is under way."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from flows.end.kits import KitItem
from flows.frozen import ShortText
from flows.handover import Party
from flows.happened import ForCustomer, Happened
from flows.terms import DateIs

Words = Annotated[str, Field(max_length=2000)]


class DatesChanged(Happened):
    """The day that everything is counted to is another one, or means something else.

    `today` is the calendar day where whoever says so is. The same day once more keeps it, where the
    outgoing CSM has told another one.
    """

    type: Literal["dates_changed"] = "dates_changed"
    today: date
    day: date
    day_is: DateIs
    why: Words = ""


class LeaderChanged(Happened):
    """A leader passes the handover on to another one, or names another backup."""

    type: Literal["leader_changed"] = "leader_changed"
    leader: str = Field(min_length=1)
    backup: str | None = None
    why: Words = ""


class InterimNamed(ForCustomer):
    """Who leads until somebody has taken over, at the latest until a calendar day (AT3)."""

    type: Literal["interim_named"] = "interim_named"
    person: Party
    until: date


class KitTicked(Happened):
    """Something of the last-day kit is done."""

    type: Literal["kit_ticked"] = "kit_ticked"
    item: KitItem


class PersonBack(Happened):
    """Somebody whose account had been switched off is a member again."""

    type: Literal["person_back"] = "person_back"
    user: str


class PersonRenamed(Happened):
    """Somebody is called otherwise in Slack."""

    type: Literal["person_renamed"] = "person_renamed"
    user: str
    name: ShortText
