"""What is marked sensitive is read by the two CSMs, the leader and the backup alone."""

import pytest

from bot.exports.files import export
from bot.exports.formats import FOR_THE_CUSTOMER, Format
from bot.sandbox.reading import readable
from bot.views.customer import coverage
from bot.views.lists import show_message
from bot.views.rows import Row, row_line
from bot.views.scene import Scene
from bot.views.schedule import plan
from flows import events as e
from flows.confidential.vault import Vault
from flows.errors import FlowError
from flows.handover import File, Said
from flows.privacy import as_read_by
from flows.taking_over.brief import Brief, make_brief
from flows.terms import RecordKind
from flows.texts.composing import composed
from tests.flows.make import BORIS, IVAN, KIM, LENA, MONDAY, OLGA, PLAYBOOK, Story

SENSITIVE = "CC2"
WORDS = "Larkspur: never mention the merger."


def without(key: str, *, said: bool) -> Story:
    """Kim started it for others; Ivan answers, and what he says to `key` he marks as sensitive."""
    story = Story(by=KIM)
    for question in ("S1", "S2", "S3", "S4", "S5", "S6", "S7"):
        if question != key:
            story.answers(IVAN, question)
    if said:
        story.answers(IVAN, key)
        story.does(IVAN, e.MarkedSensitive, question=key, sensitive=True)
    return story


@pytest.mark.parametrize("key", ["S2", "S4", "S7"])
def test_what_an_author_marks_is_to_others_as_if_it_had_never_been_said(key: str) -> None:
    kept, never = (without(key, said=said) for said in (True, False))
    one, other = (
        brief_for(story, KIM).model_dump(exclude={"handover", "version", "made_at"})
        for story in (kept, never)
    )
    assert one == other
    rows = [Row(as_read_by(s.handover, PLAYBOOK, KIM), PLAYBOOK) for s in (kept, never)]
    assert row_line(rows[0], str) == row_line(rows[1], str)
    assert row_line(Row(kept.handover, PLAYBOOK), str) != row_line(rows[0], str)
    for reader in (IVAN, OLGA, LENA, BORIS):
        assert f"{key} line 1" in brief_for(kept, reader).model_dump_json()
        assert as_read_by(kept.handover, PLAYBOOK, reader) is kept.handover


def test_whoever_stands_under_it_is_in_no_count_and_no_list() -> None:
    """A stakeholder under a sensitive answer, planned and told, as others see it: not at all."""
    kept, never = (named(secretly=secretly) for secretly in (True, False))
    for subject in ("", "1", "2"):
        one, other = (coverage.build(subject, scene(story, KIM)) for story in (kept, never))
        assert one == other
    assert show_message(scene(kept, KIM)) == show_message(scene(never, KIM))
    assert plan.build("", scene(kept, KIM)) == plan.build("", scene(never, KIM))
    for reader in (IVAN, OLGA, LENA, BORIS):
        shown = coverage.build("1", scene(kept, reader))
        assert shown
        assert "Larkspur" in shown.text
        assert "0 of 2 introduced" in shown.text
        read = plan.build("", scene(kept, reader))
        assert read == plan.build("", scene(never, reader))


def named(*, secretly: bool) -> Story:
    """Kim started it; Ivan names Ana, and perhaps somebody under an answer he marks sensitive."""
    story = Story(by=KIM)
    ana = {"id": "R1", "question": "S8", "kind": "stakeholder", "details": {"name": "Ana"}}
    story.does(IVAN, e.RecordAdded, **ana)
    if secretly:
        close = {"name": "Larkspur", "type": "sponsor"}
        known = {"id": "R2", "question": "SK1", "kind": "stakeholder", "details": close}
        story.does(IVAN, e.RecordAdded, **known)
        story.does(IVAN, e.MarkedSensitive, question="SK1", sensitive=True)
        intended = {"R2": {"channel": "mail", "place": 1, "email": "larkspur@x.example"}}
        story.does(LENA, e.IntroductionsPlanned, people=intended)
    return story


def scene(story: Story, viewer: str) -> Scene:
    return Scene(
        handover=as_read_by(story.handover, PLAYBOOK, viewer),
        playbook=PLAYBOOK,
        vault=Vault(handover="H1", team="T1"),
        viewer=viewer,
        names=str,
        now=MONDAY,
        others={},
    )


def test_only_its_author_marks_an_answer() -> None:
    story = without("S2", said=True)
    for other in (OLGA, LENA, BORIS, KIM):
        mark = {"question": "S2", "sensitive": False}
        assert story.refuses(other, e.MarkedSensitive, **mark) == "not_yours"
    assert story.refuses(IVAN, e.MarkedSensitive, question="S9", sensitive=True) == "not_yours"
    story.does(IVAN, e.MarkedSensitive, question="S2", sensitive=False)
    assert "S2 line 1" in brief_for(story, KIM).model_dump_json(exclude={"handover"})


def told() -> Story:
    """A handover that Kim started for others, with a sensitive answer and its file."""
    story = Story(by=KIM)
    for _ in range(5):
        story.answers(IVAN)
    file = File(id="F1", name="Larkspur.pdf", url="https://files.slack.com/F1")
    said = Said(source="1795400001.000001", text=WORDS, files=(file,))
    story.does(IVAN, e.AnswerGiven, question=SENSITIVE, said=said)
    return story


def brief_for(story: Story, viewer: str) -> Brief:
    return make_brief(story.handover, PLAYBOOK, viewer, story.at)


def test_who_only_started_it_reads_the_rest() -> None:
    story = told()
    for reader in (IVAN, OLGA, LENA, BORIS):
        assert brief_for(story, reader).model_dump_json(exclude={"handover"}).count("Larkspur") > 1
    theirs = brief_for(story, KIM)
    assert "Larkspur" not in theirs.model_dump_json(exclude={"handover"})
    assert theirs.answered == brief_for(story, LENA).answered
    kept = {entry.question.id for section in theirs.sections for entry in section.entries}
    assert kept == set(story.handover.answers) - {SENSITIVE}


@pytest.mark.parametrize("wanted", Format)
def test_no_format_tells_who_only_started_it(wanted: Format) -> None:
    story = told()
    known = (story.handover, PLAYBOOK)
    if wanted in FOR_THE_CUSTOMER:
        with pytest.raises(FlowError, match="not_yours"):
            export(wanted, *known, KIM, str, story.at)
    else:
        assert "Larkspur" in readable(export(wanted, *known, LENA, str, story.at).content)
        assert "Larkspur" not in readable(export(wanted, *known, KIM, str, story.at).content)


def test_no_customer_text_tells_what_its_author_keeps_close() -> None:
    story = Story(by=KIM)
    story.answers(IVAN, "S9")
    details = {"what": "Larkspur training", "in_writing": "yes"}
    promise = {"id": "P1", "kind": RecordKind.COMMITMENT, "details": details}
    story.does(IVAN, e.RecordAdded, question="S9", **promise)
    assert any("Larkspur" in text.text for text in composed(story.handover, PLAYBOOK))
    story.does(IVAN, e.MarkedSensitive, question="S9", sensitive=True)
    for reader in (IVAN, KIM):
        seen = as_read_by(story.handover, PLAYBOOK, reader)
        assert not any("Larkspur" in text.text for text in composed(seen, PLAYBOOK))
