"""Replies that were faster than the note of where their question stands."""

from flows.advance import advance
from flows.events import AnswerGiven, NoneDeclared, QuestionLanded, SaidWithdrawn
from flows.handover import Handover, Said, Verdict
from flows.interview import current_question
from tests.make import AMPLE, NOW, OLGA, default_playbook, make_handover

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
