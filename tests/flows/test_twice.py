"""The same click twice: the second one changes nothing and says nothing."""

from datetime import timedelta

import pytest

from flows import events as e
from flows.handover import Given
from flows.terms import RecordKind
from tests.flows.make import IVAN, OLGA, Story

GREEN = Given(values=("green",))


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (e.NoneDeclared, {}),
        (e.UnknownDeclared, {}),
        (e.PutOff, {}),
        (e.ValueGiven, {"part": "health", "given": GREEN}),
    ],
)
def test_an_answer_given_twice_is_one(kind: type[e.Happened], fields: dict[str, object]) -> None:
    story = Story()
    story.does(IVAN, kind, question="S1", **fields)
    story.ignores(IVAN, kind, question="S1", **fields)


def test_an_answer_of_somebody_else_is_another() -> None:
    story = Story()
    story.does(IVAN, e.NoneDeclared, question="S1")
    story.does(IVAN, e.UnknownDeclared, question="S1")
    assert story.handover.answers["S1"].verdict.value == "unknown"


def test_back_change_and_accept_twice() -> None:
    story = Story()
    story.does(OLGA, e.Accepted)
    story.ignores(OLGA, e.Accepted)
    story.does(IVAN, e.NoneDeclared, question="S1")
    story.does(IVAN, e.SteppedBack, question="S2")
    story.ignores(IVAN, e.SteppedBack, question="S2")
    story.ignores(IVAN, e.ChangeWished, question="S1")
    # What is put again may be answered as before: that is no double click.
    story.does(IVAN, e.NoneDeclared, question="S1")
    assert story.open(IVAN) == "S2"


def test_done_adding_twice() -> None:
    story = Story()
    what = {"what": "Outage"}
    story.does(IVAN, e.RecordAdded, id="R1", question="S4", kind=RecordKind.EPISODE, details=what)
    story.does(IVAN, e.AddingDone, question="S4")
    story.ignores(IVAN, e.AddingDone, question="S4")


def test_continue_twice_puts_one_question() -> None:
    story = Story()
    assert len(story.does(IVAN, e.Resumed)) > 0
    at = story.at
    story.at = at - timedelta(minutes=1) + timedelta(seconds=2)
    story.ignores(IVAN, e.Resumed)
    story.at = at + timedelta(minutes=1)
    assert len(story.does(IVAN, e.Resumed)) > 0
    # The clock was set back: that is another click.
    story.at = at - timedelta(hours=1)
    assert len(story.does(IVAN, e.Resumed)) > 0
