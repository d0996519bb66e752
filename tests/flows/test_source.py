"""Somebody else is asked where the outgoing CSM can't answer; they write, and read nothing else."""

from flows import events as e
from flows.effects import Kind
from flows.handover import Verdict
from flows.knowledge.interview import may_answer, put_to
from flows.privacy import as_read_by, is_source, may_know
from flows.taking_over.brief import make_brief
from flows.tasks import Todo, all_tasks
from flows.terms import Reason, Role
from tests.flows.make import IVAN, KIM, LENA, OLGA, PLAYBOOK, ZOE, Story, party, posts


def asked() -> Story:
    """Ann is not on Slack; Lena has answered one question and asks Kim."""
    story = Story(by=LENA, outgoing=party(None, "Ann"), reason=Reason.ATTRITION)
    story.does(OLGA, e.Accepted)
    story.says(LENA, "Dentists", question="S2")
    story.does(LENA, e.SourceNamed, user=KIM)
    return story


def test_a_source_is_asked_what_is_open_and_gives_nothing_away() -> None:
    story = asked()
    assert posts(story.effects, KIM) == [Kind.CARD, (Kind.QUESTION, "S1")]
    assert posts(story.effects, LENA) == []
    path = [question.id for question in put_to(story.handover, PLAYBOOK, KIM)]
    assert "S2" not in path
    assert not any(PLAYBOOK.by_id[key].reason for key in path)
    assert [t.todo for t in all_tasks(story.handover, PLAYBOOK) if t.owner == KIM] == [
        Todo.ANSWER_QUESTIONS
    ]
    put = story.answers_everything(KIM)
    assert put == path
    assert not [t for t in all_tasks(story.handover, PLAYBOOK) if t.owner == KIM]


def test_a_source_reads_only_what_they_wrote() -> None:
    story = asked()
    story.says(KIM, "They pay late", question="S3")
    story.says(OLGA, "and in cash", question="S3")
    assert not may_know(story.handover, KIM)
    read = as_read_by(story.handover, PLAYBOOK, KIM)
    assert {key: [s.text for s in a.said] for key, a in read.answers.items()} == {
        "S3": ["They pay late"]
    }
    assert (read.incoming, read.backup, read.arr, set(read.interviews)) == (
        *(None, None, None),
        {KIM},
    )
    story.does(OLGA, e.NoneDeclared, question="S3")
    kept = as_read_by(story.handover, PLAYBOOK, KIM).answers["S3"]
    assert (kept.verdict, kept.given) == (Verdict.GIVEN, {})
    assert "They pay late" in make_text(story)


def make_text(story: Story) -> str:
    for key in ("S5", "S6", "S7"):
        story.does(LENA, e.UnknownDeclared, question=key)
    return make_brief(story.handover, PLAYBOOK, OLGA, story.at).model_dump_json()


def test_a_source_may_answer_and_nothing_else() -> None:
    story = asked()
    refused: dict[type[e.Happened], dict[str, object]] = {
        e.ValueGiven: {"question": "S2", "part": "x", "given": {"values": ["x"]}},
        e.ChangeWished: {"question": "S2"},
        e.Asked: {"id": "A1", "text": "Why?"},
        e.Told: {"role": Role.SOURCE},
        e.IncomingNamed: {"incoming": party(ZOE)},
        e.SourceNamed: {"user": ZOE},
        e.Accepted: {},
    }
    for kind, fields in refused.items():
        assert story.refuses(KIM, kind, **fields) == "not_yours"
    assert story.refuses(LENA, e.Told, role=Role.SOURCE) == "nobody_to_tell"
    assert not may_answer(story.handover, PLAYBOOK, KIM, "AT1")
    story.does(KIM, e.Pasted, id="P1", text="Notes")


def test_one_source_at_a_time_and_only_where_nobody_else_can() -> None:
    assert Story().refuses(LENA, e.SourceNamed, user=KIM) == "outgoing_answers"
    story = asked()
    for user in (LENA, OLGA):
        assert story.refuses(LENA, e.SourceNamed, user=user) == "has_a_part"
    story.ignores(LENA, e.SourceNamed, user=KIM)
    story.does(LENA, e.SourceNamed, user=ZOE)
    assert (is_source(story.handover, KIM), is_source(story.handover, ZOE)) == (False, True)
    assert KIM not in story.handover.interviews
    story.does(e.CLOCK, e.PersonGone, user=ZOE)
    assert story.handover.source is None
    assert story.refuses(LENA, e.SourceNamed, user=ZOE) == "left_here"
    story.does(LENA, e.SourceNamed, user=KIM)
    story.does(LENA, e.IncomingNamed, incoming=party(KIM))
    assert (story.handover.source, may_know(story.handover, KIM)) == (None, True)


def test_an_outgoing_csm_who_is_gone_for_good_is_no_source() -> None:
    story = Story(by=LENA)
    story.does(e.CLOCK, e.PersonGone, user=IVAN)
    assert story.refuses(LENA, e.SourceNamed, user=IVAN) == "has_a_part"
