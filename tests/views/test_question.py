"""A question says where it stands, takes every kind of answer, and shows what it has."""

import json
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ids import Act, Ref, act
from bot.views.messages import Message, build
from flows import events as e
from flows.advance import advance
from flows.effects import Kind
from flows.handover import Given, Handover
from flows.terms import RecordKind, Segment, Sureness
from tests import make
from tests.make import (
    AMPLE,
    IVAN,
    LENA,
    NOW,
    OLGA,
    answer_all,
    default_playbook,
    record,
    reply,
)
from tests.views.limits import check_message, elements, labels, press, words
from tests.views.scenes import make_scene

AT = NOW + timedelta(minutes=30)


def make_handover(then: Iterable[e.Event] = (), **changes: object) -> Handover:
    """A handover with time enough for all questions."""
    return make.make_handover(then, None, **{"day": AMPLE} | changes)


def shown(handover: Handover, question: str, viewer: str = OLGA) -> Message:
    return check_message(build(Kind.QUESTION, question, make_scene(handover, viewer)))


def test_the_first_question_has_its_place_and_every_way_out_but_back() -> None:
    message = shown(make_handover(), "S1")
    assert message.text.startswith("Northwind · 1 of 13 · Snapshot: What are the top 3")
    assert labels(message)[-3:] == ["None of these", "I don't know", "Later"]
    assert "Back" not in labels(message)
    assert "Skip" not in labels(message)


def test_a_choice_is_one_tap() -> None:
    message = shown(make_handover(), "S1")
    choice = press(message, "Red: in danger")
    assert choice["action_id"] == "answer-choice:red"
    assert act(choice["action_id"]) == Act.ANSWER_CHOICE
    assert Ref.load(choice["value"]) == Ref(h="H1", q="S1", p="health", v="red")


def test_back_leads_to_the_question_before() -> None:
    chosen = e.ValueGiven(
        at=NOW, by=OLGA, question="S1", part="health", given=Given(values=("red",))
    )
    handover = make_handover([reply("S1", "Three things"), chosen])
    assert "Back" in labels(shown(handover, "S2"))
    done = shown(handover, "S1")
    assert "Answered ✓" in words(done)
    assert "*Health:* Red: in danger" in words(done)
    assert "> Three things" in words(done)
    assert labels(done) == ["Change"]


def test_what_is_missing_is_asked_kindly() -> None:
    message = shown(make_handover([reply("S1", "Three things")]), "S1")
    assert "Thanks, kept. One more detail: Health." in words(message)
    assert "> Three things" in words(message)


def test_a_question_put_again_says_so_and_can_be_kept() -> None:
    unknown = e.UnknownDeclared(at=NOW, by=OLGA, question="S1")
    aside = shown(make_handover([unknown]), "S1")
    assert "Answered ✓ I don't know" in words(aside)
    again = make_handover([unknown, e.ChangeWished(at=NOW, by=OLGA, question="S1")])
    message = shown(again, "S1")
    assert "Your next reply replaces “I don't know”." in message.text
    assert labels(message)[-4:] == ["Keep this answer", "None of these", "I don't know", "Back"]


def test_a_number_is_dated_and_an_answer_rated_by_one_tap() -> None:
    usage = e.ValueGiven(at=NOW, by=OLGA, question="S5", part="usage", given=Given(values=("60",)))
    handover = make_handover([usage, reply("S5", "Good, and they trust us")])
    menu = next(el for el in elements(shown(handover, "S5")) if el["type"] == "overflow")
    choices = {o["text"]["text"]: Ref.load(o["value"]) for o in menu["options"]}
    assert list(choices) == [
        "I think so",
        "It is a guess",
        "Usage, in % of what they bought: as of today",
        "Mark as sensitive",
    ]
    assert choices["It is a guess"] == Ref(h="H1", q="S5", v="guess")
    assert list(choices.values())[2] == Ref(h="H1", q="S5", p="usage")
    guess = e.SurenessGiven(at=NOW, by=OLGA, question="S2", sureness=Sureness.GUESS)
    rated = make_handover([reply("S2", "Dentists, 40 of them"), guess])
    assert "Answered ✓. A guess" in words(shown(rated, "S2"))


def test_what_a_joined_prompt_lists_can_be_added_once_it_is_answered() -> None:
    handover = make_handover([reply("S9", "I promised a discount")])
    assert "Add a promise" in labels(shown(handover, "S9"))
    assert "Add a promise" not in labels(shown(handover, "S3"))


