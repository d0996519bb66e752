"""The incoming CSM takes the pack over: pages, links, questions before accepting."""

import pytest

from flows import events as e
from flows.effects import Kind, Post, Refresh
from flows.handover import Essential, File
from flows.knowledge.interview import is_answered, pack_complete
from flows.taking_over.brief import SECTIONS
from flows.taking_over.reading import (
    LONGEST,
    Blocker,
    Missing,
    blockers,
    broken,
    can_be_asked,
    links,
    pages,
    unopened,
)
from flows.tasks import Todo, all_tasks
from flows.terms import Segment
from tests.flows.make import IVAN, KIM, LENA, MONDAY, OLGA, PLAYBOOK, Story, party, posts


def ready(segment: Segment = Segment.SMB) -> Story:
    """Ivan has said everything, Olga has taken the account over."""
    story = Story(segment=segment)
    story.does(OLGA, e.Accepted)
    story.answers_everything(IVAN)
    return story


def with_link(story: Story, link: str = "https://docs.example.com/plan") -> str:
    """Ivan adds a link to what he said; gives its document's key."""
    story.says(IVAN, f"See {link}", question="S1", links=[link])
    return next(document.key for document in links(story.handover) if document.link == link)


def missing(story: Story) -> dict[Missing, int]:
    return {found.missing: found.count for found in blockers(story.handover, PLAYBOOK)}


def todos(story: Story, owner: str) -> set[Todo]:
    return {task.todo for task in all_tasks(story.handover, PLAYBOOK) if task.owner == owner}


def open_all(story: Story) -> None:
    keys = [document.key for document in unopened(story.handover)]
    if keys:
        story.does(OLGA, e.LinksTicked, keys=keys, opens=True)


def decide_all(story: Story) -> None:
    ids = [r.id for r in story.handover.records if r.kind in {"commitment", "issue"}]
    if ids:
        story.does(OLGA, e.ItemsAccepted, ids=ids)


def test_pages_hold_everything_once_and_in_order() -> None:
    story = ready(Segment.ENTERPRISE)
    for number in range(60):
        details = {"what": f"Promise {number}"}
        story.does(
            IVAN, e.RecordAdded, id=f"P{number}", question="CM1", kind="commitment", details=details
        )
    turned = pages(story.handover, PLAYBOOK, OLGA, MONDAY)
    assert len(turned) > 2
    shown = [record.id for page in turned for part in page for record in part.records]
    assert len(shown) == len(set(shown))
    assert {f"P{number}" for number in range(60)} < set(shown)
    entries = [entry.question.id for page in turned for part in page for entry in part.entries]
    assert len(entries) == len(set(entries))
    order = list(dict.fromkeys(part.title for page in turned for part in page))
    assert order == [title for title, _kind in SECTIONS if title in order]


def test_a_long_answer_counts_as_much_as_is_shown_of_it() -> None:
    story = Story()
    story.does(OLGA, e.Accepted)
    for key in ("S1", "S2", "S3", "S4", "S5", "S6"):
        story.says(IVAN, "x" * 40_000, question=key)
    turned = pages(story.handover, PLAYBOOK, OLGA, MONDAY)
    sizes = [
        sum(min(len(t), LONGEST) for part in page for entry in part.entries for t in entry.texts)
        for page in turned
    ]
    assert len(turned) == 2
    assert max(sizes) <= 3 * LONGEST


def test_an_smb_pack_is_read_in_a_few_pages() -> None:
    assert 1 <= len(pages(ready().handover, PLAYBOOK, OLGA, MONDAY)) <= 3


def test_the_first_page_is_a_message_and_turning_edits_it() -> None:
    story = ready(Segment.ENTERPRISE)
    assert todos(story, OLGA) >= {Todo.READ_PACK}
    assert posts(story.does(OLGA, e.PageTurned, page=1)) == [Kind.READING]
    said = story.does(OLGA, e.PageTurned, page=2)
    assert posts(said) == []
    assert Refresh(to=OLGA, kind=Kind.READING) in said
    story.does(OLGA, e.PageTurned, page=1)
    assert (story.handover.reading.page, story.handover.reading.furthest) == (1, 2)
    story.does(OLGA, e.PageTurned, page=99)
    assert story.handover.reading.page == len(pages(story.handover, PLAYBOOK, OLGA, MONDAY))


def test_what_is_said_meanwhile_brings_the_open_page_up_to_date() -> None:
    story = ready()
    story.does(OLGA, e.PageTurned, page=1)
    story.says(IVAN, "One more thing", question="S1")
    assert Refresh(to=OLGA, kind=Kind.READING) in story.effects


def test_a_page_before_the_fifth_answer_is_too_early() -> None:
    story = Story()
    story.does(OLGA, e.Accepted)
    assert story.refuses(OLGA, e.PageTurned, page=1) == "too_early"


