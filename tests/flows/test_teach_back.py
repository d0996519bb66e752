"""The teach-back: what is asked, who marks it, and when it is passed."""

import pytest

from flows import events as e
from flows.effects import Kind
from flows.handover import Topic
from flows.taking_over.brief import make_brief
from flows.taking_over.passages import passages
from flows.taking_over.reading import unopened
from flows.taking_over.teach_back import FEWEST, MOST, asked_back, is_passed
from flows.tasks import Todo, all_tasks
from flows.terms import Segment
from tests.flows.make import BORIS, IVAN, KIM, LENA, OLGA, PLAYBOOK, ZOE, Story, party, posts


def accepted(segment: Segment = Segment.ENTERPRISE) -> Story:
    """Olga has accepted the whole pack."""
    story = Story(segment=segment)
    story.does(OLGA, e.Accepted)
    accept_all(story)
    return story


def accept_all(story: Story) -> None:
    """Ivan says what is left to say, Olga takes it all over."""
    story.answers_everything(IVAN)
    items = [r.id for r in story.handover.records if r.kind in {"commitment", "issue"}]
    if items:
        story.does(OLGA, e.ItemsAccepted, ids=items)
    if keys := [document.key for document in unopened(story.handover)]:
        story.does(OLGA, e.LinksTicked, keys=keys, opens=True)
    story.does(OLGA, e.PackAccepted)


def taught(story: Story) -> list[Topic]:
    """Olga answers whatever is asked back."""
    topics = [asked.topic for asked in asked_back(story.handover, PLAYBOOK)]
    story.does(OLGA, e.TaughtBack, answers={topic: f"My {topic}" for topic in topics})
    return topics


def todos(story: Story, owner: str) -> set[Todo]:
    return {task.todo for task in all_tasks(story.handover, PLAYBOOK) if task.owner == owner}


@pytest.mark.parametrize("segment", Segment)
def test_three_to_five_questions_come_from_the_pack(segment: Segment) -> None:
    asked = asked_back(accepted(segment).handover, PLAYBOOK)
    assert FEWEST <= len(asked) <= MOST
    assert len({one.topic for one in asked}) == len(asked)


def test_the_worst_risk_the_next_promise_and_the_sponsor_are_asked_for() -> None:
    story = Story(segment=Segment.ENTERPRISE)

    def add(key: str, question: str, kind: str, **details: str) -> None:
        story.does(IVAN, e.RecordAdded, id=key, question=question, kind=kind, details=details)

    add("K1", "RK1", "risk", what="Small", likely="low", impact="medium")
    add("K2", "RK1", "risk", what="Big", likely="high", impact="high")
    add("P1", "CM1", "commitment", what="Some day")
    add("P2", "CM1", "commitment", what="Later", due="2027-05-01")
    add("P3", "CM1", "commitment", what="Next", due="2027-01-05")
    add("S1", "SK1", "stakeholder", name="Ann")
    add("S2", "SK1", "stakeholder", name="Bea", type="sponsor")
    story.says(IVAN, "Never mention the merger", question="CC2")
    story.says(IVAN, "A migration plan", question="PF2")
    found = {asked.topic: asked.about for asked in asked_back(story.handover, PLAYBOOK)}
    assert found == {
        Topic.RISK: "K2",
        Topic.PROMISE: "P3",
        Topic.SPONSOR: "S2",
        Topic.SENSITIVE: "CC2",
        Topic.EXPECTS: "PF2",
    }


def test_what_a_small_pack_lacks_is_filled_up_from_what_is_there() -> None:
    story = Story()
    story.says(IVAN, "Three things", question="S1")
    story.says(IVAN, "Tickets", question="S3")
    story.does(IVAN, e.NoneDeclared, question="S10")
    found = [tuple(asked) for asked in asked_back(story.handover, PLAYBOOK)]
    assert found == [(Topic.FIRST, "S1"), (Topic.USE, "S3")]


def test_an_accepted_pack_brings_the_teach_back() -> None:
    story = accepted()
    assert posts(story.effects, OLGA) == [Kind.TEACH_BACK, (Kind.REASON, "1")]
    assert Todo.TEACH_BACK in todos(story, OLGA)
    assert not is_passed(story.handover)
    taught(story)
    assert posts(story.effects) == [Kind.TAUGHT]
    assert Todo.MARK_TAUGHT in todos(story, IVAN)
    assert Todo.TEACH_BACK not in todos(story, OLGA)


def test_all_right_is_passed() -> None:
    story = accepted()
    topics = taught(story)
    for topic in topics:
        assert not is_passed(story.handover)
        story.does(IVAN, e.TaughtMarked, topic=topic)
    assert is_passed(story.handover)
    assert posts(story.effects) == []
    assert not todos(story, OLGA) & {Todo.TEACH_BACK, Todo.READ_ADDITIONS}


def test_what_was_missing_is_read_before_it_is_passed() -> None:
    story = accepted()
    first, *rest = taught(story)
    story.does(IVAN, e.TaughtMarked, topic=first, added="And call Ann first")
    for topic in rest:
        story.does(IVAN, e.TaughtMarked, topic=topic)
    assert posts(story.effects, OLGA) == [Kind.ADDITIONS]
    assert not is_passed(story.handover)
    story.ignores(IVAN, e.TaughtMarked, topic=first)
    assert Todo.READ_ADDITIONS in todos(story, OLGA)
    story.does(OLGA, e.TaughtSeen)
    story.ignores(OLGA, e.TaughtSeen)
    assert is_passed(story.handover)
    # A later addition is to be read as well.
    story.does(IVAN, e.TaughtMarked, topic=first, added="And mail Bea")
    assert not is_passed(story.handover)


