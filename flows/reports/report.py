"""What leaders read of many handovers: medians and counts, as a whole and by what they share.

A part that would name a person (fewer than three handovers, or all of one CSM) is not told apart
unless figures per person are wanted: such parts are put together, and where that is still too few,
the smallest other part joins them, so that nothing can be subtracted. Rows A2, G11; decisions:
"Quiet and kind".
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from statistics import median

from flows.customer.moods import Feeling
from flows.frozen import Frozen
from flows.handover import Handover, Stage
from flows.privacy import is_csm, leads, may_know
from flows.reports.outcome import Outcome, Period

FEWEST, PERSONS = 3, 2
"""So many handovers, of so many CSMs on each side, say nothing of one person."""
PERIODS = (30, 90, 365)
USUAL = 90
OTHERS = ""
"""The key of what is put together."""


class By(StrEnum):
    """What handovers share; the leader stands for the team, for Slack knows no teams."""

    SEGMENT = "segment"
    REASON = "reason"
    LEADER = "leader"


class Spread(Frozen):
    """The median of some numbers, how many they are, and the least and greatest of them."""

    median: float
    count: int
    least: int
    most: int


class Figures(Frozen):
    """Several handovers as numbers; a spread is none where there is nothing to count.

    `packs` are those with everything answered that is required. A `rating` is told of at least
    three, so that it is nobody's single word about a colleague.
    """

    handovers: int
    under_way: int
    complete: int
    cancelled: int
    to_pack: Spread | None
    to_lead: Spread | None
    packs: int
    more: int
    asked: int
    found: int
    feelings: dict[Feeling, int]
    reds: int
    overdue: int
    visits: int
    well: int
    gaps: int
    waived: int
    rating: Spread | None


class Group(Frozen):
    """Handovers that share something: a segment, a reason, a leader's or CSM's key, or OTHERS."""

    key: str
    figures: Figures


class Asked(Frozen):
    """How often a question of the playbook was not told well enough, and how that showed."""

    question: str
    more: int
    asked: int
    gaps: int

    @property
    def times(self) -> int:
        """How often in all."""
        return self.more + self.asked + self.gaps


class Report(Frozen):
    """What a leader reads about a period.

    `handing` and `taking` are by CSM, and empty unless figures per person are wanted.
    """

    period: Period
    whole: Figures
    groups: dict[By, tuple[Group, ...]]
    questions: tuple[Asked, ...]
    handing: tuple[Group, ...] = ()
    taking: tuple[Group, ...] = ()


def reports_on(handover: Handover, viewer: str) -> bool:
    """Whether a handover counts in a leader's report: only those that this leader leads."""
    return leads(handover, viewer) and may_know(handover, viewer) and not handover.example


def is_own(handover: Handover, viewer: str) -> bool:
    """Whether a handover counts in a CSM's own figures: only those of which they were told."""
    return is_csm(handover, viewer)


def make_report(
    outcomes: Sequence[Outcome], period: Period, *, per_person: bool = False
) -> Report | None:
    """The report on what came of some handovers; none where there is none."""
    if not outcomes:
        return None
    told = per_person or _names_nobody(outcomes)
    return Report(
        period=period,
        whole=figures(outcomes),
        groups={by: _groups(outcomes, key, named=per_person) for by, key in _KEYS.items()},
        questions=by_question(outcomes) if told else (),
        handing=_by_person(outcomes, _handing) if per_person else (),
        taking=_by_person(outcomes, _taking) if per_person else (),
    )


def own_groups(
    outcomes: Sequence[Outcome], viewer: str
) -> tuple[tuple[Group, ...], tuple[Group, ...]]:
    """What a leader's report says of one CSM, for themselves: handing over, and taking over."""
    handing = [group for group in _by_person(outcomes, _handing) if group.key == viewer]
    taking = [group for group in _by_person(outcomes, _taking) if group.key == viewer]
    return tuple(handing), tuple(taking)