def test_a_link_is_another_document_when_it_changes() -> None:
    story = ready()
    first, second = with_link(story), with_link(story, "https://docs.example.com/other")
    assert first != second
    assert len(links(story.handover)) == 2


def test_unticked_links_block_accepting() -> None:
    story = ready()
    decide_all(story)
    key = with_link(story)
    assert missing(story) == {Missing.LINKS: 1}
    assert story.refuses(OLGA, e.PackAccepted) == "pack_links"
    story.does(OLGA, e.LinksTicked, keys=[key], opens=True)
    story.ignores(OLGA, e.LinksTicked, keys=[key], opens=True)
    assert blockers(story.handover, PLAYBOOK) == []
    assert story.refuses(OLGA, e.LinksTicked, keys=["none"], opens=True) == "no_such_document"


def test_a_link_that_does_not_open_goes_to_whoever_gave_it() -> None:
    story = ready()
    key = with_link(story)
    said = story.does(OLGA, e.LinksTicked, keys=[key], opens=False)
    assert Post(to=IVAN, kind=Kind.LINK_BROKEN, subject=key) in said
    assert Todo.FIX_LINK in todos(story, IVAN)
    assert [document.key for document in broken(story.handover)] == [key]
    assert story.refuses(OLGA, e.PackAccepted) in {"pack_links", "pack_items"}
    said = story.does(OLGA, e.LinksTicked, keys=[key], opens=True)
    assert Refresh(to=IVAN, kind=Kind.LINK_BROKEN, subject=key) in said
    assert Todo.FIX_LINK not in todos(story, IVAN)


def test_the_leader_may_go_on_without_a_link() -> None:
    story = ready()
    key = with_link(story)
    assert story.refuses(LENA, e.LinkWaived, key=key) == "link_opens"
    story.does(OLGA, e.LinksTicked, keys=[key], opens=False)
    story.does(LENA, e.LinkWaived, key=key)
    assert Missing.LINKS not in missing(story)


def test_a_file_of_the_incoming_csm_who_is_gone_falls_to_the_outgoing_one() -> None:
    story = ready()
    file = File(id="F1", name="plan.pdf", url="https://files.example.com/F1")
    story.does(OLGA, e.Pasted, id="X1", files=[file])
    key = links(story.handover)[0].key
    story.does(OLGA, e.LinksTicked, keys=[key], opens=False)
    assert Todo.FIX_LINK in todos(story, IVAN)
    story.does(e.CLOCK, e.PersonGone, user=IVAN)
    assert Todo.FIX_LINK in todos(story, LENA)


def test_accepting_needs_a_whole_pack_and_every_item_decided() -> None:
    story = Story()
    story.does(OLGA, e.Accepted)
    story.answers(IVAN)
    assert story.refuses(OLGA, e.PackAccepted) == "pack_answers"
    story.answers_everything(IVAN)
    details = {"what": "A training"}
    story.does(IVAN, e.RecordAdded, id="P1", question="S9", kind="commitment", details=details)
    story.does(IVAN, e.AddingDone, question="S9")
    assert Blocker(missing=Missing.ITEMS, count=1) in blockers(story.handover, PLAYBOOK)
    assert story.refuses(OLGA, e.PackAccepted) == "pack_items"
    # Who said no has had their word; the rest is the leader's.
    story.does(OLGA, e.ItemDeclined, id="P1", why="No")
    story.does(OLGA, e.PackAccepted)
    story.ignores(OLGA, e.PackAccepted)
    assert blockers(story.handover, PLAYBOOK) == []
    assert Todo.READ_PACK not in todos(story, OLGA)
    story.does(IVAN, e.RecordAdded, id="P2", question="S9", kind="commitment", details=details)
    assert Todo.DECIDE_ITEMS in todos(story, OLGA)


def test_questions_before_accepting_open_the_answers_again() -> None:
    story = ready()
    assert set(can_be_asked(story.handover, PLAYBOOK)) >= {"S1", "S2", "RS1"}
    said = story.does(OLGA, e.PackReturned, questions=["S2", "S5"], text="Who decides there?")
    assert posts(said, IVAN) == [(Kind.RETURNED, "1"), (Kind.QUESTION, "S2")]
    assert not pack_complete(story.handover, PLAYBOOK)
    assert todos(story, IVAN) == {Todo.ANSWER_QUESTIONS}
    assert story.open(IVAN) == "S2"
    before = len(story.texts("S2"))
    story.says(IVAN, "Their new head of support")
    assert len(story.texts("S2")) == before + 1
    assert story.open(IVAN) == "S5"
    # The pack is whole again: the reader hears so once more.
    said = story.does(IVAN, e.AnswerKept, question="S5")
    assert posts(said, OLGA) == [Kind.PACK_READY]
    assert pack_complete(story.handover, PLAYBOOK)
    assert story.handover.reading.rounds == 1


