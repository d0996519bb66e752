"""With little time less is asked, what matters most first; what was answered stays (N8)."""

from datetime import date

import pytest

from flows.events import (
    Accepted,
    AwayGiven,
    DaysOffLearned,
    OfferedPicked,
    PackReturned,
    PersonGone,
    UnknownDeclared,
)
from flows.handover import Handover
from flows.happened import CLOCK
from flows.knowledge.interview import (
    asked_at,
    is_answered,
    pack_complete,
    progress,
    questions,
    still_offered,
    whole_path,
)
from flows.schedule.calendars import Absence, Calendar, DaysOff
from flows.schedule.milestones import Notice
from flows.terms import DateIs, Need, Reason, Role, Segment
from tests.flows.make import IVAN, LENA, MONDAY, NOW, OLGA, PLAYBOOK, Story, party

EIGHT = ["RK1", "SN1", "CM1", "OI1", "SK1", "PF4", "DC5", "SK3"]
MARKET = (Segment.MID_MARKET, Segment.ENTERPRISE)


def leaver(days: int, segment: Segment = Segment.ENTERPRISE, **change: object) -> Story:
    """Ivan leaves so many working days after the start."""
    day = Calendar(MONDAY.date(), []).day(days)
    usual = {"segment": segment, "reason": Reason.ATTRITION, "day": day}
    return Story(PLAYBOOK, day_is=DateIs.LAST_DAY, **(usual | change))


def required(handover: Handover) -> list[str]:
    """What is asked of Ivan, in order."""
    return [q.id for q in questions(handover, PLAYBOOK, Role.OUTGOING, Need.REQUIRED)]


@pytest.mark.parametrize("segment", MARKET)
@pytest.mark.parametrize("days", [0, 1, 2])
def test_with_hardly_any_time_the_eight_are_asked(segment: Segment, days: int) -> None:
    story = leaver(days, segment)
    assert required(story.handover) == EIGHT
    assert story.answers_everything(IVAN) == EIGHT
    assert pack_complete(story.handover, PLAYBOOK)
    done = progress(story.handover, PLAYBOOK, Role.OUTGOING)
    assert (done.answered, done.required, done.minutes_left) == (8, 8, 0)


def test_of_a_small_account_the_prompts_that_cover_them_are_asked() -> None:
    story = leaver(2, Segment.SMB)
    asked = required(story.handover)
    assert asked == ["S10", "S1", "S9", "S8", "PF4", "S7"]
    covered = {key for question in asked for key in PLAYBOOK.by_id[question].covers} | set(asked)
    assert set(EIGHT) <= covered


@pytest.mark.parametrize("days", [3, 7])
def test_with_a_little_more_time_the_articles_are_asked_too(days: int) -> None:
    asked = required(leaver(days).handover)
    assert asked[:8] == EIGHT
    assert {"BG1", "TH1", "CH1", "PF1", "OP2", "TR1", "TR3", "AT1"} <= set(asked)
    # Neither article asks for these.
    assert not {"SN2", "BG3", "TH2", "TH3", "CH4", "PF5", "CC1", "CC2", "TR4", "AT2"} & set(asked)
    full = leaver(40)
    assert set(asked) < set(required(full.handover))


@pytest.mark.parametrize("segment", Segment)
def test_from_eight_days_on_all_is_asked_the_risks_first(segment: Segment) -> None:
    short, full = required(leaver(8, segment).handover), required(leaver(60, segment).handover)
    assert short != full
    assert sorted(short) == sorted(full)
    risk = PLAYBOOK.by_id[short[0]]
    assert "RK1" in (risk.id, *risk.covers)
    assert full[0] in ("S1", "SN1")


def test_who_stays_is_asked_everything() -> None:
    story = Story(segment=Segment.ENTERPRISE, day=date(2026, 11, 24))
    assert asked_at(story.handover, PLAYBOOK) is Notice.FULL
    assert len(required(story.handover)) > 40


