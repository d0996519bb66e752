"""The milestones of a plan as data: when they come, whose they are, and what they wait for.

Days are working days. A plan goes forward from the start (M1 to M16); where there is less time than
it needs, each milestone says where it stands in a short one.
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from typing import Annotated

from pydantic import Field, model_validator

from flows.frozen import Frozen
from flows.terms import Reason, Role, Segment

Days = Annotated[int, Field(ge=0)]
PerSegment = dict[Segment, Days]


class Track(StrEnum):
    """Who a milestone is seen by (G12)."""

    INTERNAL = "internal"
    CUSTOMER = "customer"


class LeftOut(StrEnum):
    """What becomes of a step with the customer when the outgoing CSM stays out of their calls."""

    LEADER = "leader"
    DROP = "drop"


class Notice(StrEnum):
    """How much time there is, from plenty to hardly any (decisions: "Leavers and short notice").

    FULL is the whole plan, SHORT one shadow and one reverse session, ARTICLES only what the two
    articles ask, EIGHT the eight questions of N8.
    """

    FULL = "full"
    SHORT = "short"
    ARTICLES = "articles"
    EIGHT = "eight"


class Gap(Frozen):
    """At least so many working days after another milestone; none where nothing is said."""

    on: str
    days: PerSegment = {}
    why: str = ""


class Short(Frozen):
    """Where a milestone stands in a short plan; exactly one of the first four.

    `share` of the days until the switch, so many days `after_switch`, on or `before_last` the last
    day, or `as_usual`. `title` and `owners` are given where they are others than usual; `least` is
    the shortest notice in which it stands at all.
    """

    share: float | None = Field(default=None, ge=0, le=1)
    after_switch: PerSegment | None = None
    before_last: int | None = Field(default=None, ge=0)
    as_usual: bool | None = None
    title: str = ""
    owners: tuple[Role, ...] = ()
    least: Notice = Notice.EIGHT

    @model_validator(mode="after")
    def _stands_in_one_place(self) -> "Short":
        places = (self.share, self.after_switch, self.before_last, self.as_usual)
        if sum(place is not None for place in places) != 1:
            raise ValueError("exactly one of share, after_switch, before_last and as_usual")
        return self


class Milestone(Frozen):
    """One milestone.

    `days` are counted from the start, or from the milestone `since`; a segment that is not named
    has none. `by_reason` comes earlier for some reasons. `overlap_only` names the segments in which
    it stands only where the customer is to be accompanied for longer (G22). `derived` ones are done
    when the handover says so, all others when somebody marks them. `left_out` tells who takes the
    outgoing CSM's place in a step with the customer that they are to stay out of, if anybody.
    """

    key: str = Field(pattern=r"^[a-z_0-9]+$", max_length=30)
    title: str = Field(min_length=1, max_length=80)
    track: Track
    owners: tuple[Role, ...] = Field(min_length=1)
    days: PerSegment = {}
    since: str = ""
    by_reason: dict[Reason, Days] = {}
    after: tuple[Gap, ...] = ()
    overlap_only: tuple[Segment, ...] = ()
    short: Short | None = None
    derived: bool = False
    left_out: LeftOut = LeftOut.LEADER

    @cached_property
    def waits_for(self) -> tuple[str, ...]:
        """The keys of the milestones that come before it."""
        return (*(gap.on for gap in self.after), *([self.since] if self.since else []))


class Overlap(Frozen):
    """When outgoing and incoming CSM go side by side for longer (G22); one rule is enough."""

    segments: tuple[Segment, ...] = (Segment.ENTERPRISE,)
    arr: int = Field(default=250_000, ge=0)
    stakeholders: int = Field(default=6, ge=1)


class Guard(Frozen):
    """From when on the leader is asked about the timing (N13, A19). Days here are calendar days.

    `hours` are those of the outgoing CSM that a handover takes.
    """

    renewal_days: int = Field(default=60, ge=0)
    quarter_end_days: int = Field(default=7, ge=0)
    csm_changes: int = Field(default=2, ge=1)
    hours: PerSegment = {}


class Timing(Frozen):
    """How plans are made beside their milestones.

    `short_from` and `articles_from` are the fewest working days until the last one for that notice;
    in a short plan the lead switches `switch_before_last` of them before it.
    """

    switch_before_last: int = Field(default=2, ge=0)
    short_from: int = Field(default=8, ge=1)
    articles_from: int = Field(default=3, ge=1)
    overlap: Overlap = Overlap()
    guard: Guard = Guard()

    def notice(self, last: int, switch: int) -> Notice:
        """How much time there is: `last` working days until the last one, while the full plan
        switches the lead on day `switch`.
        """
        if last >= switch + self.switch_before_last:
            return Notice.FULL
        if last >= self.short_from:
            return Notice.SHORT
        return Notice.ARTICLES if last >= self.articles_from else Notice.EIGHT


NEEDED = ("accept", "pack", "read", "approved", "heads_up", "introduction", "switch", "complete")
"""The milestones that the rest of the bot knows by name."""


def plan_problems(plan: Iterable[Milestone]) -> Iterator[str]:
    """What does not hold together, a line each: every milestone comes after what it waits for."""
    known: set[str] = set()
    for milestone in plan:
        for other in milestone.waits_for:
            if other not in known:
                yield f"plan {milestone.key}: {other} does not come before it"
        if milestone.key in known:
            yield f"plan {milestone.key}: stands twice"
        known.add(milestone.key)
        if milestone.key in NEEDED and milestone.left_out is LeftOut.DROP:
            yield f"plan {milestone.key}: it cannot be dropped"
    yield from (f"plan: {key} is missing" for key in NEEDED if key not in known)


def usual_days(
    plan: Iterable[Milestone],
    segment: Segment,
    reason: Reason,
    *,
    overlap: bool,
    named: Mapping[str, PerSegment],
) -> dict[str, int]:
    """The full plan forward from the start, as working days by key; distances are kept.

    `named` are days that stand elsewhere in the playbook, by key.
    """
    numbers: dict[str, int] = {}
    for milestone in plan:
        days = named.get(milestone.key, milestone.days).get(segment)
        left_out = segment in milestone.overlap_only and not overlap
        if days is None or left_out or (milestone.since and milestone.since not in numbers):
            continue
        sooner = min(days, milestone.by_reason.get(reason, days))
        number = sooner + numbers.get(milestone.since, 0)
        numbers[milestone.key] = max(number, earliest(milestone, segment, numbers))
    return numbers


def earliest(milestone: Milestone, segment: Segment, numbers: Mapping[str, int]) -> int:
    """The first working day on which a milestone keeps its distances."""
    return max(
        (
            numbers[gap.on] + gap.days.get(segment, 0)
            for gap in milestone.after
            if gap.on in numbers
        ),
        default=0,
    )


def downstream(plan: Iterable[Milestone], key: str) -> frozenset[str]:
    """A milestone and all that wait for it."""
    found = {key}
    for milestone in plan:
        if found.intersection(milestone.waits_for):
            found.add(milestone.key)
    return frozenset(found)