@pytest.mark.parametrize("word", [e.NoneDeclared, e.UnknownDeclared])
def test_one_word_answers_a_returned_question_too(word: type[e.Happened]) -> None:
    story = ready()
    story.does(IVAN, word, question="S2")
    story.does(OLGA, e.PackReturned, questions=["S2"], text="Really?")
    story.does(IVAN, word, question="S2")
    assert is_answered(story.handover, PLAYBOOK.by_id["S2"])


def test_an_edit_of_the_reply_answers_a_returned_question() -> None:
    story = ready()
    source = story.says(IVAN, "Dental", question="S2")
    story.does(OLGA, e.PackReturned, questions=["S2"], text="Dental what?")
    story.does(IVAN, e.SaidEdited, source=source, text="Dental software", edited="2")
    assert is_answered(story.handover, PLAYBOOK.by_id["S2"])


@pytest.mark.parametrize(
    ("questions", "text", "refused"),
    [(["S1"], " ", "missing"), (["SN1"], "?", "not_answered"), (["XX1"], "?", "not_answered")],
)
def test_only_answers_can_be_asked_about(questions: list[str], text: str, refused: str) -> None:
    assert ready().refuses(OLGA, e.PackReturned, questions=questions, text=text) == refused


def test_an_accepted_pack_is_asked_about_in_other_ways() -> None:
    story = ready()
    open_all(story)
    decide_all(story)
    story.does(OLGA, e.PackAccepted)
    assert story.refuses(OLGA, e.PackReturned, questions=["S1"], text="?") == "already_accepted"


def test_the_five_have_a_tick_each() -> None:
    story = ready()
    both = [Essential.USE_CASE, Essential.ACCOUNT_PLAN]
    story.does(OLGA, e.EssentialsTicked, found=both)
    assert list(story.handover.reading.found) == both
    story.ignores(OLGA, e.EssentialsTicked, found=both)
    story.does(OLGA, e.EssentialsTicked, found=[])
    assert story.handover.reading.found == ()


def test_somebody_new_begins_at_the_first_page() -> None:
    story = ready()
    story.does(OLGA, e.PageTurned, page=1)
    story.does(LENA, e.IncomingNamed, incoming=party(KIM))
    assert story.handover.reading.page == 0
    assert story.refuses(OLGA, e.PageTurned, page=1) == "not_yours"
    assert story.refuses(KIM, e.PageTurned, page=1) == "not_yours"
    story.does(KIM, e.Accepted)
    assert posts(story.does(KIM, e.PageTurned, page=1), KIM) == [Kind.READING]


def test_a_pack_that_was_ready_first_is_handed_over_when_the_account_is_taken() -> None:
    story = Story()
    story.answers_everything(IVAN)
    assert Kind.PACK_READY in posts(story.does(OLGA, e.Accepted), OLGA)
    # Whoever is named later gets it as well.
    story.does(LENA, e.IncomingNamed, incoming=party(KIM))
    assert Kind.PACK_READY in posts(story.does(KIM, e.Accepted), KIM)


def test_whoever_answered_themselves_is_handed_the_pack_as_well() -> None:
    story = Story(by=LENA, outgoing=party(None, "Bob"))
    story.does(OLGA, e.Accepted)
    story.answers_everything(LENA)
    assert Kind.PACK_READY in posts(story.effects, OLGA)


def test_the_page_shows_what_was_added_and_who_is_there_now() -> None:
    story = ready()
    story.does(OLGA, e.PageTurned, page=1)
    page = Refresh(to=OLGA, kind=Kind.READING)
    quoted = {"author": KIM, "at": MONDAY}
    added = {"id": "M1", "text": "They said yes", "section": "Risks", "quoted": quoted}
    assert page in story.does(IVAN, e.MessageAdded, **added)
    assert page in story.does(e.CLOCK, e.PersonGone, user=IVAN)


def test_what_is_asked_twice_of_an_answer_is_asked_together() -> None:
    story = ready()
    story.does(OLGA, e.PackReturned, questions=["S2"], text="Who decides there?")
    story.does(OLGA, e.PackReturned, questions=["S2", "S5"], text="And since when?")
    asked = [story.answer(key).returned for key in ("S2", "S5")]
    assert [one.text for one in asked if one] == [
        "Who decides there?\nAnd since when?",
        "And since when?",
    ]


def test_nobody_asks_themselves_before_accepting() -> None:
    story = ready()
    story.answers_everything(OLGA)
    own = {key for key, answer in story.handover.answers.items() if answer.by == OLGA}
    assert own
    assert not own & set(can_be_asked(story.handover, PLAYBOOK))
