"""The end on people's screens: what is open, signatures, the closing message, what comes after."""

from datetime import date, timedelta
from typing import Any

import pytest

from bot.exports.files import export
from bot.exports.formats import Format
from bot.ids import Field, Ref
from bot.views import notice
from bot.views.end import ending, ending_forms, following_up
from bot.views.knowledge import card
from bot.views.lists import list_message, show_message
from bot.views.rows import Row
from bot.views.scene import Scene
from bot.views.schedule import plan
from bot.views.taking_over import accept
from flows import events as e
from flows.end.endings import Gap
from flows.happened import CLOCK
from tests.flows.make import BORIS, IVAN, KIM, LENA, OLGA, PLAYBOOK, ZOE, Story
from tests.flows.test_completing import complete, switched
from tests.make import NOW, name_of
from tests.views.limits import check_message, check_view, fields, labels, words
from tests.views.scenes import make_scene

Filled = dict[str, dict[str, dict[str, Any]]]
SECRET = "They were *furious*"
ENDS = ["Complete handover", "Pause", "Cancel handover"]
AFTER = ["Record follow-up", "Reopen as aftercare", "Reverse"]
ALL = ["answers", "pack", "approvals", "introduction", "lead", "systems"]


def seen(story: Story, viewer: str) -> Scene:
    return make_scene(story.handover, viewer)


def page(story: Story, viewer: str) -> list[str]:
    return labels(check_message(ending.build_confirm("", seen(story, viewer))))


def shown(story: Story, viewer: str) -> list[str]:
    return labels(check_message(show_message(seen(story, viewer))))


def test_what_is_open_stands_with_its_owner_and_a_leader_may_waive_it() -> None:
    story = Story(by=KIM)
    told = check_message(ending.build_confirm("", seen(story, LENA)))
    assert "Required answers are missing: with UIVAN" in told.text
    assert "The pack is not accepted yet: with UOLGA" in told.text
    assert "Not all that the customer is told is approved: with you" in told.text
    assert set(labels(told)) == {"Waive"}
    assert page(story, IVAN) == []
    assert ending.build_confirm("", seen(story, KIM)) is None
    check_view(ending_forms.waive_form(seen(story, LENA), Ref(h="H1", v="systems")))
    for what in ALL:
        story.does(LENA, e.PointWaived, what=what, why="We *know* <it>")
    told = check_message(ending.build_confirm("", seen(story, IVAN)))
    assert "Nothing is open any more." in told.text
    assert "the systems are not moved (ULENA: We" in told.text
    assert labels(told) == ["Sign"]


def test_each_signs_and_the_leader_has_the_last_word() -> None:
    story = switched()
    assert page(story, IVAN) == page(story, OLGA) == ["Sign"]
    assert page(story, LENA) == ["Sign for UIVAN"]
    own = check_view(ending_forms.sign_form(seen(story, IVAN), Ref(h="H1")))
    assert fields(own) == {}
    taker = check_view(ending_forms.sign_form(seen(story, OLGA), Ref(h="H1")))
    assert list(fields(taker)) == [Field.RATING]
    story.does(OLGA, e.Signed, rating=4)
    story.does(CLOCK, e.PersonGone, user=IVAN)
    stand_in = check_view(ending_forms.sign_form(seen(story, LENA), Ref(h="H1", v=IVAN)))
    assert "You sign for Ivan" in words(stand_in) or "You sign for UIVAN" in words(stand_in)
    story.does(LENA, e.Signed, absent=IVAN)
    told = check_message(ending.build_confirm("", seen(story, LENA)))
    assert "by ULENA in their place" in told.text
    assert labels(told) == ["Complete handover"]
    assert page(story, OLGA) == []
    view = check_view(ending_forms.complete_form(seen(story, LENA), Ref(h="H1")))
    assert "I ask you to follow up with the customer on" in words(view)


def test_the_closing_message_tells_what_moved_what_is_open_and_when_it_is_asked() -> None:
    story = switched()
    story.does(OLGA, e.Asked, id="A1", text="Who is Ana?")
    story.does(LENA, e.PointWaived, what="asks", why="Nobody knows")
    story.does(IVAN, e.Signed)
    story.does(OLGA, e.Signed)
    story.does(LENA, e.Completed)
    for viewer in (IVAN, OLGA, LENA):
        told = check_message(ending.build_closed("", seen(story, viewer)))
        assert "What moved: from UIVAN to UOLGA, since" in told.text
        assert "Lead now: UOLGA" in told.text
        assert "Pack: accepted on" in told.text
        assert "Waived: questions wait for an answer (ULENA: Nobody knows)" in told.text
        assert "Follow-up: ULENA asks the customer how it went, on" in told.text
        assert ("Record follow-up" in labels(told)) is (viewer == LENA)


def test_what_is_over_shows_no_button_that_would_be_refused() -> None:
    story = complete(by=KIM)
    assert shown(story, IVAN) == ["Show the brief", "Ask about this account"]
    assert set(AFTER) < set(shown(story, LENA))
    assert not set(ENDS) & set(shown(story, LENA))
    assert not set(AFTER) & set(shown(story, KIM))
    assert "Stage: Complete" in check_message(show_message(seen(story, OLGA))).text
    assert labels(check_message(card.build("", seen(story, IVAN)))) == []
    assert labels(check_message(accept.build("", seen(story, OLGA)))) == []
    assert labels(check_message(plan.build("", seen(story, OLGA)))) == []
    assert "Add an action" not in labels(check_message(notice.build("", seen(story, LENA))))
    listed = check_message(list_message([Row(story.handover, PLAYBOOK)], name_of))
    assert "Northwind: Complete" in listed.text
    assert export(Format.WORD, story.handover, PLAYBOOK, OLGA, name_of, NOW).content


