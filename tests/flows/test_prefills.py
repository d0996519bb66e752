"""What is known already waits to be confirmed: beside the answers, and only for who may read it."""

import pytest

from flows import events as e
from flows.advance import start
from flows.errors import FlowError
from flows.handover import Known, Prefill
from flows.knowledge.interview import answers_so_far, is_complete
from flows.known.prefills import prefill_of
from flows.playbook import Playbook
from flows.privacy import as_read_by
from flows.saying import Kind, Post, Refresh
from flows.terms import Role
from tests.flows.make import BORIS, IVAN, KIM, LENA, OLGA, PLAYBOOK, Story, made_start, party

TOP = "S1"


def story() -> Story:
    """Ivan hands over, Olga has accepted."""
    made = Story()
    made.does(OLGA, e.Accepted)
    return made


def waits(made: Story, question: str = TOP) -> Prefill | None:
    return prefill_of(made.handover, PLAYBOOK.by_id[question])


def test_it_counts_once_it_is_confirmed() -> None:
    made = story()
    found = {TOP: Known(text="They grow", given={"health": {"values": ("green",)}})}
    said = made.does(IVAN, e.Pasted, id="P1", text="rest", found=found)
    assert Post(to=IVAN, kind=Kind.IMPORT, subject="P1") in said
    assert Refresh(to=IVAN, kind=Kind.QUESTION, subject=TOP) in said
    assert (answers_so_far(made.handover), made.open(IVAN)) == (0, TOP)
    assert not is_complete(made.handover, PLAYBOOK, Role.OUTGOING)
    made.does(IVAN, e.PrefillConfirmed, questions=[TOP])
    assert made.open(IVAN) != TOP
    assert waits(made) is None
    answer = made.handover.answers[TOP]
    assert (answer.by, answer.said[0].text, answer.given["health"].values) == (
        IVAN,
        "They grow",
        ("green",),
    )
    made.ignores(IVAN, e.PrefillConfirmed, questions=[TOP])


def test_it_never_takes_the_place_of_an_answer() -> None:
    made = story()
    made.says(IVAN, "Ana decides, Tom signs, Joris doubts.")
    made.does(IVAN, e.ValueGiven, question=TOP, part="health", given={"values": ["red"]})
    before = made.handover.answers
    made.does(IVAN, e.Pasted, id="P1", found={TOP: {"text": "Old", "raw": "Top 3\nOld"}})
    assert made.handover.answers == before
    assert made.handover.prefilled == {}
    assert made.handover.unsorted[0].text == "Top 3\nOld"


def test_what_is_answered_in_part_is_confirmed_for_the_rest() -> None:
    made = story()
    found = {TOP: {"text": "Old", "given": {"health": {"values": ["green"]}}}}
    made.does(IVAN, e.Pasted, id="P1", found=found)
    made.does(IVAN, e.ValueGiven, question=TOP, part="health", given={"values": ["red"]})
    left = waits(made)
    assert left
    assert (left.known.text, left.known.given) == ("Old", {})
    made.does(IVAN, e.PrefillConfirmed, questions=[TOP])
    assert made.handover.answers[TOP].given["health"].values == ("red",)


def test_what_leaders_are_asked_is_never_in_it() -> None:
    made = story()
    made.does(IVAN, e.Pasted, id="P1", found={"UP1": {"text": "They complained"}})
    assert made.handover.prefilled == {}
    assert made.handover.unsorted[0].text == "They complained"


def test_values_that_cannot_be_kept_are_left_out() -> None:
    made = story()
    given = {"health": {"values": ["purple"]}, "colour": {"values": ["red"]}}
    listed = [
        {"kind": "risk", "details": {"what": "It"}},
        {"kind": "document", "details": {"title": "Plan", "link": "javascript:x", "x": "y"}},
        {"kind": "document", "details": {"link": "https://a.example"}},
    ]
    found = {TOP: {"text": "x", "given": given}, "S7": {"listed": listed}}
    made.does(IVAN, e.Pasted, id="P1", found=found)
    assert made.handover.prefilled[TOP].known.given == {}
    (document,) = made.handover.prefilled["S7"].known.listed
    assert document.details == {"title": "Plan"}


def test_the_incoming_csm_goes_first_and_may_change_their_mind() -> None:
    made = story()
    made.does(OLGA, e.WroteAhead, id="W1", found={TOP: {"text": "From the CRM"}})
    made.does(OLGA, e.WroteAhead, id="W2", found={TOP: {"text": "Better"}})
    left = waits(made)
    assert left
    assert (left.by, left.known.text) == (OLGA, "Better")
    assert made.refuses(OLGA, e.PrefillConfirmed, questions=[TOP]) == "not_yours"
    made.says(IVAN, "No, it is so")
    assert [said.text for said in made.handover.answers[TOP].said] == ["No, it is so"]


