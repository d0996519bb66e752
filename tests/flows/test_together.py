"""Many accounts of a book are approved together: the same versions and rights as for each alone."""

from flows import events as e
from flows.books.together import group_of, in_common, in_group, to_decide
from flows.effects import Kind
from flows.terms import Segment
from flows.texts.letters import PLAN, REASON
from flows.texts.pieces import pending, text_of
from tests.flows.make import BORIS, IVAN, LENA, OLGA, PLAYBOOK, Story, party, posts
from tests.flows.test_letters import agreed, approve, asked

GROUP = (Kind.BOOK_APPROVAL, "reassignment-smb")


def in_book(**change: object) -> Story:
    """One account of a book, sent for approval."""
    return asked(**{"book": "B1"} | change)


def test_the_leader_hears_of_the_group_and_not_of_each_account() -> None:
    story = agreed(book="B1")
    told = posts(story.does(IVAN, e.SentForApproval), LENA)
    assert told == [GROUP]
    assert in_group(story.handover)
    assert to_decide([story.handover], group_of(story.handover), LENA) == [story.handover]
    assert to_decide([story.handover], group_of(story.handover), BORIS) == []


def test_an_account_that_is_taken_out_has_its_own_card() -> None:
    story = in_book()
    told = posts(story.does(LENA, e.TakenOutOfGroup), LENA)
    assert told == [(Kind.PLAN_PICTURE, "1"), (Kind.APPROVAL, "1")]
    assert not in_group(story.handover)
    story.ignores(LENA, e.TakenOutOfGroup)
    approve(story)
    assert story.refuses(IVAN, e.TakenOutOfGroup) == "not_yours"


def test_only_what_waits_in_a_group_is_taken_out() -> None:
    assert asked().refuses(LENA, e.TakenOutOfGroup) == "not_sent"
    assert agreed(book="B1").refuses(LENA, e.TakenOutOfGroup) == "not_sent"


def test_the_backup_is_asked_by_the_same_card_after_two_days() -> None:
    story = in_book()
    story.waits(days=1)
    told = posts(story.waits(days=1, minutes=5), BORIS)
    assert told == [GROUP]
    assert to_decide([story.handover], group_of(story.handover), BORIS) == [story.handover]


def test_what_a_leader_sent_is_for_the_backup() -> None:
    story = agreed(book="B1")
    effects = story.does(LENA, e.SentForApproval)
    assert posts(effects, LENA) == []
    assert posts(effects, BORIS) == [GROUP]
    assert to_decide([story.handover], group_of(story.handover), LENA) == []


def test_where_nobody_else_is_there_each_account_has_its_own_card() -> None:
    story = agreed(book="B1", backup=None)
    story.does(LENA, e.BackupNamed, user=None, why="There is nobody")
    effects = story.does(LENA, e.SentForApproval)
    assert (Kind.APPROVAL, "1") in posts(effects, LENA)
    assert not in_group(story.handover)


def test_what_changes_after_the_word_has_a_card_of_its_own() -> None:
    story = in_book()
    approve(story)
    text = f"{text_of(story.handover, PLAYBOOK, 'hello').text}\n\nSee you!"
    effects = story.does(OLGA, e.LetterWorded, key="hello", version=1, text=text)
    assert (Kind.APPROVAL, "2") in posts(effects, LENA)
    assert GROUP not in posts(effects, LENA)


def test_a_template_is_read_once_and_what_differs_by_account() -> None:
    one, other = in_book(id="H1"), in_book(id="H2", account="Contoso", incoming=party(OLGA, "Olya"))
    same = in_common([(story.handover, PLAYBOOK) for story in (one, other)])
    assert {spec.key for spec, _ in same.texts} == pending(one.handover).keys() - {REASON, PLAN}
    assert "incoming" not in same.facts
    assert {own.facts["incoming"] for own in same.own.values()} == {"Olga", "Olya"}
    assert all(own.without == () for own in same.own.values())
    # The reason names the new CSM each time, and is the same but for that.
    assert "reason" in same.facts
    assert same.days
    assert not any(own.days for own in same.own.values())


def test_other_days_and_other_words_are_told() -> None:
    one, other = in_book(id="H1"), agreed(id="H2", book="B1", day="2026-12-22")
    text = text_of(other.handover, PLAYBOOK, "hello").text
    other.does(OLGA, e.LetterWorded, key="hello", version=0, text=f"{text}\n\nSee you!")
    other.does(IVAN, e.SentForApproval)
    same = in_common([(story.handover, PLAYBOOK) for story in (one, other)])
    assert [spec.key for spec in same.own["H2"].worded] == ["hello"]
    assert same.own["H1"].worded == ()
    assert same.own["H1"].days.keys() == same.own["H2"].days.keys()
    assert "switch" in same.own["H1"].days


def test_of_other_segments_is_another_group() -> None:
    story = in_book(segment=Segment.MID_MARKET)
    assert group_of(story.handover) == "reassignment-mid_market"
    assert to_decide([story.handover], "reassignment-smb", LENA) == []


def test_a_paragraph_that_others_have_is_told_to_be_left_out() -> None:
    one, other = in_book(id="H1"), in_book(id="H2")
    one.does(OLGA, e.Resumed)
    one.answers(OLGA, "TR2")
    same = in_common([(story.handover, PLAYBOOK) for story in (one, other)])
    assert "credentials" in same.own["H1"].facts
    assert same.own["H1"].without == ()
    assert same.own["H2"].without == ("credentials",)
