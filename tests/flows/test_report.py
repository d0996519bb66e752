"""What leaders read of many handovers: days, counts, and never one person by a detour (A2, G11)."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from flows import events as e
from flows.customer.moods import Feeling, Signal
from flows.end.endings import Ended, Ending, Gap, Signature, Visit, Waived
from flows.end.endings import Open as Point
from flows.handover import Handover, Party, Stage
from flows.reports.outcome import Outcome, Period, is_within, last_days, outcome_of
from flows.reports.report import (
    FEWEST,
    OTHERS,
    By,
    Report,
    figures,
    is_own,
    make_report,
    own_groups,
    reports_on,
)
from flows.side_by_side.leading import Span
from flows.terms import FollowUp, Reason, Role, Segment
from tests.flows.make import (
    BORIS,
    IVAN,
    KIM,
    LENA,
    MONDAY,
    NEVER,
    NOW,
    OLGA,
    PLAYBOOK,
    Story,
    party,
)

TODAY = MONDAY.date() + timedelta(days=60)
YEAR = last_days(365, TODAY)


def of(handover: Handover, period: Period = YEAR, overdue: int = 0) -> Outcome:
    found = outcome_of(handover, PLAYBOOK, period, overdue)
    assert found is not None
    return found


def told(handover: Handover, days: int, **change: object) -> Handover:
    """A handover as it stands so many days after its start."""
    known = {name: value for name, value in change.items() if value is not None}
    return handover.model_copy(update={"started_at": MONDAY - timedelta(days=days)} | known)


def row(number: int = 0, **change: object) -> Outcome:
    """An outcome of one handover; who does what is different in each."""
    usual: dict[str, object] = {
        "handover": f"H{number}",
        "account": f"Account {number}",
        "segment": Segment.SMB,
        "reason": Reason.PROMOTION,
        "leader": LENA,
        "outgoing": party(f"UO{number}"),
        "incoming": party(f"UI{number}"),
        "stage": Stage.IN_FLIGHT,
        "started": MONDAY.date(),
    }
    return Outcome.model_validate(usual | change)


def report(*rows: Outcome, per_person: bool = False) -> Report:
    found = make_report(rows, YEAR, per_person=per_person)
    assert found is not None
    return found


def test_days_run_from_the_start_to_the_pack_and_to_leading_alone() -> None:
    handover = Story().handover
    reading = handover.reading.model_copy(update={"accepted_at": MONDAY + timedelta(days=3)})
    led = Span(who=OLGA, since=MONDAY + timedelta(days=9), by=OLGA)
    leading = handover.leading.model_copy(
        update={"spans": (*handover.leading.spans, led), "switched_at": led.since}
    )
    whole = of(told(handover, 5, reading=reading, leading=leading))
    assert (whole.to_pack, whole.to_lead) == (8, 14)


def test_who_leads_no_more_led_never() -> None:
    """After a reverse the outgoing CSM leads again, whoever did in between."""
    handover = Story().handover
    for who in (OLGA, IVAN):
        span = Span(who=who, since=MONDAY, by=LENA)
        leading = handover.leading.model_copy(
            update={"spans": (*handover.leading.spans, span), "switched_at": None}
        )
        handover = handover.model_copy(update={"leading": leading})
    assert of(handover).to_lead is None


def test_one_more_detail_knocks_moods_and_gaps_are_counted() -> None:
    story = Story(by=KIM)
    story.says(IVAN, "see Salesforce", question="S3")
    assert story.handover.follow_ups == {"S3": FollowUp.OPEN}
    story.does(OLGA, e.Accepted)
    story.does(OLGA, e.PackAnswered, id="F1", text="Any bugs?", about="S1")
    for number, about in enumerate(("S1", "")):
        known = {"id": f"K{number}", "text": "Why?", "knock": True, "about": about}
        story.does(OLGA, e.Asked, **known)
    story.does(OLGA, e.Asked, id="A9", text="May I?")
    story.does(IVAN, e.MoodGiven, round="sentiment_1", feeling=Feeling.WORSE)
    signs = (Signal.ESCALATION,)
    story.does(OLGA, e.MoodGiven, round="sentiment_1", feeling=Feeling.SAME, signals=signs)
    story.does(LENA, e.PointWaived, what=Point.SYSTEMS, why="There are none")
    whole = of(story.handover, overdue=2)
    assert whole.more == ("S3",)
    assert (whole.asked, whole.found) == (("S1", ""), 1)
    assert whole.feelings == (Feeling.WORSE, Feeling.SAME)
    assert (whole.reds, whole.waived, whole.overdue) == (1, 1, 2)
    assert whole.answered < whole.required


def ended(handover: Handover) -> Handover:
    """Complete, signed by the incoming CSM with a rating, and followed up twice."""
    gaps = (Gap(question="DC7"), Gap(question="DC7", words="again"), Gap(question="S1"))
    visits = tuple(
        Visit(key=key, by=LENA, at=MONDAY, explained_again=bool(found), gaps=found, well=not found)
        for key, found in (("follow_up", gaps), ("review", ()))
    )
    ending = Ending(
        waived={Point.LADDER: Waived(by=LENA, at=MONDAY, why="Small")},
        signed={OLGA: Signature(by=OLGA, at=MONDAY)},
        completed=Ended(by=LENA, at=MONDAY),
        visits=visits,
        rating=4,
    )
    return handover.model_copy(update={"ending": ending, "stage": Stage.COMPLETE})


def test_follow_ups_tell_what_was_missing_once_for_each_handover() -> None:
    whole = of(ended(Story().handover))
    assert whole.went_well == (False, True)
    assert whole.gaps == ("DC7", "S1")
    assert (whole.rating, whole.ended, whole.stage) == (4, MONDAY.date(), Stage.COMPLETE)


def test_only_what_happened_in_the_period_counts() -> None:
    handover = ended(Story().handover)
    later = Period(first=MONDAY.date() + timedelta(days=1), last=TODAY)
    assert not is_within(handover, later)
    assert outcome_of(handover, PLAYBOOK, later) is None
    visit = handover.ending.visits[0].model_copy(update={"at": MONDAY + timedelta(days=30)})
    ending = handover.ending.model_copy(update={"visits": (visit,)})
    followed = of(handover.model_copy(update={"ending": ending}), later)
    assert followed.went_well == (False,)
    assert (followed.rating, followed.waived) == (None, 0)
    before = Period(first=date(2026, 1, 1), last=MONDAY.date() - timedelta(days=1))
    assert not is_within(handover, before)


def test_drafts_and_examples_count_nowhere() -> None:
    handover = Story().handover
    assert outcome_of(Story(draft=True).handover, PLAYBOOK, YEAR) is None
    example = handover.model_copy(update={"example": True})
    assert outcome_of(example, PLAYBOOK, YEAR) is None
    assert reports_on(handover, LENA)
    assert not reports_on(example, LENA)


def test_a_leader_reads_of_what_they_lead_and_a_csm_of_what_they_know() -> None:
    quiet = Story(by=LENA, tellings={Role.OUTGOING: NEVER, Role.INCOMING: NOW}).handover
    assert [u for u in (LENA, BORIS, IVAN, OLGA, KIM) if reports_on(quiet, u)] == [LENA, BORIS]
    assert [u for u in (LENA, BORIS, IVAN, OLGA, KIM) if is_own(quiet, u)] == [OLGA]
    prepared = Story(by=KIM).handover
    assert not reports_on(prepared, KIM)


def test_medians_are_told_with_how_many_they_are_of() -> None:
    rows = [row(n, to_pack=days) for n, days in enumerate((2, 40, 8))]
    spread = figures([*rows, row(9)]).to_pack
    assert spread is not None
    assert (spread.median, spread.count, spread.least, spread.most) == (8, 3, 2, 40)
    assert figures([row()]).to_pack is None


def test_nothing_to_count_is_no_report() -> None:
    assert make_report((), YEAR) is None


def test_few_handovers_are_put_together() -> None:
    smb = [row(n) for n in range(4)]
    few = [row(n, segment=Segment.ENTERPRISE) for n in (10, 11)]
    fewer = row(20, segment=Segment.MID_MARKET)
    groups = report(*smb, *few, fewer).groups[By.SEGMENT]
    assert [(g.key, g.figures.handovers) for g in groups] == [("smb", 4), (OTHERS, 3)]


def test_what_is_left_over_cannot_be_subtracted() -> None:
    """One enterprise handover beside two groups: the smaller one joins it."""
    smb = [row(n) for n in range(5)]
    mid = [row(n, segment=Segment.MID_MARKET) for n in range(10, 13)]
    alone = row(20, segment=Segment.ENTERPRISE)
    groups = report(*smb, *mid, alone).groups[By.SEGMENT]
    assert [(g.key, g.figures.handovers) for g in groups] == [("smb", 5), (OTHERS, 4)]
    assert report(*smb, alone).groups[By.SEGMENT] == ()


def test_all_of_one_csm_are_not_told_apart() -> None:
    """A whole book that somebody leaves behind is their figures, however many accounts it has."""
    book = [row(n, outgoing=party(IVAN), reason=Reason.ATTRITION) for n in range(6)]
    rest = [row(n) for n in range(10, 16)]
    assert report(*book, *rest).groups[By.REASON] == ()
    assert report(*book).questions == ()
    named = report(*book, *rest, per_person=True)
    assert [g.key for g in named.groups[By.REASON]] == ["attrition", "promotion"]


def test_questions_are_counted_by_how_they_failed() -> None:
    rows = [row(1, more=("S1", "S2"), gaps=("S2",)), row(2, asked=("S2", "")), row(3)]
    found = {one.question: (one.more, one.asked, one.gaps) for one in report(*rows).questions}
    assert found == {"S2": (1, 1, 1), "S1": (1, 0, 0)}
    assert report(*rows).questions[0].question == "S2"
    assert report(*rows[:2]).questions == ()


def test_figures_per_person_are_off_until_wanted_and_then_the_same_for_both() -> None:
    rows = [row(1, outgoing=party(IVAN), incoming=party(OLGA)), row(2, outgoing=party(IVAN))]
    assert (report(*rows).handing, report(*rows).taking) == ((), ())
    named = report(*rows, per_person=True)
    handing, taking = own_groups(rows, IVAN)
    assert handing == tuple(g for g in named.handing if g.key == IVAN)
    assert handing[0].figures.handovers == 2
    assert taking == ()
    assert own_groups(rows, OLGA)[1] == tuple(g for g in named.taking if g.key == OLGA)


CSMS = st.sampled_from([party(f"U{n}") for n in range(4)])
OUTCOMES = st.builds(
    row,
    st.integers(0, 999),
    segment=st.sampled_from(Segment),
    reason=st.sampled_from(Reason),
    leader=st.sampled_from([LENA, BORIS]),
    outgoing=CSMS,
    incoming=st.none() | CSMS,
    to_pack=st.none() | st.integers(0, 90),
    more=st.lists(st.sampled_from(["S1", "S2", "S3"]), unique=True).map(tuple),
    waived=st.integers(0, 3),
)


def _people(found: list[Outcome]) -> tuple[set[str], set[str]]:
    outgoing = {one.outgoing.key for one in found}
    return outgoing, {one.incoming.key for one in found if isinstance(one.incoming, Party)}


@given(st.lists(OUTCOMES, min_size=1, max_size=25), st.sampled_from(By))
def test_no_part_is_of_few_or_of_one_person(rows: list[Outcome], by: By) -> None:
    """Of whatever handovers: parts add up to the whole, and each, the others too, is of many."""
    whole = report(*rows)
    groups = whole.groups[by]
    if not groups:
        return
    assert sum(group.figures.handovers for group in groups) == len(rows)
    assert sum(group.figures.waived for group in groups) == whole.whole.waived
    shown = {group.key for group in groups}
    for group in groups:
        keys = {group.key} if group.key != OTHERS else {getattr(r, by) for r in rows} - shown
        part = [one for one in rows if getattr(one, by) in keys]
        outgoing, incoming = _people(part)
        assert len(part) == group.figures.handovers >= FEWEST
        assert len(outgoing) > 1
        assert len(incoming) != 1