def test_a_section_left_as_it_was_filled_is_confirmed() -> None:
    made = story()
    listed = [{"kind": "stakeholder", "details": {"name": "Ana", "role": "buyer"}}]
    made.does(IVAN, e.Pasted, id="P1", found={"S8": {"text": "Ana first", "listed": listed}})
    made.does(IVAN, e.SectionFilled, answers={"S8": {"text": "Ana first"}})
    assert made.handover.records[0].details == {"name": "Ana", "role": "buyer"}
    assert made.handover.answers["S8"].said[0].text == "Ana first"


def test_only_who_reads_sensitive_answers_reads_it_before_it_is_one() -> None:
    known = PLAYBOOK.model_dump()
    for question in known["questions"]:
        question["sensitive"] = question["id"] == TOP
    book = Playbook.model_validate(known)
    made = Story(book, by=KIM)
    made.does(IVAN, e.Pasted, id="P1", found={TOP: {"text": "secret"}, "S2": {"text": "open"}})
    for close in (IVAN, OLGA, LENA, BORIS):
        assert set(as_read_by(made.handover, book, close).prefilled) == {TOP, "S2"}
    assert set(as_read_by(made.handover, book, KIM).prefilled) == {"S2"}


def test_a_source_reads_and_confirms_only_what_they_brought() -> None:
    made = Story(outgoing=party(None, "Gone"), by=LENA)
    made.does(LENA, e.SourceNamed, user="USOURCE")
    made.does(LENA, e.Pasted, id="P1", found={TOP: {"text": "Lena's"}}, text="Lena's rest")
    made.does("USOURCE", e.Pasted, id="P2", found={"S2": {"text": "own"}})
    seen = as_read_by(made.handover, PLAYBOOK, "USOURCE")
    assert (set(seen.prefilled), seen.unsorted) == ({"S2"}, ())
    assert made.refuses("USOURCE", e.PrefillConfirmed, questions=[TOP]) == "not_yours"
    assert made.refuses("USOURCE", e.UnsortedDropped, piece="P1") == "not_yours"
    assert made.refuses("USOURCE", e.UnsortedFiled, piece="P1", question="S3") == "not_yours"
    assert made.refuses("USOURCE", e.EarlierUsed, earlier="H0", found={}) == "not_yours"
    made.does("USOURCE", e.PrefillConfirmed, questions=["S2"])


def test_unsorted_is_filed_as_ones_own_words_or_waits_as_anothers() -> None:
    made = story()
    made.does(IVAN, e.Pasted, id="P1", text="Mine")
    made.does(OLGA, e.Pasted, id="P2", text="Hers")
    made.does(IVAN, e.UnsortedFiled, piece="P1", question="S2")
    assert made.handover.answers["S2"].said[0].text == "Mine"
    made.does(IVAN, e.UnsortedFiled, piece="P2", question="S3")
    assert "S3" not in made.handover.answers
    left = waits(made, "S3")
    assert left
    assert (left.by, left.known.text) == (OLGA, "Hers")
    assert made.handover.unsorted == ()
    assert made.refuses(IVAN, e.UnsortedFiled, piece="P2", question="S3") == "no_such_piece"


def test_a_file_is_read_once_and_may_be_tried_again() -> None:
    made = story()
    file = {"id": "F1", "name": "a.docx", "url": "", "size": 1}
    made.does(IVAN, e.Pasted, id="P1", files=[file])
    said = made.does(IVAN, e.FileRead, piece="P1", file="F1", trouble="file_unreachable")
    assert Post(to=IVAN, kind=Kind.IMPORT, subject="P1:F1") in said
    made.does(IVAN, e.FileRead, piece="P1", file="F1", found={TOP: {"text": "x"}}, left="rest")
    assert made.handover.unsorted[0].text == "rest"
    assert waits(made)
    made.ignores(IVAN, e.FileRead, piece="P1", file="F1", found={"S2": {"text": "x"}})
    made.ignores(IVAN, e.FileRead, piece="P9", file="F9", left="x")


def test_only_an_example_has_one_person_in_every_part() -> None:
    made = Story(incoming=party(IVAN), leader=IVAN, backup=None, example=True)
    assert made.handover.example
    assert {effect.to for effect in made.effects} == {IVAN}


@pytest.mark.parametrize(
    "change",
    [{"incoming": party(OLGA)}, {"leader": LENA}, {"backup": BORIS}, {"draft": True}],
    ids=str,
)
def test_an_example_with_anybody_else_is_refused(change: dict[str, object]) -> None:
    alone = {"incoming": party(IVAN), "leader": IVAN, "backup": None, "example": True}
    with pytest.raises(FlowError, match="not_yours"):
        start(made_start(**(alone | change)), PLAYBOOK)
