"""What the customer is told: composed from safe facts, approved by a leader, version by version."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows import events as e
from flows.effects import Kind, Refresh
from flows.happened import CLOCK
from flows.passing import due_at
from flows.schedule.timeline import make_plan, message_approved
from flows.tasks import Todo, all_tasks
from flows.terms import DateIs, Reason, Segment
from flows.texts.composing import composed, letter_specs
from flows.texts.letter_specs import Element, Letter, Medium
from flows.texts.letters import PieceState, filled, slots_in, slotted, spoken, written
from flows.texts.pieces import Piece, approved_text, asked_to_approve, pending, pieces, text_of
from flows.texts.rounds import decided_in
from tests.flows.make import BORIS, IVAN, KIM, LENA, OLGA, PLAYBOOK, Story, party, posts
from tests.flows.test_wording import accepted, agree


def agreed(**change: object) -> Story:
    """Both CSMs agree to the reason: the texts can go to the leader."""
    story = accepted(**{"segment": Segment.SMB} | change)
    agree(story, IVAN, OLGA)
    return story


def asked(**change: object) -> Story:
    story = agreed(**change)
    story.does(IVAN, e.SentForApproval)
    return story


def approved(**change: object) -> Story:
    story = asked(**change)
    approve(story)
    return story


def approve(story: Story, by: str = LENA, **fields: object) -> None:
    story.does(by, e.PiecesApproved, pieces=pending(story.handover), **fields)


def piece(story: Story, key: str) -> Piece:
    return next(p for p in pieces(story.handover, PLAYBOOK) if p.key == key)


def todos(story: Story, *kinds: Todo) -> set[tuple[str, Todo]]:
    tasks = all_tasks(story.handover, PLAYBOOK)
    return {(task.owner, task.todo) for task in tasks if task.todo in kinds}


@pytest.mark.parametrize("segment", Segment)
@pytest.mark.parametrize("reason", Reason)
def test_every_customer_gets_every_text_with_the_agreed_reason(
    segment: Segment, reason: Reason
) -> None:
    story = agreed(segment=segment, reason=reason)
    texts = composed(story.handover, PLAYBOOK)
    kinds = [text.spec.letter for text in texts]
    assert {Letter.HEADS_UP, Letter.INTRODUCTION, Letter.HELLO, Letter.TIMELINE} <= set(kinds)
    assert len(kinds) == len(set(kinds))
    for text in texts:
        assert "{" not in text.text
        assert Element.REASON not in text.missing
        if text.spec.letter in {Letter.HEADS_UP, Letter.INTRODUCTION}:
            assert story.handover.wording
            assert story.handover.wording.text in text.text


def test_only_smb_is_told_by_mail() -> None:
    by = {}
    for segment in Segment:
        story = agreed(segment=segment)
        specs = letter_specs(story.handover, PLAYBOOK)
        by[segment] = {s.medium for s in specs if s.letter is Letter.INTRODUCTION}
    assert by == {
        Segment.SMB: {Medium.MAIL},
        Segment.MID_MARKET: {Medium.CALL},
        Segment.ENTERPRISE: {Medium.CALL},
    }


def test_what_is_said_in_a_call_is_not_what_is_written() -> None:
    story = agreed(segment=Segment.ENTERPRISE)
    text = text_of(story.handover, PLAYBOOK, "introduction_call").text
    assert "Shall we take 30 minutes" in written(text)
    assert "TR1 line 1" not in written(text)
    assert "TR1 line 1" in spoken(text)


def test_days_are_slots_and_so_move_with_the_plan() -> None:
    story = agreed()
    text = text_of(story.handover, PLAYBOOK, "introduction_mail").text
    assert {"introduction", "switch", "customer"} <= slots_in(text)
    read = filled(text, lambda key: f"<{key}>")
    assert "on <introduction>?" in read


@given(st.text(), st.dictionaries(st.sampled_from("abc"), st.text(min_size=1, max_size=5)))
def test_a_typed_text_is_the_same_when_it_is_read_again(typed: str, values: dict[str, str]) -> None:
    clean = typed.replace("⟦", "[").replace("⟧", "]")
    distinct = {k: v for k, v in values.items() if not set(v) & set("⟦⟧abc")}
    assert filled(slotted(typed, distinct), lambda key: distinct[key]) == clean


def test_of_two_days_alike_the_text_keeps_the_slot_it_had() -> None:
    values = {"agreed": "Tue 1 Dec 2026", "introduction": "Tue 1 Dec 2026"}
    again = slotted("We meet on Tue 1 Dec 2026.", values, before="We meet on ⟦introduction⟧.")
    assert again == "We meet on ⟦introduction⟧."


def test_of_two_days_alike_each_place_keeps_its_own_slot() -> None:
    values = {"switch": "Tue 1 Dec 2026", "reachable": "Tue 1 Dec 2026", "leader": "Al"}
    before = "On ⟦switch⟧ Olga takes over; ask me until ⟦reachable⟧.\nAlso ⟦leader⟧ helps."
    read = filled(before, lambda key: values[key])
    assert slotted(read, values, before) == before
    other = read.replace("Olga takes over", "our Olga begins")
    assert slotted(other, values, before) == before.replace("Olga takes over", "our Olga begins")
    assert slotted("Also Al", values) == "Also ⟦leader⟧"


@pytest.mark.parametrize("segment", Segment)
@pytest.mark.parametrize("reason", Reason)
def test_an_unchanged_text_is_the_same_again(segment: Segment, reason: Reason) -> None:
    story = agreed(segment=segment, reason=reason)
    days = {key: "Tue 1 Dec 2026" for text in all_pieces(story) for key in slots_in(text.text)}
    values = days | {"leader": "Lena Berg", "customer": "[name]"}
    for text in all_pieces(story):
        read = filled(text.text, lambda key: values[key])
        assert slotted(read, values, text.text) == text.text


def all_pieces(story: Story) -> list[Piece]:
    return [p for p in pieces(story.handover, PLAYBOOK) if p.spec]


def test_everything_goes_to_the_leader_as_one_card() -> None:
    story = agreed()
    assert posts(story.effects, IVAN) == [Kind.LETTERS]
    assert todos(story, Todo.SEND_LETTERS, Todo.APPROVE) == {(IVAN, Todo.SEND_LETTERS)}
    story.does(IVAN, e.SentForApproval)
    both = [(Kind.PLAN_PICTURE, "1"), (Kind.APPROVAL, "1")]
    assert posts(story.effects) == both
    assert posts(story.effects, LENA) == both
    assert todos(story, Todo.SEND_LETTERS, Todo.APPROVE) == {(LENA, Todo.APPROVE)}
    assert set(pending(story.handover)) == {
        *("reason", "heads_up_mail", "introduction_mail", "hello", "reassurance"),
        *("timeline", "plan"),
    }
    story.ignores(IVAN, e.SentForApproval)


def test_approve_all_opens_the_customers_side() -> None:
    story = asked()
    plan = make_plan(story.handover, PLAYBOOK)
    assert next(m for m in plan.milestones if m.key == "heads_up").locked
    approve(story)
    assert message_approved(story.handover)
    assert not pending(story.handover)
    assert todos(story, Todo.APPROVE) == set()
    assert Kind.APPROVED in posts(story.effects, IVAN)
    plan = make_plan(story.handover, PLAYBOOK)
    assert not next(m for m in plan.milestones if m.key == "heads_up").locked
    assert next(m for m in plan.milestones if m.key == "approved").done


def test_each_can_be_approved_alone_and_twice_changes_nothing() -> None:
    story = asked()
    story.does(LENA, e.PiecesApproved, pieces={"hello": 1})
    assert "hello" not in pending(story.handover)
    assert posts(story.effects) == []
    assert not message_approved(story.handover)
    story.ignores(BORIS, e.PiecesApproved, pieces={"hello": 1})
    text = approved_text(story.handover, "hello")
    assert text
    assert text.approved
    assert text.approved.by == LENA
    approve(story)
    assert message_approved(story.handover)


def test_a_version_that_nobody_reads_any_more_is_not_approved() -> None:
    story = asked()
    story.does(IVAN, e.LetterWorded, key="hello", version=1, text="Hello from Olga")
    assert story.refuses(LENA, e.PiecesApproved, pieces={"hello": 1}) == "other_words"
    assert story.refuses(OLGA, e.LetterWorded, key="hello", version=1, text="!") == "other_words"
    story.does(LENA, e.PiecesApproved, pieces={"hello": 2})
    assert piece(story, "hello").before == piece_text_of_version(story, "hello", 1)


def piece_text_of_version(story: Story, key: str, number: int) -> str:
    return next(v.text for v in story.handover.letters.drafts[key] if v.number == number)


def test_changes_go_back_to_the_author_with_the_comment() -> None:
    story = asked()
    story.does(LENA, e.ChangesRequested, piece="hello", version=1, comment="Warmer, please")
    assert posts(story.effects) == [(Kind.WANTED, "hello:1")]
    assert posts(story.effects, OLGA) == [(Kind.WANTED, "hello:1")]
    assert todos(story, Todo.CHANGE_PIECE) == {(OLGA, Todo.CHANGE_PIECE)}
    assert "hello" not in pending(story.handover)
    approve(story)
    assert not message_approved(story.handover)
    story.does(OLGA, e.LetterWorded, key="hello", version=1, text="A warm hello")
    assert posts(story.effects, LENA) == [(Kind.APPROVAL, "2")]
    approve(story)
    assert message_approved(story.handover)


def test_changes_to_the_reason_go_to_whoever_worded_it() -> None:
    story = asked()
    story.does(LENA, e.ChangesRequested, piece="reason", version=1, comment="Shorter")
    assert posts(story.effects, IVAN) == [(Kind.WANTED, "reason:1")]
    story.does(IVAN, e.ReasonWorded, text="We grow.")
    assert piece(story, "heads_up_mail").state is PieceState.WAITING
    assert "We grow." in piece(story, "heads_up_mail").text
    agree(story, OLGA)
    assert pending(story.handover)["reason"] == 2


def test_a_csms_edit_after_approval_voids_it() -> None:
    story = approved()
    story.does(IVAN, e.LetterWorded, key="timeline", version=1, text="The dates: soon")
    assert approved_text(story.handover, "timeline") is None
    assert posts(story.effects) == [(Kind.APPROVAL, "2")]
    assert message_approved(story.handover)


def test_a_leaders_edit_is_its_approval_and_csms_may_object() -> None:
    story = asked()
    story.does(LENA, e.LetterWorded, key="hello", version=1, text="Hello there")
    text = approved_text(story.handover, "hello")
    assert text
    assert text.text == "Hello there"
    assert posts(story.effects, OLGA) == [(Kind.REWORDED, "hello:2")]
    story.does(OLGA, e.LetterObjected, key="hello", version=2, why="I never say there")
    assert posts(story.effects) == [(Kind.OBJECTION, "hello:2")]
    story.waits(days=2)
    assert story.refuses(OLGA, e.LetterObjected, key="hello", version=2, why="!") == "too_late"


def test_a_changed_reason_asks_everybody_again_and_closes_the_customers_side() -> None:
    story = approved()
    story.does(IVAN, e.LetterWorded, key="hello", version=1, text="My own hello")
    approve(story)
    story.does(OLGA, e.ReasonWorded, text="Everything new.")
    assert not message_approved(story.handover)
    assert "Everything new." in piece(story, "heads_up_mail").text
    assert piece(story, "heads_up_mail").state is PieceState.WAITING
    assert approved_text(story.handover, "hello")
    agree(story, IVAN)
    approve(story)
    assert message_approved(story.handover)


def test_a_text_with_the_old_reason_goes_back_to_who_wrote_it() -> None:
    story = approved()
    text = piece(story, "heads_up_mail").text + "\n\nPS: greetings"
    story.does(IVAN, e.LetterWorded, key="heads_up_mail", version=1, text=text)
    approve(story)
    story.does(OLGA, e.ReasonWorded, text="Everything is quite new around here.")
    assert piece(story, "heads_up_mail").state is PieceState.CHANGES
    assert (Kind.WANTED, "heads_up_mail:3") in posts(story.effects, IVAN)


def test_without_the_reason_nothing_goes_to_the_leader() -> None:
    story = agreed()
    story.does(IVAN, e.LetterWorded, key="heads_up_mail", version=0, text="Bye")
    assert story.refuses(IVAN, e.SentForApproval) == "no_reason"
    assert Element.REASON in piece(story, "heads_up_mail").missing


def test_a_moved_plan_is_approved_again_and_the_texts_are_not() -> None:
    story = approved()
    before = text_of(story.handover, PLAYBOOK, "introduction_mail").version
    day = next(m.day for m in make_plan(story.handover, PLAYBOOK).milestones if m.key == "hello")
    story.does(IVAN, e.MilestoneMoved, key="hello", day=day + timedelta(days=1))
    assert pending(story.handover) == {"plan": 2}
    assert posts(story.effects, LENA) == [(Kind.PLAN_PICTURE, "2"), (Kind.APPROVAL, "2")]
    assert text_of(story.handover, PLAYBOOK, "introduction_mail").version == before
    assert message_approved(story.handover)


def test_silent_leaders_are_joined_by_the_backup_after_two_working_days() -> None:
    story = asked()
    due = due_at(story.handover, PLAYBOOK)
    assert due
    story.at = due - timedelta(minutes=1)
    both = [(Kind.PLAN_PICTURE, "1"), (Kind.APPROVAL, "1")]
    assert posts(story.waits(minutes=1), BORIS) == both
    assert todos(story, Todo.APPROVE) == {(LENA, Todo.APPROVE), (BORIS, Todo.APPROVE)}
    approve(story, BORIS)
    assert message_approved(story.handover)


def test_who_sent_it_does_not_approve_it_alone() -> None:
    story = accepted(segment=Segment.SMB)
    story.does(CLOCK, e.PersonGone, user=IVAN)
    agree(story, OLGA)
    story.does(LENA, e.SentForApproval)
    assert asked_to_approve(story.handover) == [BORIS]
    everything = pending(story.handover)
    assert story.refuses(LENA, e.PiecesApproved, pieces=everything) == "own_text"
    approve(story, BORIS)
    assert message_approved(story.handover)


def test_a_leader_without_another_says_why() -> None:
    story = agreed(backup=None)
    assert todos(story, Todo.NAME_BACKUP) == {(LENA, Todo.NAME_BACKUP)}
    assert story.refuses(IVAN, e.SentForApproval) == "no_backup"
    assert story.refuses(LENA, e.BackupNamed, user=None) == "missing"
    story.does(LENA, e.BackupNamed, user=None, why="I lead this team alone")
    assert todos(story, Todo.NAME_BACKUP) == set()
    story.does(LENA, e.SentForApproval)
    everything = pending(story.handover)
    assert story.refuses(LENA, e.PiecesApproved, pieces=everything) == "missing"
    approve(story, why="Nobody else leads here")
    text = approved_text(story.handover, "hello")
    assert text
    assert text.approved
    assert text.approved.why == "Nobody else leads here"


def test_the_leader_is_asked_for_a_backup_as_soon_as_somebody_waits_for_one() -> None:
    story = accepted(segment=Segment.SMB, backup=None)
    assert posts(story.effects, LENA) == []
    agree(story, IVAN, OLGA)
    assert posts(story.effects, LENA) == [Kind.BACKUP]
    story.does(LENA, e.BackupNamed, user=BORIS)
    assert posts(story.effects) == []
    for effect in (Refresh(to=LENA, kind=Kind.BACKUP), Refresh(to=IVAN, kind=Kind.LETTERS)):
        assert effect in story.effects


def test_somebody_named_as_backup_is_asked_when_it_is_late() -> None:
    story = agreed(backup=None)
    assert story.refuses(LENA, e.BackupNamed, user=IVAN) == "backup_has_a_part"
    story.does(LENA, e.BackupNamed, user=BORIS)
    assert story.handover.backup == BORIS


def test_what_a_leader_wrote_and_a_csm_sent_has_been_looked_at_by_two() -> None:
    story = agreed()
    story.does(LENA, e.LetterWorded, key="hello", version=0, text="Hello from Olga")
    story.does(IVAN, e.SentForApproval)
    approve(story)
    assert message_approved(story.handover)
    assert posts(story.effects, OLGA) == [Kind.APPROVED]


def test_the_card_goes_to_whoever_leads_now() -> None:
    story = asked()
    story.does(CLOCK, e.PersonGone, user=LENA)
    assert story.handover.leader == BORIS
    assert posts(story.effects, BORIS)[-2:] == [(Kind.PLAN_PICTURE, "1"), (Kind.APPROVAL, "1")]


def test_what_is_to_be_changed_goes_to_whoever_is_there() -> None:
    story = asked(reason=Reason.ATTRITION)
    story.does(LENA, e.ChangesRequested, piece="heads_up_mail", version=1, comment="Shorter")
    story.does(CLOCK, e.PersonGone, user=IVAN)
    assert "heads_up_for_them" in pending(story.handover)
    story = asked()
    story.does(LENA, e.ChangesRequested, piece="plan", version=1, comment="Later")
    assert posts(story.effects, IVAN) == [(Kind.WANTED, "plan:1")]
    story.does(CLOCK, e.PersonGone, user=IVAN)
    assert (Kind.WANTED, "plan:1") in posts(story.effects, LENA)


def test_the_leader_may_approve_after_all_what_was_to_be_changed() -> None:
    story = asked()
    for key in ("reason", "hello", "plan"):
        story.does(LENA, e.ChangesRequested, piece=key, version=1, comment="Warmer")
    approve(story)
    assert not message_approved(story.handover)
    for key in ("reason", "hello", "plan"):
        story.does(LENA, e.PiecesApproved, pieces={key: 1})
    assert message_approved(story.handover)


def test_nothing_waits_for_the_leader_while_the_csms_agree_again() -> None:
    story = asked()
    story.does(OLGA, e.ReasonWorded, text="Everything new.")
    assert pending(story.handover) == {}
    assert posts(story.effects, LENA) == []
    assert todos(story, Todo.APPROVE) == set()
    agree(story, IVAN)
    assert posts(story.effects, LENA) == [(Kind.PLAN_PICTURE, "2"), (Kind.APPROVAL, "2")]
    assert not story.handover.letters.opened_at


def test_each_card_tells_what_was_decided_on_it() -> None:
    story = asked()
    story.does(LENA, e.ChangesRequested, piece="hello", version=1, comment="Warmer")
    story.does(LENA, e.LetterWorded, key="timeline", version=1, text="The dates: soon")
    approve(story)
    first = decided_in(story.handover, 1)
    story.does(OLGA, e.LetterWorded, key="hello", version=1, text="A warm hello")
    assert decided_in(story.handover, 2) == ()
    approve(story)
    assert decided_in(story.handover, 1) == first
    told = {one.key: (one.version, bool(one.approved), one.edited) for one in first}
    assert told == {
        "reason": (1, True, False),
        "heads_up_mail": (1, True, False),
        "introduction_mail": (1, True, False),
        "hello": (1, False, False),
        "reassurance": (1, True, False),
        "timeline": (2, True, True),
        "plan": (1, True, False),
    }
    (second,) = decided_in(story.handover, 2)
    assert (second.key, second.version, second.approved is not None) == ("hello", 2, True)
    assert decided_in(story.handover, 3) == ()


def test_the_difference_is_to_what_the_leader_knew_last() -> None:
    story = asked()
    sent = piece(story, "hello").text
    for number, text in enumerate(("One", "Two"), start=1):
        story.does(OLGA, e.LetterWorded, key="hello", version=number, text=text)
        assert piece(story, "hello").before == sent
    approve(story)
    story.does(OLGA, e.LetterWorded, key="hello", version=3, text="Three")
    assert piece(story, "hello").before == "Two"


def test_somebody_new_takes_over_and_all_texts_begin_again() -> None:
    story = approved()
    story.does(LENA, e.IncomingNamed, incoming=party(KIM))
    assert story.handover.letters.drafts == {}
    assert not message_approved(story.handover)


def test_a_leaver_leaves_the_texts_to_the_leader() -> None:
    leaving = {"day_is": DateIs.LAST_DAY, "day": date(2026, 12, 18), "reason": Reason.ATTRITION}
    story = agreed(**leaving)
    story.does(CLOCK, e.PersonGone, user=IVAN)
    texts = {text.spec.letter: text for text in composed(story.handover, PLAYBOOK)}
    assert texts[Letter.HEADS_UP].sender == LENA
    assert texts[Letter.HEADS_UP].text.endswith("⟦leader⟧")


@settings(max_examples=30)
@given(st.data())
def test_no_sequence_sends_a_text_that_no_leader_approved(data: st.DataObject) -> None:
    story = asked()
    for _ in range(data.draw(st.integers(1, 8))):
        key = data.draw(st.sampled_from(sorted(story.handover.letters.drafts)))
        number = story.handover.letters.drafts[key][-1].number
        match data.draw(st.sampled_from(["edit", "approve", "all", "want", "lead"])):
            case "edit":
                who = data.draw(st.sampled_from([IVAN, OLGA]))
                text = f"{piece(story, key).text} {len(story.journal)}"
                story.does(who, e.LetterWorded, key=key, version=number, text=text)
            case "lead":
                text = f"{piece(story, key).text} {len(story.journal)}"
                story.does(LENA, e.LetterWorded, key=key, version=number, text=text)
            case "approve":
                story.does(BORIS, e.PiecesApproved, pieces={key: number})
            case "all" if pending(story.handover):
                approve(story)
            case "want" if not approved_text(story.handover, key):
                story.does(LENA, e.ChangesRequested, piece=key, version=number, comment="Please")
            case _:
                pass
    for key, versions in story.handover.letters.drafts.items():
        assert [v.number for v in versions] == list(range(1, len(versions) + 1))
        version = approved_text(story.handover, key)
        assert version is None or (version.approved and version.approved.by in {LENA, BORIS})
        assert (version is None) == (key in pending(story.handover) or bool(versions[-1].wanted))


def test_approve_all_does_not_mean_what_was_just_asked_to_be_changed() -> None:
    story = asked()
    card = pending(story.handover)
    story.does(LENA, e.ChangesRequested, piece="hello", version=1, comment="Warmer, please")
    story.does(LENA, e.PiecesApproved, pieces=card)
    assert approved_text(story.handover, "timeline")
    assert approved_text(story.handover, "hello") is None
    story.does(LENA, e.PiecesApproved, pieces={"hello": 1})
    assert approved_text(story.handover, "hello")


@pytest.mark.parametrize(("days", "asked_too"), [(0, False), (4, True)])
def test_a_leader_who_is_away_for_longer_is_joined_by_the_backup_at_once(
    days: int, asked_too: bool
) -> None:
    story = agreed()
    today = story.at.date()
    gone = {"first": today, "last": today + timedelta(days=days)}
    story.does(LENA, e.AwayGiven, away=[gone])
    story.does(IVAN, e.SentForApproval)
    assert ((Kind.APPROVAL, "1") in posts(story.effects, BORIS)) is asked_too
    assert (Kind.APPROVAL, "1") in posts(story.effects, LENA)
