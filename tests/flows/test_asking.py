"""What somebody does not know becomes an ask: another tells it, and it joins the pack (N10)."""

from datetime import date

import pytest

from flows import events as e
from flows.effects import Kind, Refresh
from flows.handover import FORM, Said, Verdict
from flows.knowledge.interview import is_answered, progress
from flows.privacy import as_read_by, is_asked, may_know, may_take_part
from flows.tasks import Todo, all_tasks, open_tasks
from flows.terms import How, Role
from tests.flows.make import (
    IVAN,
    KIM,
    LENA,
    MONDAY,
    NEVER,
    NOW,
    OLGA,
    PLAYBOOK,
    ZOE,
    Story,
    party,
    posts,
)

WEDNESDAY = date(2026, 11, 25)
FROM_SAM = {"who": "Sam Lee, account executive", "on": MONDAY.date(), "how": How.CALL}


def asked(question: str = "S2", **ask: object) -> Story:
    """Ivan does not know who they are, and asks Kim."""
    story = Story()
    story.answers(IVAN)
    story.does(IVAN, e.UnknownDeclared, question="S2")
    told = {"id": "A1", "text": "Who are they?", "due": WEDNESDAY, "question": question}
    story.does(IVAN, e.SomebodyAsked, **(told | (ask or {"to": KIM})))
    return story


def replies(story: Story, by: str, text: str, source: str = "1795500000.000001") -> None:
    said = Said(source=source, text=text)
    story.does(by, e.AskAnswered, ask="A1", said=said)


def test_a_colleague_is_asked_one_thing_and_what_they_tell_joins_the_pack() -> None:
    story = asked()
    assert posts(story.effects) == [(Kind.ASK, "A1")]
    assert Refresh(to=IVAN, kind=Kind.QUESTION, subject="S2") in story.effects
    assert is_answered(story.handover, PLAYBOOK.by_id["S2"])
    replies(story, KIM, "Dentists")
    answer = story.answer("S2")
    assert (answer.verdict, answer.by, story.texts("S2")) == (Verdict.GIVEN, KIM, ["Dentists"])
    assert posts(story.effects) == [(Kind.ASK_REPLY, "A1")]
    replies(story, KIM, "Forty of them", "1795500000.000002")
    assert story.texts("S2") == ["Dentists", "Forty of them"]


def test_whoever_is_asked_knows_nothing_else() -> None:
    story = asked()
    assert is_asked(story.handover, KIM)
    assert may_take_part(story.handover, KIM)
    assert not may_know(story.handover, KIM)
    read = as_read_by(story.handover, PLAYBOOK, KIM)
    assert (read.answers, read.records, read.interviews, read.incoming) == ({}, (), {}, None)
    assert [ask.text for ask in read.asks] == ["Who are they?"]
    refused: dict[type[e.Happened], dict[str, object]] = {
        e.AnswerGiven: {"question": "S2", "said": {"source": "1", "text": "x"}},
        e.Asked: {"id": "A2", "text": "Why?"},
        e.SomebodyAsked: {"id": "A2", "question": "S2", "text": "?", "to": ZOE, "due": WEDNESDAY},
        e.AnswerRecorded: {"ask": "A1", "text": "x", **FROM_SAM},
        e.SurenessGiven: {"question": "S2", "sureness": "guess"},
        e.Accepted: {},
        e.Told: {"role": Role.OUTGOING},
    }
    for kind, fields in refused.items():
        assert story.refuses(KIM, kind, **fields) == "not_yours"
    said = {"source": "1", "text": "x"}
    assert story.refuses(ZOE, e.AskAnswered, ask="A1", said=said) == "not_yours"


def test_the_ask_is_their_only_task_and_ends_with_the_answer() -> None:
    story = asked()
    mine = open_tasks(story.handover, PLAYBOOK, KIM)
    assert [(task.todo, task.owner, task.due) for task in mine] == [
        (Todo.ANSWER_ASK, KIM, WEDNESDAY)
    ]
    replies(story, KIM, "Dentists")
    assert open_tasks(story.handover, PLAYBOOK, KIM) == ()
    assert open_tasks(story.handover, PLAYBOOK, ZOE) == ()


def test_what_is_missing_is_not_asked_of_whoever_did_not_know() -> None:
    story = asked("S1")
    before = progress(story.handover, PLAYBOOK, Role.OUTGOING)
    story.does(IVAN, e.UnknownDeclared, question="S1")
    replies(story, KIM, "ok")
    assert progress(story.handover, PLAYBOOK, Role.OUTGOING) == before
    assert story.handover.follow_ups == {}


def test_an_edit_and_a_deletion_follow_the_reply_into_the_pack() -> None:
    story = asked()
    replies(story, KIM, "Dentits")
    source = "1795500000.000001"
    story.does(KIM, e.SaidEdited, source=source, text="Dentists", edited="2")
    assert (story.texts("S2"), story.handover.asks[0].reply) == (["Dentists"], "Dentists")
    story.does(KIM, e.SaidWithdrawn, source=source)
    assert (story.texts("S2"), story.handover.asks[0].reply) == ([], "")
    assert story.answer("S2").verdict is Verdict.UNKNOWN


