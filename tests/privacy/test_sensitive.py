"""What is marked sensitive is read by the two CSMs, the leader and the backup alone."""

import pytest

from bot.exports.files import export
from bot.exports.formats import FOR_THE_CUSTOMER, Format
from bot.sandbox.reading import readable
from flows import events as e
from flows.brief import Brief, make_brief
from flows.errors import FlowError
from flows.handover import File, Said
from tests.flows.make import BORIS, IVAN, KIM, LENA, OLGA, PLAYBOOK, Story

SENSITIVE = "CC2"
WORDS = "Larkspur: never mention the merger."


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
