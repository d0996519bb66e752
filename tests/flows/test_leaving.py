"""People ask each other, and what was theirs passes on when they leave."""

from datetime import date

import pytest

from flows import events as e
from flows.effects import Kind, Post
from flows.handover import Said
from flows.privacy import is_led, may_know, may_open_vault
from flows.tasks import ADMINS, Todo, all_tasks
from flows.terms import Role, Segment
from tests.flows.make import (
    BORIS,
    IVAN,
    KIM,
    LENA,
    NOW,
    OLGA,
    PLAYBOOK,
    TOLD,
    ZOE,
    Story,
    party,
    posts,
)


def todos(story: Story, owner: str = "") -> list[Todo]:
    tasks = all_tasks(story.handover, PLAYBOOK)
    return [task.todo for task in tasks if task.owner == (owner or task.owner)]


def test_a_question_goes_to_whoever_can_answer_it() -> None:
    story = Story()
    assert posts(story.does(OLGA, e.Asked, id="A1", text="Who is Ana?"), IVAN) == [(Kind.ASK, "A1")]
    assert todos(story, IVAN) == [Todo.ANSWER_ASK, Todo.ANSWER_QUESTIONS]
    story.ignores(OLGA, e.Asked, id="A1", text="Who is Ana?")
    assert (
        story.refuses(LENA, e.AskAnswered, ask="A1", said=Said(source="form", text="I know"))
        == "no_such_ask"
    )
    assert (
        story.refuses(IVAN, e.AskAnswered, ask="A2", said=Said(source="form", text="Who?"))
        == "no_such_ask"
    )
    effects = story.does(
        IVAN, e.AskAnswered, ask="A1", said=Said(source="form", text="Head of support.")
    )
    assert posts(effects) == [(Kind.ASK_REPLY, "A1")]
    story.does(IVAN, e.AskAnswered, ask="A1", said=Said(source="form", text="She likes calls."))
    assert story.handover.asks[0].reply == "Head of support.\nShe likes calls."
    assert Todo.ANSWER_ASK not in todos(story)


def test_nobody_asks_themselves() -> None:
    # What the outgoing CSM asked went to the outgoing CSM.
    story = Story(incoming=None)
    story.does(IVAN, e.Asked, id="A1", text="Who takes it?")
    assert story.handover.asks[0].to == LENA
    story.does(e.CLOCK, e.PersonGone, user=IVAN)
    assert story.refuses(LENA, e.Asked, id="A2", text="Anybody?") == "nobody_to_ask"


def test_before_the_outgoing_csm_is_told_the_leader_is_asked() -> None:
    story = Story(by=LENA, tellings={Role.INCOMING: NOW})
    story.does(OLGA, e.Asked, id="A1", text="Why me?")
    assert story.handover.asks[0].to == LENA


# --- Leaving


def test_when_the_outgoing_csm_is_gone_leader_and_incoming_csm_answer() -> None:
    story = Story(by=LENA)
    story.answers(IVAN)
    story.does(OLGA, e.Asked, id="A1", text="Who is Ana?")
    effects = story.does(e.CLOCK, e.PersonGone, user=IVAN)
    assert all(effect.to != IVAN for effect in effects)
    # The open question passes on: it stayed a task of somebody who was switched off.
    assert posts(effects, LENA) == [
        *(Kind.CARD, (Kind.ASK, "A1"), (Kind.LEAD, "2"), (Kind.QUESTION, "S2")),
    ]
    assert Todo.ANSWER_ASK in todos(story, LENA)
    story.does(OLGA, e.Accepted)
    assert story.open(OLGA) == "S2"
    story.says(OLGA, "A dentist's tool")
    assert (story.open(LENA), story.open(OLGA)) == ("S3", "S3")
    assert story.refuses(IVAN, e.Resumed) == "not_yours"
    story.ignores(e.CLOCK, e.PersonGone, user=IVAN)


def test_a_creator_who_is_gone_hears_nothing_more() -> None:
    story = Story()
    story.does(IVAN, e.Asked, id="A1", text="Who takes it?")
    story.does(e.CLOCK, e.PersonGone, user=IVAN)
    assert not may_know(story.handover, IVAN)
    assert all(
        f.to != IVAN
        for f in story.does(LENA, e.AskAnswered, ask="A1", said=Said(source="form", text="Kim"))
    )


def test_an_outgoing_csm_who_is_not_on_slack_is_stood_in_for_from_the_start() -> None:
    story = Story(by=LENA, outgoing=party(None, "Ann"))
    assert posts(story.effects, LENA) == [Kind.CARD, (Kind.QUESTION, "S1")]


def test_when_the_incoming_csm_is_gone_the_leader_names_another() -> None:
    story = Story()
    story.does(OLGA, e.Accepted)
    story.answers(OLGA)
    assert posts(story.does(e.CLOCK, e.PersonGone, user=OLGA)) == [Kind.DECLINED]
    assert todos(story, LENA) == [Todo.NAME_INCOMING]
    story.does(LENA, e.IncomingNamed, incoming=party(KIM))
    # The interview of a former one who was gone stayed behind.
    assert OLGA not in story.handover.interviews
    assert "TR2" not in story.handover.answers


