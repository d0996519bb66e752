"""A thin answer gets one more question, once, and is then kept whatever comes (A4, N11)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows import events as e
from flows.effects import Kind
from flows.handover import FORM, Verdict
from flows.knowledge.interview import is_answered, progress
from flows.knowledge.thin import Thin, short_answers, thinness
from flows.playbook import Question
from flows.terms import FollowUp, Role
from tests.flows.make import IVAN, LENA, PLAYBOOK, Story, posts

S1, S3, BG5, SK3 = (PLAYBOOK.by_id[key] for key in ("S1", "S3", "BG5", "SK3"))
LINK = "<https://acme.my.salesforce.com/001>"

SAMPLES = [
    (S3, "Ask me", Thin.ELSEWHERE),
    (S3, "Just ask me, happy to talk", Thin.ELSEWHERE),
    (S3, "It's all in Salesforce, read it before tomorrow's call", Thin.ELSEWHERE),
    (S3, "It\u2019s all in the CRM.", Thin.ELSEWHERE),
    (S3, "see above", Thin.ELSEWHERE),
    (S3, "Same as above!", Thin.ELSEWHERE),
    (S3, "See the notes", Thin.ELSEWHERE),
    (S3, "Everything is documented in Confluence", Thin.ELSEWHERE),
    (S3, "Salesforce", Thin.ELSEWHERE),
    (S3, "in HubSpot", Thin.ELSEWHERE),
    (S3, "TBD", Thin.ELSEWHERE),
    (S3, "I'll tell you later", Thin.ELSEWHERE),
    (S3, "Let's chat about it on Friday", Thin.ELSEWHERE),
    (S3, "Ask me. Ok", Thin.ELSEWHERE),
    (S3, LINK, Thin.LINK),
    (S3, f"{LINK} <https://x.example/2|The plan>", Thin.LINK),
    (S3, f"Here: {LINK}", Thin.LINK),
    (S3, "www.northwind.example/about", Thin.LINK),
    (S3, "...", Thin.EMPTY),
    (S3, "-", Thin.EMPTY),
    (S3, ":thumbsup:", Thin.EMPTY),
    (S3, "👍", Thin.EMPTY),
    (S3, "good", Thin.SHORT),
    (S3, "Fine.", Thin.SHORT),
    (S3, "yes", Thin.SHORT),
    (S3, "What do they use our product for?", Thin.COPY),
    (S3, S3.text, Thin.COPY),
    (S3, "Support answers tickets, goal is under 2 hours", Thin.COPY),
    (S3, "Support answers its tickets with it", None),
    (S3, "Tickets", None),
    (S3, "All calm", None),
    (S3, "They moved everything to Salesforce in May and dropped their old CRM", None),
    (S3, "Ask me about the outage; never mention it to Tom, he lost his bonus over it", None),
    (S3, f"Support tickets, the goal is under 2 hours: {LINK}", None),
    (S3, "Their sales team lives in Salesforce and wants our data there", None),
    (S3, "It's a Salesforce shop", None),
    (S3, "All their data lives in Salesforce", None),
    (S3, "In Salesforce they have 40 seats", None),
    (S3, "48k", None),
    (S3, "12 May", None),
    (S3, "2026-05-12", None),
    (S3, "None", None),
    (S3, "I don\u2019t know.", None),
    (S3, "n/a", None),
    (S3, "Keine", None),
    (S3, "なし", None),
    (S3, "Läuft gut", None),
    (S3, "Suivi des commandes", None),
    (S3, "Поддержка клиентов", None),
    (S3, "客户支持工单", None),
    (S3, "问题追踪", None),
    (S3, "دعم العملاء", None),
    (BG5, LINK, None),
    (BG5, f"See {LINK}", None),
    (SK3, "Sam", None),
    (SK3, "<@U123ABC>", None),
    (SK3, "<mailto:sam@example.com|sam@example.com>", None),
]


@pytest.mark.parametrize(("question", "text", "verdict"), SAMPLES)
def test_what_is_thin(question: Question, text: str, verdict: Thin | None) -> None:
    assert thinness(question, text) is verdict


@given(st.text(max_size=80), st.sampled_from(PLAYBOOK.questions))
def test_whatever_is_typed_there_is_a_verdict_and_more_words_cure_it(
    text: str, question: Question
) -> None:
    thinness(question, text)
    cured = f"{text} \nTheir support team answers 40 tickets a day with it"
    assert thinness(question, cured) is None


def started() -> Story:
    """Ivan is at S2, with S1 answered."""
    story = Story()
    story.answers(IVAN)
    assert story.open(IVAN) == "S2"
    return story


def test_a_thin_answer_gets_one_more_question_below_it() -> None:
    story = started()
    story.says(IVAN, "good")
    assert posts(story.effects, IVAN) == [(Kind.QUESTION, "S2")]
    assert (story.open(IVAN), progress(story.handover, PLAYBOOK, Role.OUTGOING).answered) == (
        *("S2", 1),
    )
    story.says(IVAN, "fine")
    assert story.open(IVAN) == "S3"
    assert story.texts("S2") == ["good", "fine"]
    assert progress(story.handover, PLAYBOOK, Role.OUTGOING).answered == 2


def test_what_stays_short_is_counted_and_what_was_cured_is_not() -> None:
    story = started()
    story.says(IVAN, "see Salesforce")
    story.says(IVAN, "ask me")
    story.says(IVAN, "good")
    assert short_answers(story.handover, PLAYBOOK) == ("S2",)
    story.says(IVAN, "Support answers its tickets with it")
    assert short_answers(story.handover, PLAYBOOK) == ("S2",)
    assert story.handover.follow_ups == {"S2": FollowUp.DONE, "S3": FollowUp.DONE}


@pytest.mark.parametrize("act", [e.AnswerKept, e.PutOff, e.NoneDeclared, e.UnknownDeclared])
def test_any_further_act_lets_it_be(act: type[e.Happened]) -> None:
    story = started()
    story.says(IVAN, "good")
    story.does(IVAN, act, question="S2")
    assert story.open(IVAN) == "S3"
    assert is_answered(story.handover, PLAYBOOK.by_id["S2"])
    assert story.texts("S2") == ["good"]


def test_going_back_or_taking_the_reply_away_lets_it_be() -> None:
    story = started()
    story.says(IVAN, "good")
    story.does(IVAN, e.SteppedBack, question="S2")
    assert story.open(IVAN) == "S1"
    other = started()
    source = other.says(IVAN, "good")
    other.does(IVAN, e.SaidWithdrawn, source=source)
    assert other.open(IVAN) == "S2"
    other.says(IVAN, "ok")
    assert other.open(IVAN) == "S3"


def test_nobody_is_asked_twice_about_one_question() -> None:
    story = started()
    story.says(IVAN, "good")
    story.does(IVAN, e.AnswerKept, question="S2")
    story.does(IVAN, e.ChangeWished, question="S2")
    story.says(IVAN, "ok")
    assert story.open(IVAN) == "S3"


def test_what_is_missing_is_asked_first() -> None:
    story = Story()
    story.says(IVAN, "good")
    assert story.open(IVAN) == "S1"
    assert story.handover.follow_ups == {}
    story.gives(IVAN, "health", "green")
    assert story.handover.follow_ups == {"S1": FollowUp.OPEN}
    story.does(IVAN, e.AnswerKept, question="S1")
    assert story.open(IVAN) == "S2"


def test_a_form_is_asked_as_well() -> None:
    story = started()
    story.does(IVAN, e.SectionFilled, answers={"S2": {"text": "good"}, "S3": {"text": "ok"}})
    assert story.open(IVAN) == "S2"
    story.does(IVAN, e.AnswerKept, question="S2")
    assert story.open(IVAN) == "S3"
    assert story.answer("S3").said[0].source == FORM


def test_none_lists_and_what_is_sensitive_are_never_judged() -> None:
    story = started()
    story.does(IVAN, e.NoneDeclared, question="S2")
    story.says(IVAN, "Plan", question="S7")
    story.says(IVAN, "Ana – head of support\nTom – buyer", question="S8")
    assert story.handover.follow_ups == {}
    marked = started()
    marked.answers(IVAN)
    marked.does(IVAN, e.MarkedSensitive, question="S2", sensitive=True)
    marked.does(IVAN, e.ChangeWished, question="S2")
    marked.says(IVAN, "ok")
    assert marked.handover.follow_ups == {}


def test_offered_questions_are_never_judged() -> None:
    story = Story()
    story.answers_everything(IVAN)
    story.does(IVAN, e.OfferedPicked, question="CH4")
    story.says(IVAN, "good", question="CH4")
    assert "CH4" not in story.handover.follow_ups
    assert story.answer("CH4").verdict is Verdict.GIVEN


def test_whoever_answers_instead_is_asked_too() -> None:
    story = started()
    story.does(e.CLOCK, e.PersonGone, user=IVAN)
    story.says(LENA, "good")
    assert posts(story.effects, LENA) == [(Kind.QUESTION, "S2")]