def test_a_question_put_off_can_be_answered_now() -> None:
    handover = make_handover([e.PutOff(at=NOW, by=OLGA, question="S1")])
    message = shown(handover, "S1")
    assert "13 of 13" in words(message)
    assert labels(message) == ["Answer now"]


def test_what_the_start_form_said_is_confirmed_by_one_tap() -> None:
    handover = make_handover(
        segment=Segment.ENTERPRISE, renewal=date(2027, 3, 31), arr=Decimal(120_000)
    )
    skip = [e.UnknownDeclared(at=NOW, by=OLGA, question=key) for key in ("SN1", "SN2")]
    for event in skip:
        handover = advance(handover, event, default_playbook()).handover
    message = shown(handover, "SN3")
    confirm = press(message, "Confirm: renewal date Wed 31 Mar 2027")
    assert confirm["action_id"] == "answer-confirm:renewal"
    assert Ref.load(confirm["value"]) == Ref(h="H1", q="SN3", p="renewal", v="2027-03-31")
    assert "Confirm: yearly revenue (ARR) 120,000" in labels(message)
    assert "Answer in a form" in labels(message)


def test_a_joined_prompt_has_one_add_for_each_kind() -> None:
    handover = make_handover()
    for key in ["S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8"]:
        unknown = e.UnknownDeclared(at=NOW, by=OLGA, question=key)
        handover = advance(handover, unknown, default_playbook()).handover
    message = shown(handover, "S9")
    assert {"Add a promise", "Add an open issue", "Add an opportunity"} <= set(labels(message))
    assert "Done adding" not in labels(message)
    handover = advance(
        handover, record(RecordKind.ISSUE, "S9", what="Export fails"), default_playbook()
    ).handover
    message = shown(handover, "S9")
    assert "*Export fails* (open issue)" in words(message)
    assert "Done adding" in labels(message)
    menu = next(el for el in elements(message) if el["type"] == "overflow")
    assert [option["text"]["text"] for option in menu["options"]] == ["Change", "Remove"]
    assert Ref.load(menu["options"][1]["value"]) == Ref(h="H1", r="R1", v="remove")


@pytest.mark.parametrize("viewer", [LENA, "U0NOBODY"])
def test_a_question_is_nobody_elses(viewer: str) -> None:
    assert build(Kind.QUESTION, "S1", make_scene(make_handover(), viewer)) is None
    assert build(Kind.QUESTION, "X1", make_scene(make_handover(), OLGA)) is None


def test_sixty_stakeholders_and_a_novel_fit() -> None:
    novel = "&lt;!channel&gt; <@U0IVAN> 🎉 שלום \u202e" * 1000
    added = [
        record(
            RecordKind.STAKEHOLDER, "SK1", n, name="N&amp;" * 66, role=novel[:3000], type="sponsor"
        )
        for n in range(1, 61)
    ]
    first = [e.UnknownDeclared(at=NOW, by=OLGA, question="SN1")]
    handover = make_handover(
        [*first, *added, reply("SK1", novel)], segment=Segment.MID_MARKET, account="👩" * 200
    )
    wished = e.ChangeWished(at=AT, by=OLGA, question="SK1")
    shown(handover, "SK1")
    message = shown(advance(handover, wished, default_playbook()).handover, "SK1")
    assert "U0IVAN" not in json.dumps(message.blocks)
    older = next(el for el in elements(message) if el["action_id"] == Act.RECORD_CHANGE)
    assert len(older["options"]) >= 48


def test_every_question_of_every_segment_fits() -> None:
    for segment in Segment:
        handover = make_handover(segment=segment)
        done = answer_all(handover, text="A line with <https://example.com|a link>.")
        for key in done.interviews[OLGA].asked:
            shown(done, key)
            again = e.ChangeWished(at=AT, by=OLGA, question=key)
            shown(advance(done, again, default_playbook()).handover, key)


@given(st.text(max_size=400), st.sampled_from(["\n", "<!channel>", "> ", "&", "```"]))
@settings(max_examples=40)
def test_whatever_is_typed_makes_a_message_that_slack_takes(text: str, more: str) -> None:
    handover = make_handover([reply("S1", f"a{text}{more * 4000}")])
    shown(handover, "S1")
    asked = advance(
        handover, e.Asked(at=AT, by=IVAN, id="A1", text=f"a{text}{more * 4000}"), default_playbook()
    ).handover
    check_message(build(Kind.ASK, "A1", make_scene(asked, OLGA)))
