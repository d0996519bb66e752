"""Replies that were faster than the note of where their question stands."""

from flows.advance import advance
from flows.events import (
    Accepted,
    AnswerGiven,
    AnswerRecorded,
    NoneDeclared,
    QuestionLanded,
    SaidWithdrawn,
    SomebodyAsked,
)
from flows.handover import Handover, Party, Said, Verdict
from flows.knowledge.interview import current_question
from flows.terms import How
from tests.make import AMPLE, IVAN, LENA, NOW, OLGA, default_playbook, make_handover

EARLY, LANDED = "1795400000.000002", "1795400000.000001"


def none(question: str) -> NoneDeclared:
    return NoneDeclared(at=NOW, by=OLGA, question=question)


def reply(question: str, words: str) -> AnswerGiven:
    return AnswerGiven(at=NOW, by=OLGA, question=question, said=Said(source=EARLY, text=words))


def landed(handover: Handover) -> Handover:
    event = QuestionLanded(at=NOW, by="clock", user=OLGA, question="S2", ts=LANDED)
    return advance(handover, event, default_playbook()).handover


def test_an_early_reply_goes_to_its_question_and_leaves_the_one_before_as_it_was() -> None:
    taken_for_s1 = make_handover([none("S1"), reply("S1", "They sell software")], day=AMPLE)
    handover = landed(taken_for_s1)
    assert handover.answers["S1"].verdict is Verdict.NONE
    assert handover.answers["S1"].said == ()
    assert [said.text for said in handover.answers["S2"].said] == ["They sell software"]
    assert current_question(handover, OLGA) == "S3"


def test_a_reply_that_was_deleted_gives_back_the_none_that_it_replaced() -> None:
    handover = make_handover([none("S1"), reply("S1", "There is one after all")])
    assert handover.answers["S1"].verdict is Verdict.GIVEN
    gone = SaidWithdrawn(at=NOW, by=OLGA, source=EARLY)
    handover = advance(handover, gone, default_playbook()).handover
    assert handover.answers["S1"].verdict is Verdict.NONE


def test_what_somebody_else_said_stays_where_it_is() -> None:
    """The answer of whoever was asked has no time of Slack's; it was moved back and forth."""
    handover = make_handover([none("S1")], day=AMPLE)
    asked = SomebodyAsked(
        at=NOW, by=OLGA, id="feed01", question="S1", text="Is it?", whom="Sam", due=NOW.date()
    )
    known = AnswerRecorded(
        at=NOW, by=OLGA, ask="feed01", text="It is", who="Sam", on=NOW.date(), how=How.CALL
    )
    for event in (asked, known):
        handover = advance(handover, event, default_playbook()).handover
    assert landed(handover) is handover


def test_a_reply_of_another_respondent_is_not_early() -> None:
    """Where two answer for whoever is gone, each has questions and replies of their own."""
    gone = Party(user=OLGA, name="Olga", gone=True)
    handover = make_handover([Accepted(at=NOW, by=IVAN)], outgoing=gone, day=AMPLE)
    first = current_question(handover, LENA)
    assert first
    said = Said(source=EARLY, text="They sell software")
    for event in (
        AnswerGiven(at=NOW, by=IVAN, question=first, said=said),
        NoneDeclared(at=NOW, by=LENA, question=first),
    ):
        handover = advance(handover, event, default_playbook()).handover
    following = current_question(handover, LENA)
    assert following
    known = QuestionLanded(at=NOW, by="clock", user=LENA, question=following, ts=LANDED)
    assert advance(handover, known, default_playbook()).handover is handover