def test_the_leader_marks_when_the_outgoing_csm_is_gone() -> None:
    story = accepted()
    topics = taught(story)
    said = story.does(e.CLOCK, e.PersonGone, user=IVAN)
    assert Kind.TAUGHT in posts(said, LENA)
    story.does(LENA, e.TaughtMarked, topic=topics[0])
    assert todos(story, LENA) >= {Todo.MARK_TAUGHT}


def test_nobody_marks_their_own_answers() -> None:
    story = accepted()
    assert story.refuses(OLGA, e.TaughtMarked, topic=taught(story)[0]) == "not_yours"


def test_teach_back_keeps_its_order() -> None:
    story = Story()
    story.does(OLGA, e.Accepted)
    assert story.refuses(OLGA, e.TaughtBack, answers={"risk": "x"}) == "pack_not_accepted"
    story = accepted()
    assert story.refuses(IVAN, e.TaughtMarked, topic="risk") == "not_taught"
    assert story.refuses(OLGA, e.TaughtSeen) == "not_taught"
    topics = [asked.topic for asked in asked_back(story.handover, PLAYBOOK)]
    half = dict.fromkeys(topics[:2], "x")
    assert story.refuses(OLGA, e.TaughtBack, answers=half) == "missing"
    taught(story)
    assert story.refuses(OLGA, e.TaughtBack, answers=half) == "taught_already"
    assert story.refuses(OLGA, e.TaughtSeen) == "not_taught"


def test_somebody_new_is_asked_anew() -> None:
    story = accepted()
    taught(story)
    story.does(LENA, e.IncomingNamed, incoming=party(KIM))
    assert story.handover.teach_back is None
    story.does(KIM, e.Accepted)
    assert not is_passed(story.handover)


def test_answers_stay_when_the_pack_asks_something_else_meanwhile() -> None:
    """The form was open while the risk was taken out and a promise came in."""
    story = accepted()
    story.does(IVAN, e.RecordAdded, id="K9", question="RK1", kind="risk", details={"what": "War"})
    asked = [one.topic for one in asked_back(story.handover, PLAYBOOK)]
    for record in list(story.handover.records):
        if record.kind == "risk":
            story.does(IVAN, e.RecordRemoved, id=record.id)
    story.does(IVAN, e.UnknownDeclared, question="RK1")
    assert asked != [one.topic for one in asked_back(story.handover, PLAYBOOK)]
    story.does(OLGA, e.TaughtBack, answers={topic: f"My {topic}" for topic in asked})
    said = story.handover.teach_back
    assert said
    assert {item.topic: item.answer for item in said.items} == {t: f"My {t}" for t in asked}


def test_what_two_add_to_one_answer_stands_side_by_side() -> None:
    story = accepted()
    first, *_rest = taught(story)
    story.does(IVAN, e.TaughtMarked, topic=first, added="Call Ann first")
    story.does(LENA, e.TaughtMarked, topic=first, added="And mail Bea")
    story.ignores(LENA, e.TaughtMarked, topic=first, added="And mail Bea")
    assert story.handover.teach_back
    assert story.handover.teach_back.items[0].added == "Call Ann first\nAnd mail Bea"


def test_what_was_added_joins_the_pack_and_stays_there_for_whoever_comes_next() -> None:
    story = accepted()
    first, *_rest = taught(story)
    story.does(IVAN, e.TaughtMarked, topic=first, added="Call Ann first")
    story.does(LENA, e.TaughtMarked, topic=first, added="And mail Bea")
    story.does(LENA, e.IncomingNamed, incoming=party(KIM))
    story.does(KIM, e.Accepted)
    brief = make_brief(story.handover, PLAYBOOK, KIM, story.at)
    told = {piece.text: section.title for section in brief.sections for piece in section.pieces}
    assert told == {"Call Ann first": "Risks", "And mail Bea": "Risks"}


def test_what_is_added_about_what_is_gone_is_kept_all_the_same() -> None:
    story = Story(by=ZOE)
    story.does(OLGA, e.Accepted)
    details = {"what": "War"}
    story.does(IVAN, e.RecordAdded, id="K1", question="RK1", kind="risk", details=details)
    accept_all(story)
    taught(story)
    story.does(IVAN, e.RecordRemoved, id="K1")
    story.does(IVAN, e.TaughtMarked, topic=Topic.RISK, added="Peace")
    for viewer in (OLGA, ZOE):
        brief = make_brief(story.handover, PLAYBOOK, viewer, story.at)
        assert [piece.text for piece in brief.unsorted] == ["Peace"]


def test_what_was_added_to_a_sensitive_answer_is_as_sensitive() -> None:
    story = Story(segment=Segment.ENTERPRISE, by=ZOE)
    story.does(OLGA, e.Accepted)
    story.says(IVAN, "The merger", question="CC2")
    story.does(IVAN, e.MarkedSensitive, question="CC2", sensitive=True)
    accept_all(story)
    taught(story)
    story.does(IVAN, e.TaughtMarked, topic=Topic.SENSITIVE, added="It is in May")
    seen = {
        viewer: "It is in May" in [p.text for p in passages(story.handover, PLAYBOOK, viewer)]
        for viewer in (OLGA, BORIS, ZOE)
    }
    assert seen == {OLGA: True, BORIS: True, ZOE: False}