def test_who_has_no_hours_left_is_asked_the_eight() -> None:
    story = Story(segment=Segment.ENTERPRISE, reason=Reason.PROMOTION, day=date(2027, 2, 26))
    assert len(required(story.handover)) > 40
    story.gives(IVAN, "hours", "2", question="PR2")
    assert len(required(story.handover)) > 40
    story.gives(IVAN, "hours", "0", question="PR2")
    assert required(story.handover) == EIGHT
    assert story.open(IVAN) == "SN1"
    story.answers(IVAN)
    assert story.open(IVAN) == "RK1"


def test_what_is_left_out_is_offered_at_the_end_and_counts_once_answered() -> None:
    story = leaver(2)
    usual = set(required(leaver(60).handover))
    offered = {question.id for question in still_offered(story.handover, PLAYBOOK, IVAN)}
    assert usual - set(EIGHT) <= offered
    story.answers_everything(IVAN)
    story.does(IVAN, OfferedPicked, question="BG1")
    assert pack_complete(story.handover, PLAYBOOK)
    story.answers(IVAN, "BG1")
    assert required(story.handover) == [*EIGHT, "BG1"]
    assert pack_complete(story.handover, PLAYBOOK)


def test_the_incoming_csm_has_their_time() -> None:
    story = leaver(0)
    story.does(OLGA, Accepted)
    assert story.open(OLGA) == "TR2"


def test_an_answer_given_before_less_was_asked_stays_and_can_be_asked_back() -> None:
    story = leaver(10)
    for key in ("BG3", "TH2"):
        story.answers(IVAN, key)
    weeks = (Absence(first=date(2026, 11, 25), last=date(2026, 12, 4)),)
    story.does(IVAN, AwayGiven, away=weeks)
    assert asked_at(story.handover, PLAYBOOK) is Notice.EIGHT
    assert required(story.handover) == [*EIGHT, "BG3", "TH2"]
    path = [question.id for question in whole_path(story.handover, PLAYBOOK, IVAN)]
    assert {"BG3", "TH2"} <= set(path)
    assert is_answered(story.handover, PLAYBOOK.by_id["BG3"])
    story.does(OLGA, Accepted)
    story.answers_everything(IVAN)
    assert pack_complete(story.handover, PLAYBOOK)
    story.does(OLGA, PackReturned, questions=("BG3",), text="How do they measure it?")
    assert story.open(IVAN) == "BG3"
    story.does(IVAN, UnknownDeclared, question="BG3")
    assert pack_complete(story.handover, PLAYBOOK)


def test_it_stays_the_same_while_time_passes() -> None:
    story = leaver(10)
    before = required(story.handover)
    story.waits(days=13)
    assert asked_at(story.handover, PLAYBOOK) is Notice.SHORT
    assert required(story.handover) == before


def test_their_own_working_days_count_and_nobody_elses() -> None:
    story = leaver(8)
    off = DaysOff(days=(date(2026, 11, 26), date(2026, 11, 27)))
    story.does(CLOCK, DaysOffLearned, people={OLGA: off, LENA: off})
    assert asked_at(story.handover, PLAYBOOK) is Notice.SHORT
    story.does(CLOCK, DaysOffLearned, people={IVAN: off})
    assert asked_at(story.handover, PLAYBOOK) is Notice.ARTICLES


def test_where_the_outgoing_csm_never_answers_the_others_are_asked_the_eight() -> None:
    gone = leaver(0, outgoing=party(None, "Ivan").model_copy(update={"gone": True}))
    assert gone.answers_everything(LENA) == EIGHT
    left = leaver(2, tellings={Role.OUTGOING: NOW, Role.INCOMING: NOW})
    left.does(CLOCK, PersonGone, user=IVAN)
    assert left.answers_everything(LENA) == EIGHT
    assert pack_complete(left.handover, PLAYBOOK)


def test_a_playbook_without_the_eight_leaves_nothing_out() -> None:
    short = PLAYBOOK.short_notice.model_copy(update={"eight": ()})
    book = PLAYBOOK.model_copy(update={"short_notice": short})
    book = type(book).model_validate(book.model_dump())
    usual = book.asked[Segment.SMB, Reason.ATTRITION, Role.OUTGOING, Notice.FULL, Need.REQUIRED]
    for notice in Notice:
        key = (Segment.SMB, Reason.ATTRITION, Role.OUTGOING, notice, Need.REQUIRED)
        assert book.asked[key] == usual
