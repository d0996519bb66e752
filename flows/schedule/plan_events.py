"""What can happen to the plan of a handover."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from flows.handover import Choice, Party, Warn
from flows.happened import Happened
from flows.schedule.calendars import Absence, DaysOff

Words = Annotated[str, Field(max_length=2000)]


class DaysOffLearned(Happened):
    """When people of a handover do not work became known, by Slack id."""

    type: Literal["days_off_learned"] = "days_off_learned"
    people: dict[str, DaysOff]


class AwayGiven(Happened):
    """Somebody told when they are away until the handover is complete; all of it, each time."""

    type: Literal["away_given"] = "away_given"
    away: tuple[Absence, ...]


class MilestoneMoved(Happened):
    """A milestone gets a day; a leader may `insist` against the rules that keep distances."""

    type: Literal["milestone_moved"] = "milestone_moved"
    key: str
    day: date
    why: Words = ""
    insist: bool = False


class MilestoneDone(Happened):
    """Whoever acted, or a leader, says that a milestone is behind us."""

    type: Literal["milestone_done"] = "milestone_done"
    key: str


class MilestoneReopened(Happened):
    """Whoever marked a milestone as done, or a leader, takes that back."""

    type: Literal["milestone_reopened"] = "milestone_reopened"
    key: str


class WarningAnswered(Happened):
    """The leader decided about something that speaks against the timing."""

    type: Literal["warning_answered"] = "warning_answered"
    warning: Warn
    choice: Choice
    why: Words = ""
    person: Party | None = None