def test_somebody_outside_slack_is_asked_by_mail_and_their_answer_written_down() -> None:
    story = asked(whom="Sam Lee, account executive")
    assert posts(story.effects, IVAN) == [(Kind.ASK, "A1")]
    assert [t.todo for t in all_tasks(story.handover, PLAYBOOK) if t.subject == "A1"] == [
        Todo.RECORD_ANSWER
    ]
    story.does(IVAN, e.AnswerRecorded, ask="A1", text="Dentists", **FROM_SAM)
    assert posts(story.effects) == []
    said = story.answer("S2").said[0]
    assert said.heard is not None
    assert (said.text, said.by, said.heard.who) == ("Dentists", IVAN, "Sam Lee, account executive")
    assert said.source != FORM
    refused = story.refuses(IVAN, e.AnswerRecorded, ask="A1", text="Clinics", **FROM_SAM)
    assert refused == "ask_taken"


def test_of_two_who_answer_at_once_one_does_and_the_other_is_told() -> None:
    story = asked()
    story.does(IVAN, e.AnswerRecorded, ask="A1", text="Dentists", **FROM_SAM)
    assert Refresh(to=KIM, kind=Kind.ASK, subject="A1") in story.effects
    said = {"source": "1795500000.000009", "text": "Clinics"}
    assert story.refuses(KIM, e.AskAnswered, ask="A1", said=said) == "ask_taken"
    assert story.texts("S2") == ["Dentists"]
    read = as_read_by(story.handover, PLAYBOOK, KIM)
    assert "Dentists" not in read.model_dump_json()
    other = asked()
    replies(other, KIM, "Clinics")
    record = {"ask": "A1", "text": "Dentists", **FROM_SAM}
    assert other.refuses(IVAN, e.AnswerRecorded, **record) == "ask_taken"


def test_what_somebody_who_left_was_asked_passes_to_the_leader() -> None:
    story = asked()
    story.does(e.CLOCK, e.PersonGone, user=KIM)
    assert posts(story.effects) == [(Kind.ASK, "A1")]
    replies(story, LENA, "Dentists")
    assert (story.answer("S2").by, story.texts("S2")) == (LENA, ["Dentists"])
    assert not may_take_part(story.handover, KIM)


def test_whoever_is_gone_cannot_be_asked_until_they_are_back() -> None:
    story = Story(backup=KIM)
    told = {"id": "A1", "question": "S1", "text": "?", "due": WEDNESDAY}
    story.does(e.CLOCK, e.PersonGone, user=KIM)
    assert story.refuses(IVAN, e.SomebodyAsked, **told, to=KIM) == "left_here"
    story.does(e.CLOCK, e.PersonBack, user=KIM)
    story.does(IVAN, e.SomebodyAsked, **told, to=KIM)
    assert may_take_part(story.handover, KIM)


def test_whoever_is_not_to_know_yet_cannot_be_asked() -> None:
    story = Story(tellings={Role.OUTGOING: NOW, Role.INCOMING: NEVER})
    told = {"id": "A1", "question": "S1", "text": "?", "due": WEDNESDAY}
    assert story.refuses(IVAN, e.SomebodyAsked, **told, to=OLGA) == "not_to_them"
    assert story.refuses(IVAN, e.SomebodyAsked, **told, to=IVAN) == "asks_oneself"
    assert story.refuses(IVAN, e.SomebodyAsked, **told) == "missing"


def test_a_source_asks_nobody_and_can_be_asked_like_anybody() -> None:
    story = Story(by=LENA, outgoing=party(None, "Ann"))
    story.does(LENA, e.SourceNamed, user=KIM)
    told = {"id": "A1", "question": "S2", "text": "Who?", "due": WEDNESDAY}
    assert story.refuses(KIM, e.SomebodyAsked, **told, to=ZOE) == "not_yours"
    story.does(LENA, e.SomebodyAsked, **told, to=KIM)
    assert [ask.id for ask in as_read_by(story.handover, PLAYBOOK, KIM).asks] == ["A1"]


@pytest.mark.parametrize(("sureness", "kept"), [("think", "think"), ("guess", "guess")])
def test_an_author_says_how_sure_they_are(sureness: str, kept: str) -> None:
    story = Story()
    story.answers(IVAN)
    story.does(IVAN, e.SurenessGiven, question="S1", sureness=sureness)
    assert (story.answer("S1").sureness, story.open(IVAN)) == (kept, "S2")
    assert story.refuses(OLGA, e.SurenessGiven, question="S1", sureness="know") == "not_yours"


def test_a_number_gets_its_day() -> None:
    story = Story()
    story.gives(IVAN, "usage", "60", question="S5")
    story.does(IVAN, e.AsOfGiven, question="S5", part="usage", day=WEDNESDAY)
    given = story.answer("S5").given["usage"]
    assert (given.values, given.as_of) == (("60",), WEDNESDAY)
    assert story.refuses(IVAN, e.AsOfGiven, question="S5", part="x", day=WEDNESDAY) == (
        "no_such_part"
    )
