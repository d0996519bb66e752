"""The customer's mood on people's screens: one tap, what leaders do about red, and silence."""

from datetime import timedelta
from typing import Any

import pytest

from bot.ids import Field, Ref
from bot.views.customer import mood, mood_forms
from bot.views.lists import show_message
from bot.views.scene import Scene
from flows import events as e
from flows.customer.moods import Feeling, Signal
from tests.flows.make import BORIS, IVAN, KIM, LENA, OLGA, Story
from tests.views.limits import check_message, check_view, elements, fields, labels, press, words
from tests.views.scenes import make_scene

Filled = dict[str, dict[str, dict[str, Any]]]
ONE, TWO = "sentiment_1", "sentiment_2"
TAPS = ["Better", "Same", "Worse", "Cannot tell"]
SECRET = "Ana *shouted* <!channel>"


def seen(story: Story, viewer: str) -> Scene:
    return make_scene(story.handover, viewer)


def red() -> Story:
    story = Story(by=KIM)
    story.does(IVAN, e.MoodGiven, round=ONE, feeling="same", signals=["escalation"], note=SECRET)
    return story


def test_one_tap_is_enough_and_can_be_changed() -> None:
    story = Story()
    asked = check_message(mood.build(ONE, seen(story, IVAN)))
    assert "How does Northwind seem about the change?" in asked.text
    assert labels(asked) == TAPS
    assert Ref.load(press(asked, "Worse")["value"]) == Ref(h="H1", r=ONE, v="worse")
    story.does(IVAN, e.MoodGiven, round=ONE, feeling="worse")
    told = check_message(mood.build(ONE, seen(story, IVAN)))
    assert told.text.endswith("Thank you! You said: Worse")
    assert labels(told) == [*TAPS, "Add signs and a line"]
    story.does(IVAN, e.MoodGiven, round=ONE, feeling="worse", note="They frown")
    told = check_message(mood.build(ONE, seen(story, IVAN)))
    assert told.text.endswith("Thank you! You said: Worse\n> They frown")


def test_only_the_two_csms_are_asked_and_only_of_the_plans_rounds() -> None:
    story = Story(by=KIM)
    assert mood.build("call_me", seen(story, IVAN)) is None
    assert all(mood.build(ONE, seen(story, user)) is None for user in (LENA, BORIS, KIM))


def test_signs_and_a_line_come_back_as_they_were() -> None:
    story = red()
    view = check_view(mood_forms.mood_form(seen(story, IVAN), Ref(h="H1", r=ONE)))
    known = fields(view)
    assert known[Field.CHOICE]["element"]["initial_option"]["value"] == "same"
    assert [o["value"] for o in known[Field.SIGNALS]["element"]["initial_options"]] == [
        "escalation"
    ]
    state: Filled = {
        Field.CHOICE: {"v": {"selected_option": {"value": "worse"}}},
        Field.SIGNALS: {"v": {"selected_options": [{"value": "competitor"}]}},
        Field.NOTE: {"v": {"value": " a <b> "}},
    }
    expected = (Feeling.WORSE, (Signal.COMPETITOR,), "a &lt;b&gt;")
    assert mood_forms.read_mood(state) == expected
    assert mood_forms.read_mood({}) == (None, (), "")


def test_red_shows_the_leader_what_was_said_and_asks_for_an_action() -> None:
    story = red()
    shown = check_message(mood.build_red(ONE, seen(story, LENA)))
    assert "the mood of the customer is alarm (red)" in shown.text
    assert "they went to somebody higher up" in shown.text
    assert "shouted" in shown.text
    assert "<!channel>" not in words(shown)
    assert labels(shown) == ["What we do"]
    day = story.at.date() + timedelta(days=1)
    story.does(LENA, e.ActionTaken, round=ONE, what="I call Ana", due=day)
    planned = check_message(mood.build_red(ONE, seen(story, LENA)))
    assert "I call Ana" in planned.text
    assert labels(planned) == ["What we do", "Done"]
    form = check_view(mood_forms.action_form(seen(story, LENA), Ref(h="H1", r=ONE)))
    assert fields(form)[Field.TEXT]["element"]["initial_value"] == "I call Ana"
    story.does(LENA, e.ActionDone, round=ONE)
    done = check_message(mood.build_red(ONE, seen(story, LENA)))
    assert "done on" in done.text
    assert labels(done) == ["What we do"]


@pytest.mark.parametrize("viewer", [OLGA, IVAN, KIM])
def test_what_leaders_read_about_red_nobody_else_does(viewer: str) -> None:
    story = red()
    assert mood.build_red(ONE, seen(story, viewer)) is None


def test_the_trend_is_in_words_and_tells_nothing_that_was_said() -> None:
    story = red()
    story.does(OLGA, e.MoodGiven, round=TWO, feeling="better")
    for user in (IVAN, OLGA, LENA, BORIS, KIM):
        shown = check_message(show_message(seen(story, user)))
        assert "Customer's mood: alarm (red), then calm (green)" in shown.text
        assert "shouted" not in shown.text + words(shown)


def test_the_rhythm_is_set_where_the_handover_is_shown() -> None:
    story = Story(by=KIM)

    def picker(viewer: str) -> dict[str, object] | None:
        shown = check_message(show_message(seen(story, viewer)))
        return next((e for e in elements(shown) if e["type"] == "static_select"), None)

    assert picker(KIM) is None
    story.does(IVAN, e.RhythmSet, days=7)
    found = picker(OLGA)
    assert found
    assert found["initial_option"]["text"]["text"] == "Usually in touch: weekly"  # type: ignore[index]


def test_silence_is_told_until_somebody_was_in_touch() -> None:
    story = Story(by=KIM)
    story.does(IVAN, e.RhythmSet, days=7)
    story.waits(days=11)
    told = check_message(mood.build_silence("0", seen(story, IVAN)))
    assert "nobody has noted being in touch with the customer since Mon 23 Nov 2026" in told.text
    assert "usually it is weekly" in told.text
    assert labels(told) == ["We were in touch"]
    assert labels(check_message(mood.build_silence("0", seen(story, KIM)))) == []
    story.does(OLGA, e.Touched, on=story.at.date())
    over = check_message(mood.build_silence("0", seen(story, IVAN)))
    assert "the silence is over" in over.text
    assert labels(over) == []
