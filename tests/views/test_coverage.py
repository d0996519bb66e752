"""Stakeholders on people's screens: counts, rows, what can be ticked, and the modals."""

from datetime import date
from typing import Any

import pytest

from bot.exports.files import export
from bot.exports.formats import Format
from bot.ids import Field, Ref
from bot.sandbox.reading import readable
from bot.views.customer import coverage
from bot.views.customer.coverage_forms import note_form, page_of, plan_form, read_note, read_plan
from bot.views.lists import show_message
from bot.views.messages import Message
from bot.views.scene import Scene
from bot.views.taking_over.brief import brief_message
from flows.advance import advance
from flows.customer.coverage import coverage as covered
from flows.customer.coverage_events import Intended, IntroductionsPlanned, StakeholderTicked
from flows.customer.covering import introductions_planned, stakeholder_ticked
from flows.customer.introductions import Channel, Step
from flows.errors import FlowError
from flows.events import UnknownDeclared
from flows.handover import Handover
from flows.taking_over.brief import make_brief
from flows.terms import RecordKind, Segment
from tests.make import IVAN, KIM, LENA, NOW, OLGA, default_playbook, make_handover, name_of, record
from tests.views.limits import check_message, check_view, elements, labels, words
from tests.views.scenes import make_scene

BOOK = default_playbook()
Filled = dict[str, dict[str, dict[str, Any]]]
PARTS = ("champion", "sponsor", "day_to_day", "technical", "procurement", "")
NAMES = ("Ana", "Ben", "Cleo", "Dan", "Eva", "Finn")


def people(count: int = 6, by: str = LENA) -> Handover:
    """A handover with stakeholders whom Olga has listed; R1 is Ana, a champion."""
    added = [
        record(
            RecordKind.STAKEHOLDER,
            "SK1",
            number + 1,
            name=NAMES[number % 6] if count <= 6 else f"Person {number + 1} <&> {'x' * 180}",
            **({"type": PARTS[number % 6]} if PARTS[number % 6] else {}),
            role="Head of support",
        )
        for number in range(count)
    ]
    return make_handover(added, segment=Segment.MID_MARKET, by=by)


def ticked(handover: Handover, key: str, *steps: Step) -> Handover:
    for step in steps:
        event = StakeholderTicked(at=NOW, by=OLGA, id=key, step=step, on=NOW.date())
        handover = stakeholder_ticked(handover, event, BOOK, lambda _handover: True)
    return handover


def four_of_six() -> Handover:
    handover = people()
    for key in ("R1", "R2", "R4", "R6"):
        handover = ticked(handover, key, Step.HEADS_UP, Step.INTRODUCED)
    return handover


def page(scene: Scene, number: int = 1, *, approved: bool = True) -> Message:
    return check_message(coverage.build(str(number), scene, lambda _handover: approved))


def test_show_tells_four_of_six_and_who_the_two_are() -> None:
    shown = check_message(show_message(make_scene(four_of_six(), LENA)))
    assert "Stakeholders:* 4 of 6 introduced; not yet: Cleo and Eva" in words(shown)
    assert "Stakeholders: 4 of 6 introduced; not yet: Cleo and Eva" in shown.text
    assert "Show the stakeholders" in labels(shown)
    nobody = check_message(show_message(make_scene(make_handover(), LENA)))
    assert "Stakeholders" not in nobody.text
    assert "Show the stakeholders" not in labels(nobody)


@pytest.mark.parametrize("wanted", [Format.WORD, Format.MARKDOWN])
def test_the_brief_names_who_is_not_introduced(wanted: Format) -> None:
    handover = four_of_six()
    for key in ("SN1", "SN2", "SN3", "BG1", "BG2"):
        event = UnknownDeclared(at=NOW, by=OLGA, question=key)
        handover = advance(handover, event, BOOK).handover
    line = "4 of 6 introduced; not yet: Cleo and Eva"
    assert line in readable(export(wanted, handover, BOOK, LENA, name_of, NOW).content)
    brief = make_brief(handover, BOOK, LENA, NOW)
    assert line in words(check_message(brief_message(brief, name_of, BOOK, LENA)))


def test_a_row_tells_who_how_and_what_was_done() -> None:
    handover = ticked(people(), "R2", Step.HEADS_UP)
    shown = page(make_scene(handover, IVAN))
    first = shown.text.index("1. Ben · Head of support · Sponsor or budget owner, by call")
    assert first < shown.text.index("2. Ana")
    assert "Heads-up given ✓ Mon 23 Nov 2026 by Olga, call" in shown.text
    assert "Not yet: introduced, reassured" in shown.text
    found = [e for e in elements(shown) if e.get("accessibility_label", "").endswith("Ben")]
    assert [e["text"]["text"] for e in found] == [
        "Mark introduced",
        "Mark reassured",
        "Note day and way",
        "Take back: heads-up",
    ]


