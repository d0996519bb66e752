"""Asking about an account: what the pack tells, to whom, and what it counts (A13, N12)."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows import events as e
from flows.effects import Kind
from flows.errors import FlowError
from flows.handover import File, Quoted, Said
from flows.privacy import as_read_by
from flows.taking_over.brief import known_to, make_brief
from flows.taking_over.knocks import knocks, topic
from flows.taking_over.passages import Passage, parts, passages
from flows.taking_over.search import search
from flows.terms import RecordKind, Segment
from tests.flows.make import BORIS, IVAN, KIM, LENA, MONDAY, OLGA, PLAYBOOK, ZOE, Story, posts

QUOTED = Quoted(author=ZOE, at=MONDAY, link="https://sandbox.slack.com/archives/C1/p1")


def find(story: Story, viewer: str, question: str) -> list[Passage]:
    known = passages(story.handover, PLAYBOOK, viewer)
    return search(known, question, lambda user: user, without=story.handover.account)


def told() -> Story:
    """Five answers, started by Kim for the others."""
    story = Story(by=KIM)
    story.gives(IVAN, "health", "amber")
    story.says(IVAN, "The export bug has cost us trust since May.")
    for _ in range(4):
        story.answers(IVAN)
    return story


def test_a_passage_says_who_said_it_when_and_to_which_question() -> None:
    story = told()
    best = find(story, OLGA, "Is there a bug?")[0]
    answer = story.answer("S1")
    assert best.text == "Health: Amber: needs care\nThe export bug has cost us trust since May."
    assert (best.by, best.at, best.about) == (IVAN, answer.at, "S1")
    assert best.title == PLAYBOOK.by_id["S1"].text


def test_records_files_people_and_an_explicit_none_are_found() -> None:
    story = told()
    person = {"name": "Ana Ruiz", "role": "Head of support"}
    fields = {"question": "S8", "kind": RecordKind.STAKEHOLDER, "details": person}
    story.does(IVAN, e.RecordAdded, id="R1", **fields)
    assert find(story, OLGA, "support head?")[0].text == "Ana Ruiz\nRole: Head of support"
    assert find(story, OLGA, "ruiz")[0].key == "R1"
    file = File(id="F1", name="Architecture.pdf", url="https://files.slack.com/F1")
    story.says(IVAN, "see", question="S4", files=(file,))
    assert find(story, OLGA, "architecture")[0].about == "S4"
    story.does(IVAN, e.NoneDeclared, question="CH4")
    assert find(story, OLGA, PLAYBOOK.by_id["CH4"].text)[0].text == "None."
    story.does(IVAN, e.UnknownDeclared, question="CH4")
    assert not [one for one in passages(story.handover, PLAYBOOK, OLGA) if one.key == "CH4"]


def test_what_was_changed_or_withdrawn_is_not_found_any_more() -> None:
    story = told()
    source = story.says(IVAN, "They think of Zenith", question="S3")
    assert find(story, OLGA, "zenith")
    story.does(IVAN, e.SaidEdited, source=source, text="They think of Acme", edited="2")
    assert not find(story, OLGA, "zenith")
    assert find(story, OLGA, "acme")
    story.does(IVAN, e.SaidWithdrawn, source=source)
    assert not find(story, OLGA, "acme")


def test_of_a_long_text_the_part_that_answers_is_found() -> None:
    story = told()
    lines = [f"Line {number} about nothing in particular, see the plan." for number in range(400)]
    lines[300] = "The zebra contact is <mailto:zed@zebra.example|Zed of Zebra>, call first."
    story.says(IVAN, "\n".join(lines), question="S3")
    best = find(story, OLGA, "Who is the zebra contact?")
    assert [one.key for one in best] == ["S3"]
    assert "<mailto:zed@zebra.example|Zed of Zebra>" in best[0].text
    assert len(best[0].text) <= 600


def test_whoever_may_not_know_finds_nothing_and_whoever_may_not_read_as_little() -> None:
    story = told()
    said = Said(source="1795400001.000001", text="Larkspur is the secret merger")
    story.does(IVAN, e.AnswerGiven, question="CC2", said=said)
    filed = {"text": "Larkspur again", "quoted": QUOTED, "question": "CC2"}
    story.does(IVAN, e.MessageAdded, id="M1", **filed)
    story.does(OLGA, e.Asked, id="A1", text="Larkspur when?", knock=True)
    story.does(IVAN, e.AskAnswered, ask="A1", said=Said(source="form", text="Larkspur in May"))
    for reader in (IVAN, OLGA, LENA, BORIS):
        assert {one.key for one in find(story, reader, "Larkspur")} == {"CC2", "M1", "A1"}
    assert find(story, KIM, "Larkspur") == []
    assert "Larkspur" not in known_to(story.handover, PLAYBOOK, KIM).model_dump_json()
    with pytest.raises(FlowError, match="not_found"):
        passages(story.handover, PLAYBOOK, ZOE)


def test_the_pack_answers_or_somebody_is_asked_and_both_are_counted() -> None:
    story = told()
    story.does(OLGA, e.PackAnswered, id="F1", text="bug?", about="S1")
    story.ignores(OLGA, e.PackAnswered, id="F1", text="bug?", about="S1")
    asked = {"text": "Who signs?", "knock": True, "about": "S5"}
    assert posts(story.does(OLGA, e.Asked, id="A1", **asked)) == [(Kind.ASK, "A1")]
    story.does(OLGA, e.Asked, id="A2", text="Shall we talk?")
    counted = knocks(story.handover, PLAYBOOK)
    assert (counted.asked, counted.answered) == (1, 1)
    assert dict(counted.topics) == {"Snapshot": 1, PLAYBOOK.by_id["S5"].section: 1}
    story.does(OLGA, e.PackAnswered, id="F2", text="Who decides?", about="S1")
    story.does(OLGA, e.Asked, id="F2", text="Who decides?", knock=True, about="S1")
    story.ignores(OLGA, e.Asked, id="F2", text="Who decides?", knock=True, about="S1")
    story.ignores(OLGA, e.PackAnswered, id="F2", text="Who decides?", about="S1")
    counted = knocks(story.handover, PLAYBOOK)
    assert (counted.asked, counted.answered) == (2, 1)
    assert (counted.waiting, counted.wait) == (2, None)
    story.at += timedelta(hours=3)
    story.does(IVAN, e.AskAnswered, ask="F2", said=Said(source="form", text="Ana"))
    counted = knocks(story.handover, PLAYBOOK)
    assert (counted.asked, counted.waiting) == (2, 1)
    assert counted.wait == story.at - story.handover.asks[-1].at > timedelta(hours=3)


def test_an_answered_knock_joins_the_pack_and_an_ordinary_question_does_not() -> None:
    story = told()
    story.does(OLGA, e.Asked, id="A1", text="Who signs at Contoso?", knock=True)
    story.does(OLGA, e.Asked, id="A2", text="Free on Friday?")
    assert find(story, OLGA, "contoso") == []
    story.does(IVAN, e.AskAnswered, ask="A2", said=Said(source="form", text="Yes, at Contoso"))
    reply = story.does(IVAN, e.AskAnswered, ask="A1", said=Said(source="form", text="Ana does"))
    assert posts(reply, OLGA) == [(Kind.ASK_REPLY, "A1")]
    best = find(story, LENA, "contoso")
    assert [(one.key, one.text, one.by) for one in best] == [("A1", "Ana does", IVAN)]
    brief = make_brief(story.handover, PLAYBOOK, LENA, story.at)
    assert [ask.id for ask in brief.asked] == ["A1"]


def test_when_the_outgoing_csm_has_gone_the_leader_is_asked() -> None:
    story = told()
    story.does(e.CLOCK, e.PersonGone, user=IVAN)
    effects = story.does(OLGA, e.Asked, id="A1", text="Who signs?", knock=True)
    assert (Kind.ASK, "A1") in posts(effects, LENA)
    assert find(story, OLGA, "bug")[0].by == IVAN


def test_whoever_is_gone_is_never_asked() -> None:
    story = Story(backup=None)
    story.does(e.CLOCK, e.PersonGone, user=IVAN)
    story.does(e.CLOCK, e.PersonGone, user=LENA)
    assert story.refuses(OLGA, e.Asked, id="A1", text="Who signs?", knock=True) == "nobody_to_ask"


def test_nobody_is_asked_without_end() -> None:
    story = told()
    for number in range(5):
        story.does(OLGA, e.Asked, id=f"A{number}", text="And this?", knock=True)
    assert story.refuses(OLGA, e.Asked, id="A5", text="And this?") == "many_waiting"
    story.does(IVAN, e.AskAnswered, ask="A0", said=Said(source="form", text="That"))
    story.does(OLGA, e.Asked, id="A5", text="And this?")


def test_a_topic_is_read_from_the_words_of_the_playbook() -> None:
    def about(text: str) -> str:
        return topic(PLAYBOOK, text, lambda user: user, "Northwind")

    assert PLAYBOOK.by_id[about("Who are the stakeholders?")].section == "Stakeholders"
    assert about("Xyzzy?") == ""


def test_a_message_is_filed_where_it_belongs_and_answers_nothing_by_itself() -> None:
    story = told()
    before = story.handover.answers
    for place in ({"section": "Risks"}, {"question": "S2"}, {}):
        fields = {"id": f"M{place}", "text": "Contoso left", "quoted": QUOTED, "note": "sad"}
        story.does(LENA, e.MessageAdded, **fields, **place)
        story.ignores(LENA, e.MessageAdded, **fields, **place)
    assert story.handover.answers == before
    known = known_to(story.handover, PLAYBOOK, OLGA)
    filed = [(section.title, len(section.pieces)) for section in known.sections if section.pieces]
    assert filed == [("Client background", 1), ("Risks", 1)]
    assert len(known.unsorted) == 1
    best = find(story, OLGA, "contoso")[0]
    assert (best.by, best.at, best.link) == (ZOE, QUOTED.at, QUOTED.link)
    for place in ({"section": "Gossip"}, {"question": "UP1"}, {"question": "XX1"}):
        fields = {"id": "M9", "text": "x", "quoted": QUOTED}
        assert story.refuses(LENA, e.MessageAdded, **fields, **place) == "no_such_place"
    assert story.refuses(LENA, e.MessageAdded, id="M9", quoted=QUOTED) == "nothing_in_it"


@given(st.text(alphabet="ab \n<>|é", max_size=3000))
def test_the_parts_of_a_text_are_all_of_it(text: str) -> None:
    found = list(parts(text))
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(part.strip() == part != "" for part in found)


def test_what_was_asked_about_a_sensitive_answer_is_not_counted_for_others() -> None:
    story = Story(segment=Segment.ENTERPRISE, by=KIM)
    story.does(OLGA, e.Accepted)
    story.says(IVAN, "The merger", question="CC2")
    story.does(IVAN, e.MarkedSensitive, question="CC2", sensitive=True)
    asked = {"text": "When is it?", "knock": True, "about": "CC2"}
    story.does(OLGA, e.Asked, id="A1", **asked)
    story.does(LENA, e.PackAnswered, id="F1", text="The merger?", about="CC2")
    story.does(KIM, e.Asked, id="A2", **asked)
    counted = {
        viewer: knocks(as_read_by(story.handover, PLAYBOOK, viewer), PLAYBOOK)
        for viewer in (OLGA, BORIS, KIM)
    }
    told = {viewer: (found.asked, found.answered) for viewer, found in counted.items()}
    assert told == {OLGA: (2, 1), BORIS: (2, 1), KIM: (1, 0)}