def test_when_the_leader_is_gone_the_backup_leads_and_hears_so() -> None:
    story = Story()
    story.does(IVAN, e.Asked, id="A1", text="Who takes it?")
    effects = story.does(e.CLOCK, e.PersonGone, user=LENA)
    # The backup always knew, so no thread was opened for them.
    assert posts(effects, BORIS) == [Kind.NOTICE, (Kind.ASK, "A1")]
    assert posts(effects, OLGA) == posts(effects, IVAN) == [(Kind.PERSON, "1")]
    assert (story.handover.leader, story.handover.backup) == (BORIS, None)
    story.does(e.CLOCK, e.PersonGone, user=BORIS)
    assert story.handover.leader == IVAN


def test_a_backup_who_is_gone_leads_nothing() -> None:
    story = Story(by=KIM)
    story.does(e.CLOCK, e.PersonGone, user=BORIS)
    story.does(e.CLOCK, e.PersonGone, user=LENA)
    assert story.handover.leader == KIM


@pytest.mark.parametrize("by", [LENA, IVAN])
def test_where_nobody_is_left_to_lead_an_admin_names_somebody(by: str) -> None:
    story = Story(by=by, backup=None)
    story.does(IVAN, e.Asked, id="A1", text="Who takes it?")
    story.does(e.CLOCK, e.PersonGone, user=IVAN)
    effects = story.does(e.CLOCK, e.PersonGone, user=LENA)
    assert posts(effects) == []
    assert not is_led(story.handover)
    assert todos(story, ADMINS) == [Todo.NAME_LEADER]
    story.ignores(e.CLOCK, e.PersonGone, user=LENA)
    assert not may_open_vault(story.handover, KIM)
    assert story.refuses(ZOE, e.LeaderNamed, leader=OLGA) == "leader_is_csm"
    effects = story.does(ZOE, e.LeaderNamed, leader=KIM)
    assert posts(effects, KIM)[:1] == [Kind.CARD]
    assert (Kind.ASK, "A1") in posts(effects, KIM)
    assert is_led(story.handover)
    assert todos(story, ADMINS) == []
    assert may_open_vault(story.handover, KIM)
    assert not may_know(story.handover, ZOE)
    assert story.refuses(ZOE, e.LeaderNamed, leader=BORIS) == "not_yours"


def test_a_row_whose_leader_is_one_of_its_csms_is_led_by_nobody() -> None:
    story = Story(backup=None)
    story.does(e.CLOCK, e.PersonGone, user=LENA)
    assert story.handover.leader == IVAN
    assert todos(story, ADMINS) == [Todo.NAME_LEADER]
    assert posts(story.does(ZOE, e.LeaderNamed, leader=KIM), KIM) == [Kind.NOTICE]


def test_a_stranger_who_is_gone_changes_nothing() -> None:
    Story().ignores(e.CLOCK, e.PersonGone, user=ZOE)


FAR = date(2027, 2, 26)
"""Time enough for every segment's full plan."""


def test_dates_follow_the_segment() -> None:
    dues = {
        segment: [
            task.due.isoformat()
            for task in all_tasks(Story(segment=segment, day=FAR).handover, PLAYBOOK)
        ]
        for segment in Segment
    }
    assert dues == {
        Segment.SMB: ["2026-11-24", "2026-11-26"],
        Segment.MID_MARKET: ["2026-11-24", "2026-11-30"],
        Segment.ENTERPRISE: ["2026-11-25", "2026-12-03"],
    }


def test_effects_are_told_once_and_in_reading_order() -> None:
    story = Story()
    assert len(set(story.effects)) == len(story.effects)
    assert story.effects[0] == Post(to=IVAN, kind=Kind.CARD)
    assert TOLD == {Role.OUTGOING: NOW, Role.INCOMING: NOW}


def test_what_was_replied_to_a_question_follows_its_edits() -> None:
    story = Story()
    story.does(OLGA, e.Asked, id="A1", text="Who is Ana?")
    first = Said(source="1795400000.000001", text="Head of suport")
    story.does(IVAN, e.AskAnswered, ask="A1", said=first)
    story.ignores(IVAN, e.AskAnswered, ask="A1", said=first)
    edit = {"source": first.source, "text": "Head of support", "edited": "2"}
    assert story.refuses(LENA, e.SaidEdited, **edit) == "not_yours"
    effects = story.does(IVAN, e.SaidEdited, **edit)
    assert posts(effects) == []
    assert {effect.kind for effect in effects} >= {Kind.ASK, Kind.ASK_REPLY}
    story.ignores(IVAN, e.SaidEdited, **edit | {"text": "older", "edited": "1"})
    assert story.handover.asks[0].reply == "Head of support"
    story.does(IVAN, e.SaidWithdrawn, source=first.source)
    assert story.handover.asks[0].reply == ""
    assert Todo.ANSWER_ASK in todos(story)


def test_what_is_unsorted_follows_its_edits() -> None:
    story = Story()
    story.does(IVAN, e.Pasted, id="1795400000.000001", text="They lov us")
    edit = {"source": "1795400000.000001", "text": "They love us", "edited": "2"}
    assert story.refuses(OLGA, e.SaidEdited, **edit) == "not_yours"
    story.does(IVAN, e.SaidEdited, **edit)
    story.ignores(IVAN, e.SaidEdited, **edit)
    assert [piece.text for piece in story.handover.unsorted] == ["They love us"]
    story.does(IVAN, e.SaidEdited, **edit | {"text": " ", "edited": "3"})
    assert story.handover.unsorted == ()
