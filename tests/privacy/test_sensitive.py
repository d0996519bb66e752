"""What is marked sensitive is read by the two CSMs, the leader and the backup alone."""

from flows import events as e
from flows.brief import Brief, make_brief
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
