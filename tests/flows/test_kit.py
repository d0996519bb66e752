"""The last-day kit: handed out the working day before, each thing with whose it is (AT2, G2)."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from flows import events as e
from flows.effects import Kind
from flows.end.completing import is_over
from flows.end.kit import auto_reply, goodbye, items, to_do, without_lead
from flows.end.kits import KitItem, KitTexts
from flows.handover import Stage
from flows.happened import CLOCK
from flows.passing import due_at
from flows.tasks import Todo, all_tasks
from flows.terms import DateIs, Reason
from flows.texts.letter_specs import Letter
from tests.flows.make import IVAN, KIM, LENA, OLGA, PLAYBOOK, Story, party, posts
from tests.flows.test_changing import moves
from tests.flows.test_letters import approved
from tests.flows.test_sending import sends

L = date(2026, 12, 18)
LEAVES: dict[str, Any] = {"reason": Reason.ATTRITION, "day_is": DateIs.LAST_DAY, "day": L}
BEFORE = datetime(2026, 12, 17, 7, 0, tzinfo=UTC)


def at_the_end(story: Story) -> Story:
    """It is the morning before the last day."""
    story.at = BEFORE
    story.does(CLOCK, e.TimePassed)
    return story


def owed(story: Story, todo: Todo = Todo.KIT) -> dict[str, tuple[str, date]]:
    found = all_tasks(story.handover, PLAYBOOK)
    return {task.subject: (task.owner, task.due) for task in found if task.todo is todo}


def test_the_day_before_everybody_gets_what_is_theirs() -> None:
    story = approved(**LEAVES)
    sends(story, IVAN, Letter.HEADS_UP)
    assert owed(story) == {}
    assert story.refuses(IVAN, e.KitTicked, item="meetings") == "no_such_item"
    at_the_end(story)
    assert {user for user in (IVAN, OLGA, LENA) if Kind.KIT in posts(story.effects, user)} == {
        *(IVAN, OLGA, LENA)
    }
    assert owed(story) == {
        "meetings": (IVAN, L),
        "inboxes": (LENA, L),
        "auto_reply": (IVAN, L),
        "goodbye": (IVAN, L),
        "crm": (OLGA, L),
        "pay": (LENA, L),
        "audit": (OLGA, date(2026, 12, 25)),
    }


def test_whose_it_is_or_a_leader_ticks_it_once() -> None:
    story = at_the_end(approved(**LEAVES))
    assert story.refuses(OLGA, e.KitTicked, item="meetings") == "not_yours"
    story.does(IVAN, e.KitTicked, item="meetings")
    assert "meetings" not in owed(story)
    story.ignores(LENA, e.KitTicked, item="meetings")
    story.does(LENA, e.KitTicked, item="crm")
    assert story.handover.changes.kit.done[KitItem.CRM].by == LENA


def test_what_is_left_when_they_are_gone_is_the_leaders_or_the_successors() -> None:
    story = at_the_end(approved(**LEAVES))
    story.does(CLOCK, e.PersonGone, user=IVAN)
    assert owed(story)["meetings"] == owed(story)["auto_reply"] == (LENA, L)
    assert owed(story)["audit"][0] == OLGA
    story.does(CLOCK, e.PersonGone, user=OLGA)
    assert owed(story)["audit"][0] == LENA


def test_the_look_afterwards_outlives_the_handover() -> None:
    story = at_the_end(approved(**LEAVES))
    story.handover = story.handover.model_copy(update={"stage": Stage.COMPLETE})
    assert is_over(story.handover)
    assert owed(story)["audit"] == (OLGA, date(2026, 12, 25))
    story.does(OLGA, e.KitTicked, item="audit")
    assert "audit" not in owed(story)


def test_who_stays_gets_no_kit() -> None:
    story = Story(day=L)
    at_the_end(story)
    assert to_do(story.handover, PLAYBOOK) == ()


def test_another_last_day_hands_it_out_anew() -> None:
    story = at_the_end(approved(**LEAVES))
    story.does(IVAN, e.KitTicked, item="meetings")
    moves(story, date(2027, 1, 15))
    assert owed(story) == {}
    story.at = datetime(2027, 1, 14, 6, 0, tzinfo=UTC)
    assert due_at(story.handover, PLAYBOOK)
    story.waits(hours=2)
    assert owed(story)["meetings"] == (IVAN, date(2027, 1, 15))


def test_before_the_customer_knows_the_texts_name_the_leader_alone() -> None:
    story = approved(**LEAVES)
    before = auto_reply(story.handover, PLAYBOOK)
    assert "Olga" not in before
    assert "⟦leader⟧" in before
    assert goodbye(story.handover, PLAYBOOK) == ""
    sends(story, IVAN, Letter.HEADS_UP)
    assert "Olga" in auto_reply(story.handover, PLAYBOOK)
    assert "Olga" in goodbye(story.handover, PLAYBOOK)


def test_a_text_that_would_leak_is_not_offered() -> None:
    story = approved(**LEAVES | {"outgoing": party(IVAN, "Ivan underperforming")})
    sends(story, IVAN, Letter.HEADS_UP)
    at_the_end(story)
    assert goodbye(story.handover, PLAYBOOK) == ""
    assert {todo.item for todo in items(story.handover, PLAYBOOK)} >= {KitItem.MEETINGS}
    assert "goodbye" not in owed(story)


def test_a_text_names_only_what_a_customer_may_know() -> None:
    with pytest.raises(ValueError, match="arr"):
        KitTexts(goodbye="We earned {arr} with you")


# --- A meeting without a lead


def timed(story: Story, key: str = "introduction") -> None:
    story.does(LENA, e.CallTimed, key=key, start=time(10), zone="UTC", minutes=30)


def test_a_booked_meeting_that_nobody_leads_by_then_is_the_leaders_to_see_to() -> None:
    story = approved(**LEAVES)
    timed(story)
    sends(story, IVAN, Letter.HEADS_UP)
    assert not list(without_lead(story.handover, PLAYBOOK))
    story.does(CLOCK, e.PersonGone, user=IVAN)
    assert owed(story, Todo.LEAD_MEETING) == {}
    story.does(CLOCK, e.PersonGone, user=OLGA)
    assert owed(story, Todo.LEAD_MEETING)["introduction"][0] == LENA
    story.does(LENA, e.InterimNamed, person=party(KIM), until=date(2027, 1, 29))
    assert owed(story, Todo.LEAD_MEETING) == {}
