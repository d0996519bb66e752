"""How the customer seems: rounds of checks, red that needs an action, silence that is noticed."""

from datetime import timedelta

import pytest

from flows import events as e
from flows.customer.moods import Colour, Feeling, Signal
from flows.customer.sentiment import colour_now, rounds, silence_at
from flows.effects import Kind
from flows.passing import due_at
from flows.privacy import as_read_by
from flows.tasks import Todo, all_tasks
from tests.flows.make import BORIS, IVAN, KIM, LENA, OLGA, PLAYBOOK, Story, posts

ONE, TWO = "sentiment_1", "sentiment_2"
BETTER, SAME, WORSE, CANNOT = Feeling


def owed(story: Story, *kinds: Todo) -> set[tuple[str, Todo]]:
    tasks = all_tasks(story.handover, PLAYBOOK)
    return {(task.owner, task.todo) for task in tasks if task.todo in kinds}


def says(story: Story, by: str, feeling: Feeling, *signals: Signal, when: str = ONE) -> None:
    story.does(by, e.MoodGiven, round=when, feeling=feeling, signals=signals)


@pytest.mark.parametrize(
    ("ivan", "olga", "signals", "colour"),
    [
        (SAME, SAME, [], Colour.GREEN),
        (BETTER, BETTER, [], Colour.GREEN),
        (CANNOT, CANNOT, [], Colour.GREEN),
        (SAME, CANNOT, [], Colour.GREEN),
        (SAME, BETTER, [], Colour.AMBER),
        (WORSE, CANNOT, [], Colour.AMBER),
        (WORSE, SAME, [], Colour.AMBER),
        (SAME, SAME, [Signal.SLOWER_REPLIES], Colour.GREEN),
        (SAME, SAME, [Signal.SLOWER_REPLIES, Signal.SPONSOR_ABSENT], Colour.AMBER),
        (SAME, SAME, [Signal.ESCALATION], Colour.RED),
        (BETTER, BETTER, [Signal.COMPETITOR], Colour.RED),
        (WORSE, WORSE, [], Colour.RED),
    ],
)
def test_what_two_people_say_adds_up(
    ivan: Feeling, olga: Feeling, signals: list[Signal], colour: Colour
) -> None:
    story = Story()
    says(story, IVAN, ivan, *signals)
    says(story, OLGA, olga)
    assert colour_now(story.handover) is colour


def test_worse_again_is_red() -> None:
    story = Story()
    says(story, IVAN, WORSE)
    assert colour_now(story.handover) is Colour.AMBER
    says(story, IVAN, WORSE, when=TWO)
    assert [each.colour for each in rounds(story.handover)] == [Colour.AMBER, Colour.RED]


def test_red_reaches_the_leader_at_once_until_there_is_an_action() -> None:
    story = Story()
    says(story, IVAN, SAME, Signal.ESCALATION)
    assert posts(story.effects) == [(Kind.RED, ONE)]
    assert posts(story.effects, LENA) == [(Kind.RED, ONE)]
    assert owed(story, Todo.ACT_ON_RED) == {(LENA, Todo.ACT_ON_RED)}
    due = [t.due for t in all_tasks(story.handover, PLAYBOOK) if t.todo is Todo.ACT_ON_RED]
    assert due == [story.at.date()]
    says(story, OLGA, WORSE)
    assert posts(story.effects) == []
    day = story.at.date() + timedelta(days=2)
    past = day - timedelta(days=9)
    assert story.refuses(LENA, e.ActionTaken, round=ONE, what=" ", due=day) == "missing"
    assert story.refuses(LENA, e.ActionTaken, round=ONE, what="Call", due=past) == "date_past"
    story.does(LENA, e.ActionTaken, round=ONE, what="I call their head of IT", due=day)
    assert owed(story, Todo.ACT_ON_RED, Todo.DO_ACTION) == {(LENA, Todo.DO_ACTION)}
    story.does(LENA, e.ActionDone, round=ONE)
    assert owed(story, Todo.ACT_ON_RED, Todo.DO_ACTION) == set()
    story.ignores(LENA, e.ActionDone, round=ONE)


def test_a_later_word_in_the_same_round_replaces_the_earlier_one() -> None:
    story = Story()
    says(story, IVAN, WORSE)
    says(story, IVAN, SAME)
    assert colour_now(story.handover) is Colour.GREEN
    assert story.refuses(IVAN, e.MoodGiven, round="call", feeling="same") == "no_such_round"
    assert story.refuses(LENA, e.ActionTaken, round=TWO, what="!", due=story.at.date()) == (
        "no_such_round"
    )


def test_another_tap_keeps_the_signals_and_the_line() -> None:
    story = Story()
    story.does(IVAN, e.MoodGiven, round=ONE, feeling=SAME)
    story.does(
        IVAN, e.MoodGiven, round=ONE, feeling=SAME, signals=[Signal.SLOWER_REPLIES], note=" Late "
    )
    story.ignores(IVAN, e.MoodGiven, round=ONE, feeling=SAME)
    story.does(IVAN, e.MoodGiven, round=ONE, feeling=WORSE)
    check = story.handover.moods.checks[0]
    assert (check.feeling, check.signals, check.note) == (WORSE, (Signal.SLOWER_REPLIES,), "Late")
    story.does(IVAN, e.MoodGiven, round=ONE, feeling=WORSE, signals=[], note="")
    assert (story.handover.moods.checks[0].signals, story.handover.moods.checks[0].note) == ((), "")


def test_a_line_is_read_by_its_author_and_leaders_alone() -> None:
    story = Story(by=KIM)
    story.does(IVAN, e.MoodGiven, round=ONE, feeling=WORSE, note="Ana is upset")
    read = {
        user: [c.note for c in as_read_by(story.handover, PLAYBOOK, user).moods.checks]
        for user in (IVAN, OLGA, LENA, BORIS, KIM)
    }
    assert read == {
        IVAN: ["Ana is upset"],
        LENA: ["Ana is upset"],
        BORIS: ["Ana is upset"],
        OLGA: [""],
        KIM: [""],
    }


def test_eleven_days_of_silence_are_told_exactly_once_and_a_touch_ends_them() -> None:
    story = Story()
    assert silence_at(story.handover, PLAYBOOK) is None
    story.does(IVAN, e.RhythmSet, days=7)
    set_at = story.at
    assert silence_at(story.handover, PLAYBOOK) == set_at + timedelta(days=10, hours=12)
    said = story.waits(days=11)
    for user in (IVAN, OLGA, LENA):
        assert (Kind.SILENCE, "0") in posts(said, user)
    assert owed(story, Todo.BREAK_SILENCE) == {(IVAN, Todo.BREAK_SILENCE)}
    assert (Kind.SILENCE, "0") not in posts(story.waits(days=11))
    tomorrow = story.at.date() + timedelta(days=1)
    assert story.refuses(IVAN, e.Touched, on=tomorrow) == "date_future"
    story.does(IVAN, e.Touched, on=story.at.date())
    assert owed(story, Todo.BREAK_SILENCE) == set()
    again = silence_at(story.handover, PLAYBOOK)
    assert again == story.at + timedelta(days=10, hours=12)
    due = due_at(story.handover, PLAYBOOK)
    assert due is not None
    assert due <= again
