"""What may be done with several accounts of a book at once, and by whom."""

from datetime import timedelta

from flows import events as e
from flows.books.book import handover_of
from flows.books.events import Carried, Ordered
from flows.books.standing import (
    Verb,
    alarm_for,
    fits,
    is_alone,
    keys_of,
    refused_orders,
    untold_in,
)
from flows.customer.moods import Feeling, Signal
from flows.handover import Done, Handover, Telling, When
from flows.privacy import may_know
from flows.terms import Role, Segment
from tests.flows.books import BookStory, made_row
from tests.flows.make import BORIS, IVAN, KIM, LENA, MONDAY, OLGA, Story

_SEEN = [LENA, BORIS, OLGA, IVAN, KIM]


def told(handover: Handover) -> Handover:
    """The customer had the heads-up."""
    done = handover.schedule.done | {"heads_up": Done(by=IVAN, at=MONDAY)}
    schedule = handover.schedule.model_copy(update={"done": done})
    return handover.model_copy(update={"schedule": schedule})


def test_only_whoever_leads_does_something_with_several() -> None:
    handover = Story(segment=Segment.SMB).handover
    may = [viewer for viewer in _SEEN if fits(Verb.PAUSE, handover, viewer)]
    assert LENA in may
    assert not {OLGA, IVAN, KIM} & set(may)


def test_what_rests_is_taken_up_and_nothing_else() -> None:
    story = Story(segment=Segment.SMB)
    assert not fits(Verb.TAKE_UP, story.handover, LENA)
    until = (MONDAY + timedelta(days=30)).date()
    story.does(LENA, e.HandoverPaused, why="Away", until=until)
    assert fits(Verb.TAKE_UP, story.handover, LENA)
    assert not fits(Verb.PAUSE, story.handover, LENA)


def test_a_customer_who_knows_is_told_by_hand() -> None:
    handover = told(Story(segment=Segment.SMB).handover)
    for verb in (Verb.CANCEL, Verb.CHANGE):
        assert not fits(verb, handover, LENA)
        assert is_alone(verb, handover, LENA)
        assert not is_alone(verb, handover, OLGA)
    assert fits(Verb.PAUSE, handover, LENA)
    assert not is_alone(Verb.PAUSE, handover, LENA)


def test_what_is_over_is_left_alone() -> None:
    story = Story(segment=Segment.SMB)
    story.does(LENA, e.HandoverCancelled, why="They stay")
    assert not any(fits(verb, story.handover, LENA) for verb in Verb)


def test_whoever_is_not_told_is_told_by_who_leads() -> None:
    later = Telling(when=When.LATER, at=MONDAY + timedelta(days=30))
    story = Story(segment=Segment.SMB, tellings={Role.OUTGOING: later, Role.INCOMING: later})
    handover = story.handover
    assert not may_know(handover, OLGA)
    untold = untold_in([handover, handover], LENA)
    assert {key: len(found) for key, found in untold.items()} == {
        (Role.OUTGOING, IVAN): 2,
        (Role.INCOMING, OLGA): 2,
    }
    assert untold_in([handover], OLGA) == {}


def test_what_was_refused_is_for_whoever_ordered_it_and_the_books_leaders() -> None:
    story = BookStory(made_row(1), made_row(2))
    story.begins()
    story.does(e.CLOCK, Carried, order="O1", refused={"2": "in_flight"})
    assert [order.id for order in refused_orders(story.book, LENA)] == ["O1"]
    assert [order.id for order in refused_orders(story.book, BORIS)] == ["O1"]
    assert refused_orders(story.book, OLGA) == refused_orders(story.book, IVAN) == ()
    pause = e.HandoverTakenUp(at=story.at, by=LENA)
    story.does(LENA, Ordered, order="O2", rows=("1",), event=pause)
    story.does(e.CLOCK, Carried, order="O2", refused={"1": "not_found"})
    assert [order.id for order in refused_orders(story.book, LENA)] == ["O1", "O2"]
    story.does(LENA, Ordered, order="O3", rows=("1",), event=pause)
    assert [order.id for order in refused_orders(story.book, LENA)] == ["O1"]


def test_a_red_mood_alarms_whoever_leads_alone() -> None:
    story = Story(segment=Segment.SMB)
    signals = (Signal.ESCALATION,)
    story.does(OLGA, e.MoodGiven, round="sentiment_1", feeling=Feeling.WORSE, signals=signals)
    red = [viewer for viewer in _SEEN if alarm_for(story.handover, viewer).red]
    assert LENA in red
    assert not {OLGA, IVAN, KIM} & set(red)


def test_each_handover_has_its_row() -> None:
    story = BookStory(made_row(1), made_row(2))
    assert keys_of(story.book) == {handover_of("B1", key): key for key in ("1", "2")}
