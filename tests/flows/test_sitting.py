"""A sitting: the order, the time, what is left out, what is said once, a document taken apart."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from bot.imports.markdown import outline_of_markdown
from flows import events as e
from flows.books import events as be
from flows.books.once import asked_once, caught_up, for_account, known_from
from flows.books.sitting import Account, following, health, in_turn, time_of, to_leave_out
from flows.handover import Given
from flows.happened import Happened
from flows.knowledge.interview import questions
from flows.known.splitting import split
from flows.saying import Kind
from flows.schedule.calendars import Absence
from flows.terms import DateIs, Need, Reason, Role, Segment
from tests.flows.books import BookStory, made_row
from tests.flows.make import IVAN, KIM, LENA, MONDAY, OLGA, PLAYBOOK, Story, posts


def begun(name: str = "Northwind", **change: object) -> Story:
    usual: dict[str, Any] = {
        "id": name,
        "account": name,
        "reason": Reason.ATTRITION,
        "day_is": DateIs.LAST_DAY,
        "book": "B1",
        "arr": None,
    }
    return Story(**(usual | change))


def accounts(*stories: Story) -> list[Account]:
    return [Account(story.handover, PLAYBOOK) for story in stories]


def names(found: list[Account]) -> list[str]:
    return [one.handover.account for one in found]


def test_risk_comes_first_then_renewal_segment_and_revenue() -> None:
    fine, red = begun("fine"), begun("red")
    for story, color in ((fine, "green"), (red, "red")):
        story.gives(IVAN, "health", color, question="S1")
    late = begun("late", renewal=date(2027, 9, 1))
    soon = begun("soon", renewal=date(2027, 1, 15))
    big = begun("big", segment=Segment.ENTERPRISE)
    rich, poor = begun("rich", arr=Decimal(9)), begun("poor", arr=Decimal(1))
    shuffled = accounts(poor, fine, rich, late, big, red, soon)
    assert names(in_turn(shuffled)) == ["red", "soon", "late", "big", "rich", "poor", "fine"]
    assert [health(one) for one in accounts(red, poor)] == ["red", ""]


def test_it_goes_on_where_it_was_left() -> None:
    first, second = begun("A"), begun("B")
    assert first.interview(IVAN).current is None
    assert names([f for f in [following(accounts(first, second), IVAN)] if f]) == ["A"]
    second.does(IVAN, e.Resumed)
    assert names([f for f in [following(accounts(first, second), IVAN)] if f]) == ["B"]
    second.answers_everything(IVAN)
    assert names([f for f in [following(accounts(first, second), IVAN)] if f]) == ["A"]
    assert following(accounts(second), IVAN) is None


def test_hours_left_are_ones_own_working_days() -> None:
    story = begun(day=date(2026, 12, 4))
    today = MONDAY.date()
    time = time_of(accounts(story), IVAN, 1.5, today)
    assert time is not None
    assert time.left == 10 * 1.5
    story.does(IVAN, e.AwayGiven, away=(Absence(first=today, last=today),))
    fewer = time_of(accounts(story), IVAN, 1.5, today)
    assert fewer is not None
    assert fewer.left == 9 * 1.5
    over = time_of(accounts(story), IVAN, 1.5, date(2026, 12, 7))
    assert over is not None
    assert over.left == 0
    assert time_of(accounts(story), LENA, 1.5, today) is None


def test_what_does_not_fit_is_left_out_from_the_end() -> None:
    kinds = {"segment": Segment.MID_MARKET, "day": date(2026, 12, 31)}
    stories = [begun(name, **kinds) for name in "ABCD"]
    own = accounts(*stories)
    enough = time_of(own, IVAN, 8, MONDAY.date())
    assert enough is not None
    assert enough.fits
    assert to_leave_out(own, IVAN, enough) == []
    tight = enough._replace(left=enough.needed - 0.2)
    assert names(to_leave_out(own, IVAN, tight)) == ["D"]
    assert names(to_leave_out(own, IVAN, tight._replace(left=0))) == ["A", "B", "C", "D"]


def test_less_is_asked_and_everything_again() -> None:
    story = begun(segment=Segment.MID_MARKET, day=date(2026, 12, 31))
    before = questions(story.handover, PLAYBOOK, Role.OUTGOING, Need.REQUIRED)
    assert story.refuses(KIM, e.AskedLess) == "not_yours"
    assert story.refuses(OLGA, e.AskedLess) == "not_yours"
    story.does(IVAN, e.AskedLess)
    assert len(questions(story.handover, PLAYBOOK, Role.OUTGOING, Need.REQUIRED)) <= 8
    story.ignores(LENA, e.AskedLess)
    story.does(LENA, e.AskedLess, less=False)
    assert questions(story.handover, PLAYBOOK, Role.OUTGOING, Need.REQUIRED) == before
    short = begun(day=MONDAY.date() + timedelta(days=1))
    assert short.refuses(IVAN, e.AskedLess) == "asked_least"


def test_what_is_about_the_person_is_told_to_every_account() -> None:
    small, middle = begun("S"), begun("M", segment=Segment.MID_MARKET)
    own = accounts(small, middle)
    asked = asked_once(own)
    parts = [part.key for question in asked for part in question.parts]
    assert len(parts) == len(set(parts))
    assert {"last_day", "cover", "reachable_until", "lead_until"} == set(parts)
    told = {
        "AT2": e.FormAnswer(text="The report runs from my drive"),
        "TR3": e.FormAnswer(given={"reachable_until": Given(values=("2026-12-18",))}),
    }
    once = {story: for_account(story.handover, PLAYBOOK, told) for story in (small, middle)}
    told["S10"] = told.pop("TR3")
    assert once == {s: for_account(s.handover, PLAYBOOK, told) for s in (small, middle)}
    assert set(once[small]) == {"AT2", "S10"}
    assert set(once[middle]) == {"AT2", "TR3"}
    small.does(IVAN, e.SectionFilled, answers=once[small])
    now = Happened(at=middle.at, by=IVAN)
    late = caught_up(accounts(middle)[0], accounts(small), now)
    assert late == [e.SectionFilled(at=now.at, by=IVAN, answers=once[middle])]
    middle.does(IVAN, e.SectionFilled, answers=once[middle])
    assert caught_up(accounts(middle)[0], accounts(small), now) == []
    assert known_from(accounts(small))["AT2"].text == "The report runs from my drive"


def test_what_was_said_of_oneself_in_one_account_is_not_asked_in_the_next() -> None:
    first, second = begun("A"), begun("B")
    now = Happened(at=first.at, by=IVAN)
    first.says(IVAN, "The report runs from my drive", question="AT2")
    first.does(IVAN, e.UnknownDeclared, question="AT3")
    first.says(IVAN, "Dental software for clinics", question="S2")
    filled, unknown = caught_up(accounts(second)[0], accounts(first), now)
    assert isinstance(filled, e.SectionFilled)
    assert {key: answer.text for key, answer in filled.answers.items()} == {
        "AT2": "The report runs from my drive"
    }
    assert unknown == e.UnknownDeclared(at=now.at, by=IVAN, question="AT3")
    first.does(IVAN, e.MarkedSensitive, question="AT2", sensitive=True)
    assert caught_up(accounts(second)[0], accounts(first), now) == [unknown]


def test_only_who_hands_over_says_their_hours() -> None:
    story = BookStory(made_row(1))
    story.begins()
    assert story.refuses(LENA, be.HoursSaid, hours=2) == "not_found"
    assert story.does(IVAN, be.HoursSaid, hours=1.5).hours_a_day == 1.5


def test_the_next_account_is_offered_also_after_a_form() -> None:
    story = begun()
    told = {
        key: e.FormAnswer(text=f"Something about {key} that helps a lot")
        for key in ("S2", "S3", "S4", "S6", "S7", "S8", "S9", "AT2")
    }
    assert Kind.BOOK_NEXT not in {
        effect.kind for effect in story.does(IVAN, e.SectionFilled, answers=told)
    }
    story.does(IVAN, e.Resumed)
    effects = story.effects
    while story.interview(IVAN).current:
        story.answers(IVAN)
        effects = story.effects
    assert (Kind.BOOK_NEXT, "Northwind") in posts(effects, IVAN)


def test_a_document_is_taken_apart_by_headings_and_nothing_goes_astray() -> None:
    known = {"1": "Northwind", "2": "North", "3": "R&amp;D"}
    text = "Intro\n# North wind\n## a\nx\n# 2. North – notes\n## b\ny\n# R&D\nz\n# Strange\nsecret"
    found = split(outline_of_markdown(text), known)
    said = {key: [p.text for p in outline.pieces] for key, outline in found.found.items()}
    assert said == {"2": ["a", "x", "b", "y"], "3": ["z"]}
    assert found.strange == ["Strange"]
    assert [p.text for p in found.rest.pieces] == ["Intro", "Strange", "secret"]
    lines = split(outline_of_markdown("Northwind\nThey pay late\n- North\nR&D:\nNew lab"), known)
    said = {key: [p.text for p in outline.pieces] for key, outline in lines.found.items()}
    assert said == {"1": ["They pay late", "North"], "3": ["New lab"]}
