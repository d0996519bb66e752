"""Interviews as conversations: who is asked what, in which order, and how people move in it."""

import pytest

from flows import events as e
from flows.effects import Kind, Refresh
from flows.handover import Verdict
from flows.knowledge.interview import next_question, progress, still_offered, strictest_segment
from flows.tasks import Todo, all_tasks
from flows.terms import Reason, Role, Segment
from tests.flows.make import IVAN, LENA, OLGA, PLAYBOOK, Story, party, posts

PROMPTS = [f"S{number}" for number in range(1, 11)]


def test_an_smb_interview_runs_from_the_start_to_the_closing_menu() -> None:
    story = Story()
    story.does(OLGA, e.Accepted)
    assert story.answers_everything(OLGA) == ["TR2"]
    assert story.answers_everything(IVAN) == [*PROMPTS, "RS1", "RS2"]
    # The last answer closes the pack: the incoming CSM hears so and reads it.
    assert posts(story.effects, IVAN) == [Kind.CLOSING]
    assert posts(story.effects, OLGA) == [Kind.PACK_READY]
    assert Refresh(to=LENA, kind=Kind.NOTICE) in story.effects
    assert {task.todo for task in all_tasks(story.handover, PLAYBOOK)} == {
        Todo.READ_PACK,
        Todo.MILESTONE,
        Todo.SET_TIME,
        Todo.ANSWER_WARNING,
    }
    assert progress(story.handover, PLAYBOOK, Role.OUTGOING).minutes_left == 0
    story.does(IVAN, e.InterviewFinished)
    assert story.interview(IVAN).finished


@pytest.mark.parametrize(
    ("segment", "count", "offered"), [(Segment.MID_MARKET, 31, 13), (Segment.ENTERPRISE, 42, 2)]
)
def test_a_bigger_account_is_asked_apart(segment: Segment, count: int, offered: int) -> None:
    story = Story(segment=segment)
    story.does(OLGA, e.Accepted)
    put = story.answers_everything(IVAN) + story.answers_everything(OLGA)
    assert len(put) == len(set(put)) == count + 2
    assert not set(put) & set(PROMPTS)
    assert len(still_offered(story.handover, PLAYBOOK, IVAN)) == offered
    assert {"RS1", "RS2"} < set(put)


@pytest.mark.parametrize("reason", Reason)
def test_each_reason_asks_its_own(reason: Reason) -> None:
    story = Story(reason=reason)
    put = story.answers_everything(IVAN)
    own = [q.id for q in PLAYBOOK.questions if q.reason is reason]
    if reason is not Reason.SEGMENT_CHANGE:
        assert put == PROMPTS + own


def test_a_segment_change_asks_the_stricter_set() -> None:
    story = Story(reason=Reason.SEGMENT_CHANGE)
    for _ in PROMPTS:
        story.answers(IVAN)
    assert story.open(IVAN) == "SG0"
    story.gives(IVAN, "segment", "enterprise")
    assert strictest_segment(story.handover) is Segment.ENTERPRISE
    assert story.open(IVAN) == "SN1"
    assert set(PROMPTS) <= set(story.handover.answers)
    # A prompt that is no longer asked is still an answer: it can be changed.
    story.does(IVAN, e.ChangeWished, question="S2")
    assert story.open(IVAN) == "S2"
    story.says(IVAN, "They sell dental software.")
    assert story.texts("S2") == ["They sell dental software."]
    assert story.open(IVAN) == "SN1"


def test_a_change_to_a_lighter_segment_keeps_the_stricter_set() -> None:
    story = Story(reason=Reason.SEGMENT_CHANGE, segment=Segment.ENTERPRISE)
    story.gives(IVAN, "segment", "smb", question="SG0")
    assert strictest_segment(story.handover) is Segment.ENTERPRISE


def test_later_moves_a_question_to_the_end() -> None:
    story = Story()
    story.does(IVAN, e.PutOff, question="S1")
    assert story.open(IVAN) == "S2"
    story.ignores(IVAN, e.PutOff, question="S1")
    assert story.answers_everything(IVAN)[-1] == "S1"