def test_before_the_approval_nothing_can_be_ticked() -> None:
    shown = page(make_scene(people(), OLGA), approved=False)
    assert "nobody hears of it before" in shown.text
    assert labels(shown) == ["Plan introductions"]


def test_whoever_only_started_it_looks_and_ticks_nothing() -> None:
    shown = page(make_scene(people(by=KIM), KIM))
    assert "0 of 6 introduced" in shown.text
    assert labels(shown) == []


def test_a_leaders_word_for_a_mail_is_read_by_all() -> None:
    event = IntroductionsPlanned(
        at=NOW, by=LENA, people={"R1": Intended(channel=Channel.MAIL)}, why="She *writes* only"
    )
    handover = introductions_planned(people(), event, BOOK)
    assert "by email · email is enough, says Lena: She *writes* only" in words(
        page(make_scene(handover, IVAN))
    )


@pytest.mark.parametrize("count", [0, 1, 10, 11, 200])
def test_two_hundred_fit_page_by_page(count: int) -> None:
    scene = make_scene(people(count), LENA)
    last = max(1, -(-count // 10))
    seen = ""
    for number in (*range(1, last + 1), last + 5):
        shown = page(scene, number)
        seen += shown.text
        check_view({"type": "modal", "title": _title(), "blocks": shown.blocks, "close": _title()})
    if count > 6:
        assert all(f"Person {number} " in seen for number in range(1, count + 1))
    assert ("Next page" in labels(page(scene))) is (last > 1)


def _title() -> dict[str, str]:
    return {"type": "plain_text", "text": "Handover"}


def test_the_plan_asks_page_by_page_for_everybody_once() -> None:
    scene = make_scene(people(200), LENA)
    asked: list[str] = []
    for number in range(1, 26):
        view = plan_form(scene, number, "1") or {}
        if number in {1, 25}:
            check_view(view)
        assert (view["submit"]["text"] == "Save") is (number == 25)
        asked += Ref.load(view["private_metadata"]).n
    assert plan_form(scene, 26, "1") is None
    assert asked == [f"R{number}" for number in range(1, 201)]
    assert page_of(scene, "R17") == 3
    assert page_of(scene, "gone") == 1


def test_the_plan_is_read_back_as_it_was_filled_in() -> None:
    view = plan_form(make_scene(people(2), OLGA), 1, "3")
    assert view
    ref = Ref.load(view["private_metadata"])
    assert ref.p == "3"
    assert not any(block.get("block_id") == Field.TEXT for block in view["blocks"])
    state: Filled = {
        "channel:R1": {"v": {"selected_option": {"value": "meeting"}}},
        "place:R1": {"v": {"value": " 2 "}},
        "email:R1": {"v": {"value": "ana@x.example"}},
        "channel:R2": {"v": {"selected_option": {"value": "call"}}},
    }
    assert read_plan(state, ref) == (
        {
            "R1": Intended(channel=Channel.MEETING, place=2, email="ana@x.example"),
            "R2": Intended(channel=Channel.CALL),
        },
        "",
    )
    for wrong in ("0", "-1", "first", "1.5", "²"):
        state["place:R1"]["v"]["value"] = wrong
        with pytest.raises(FlowError, match="not_a_place") as error:
            read_plan(state, ref)
        assert error.value.field == "place:R1"


def test_a_leader_may_say_why_a_mail_is_enough() -> None:
    view = plan_form(make_scene(people(2), LENA), 1, "1")
    assert view
    assert view["blocks"][-1]["label"]["text"] == "Why is an email enough?"


def test_a_note_has_who_when_and_how() -> None:
    scene = make_scene(ticked(people(), "R1", Step.HEADS_UP), LENA)
    ana = next(one for one in covered(scene.handover, BOOK) if one.record.id == "R1")
    view = check_view(note_form(scene, ana, "1"))
    fields = {b["block_id"]: b["element"] for b in view["blocks"] if b["type"] == "input"}
    steps = [option["value"] for option in fields[Field.OUTCOME]["options"]]
    assert steps == ["introduced", "reassured"]
    people_there = [option["text"]["text"] for option in fields[Field.PERSON]["options"]]
    assert people_there == ["Olga", "Ivan", "Lena"]
    assert fields[Field.ON]["initial_date"] == NOW.date().isoformat()
    day = date(2026, 11, 20)
    state: Filled = {
        Field.OUTCOME: {"v": {"selected_option": {"value": "introduced"}}},
        Field.PERSON: {"v": {"selected_option": {"value": IVAN}}},
        Field.ON: {"v": {"selected_date": day.isoformat()}},
        Field.HOW: {"v": {"selected_option": {"value": "mail"}}},
        Field.TEXT: {"v": {"value": "He <asked> for it"}},
    }
    assert read_note(state) == {
        "step": Step.INTRODUCED,
        "who": IVAN,
        "on": day,
        "channel": Channel.MAIL,
        "why": "He &lt;asked&gt; for it",
    }