def test_whoever_leads_lets_it_rest_calls_it_off_or_turns_it_back() -> None:
    story = switched(by=KIM)
    assert [label for label in shown(story, IVAN) if label in (*ENDS, "Reverse")] == ENDS[:1]
    assert set(ENDS) | {"Reverse"} <= set(shown(story, BORIS))
    assert not set(ENDS) & set(shown(story, KIM))
    day = story.at.date() + timedelta(days=9)
    story.does(LENA, e.HandoverPaused, why="Their <office> burnt", until=day)
    assert "Take it up again" in shown(story, LENA)
    told = check_message(ending.build_paused(day.isoformat(), seen(story, OLGA)))
    assert "rests until" in told.text
    assert labels(told) == []
    assert "Stage: Paused until" in check_message(show_message(seen(story, OLGA))).text
    story.does(LENA, e.HandoverTakenUp)
    over = check_message(ending.build_paused(day.isoformat(), seen(story, LENA)))
    assert "the pause is over" in over.text
    cancel = check_view(ending_forms.cancel_form(seen(story, LENA), Ref(h="H1")))
    assert list(fields(cancel)) == [Field.TEXT, Field.CUSTOMER]
    for form in (ending_forms.pause_form, ending_forms.reverse_form):
        check_view(form(seen(story, LENA), Ref(h="H1")))
    story.does(LENA, e.HandoverCancelled, why="Ivan stays", customer="I call them")
    told = check_message(ending.build_cancelled("", seen(story, IVAN)))
    assert "Ivan stays" in told.text
    assert "I call them" in told.text
    assert "I call them" not in check_message(ending.build_cancelled("", seen(story, KIM))).text
    assert "Stage: Cancelled" in check_message(show_message(seen(story, OLGA))).text
    assert not {*ENDS, *AFTER} & set(shown(story, LENA))


def test_reversed_it_goes_on() -> None:
    story = complete()
    story.does(LENA, e.Reversed, why="Olga moves on")
    told = check_message(ending.build_closed("", seen(story, OLGA)))
    assert "this handover goes on again" in told.text
    assert set(ENDS) <= set(shown(story, LENA))


def test_the_follow_up_has_talking_points_and_names_the_question() -> None:
    story = switched()
    story.does(IVAN, e.MoodGiven, round="sentiment_3", feeling="worse", signals=["slower_replies"])
    for user in (IVAN, OLGA):
        story.does(user, e.Signed)
    story.does(LENA, e.Completed)
    asked = check_message(following_up.build("follow_up", seen(story, LENA)))
    assert labels(asked) == ["Record follow-up"]
    assert following_up.build("follow_up", seen(story, OLGA)) is None
    view = check_view(following_up.visit_form(seen(story, LENA), Ref(h="H1", r="follow_up")))
    assert "Mood at last: uneasy (amber); they answer more slowly" in words(view)
    options = fields(view)[Field.QUESTIONS]["element"]["options"]
    assert "S6" in {option["value"] for option in options}
    state: Filled = {
        Field.CHOICE: {"v": {"selected_option": {"value": "yes"}}},
        Field.QUESTIONS: {"v": {"selected_options": [{"value": "S6"}]}},
        Field.WHAT: {"v": {"value": "The report"}},
        Field.OUTCOME: {"v": {"selected_option": {"value": "no"}}},
        Field.NOTE: {"v": {"value": SECRET}},
    }
    said = following_up.read_visit(state)
    assert said == {
        "explained_again": True,
        "gaps": (Gap(question="S6", words="The report"),),
        "well": False,
        "notes": SECRET,
    }
    story.does(LENA, e.FollowedUp, key="follow_up", **said)
    assert "recorded" in check_message(following_up.build("follow_up", seen(story, LENA))).text
    again = check_view(following_up.visit_form(seen(story, LENA), Ref(h="H1", r="follow_up")))
    assert fields(again)[Field.NOTE]["element"]["initial_value"] == SECRET
    told = check_message(following_up.build_result("follow_up", seen(story, OLGA)))
    assert "not all is well" in told.text
    assert "The report" in told.text
    assert SECRET not in told.text
    assert following_up.build_result("follow_up", seen(story, ZOE)) is None
    review = check_message(following_up.build("review", seen(story, LENA)))
    assert "look back on what came of it" in review.text
    view = check_view(following_up.visit_form(seen(story, LENA), Ref(h="H1", r="review")))
    assert "Follow-up: " in words(view)


@pytest.mark.parametrize("viewer", [IVAN, OLGA, LENA])
def test_the_result_is_shared_the_notes_are_not(viewer: str) -> None:
    story = complete()
    story.does(LENA, e.FollowedUp, key="follow_up", explained_again=False, well=False, notes=SECRET)
    told = check_message(show_message(seen(story, viewer)))
    assert "not all is well" in told.text
    assert "furious" not in told.text + words(told)


def test_aftercare_goes_to_whoever_sees_to_it() -> None:
    story = complete()
    check_view(following_up.care_form(seen(story, LENA), Ref(h="H1")))
    story.does(LENA, e.AftercareBegun, owner=OLGA, what="Send it", due=date(2027, 3, 1))
    told = check_message(following_up.build_care("0", seen(story, OLGA)))
    assert "ULENA asks you to see to this by Mon 1 Mar 2027" in told.text
    assert labels(told) == ["Done"]
    assert "Send it" in check_message(show_message(seen(story, OLGA))).text
    story.does(OLGA, e.AftercareDone, number=0)
    assert labels(check_message(following_up.build_care("0", seen(story, OLGA)))) == []