def test_when_only_what_was_put_off_is_left_the_interview_rests() -> None:
    story = Story()
    for _ in range(11):
        story.answers(IVAN)
    assert posts(story.does(IVAN, e.PutOff, question="RS2")) == []
    assert story.interview(IVAN).resting
    story.says(IVAN, "One more thing about S1", question="S1")
    assert story.interview(IVAN).current is None
    assert posts(story.does(IVAN, e.Resumed)) == [(Kind.QUESTION, "RS2")]
    story.does(IVAN, e.PutOff, question="RS2")
    story.says(IVAN, "Meet finance", question="RS2")
    assert posts(story.effects, IVAN) == [Kind.CLOSING]
    assert not story.interview(IVAN).resting


def test_a_click_on_an_older_card_leaves_the_open_question_open() -> None:
    # Later, Keep and "I don't know" on a stale card dropped the question that was open.
    story = Story()
    story.answers(IVAN)
    story.answers(IVAN)
    story.does(IVAN, e.ChangeWished, question="S1")
    story.does(IVAN, e.UnknownDeclared, question="S2")
    story.ignores(IVAN, e.AnswerKept, question="S2")
    assert posts(story.does(IVAN, e.PutOff, question="S5")) == []
    assert story.open(IVAN) == "S1"
    assert story.interview(IVAN).replacing
    story.ignores(IVAN, e.ChangeWished, question="S1")
    story.does(IVAN, e.AnswerKept, question="S1")
    assert story.open(IVAN) == "S3"
    story.ignores(IVAN, e.AnswerKept, question="S1")


def test_only_what_is_asked_can_be_put_off_or_changed() -> None:
    story = Story()
    assert story.refuses(IVAN, e.PutOff, question="AT1") == "not_open"
    assert story.refuses(IVAN, e.ChangeWished, question="AT1") == "not_asked"


def test_back_walks_to_the_start_and_forward_again() -> None:
    # Two steps back led forward again, for the order of posts was taken for the order of questions.
    story = Story()
    for _ in range(3):
        story.answers(IVAN)
    for key in ("S4", "S3", "S2"):
        story.does(IVAN, e.SteppedBack, question=key)
    assert story.open(IVAN) == "S1"
    assert story.refuses(IVAN, e.SteppedBack, question="S1") == "at_the_start"
    story.ignores(IVAN, e.SteppedBack, question="S2")
    story.says(IVAN, "Better top 3")
    assert story.texts("S1") == ["Better top 3"]
    assert story.open(IVAN) == "S4"


def test_back_passes_over_what_is_no_longer_asked() -> None:
    story = Story(reason=Reason.SEGMENT_CHANGE)
    story.answers(IVAN)
    story.gives(IVAN, "segment", "mid_market", question="SG0")
    assert story.open(IVAN) == "SN1"
    assert story.refuses(IVAN, e.SteppedBack, question="SN1") == "at_the_start"
    assert story.refuses(IVAN, e.SteppedBack, question="S2") == "at_the_start"


def test_back_from_what_was_put_off_goes_to_what_was_asked_before_it() -> None:
    story = Story()
    story.does(IVAN, e.PutOff, question="S1")
    for _ in range(11):
        story.answers(IVAN)
    story.does(IVAN, e.SteppedBack, question="S1")
    assert story.open(IVAN) == "RS2"


def test_coming_back_puts_the_open_question_again() -> None:
    story = Story()
    story.answers(IVAN)
    assert posts(story.does(IVAN, e.Resumed)) == [(Kind.QUESTION, "S2")]
    story.does(IVAN, e.ChangeWished, question="S1")
    # The wish to change was forgotten when the person came back.
    assert posts(story.does(IVAN, e.Resumed)) == [(Kind.QUESTION, "S1")]
    assert story.interview(IVAN).replacing


def test_coming_back_to_nothing_is_told() -> None:
    story = Story()
    story.answers_everything(IVAN)
    assert story.refuses(IVAN, e.Resumed) == "nothing_open"