def figures(outcomes: Sequence[Outcome]) -> Figures:
    """Handovers as numbers."""
    stages = Counter(outcome.stage for outcome in outcomes)
    feelings = Counter(feeling for outcome in outcomes for feeling in outcome.feelings)
    return Figures(
        handovers=len(outcomes),
        under_way=stages[Stage.IN_FLIGHT],
        complete=stages[Stage.COMPLETE],
        cancelled=stages[Stage.CANCELLED],
        to_pack=_spread(outcome.to_pack for outcome in outcomes),
        to_lead=_spread(outcome.to_lead for outcome in outcomes),
        packs=sum(outcome.answered >= outcome.required for outcome in outcomes),
        more=sum(len(outcome.more) for outcome in outcomes),
        asked=sum(len(outcome.asked) for outcome in outcomes),
        found=sum(outcome.found for outcome in outcomes),
        feelings={feeling: feelings[feeling] for feeling in Feeling},
        reds=sum(outcome.reds for outcome in outcomes),
        overdue=sum(outcome.overdue for outcome in outcomes),
        visits=sum(len(outcome.went_well) for outcome in outcomes),
        well=sum(sum(outcome.went_well) for outcome in outcomes),
        gaps=sum(len(outcome.gaps) for outcome in outcomes),
        waived=sum(outcome.waived for outcome in outcomes),
        rating=_spread((outcome.rating for outcome in outcomes), FEWEST),
    )


def by_question(outcomes: Iterable[Outcome]) -> tuple[Asked, ...]:
    """The questions that were not told well enough, the most frequent first."""
    more, asked, gaps = Counter[str](), Counter[str](), Counter[str]()
    for outcome in outcomes:
        more.update(outcome.more)
        asked.update(key for key in outcome.asked if key)
        gaps.update(outcome.gaps)
    found = [
        Asked(question=key, more=more[key], asked=asked[key], gaps=gaps[key])
        for key in {*more, *asked, *gaps}
    ]
    return tuple(sorted(found, key=lambda one: (-one.times, one.question)))


def _handing(outcome: Outcome) -> str | None:
    return outcome.outgoing.key


def _taking(outcome: Outcome) -> str | None:
    return outcome.incoming.key if outcome.incoming else None


_KEYS: Mapping[By, Callable[[Outcome], str]] = {
    By.SEGMENT: lambda outcome: outcome.segment.value,
    By.REASON: lambda outcome: outcome.reason.value,
    By.LEADER: lambda outcome: outcome.leader,
}


def _names_nobody(outcomes: Sequence[Outcome]) -> bool:
    sides = [{_handing(o) for o in outcomes}, {_taking(o) for o in outcomes} - {None}]
    persons = all(not side or len(side) >= PERSONS for side in sides)
    return len(outcomes) >= FEWEST and persons


def _groups(
    outcomes: Sequence[Outcome], key: Callable[[Outcome], str], *, named: bool
) -> tuple[Group, ...]:
    """The parts in the order of their keys, the others last; none where there is but one part."""
    parts: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        parts[key(outcome)].append(outcome)
    shown = {k: part for k, part in sorted(parts.items()) if named or _names_nobody(part)}
    others = [o for k, part in parts.items() if k not in shown for o in part]
    while others and shown and not _names_nobody(others):
        others += shown.pop(min(shown, key=lambda k: len(shown[k])))
    if others:
        shown[OTHERS] = others
    if len(shown) <= 1:
        return ()
    return tuple(Group(key=k, figures=figures(part)) for k, part in shown.items())


def _by_person(
    outcomes: Sequence[Outcome], who: Callable[[Outcome], str | None]
) -> tuple[Group, ...]:
    parts: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        if person := who(outcome):
            parts[person].append(outcome)
    return tuple(Group(key=k, figures=figures(part)) for k, part in sorted(parts.items()))


def _spread(numbers: Iterable[int | None], fewest: int = 1) -> Spread | None:
    known = [number for number in numbers if number is not None]
    if len(known) < fewest:
        return None
    return Spread(median=median(known), count=len(known), least=min(known), most=max(known))
