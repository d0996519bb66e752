"""The brief: from the fifth answer, for those who may know, every line once."""

import pytest

from flows import events as e
from flows.errors import FlowError
from flows.handover import File
from flows.taking_over.brief import make_brief
from flows.terms import RecordKind, Segment
from tests.flows.make import IVAN, KIM, LENA, MONDAY, OLGA, PLAYBOOK, ZOE, Story

NOTES = File(id="F1", name="notes.pdf", url="https://files.example.com/F1")


def test_a_brief_exists_from_the_fifth_answer_for_those_who_may_know() -> None:
    story = Story()
    for _ in range(4):
        story.answers(IVAN)
    with pytest.raises(FlowError, match="too_early"):
        make_brief(story.handover, PLAYBOOK, IVAN, MONDAY)
    story.answers(IVAN)
    for viewer in (ZOE, KIM):
        with pytest.raises(FlowError, match="not_found"):
            make_brief(story.handover, PLAYBOOK, viewer, MONDAY)
    brief = make_brief(story.handover, PLAYBOOK, OLGA, story.at)
    assert brief.version == story.handover.seq
    assert (brief.unfinished, brief.answered, brief.required) == (True, 5, 12)
    assert brief.lead == IVAN
    story.answers_everything(IVAN)
    assert not make_brief(story.handover, PLAYBOOK, LENA, story.at).unfinished


def test_a_brief_tells_every_line_once() -> None:
    story = Story(segment=Segment.ENTERPRISE)
    story.says(IVAN, "Export fails", question="OI1")
    story.says(IVAN, "Three things", question="SN1")
    story.says(IVAN, "", question="SN2", files=(NOTES,))
    story.says(IVAN, "Deck", question="DC1", links=("https://d.example.com/1",))
    story.does(IVAN, e.UnknownDeclared, question="BG1")
    story.does(IVAN, e.Skipped, question="TH4")
    story.gives(IVAN, "org_chart", "https://d.example.com/chart", question="BG4")
    story.does(IVAN, e.Pasted, id="P1", files=(NOTES,))
    brief = make_brief(story.handover, PLAYBOOK, LENA, story.at)
    sections = {section.title: section for section in brief.sections}
    [issues] = sections["Open issues"].entries
    assert issues.texts == ()
    assert [r.details["what"] for r in sections["Open issues"].records] == ["Export fails"]
    assert [entry.texts for entry in sections["Snapshot"].entries] == [("Three things",), ()]
    assert sections["Snapshot"].entries[1].open
    assert sections["Snapshot"].entries[1].files == (NOTES,)
    assert sections["Technical history"].empty
    assert not sections["Client background"].empty
    listed = [(found.title, found.link) for found in sections["Documents"].documents]
    # An org chart that was given as a link was missing from the documents.
    assert listed == [
        ("Deck", ""),
        ("notes.pdf", NOTES.url),
        ("https://d.example.com/1", "https://d.example.com/1"),
        ("https://d.example.com/chart", "https://d.example.com/chart"),
    ]
    assert {kind for section in brief.sections for kind in [r.kind for r in section.records]} == {
        RecordKind.ISSUE,
    }


def test_the_lead_is_never_somebody_who_is_gone() -> None:
    story = Story(by=LENA)
    for _ in range(5):
        story.answers(IVAN)

    def lead() -> str:
        return make_brief(story.handover, PLAYBOOK, LENA, MONDAY).lead

    story.does(e.CLOCK, e.PersonGone, user=IVAN)
    assert lead() == LENA
    story.does(OLGA, e.Accepted)
    assert lead() == OLGA
    story.does(e.CLOCK, e.PersonGone, user=OLGA)
    assert lead() == LENA
