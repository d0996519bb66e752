"""Guests of the workspace: admitted to one handover, asked there, and out again."""

from flows import events as e
from flows.effects import Kind
from flows.handover import Said
from flows.parts import Part, parts
from flows.privacy import as_read_by, is_asked, may_know, may_open_vault, may_take_part
from tests.flows.make import (
    BORIS,
    IVAN,
    LENA,
    MONDAY,
    OLGA,
    PLAYBOOK,
    ZOE,
    Story,
    posts,
)

GIA = "UGIA"
DUE = "2026-11-25"


def asked() -> Story:
    """Gia is admitted, and asked by Ivan."""
    story = Story()
    story.says(IVAN, "Their CEO is new", question="S2")
    story.does(LENA, e.GuestsChosen, guests=[GIA])
    story.does(IVAN, e.SomebodyAsked, id="A1", question="S1", text="?", to=GIA, due=DUE)
    return story


def test_a_guest_hears_of_it_answers_and_reads_nothing_else() -> None:
    story = Story()
    assert posts(story.does(LENA, e.GuestsChosen, guests=[GIA]), GIA) == [Kind.GUEST]
    assert parts(story.handover, GIA) == {Part.GUEST}
    assert may_take_part(story.handover, GIA)
    assert not is_asked(story.handover, GIA)
    assert not may_know(story.handover, GIA)
    assert not may_open_vault(story.handover, GIA)
    story = asked()
    story.does(GIA, e.AskAnswered, ask="A1", said=Said(source="9.1", text="Dentists"))
    read = as_read_by(story.handover, PLAYBOOK, GIA)
    assert [said.text for answer in read.answers.values() for said in answer.said] == ["Dentists"]
    assert read.incoming is None
    assert [guest.user for guest in read.guests.admitted] == [GIA]
    assert story.refuses(GIA, e.Asked, id="A2", text="?") == "not_yours"
    story.does(GIA, e.SaidEdited, source="9.1", text="Surgeons", edited="2")


def test_taken_out_a_guest_is_nobody_and_what_they_owe_goes_to_the_leader() -> None:
    story = asked()
    assert posts(story.does(BORIS, e.GuestsChosen, guests=[]), LENA) == [(Kind.ASK, "A1")]
    assert story.handover.asks[0].to == LENA
    assert not parts(story.handover, GIA)
    said = Said(source="9.1", text="Dentists")
    assert story.refuses(GIA, e.AskAnswered, ask="A1", said=said) == "not_yours"
    story.does(LENA, e.GuestsChosen, guests=[GIA])
    assert parts(story.handover, GIA) == {Part.GUEST}


def test_what_a_guest_answered_gives_them_no_part_once_they_are_out() -> None:
    story = asked()
    story.does(GIA, e.AskAnswered, ask="A1", said=Said(source="9.1", text="Dentists"))
    story.does(LENA, e.GuestsChosen, guests=[])
    assert story.handover.asks[0].to == GIA
    assert not may_take_part(story.handover, GIA)
    assert story.refuses(GIA, e.SaidWithdrawn, source="9.1") == "not_yours"


def test_who_is_on_it_already_is_no_guest_and_nobody_comes_when_it_is_over() -> None:
    story = asked()
    assert story.refuses(LENA, e.GuestsChosen, guests=[OLGA]) == "has_a_part"
    assert story.refuses(IVAN, e.GuestsChosen, guests=[ZOE]) == "not_yours"
    story.ignores(LENA, e.GuestsChosen, guests=[GIA])
    story.does(LENA, e.HandoverCancelled, why="No more")
    assert story.refuses(LENA, e.GuestsChosen, guests=[GIA, ZOE]) == "is_over"
    story.does(LENA, e.GuestsChosen, guests=[])


def test_an_example_is_for_one_alone() -> None:
    zoe = {"user": ZOE, "name": "Zoe"}
    story = Story(by=ZOE, leader=ZOE, backup=None, example=True, outgoing=zoe, incoming=zoe)
    assert story.refuses(ZOE, e.GuestsChosen, guests=[GIA]) == "not_yours"
    assert story.at > MONDAY