def test_the_closing_menu_offers_and_takes_back() -> None:
    story = Story()
    story.answers_everything(IVAN)
    story.does(IVAN, e.InterviewFinished)
    assert posts(story.does(IVAN, e.OfferedPicked, question="CH4")) == [(Kind.QUESTION, "CH4")]
    assert not story.interview(IVAN).finished
    story.ignores(IVAN, e.OfferedPicked, question="CH4")
    assert story.refuses(IVAN, e.OfferedPicked, question="S1") == "not_offered"
    assert Refresh(to=IVAN, kind=Kind.CLOSING) in story.does(IVAN, e.Skipped, question="CH4")
    assert story.answer("CH4").verdict is Verdict.SKIPPED
    assert next_question(story.handover, PLAYBOOK, IVAN) is None


def test_what_was_picked_can_be_put_off_behind_what_was_picked_later() -> None:
    # A picked question kept its place when it was put off, and the interview rested.
    story = Story()
    story.answers_everything(IVAN)
    story.does(IVAN, e.OfferedPicked, question="CH4")
    story.does(IVAN, e.OfferedPicked, question="BG6")
    story.does(IVAN, e.PutOff, question="CH4")
    assert story.open(IVAN) == "BG6"


def test_picking_wakes_an_interview_that_rests() -> None:
    story = Story()
    story.answers_everything(IVAN)
    source = story.says(IVAN, "x", question="CH4")
    story.does(IVAN, e.OfferedPicked, question="BG6")
    story.does(IVAN, e.PutOff, question="BG6")
    assert story.interview(IVAN).resting
    assert posts(story.does(IVAN, e.OfferedPicked, question="PF4")) == [(Kind.QUESTION, "PF4")]
    assert story.texts("CH4") == ["x"]
    assert source


def test_what_is_required_is_not_skipped() -> None:
    assert Story().refuses(IVAN, e.Skipped, question="S1") == "not_offered"


def test_what_was_picked_and_is_required_later_is_asked_once() -> None:
    story = Story(reason=Reason.SEGMENT_CHANGE)
    for _ in PROMPTS:
        story.answers(IVAN)
    story.gives(IVAN, "segment", "smb")
    story.answers_everything(IVAN)
    story.does(IVAN, e.OfferedPicked, question="CH4")
    story.does(IVAN, e.ChangeWished, question="SG0")
    story.gives(IVAN, "segment", "enterprise")
    put = story.answers_everything(IVAN)
    assert put.count("CH4") == 1


def test_two_who_stand_in_see_one_interview() -> None:
    story = Story(by=LENA, outgoing=party(None, "Ann"))
    story.does(OLGA, e.Accepted)
    # Both are asked the same; what one answered is not asked of the other.
    assert (story.open(LENA), story.open(OLGA)) == ("S1", "S1")
    story.answers(LENA)
    story.answers(OLGA)
    assert set(story.handover.answers) == {"S1", "S2"}
    # Keep and Later of one do not move the other.
    story.does(OLGA, e.ChangeWished, question="S1")
    story.ignores(LENA, e.AnswerKept, question="S1")
    story.does(LENA, e.PutOff, question="S3")
    assert (story.open(LENA), story.open(OLGA)) == ("S4", "S1")
    story.does(OLGA, e.AnswerKept, question="S1")
    assert story.open(OLGA) == "S3"
    tasks = all_tasks(story.handover, PLAYBOOK)
    assert {t.owner for t in tasks if t.todo is Todo.ANSWER_QUESTIONS} == {LENA, OLGA}
    # Who answers for both roles reads the others' answers and takes the pack over all the same.
    story.answers_everything(LENA)
    assert Kind.PACK_READY in posts(story.effects, OLGA)


def test_a_picked_date_is_the_new_answer_where_no_text_is_needed() -> None:
    # "Change" on a question of parts alone could only be left by Keep.
    story = Story(reason=Reason.ATTRITION)
    story.gives(IVAN, "last_day", "2026-12-11", question="AT1")
    story.does(IVAN, e.ChangeWished, question="AT1")
    story.gives(IVAN, "last_day", "2026-12-18")
    assert story.answer("AT1").given["last_day"].values == ("2026-12-18",)
    assert story.open(IVAN) == "S1"
