"""The reason for the customer: one text, agreed by both CSMs and approved by the leader."""

from datetime import timedelta

import pytest

from flows import events as e
from flows.effects import Kind, Refresh
from flows.handover import Wording
from flows.passing import due_at
from flows.taking_over.reading import unopened
from flows.tasks import Todo, all_tasks
from flows.terms import Reason, Segment
from flows.texts.leaks import LeakError, LeakKind
from flows.texts.letters import REASON
from flows.texts.pieces import first_sender, pending
from flows.texts.wording import is_ready
from tests.flows.make import BORIS, IVAN, KIM, LENA, MONDAY, OLGA, PLAYBOOK, Story, party, posts


def accepted(**change: object) -> Story:
    """Olga has accepted the whole pack of Ivan's."""
    known = {"segment": Segment.ENTERPRISE} | change
    story = Story(PLAYBOOK, **known)
    story.does(OLGA, e.Accepted)
    if story.handover.book:
        story.does(IVAN, e.Resumed)
    story.answers_everything(IVAN)
    read_all(story)
    return story


def read_all(story: Story) -> None:
    ids = [r.id for r in story.handover.records if r.kind in {"commitment", "issue"}]
    if ids:
        story.does(OLGA, e.ItemsAccepted, ids=ids)
    if keys := [document.key for document in unopened(story.handover)]:
        story.does(OLGA, e.LinksTicked, keys=keys, opens=True)
    story.does(OLGA, e.PackAccepted)


def wording(story: Story) -> Wording:
    assert story.handover.wording
    return story.handover.wording


def agree(story: Story, *people: str) -> None:
    for user in people:
        story.does(user, e.ReasonAgreed, version=wording(story).version)


def approve(story: Story, version: int = 1) -> None:
    """The outgoing CSM has sent it, or sends it now; the leader approves the reason alone."""
    sender = first_sender(story.handover)
    if story.handover.letters.asked_at is None:
        story.does(sender, e.SentForApproval)
    approver = next(user for user in (LENA, BORIS) if user != sender)
    story.does(approver, e.PiecesApproved, pieces={REASON: version})


def todos(story: Story) -> dict[str, set[Todo]]:
    found: dict[str, set[Todo]] = {}
    for task in all_tasks(story.handover, PLAYBOOK):
        if task.todo in {Todo.AGREE_REASON, Todo.SEND_LETTERS}:
            found.setdefault(task.owner, set()).add(task.todo)
    return found


def test_the_outgoing_csms_own_words_are_proposed_to_both() -> None:
    story = accepted()
    assert wording(story).text == "TR1 line 1"
    assert (Kind.REASON, "1") in posts(story.effects, IVAN)
    assert (Kind.REASON, "1") in posts(story.effects, OLGA)
    assert todos(story) == {IVAN: {Todo.AGREE_REASON}, OLGA: {Todo.AGREE_REASON}}


@pytest.mark.parametrize("reason", Reason)
def test_without_words_of_their_own_the_playbook_proposes_some(reason: Reason) -> None:
    story = accepted(segment=Segment.SMB, reason=reason)
    text = wording(story).text
    assert "Olga" in text
    assert "{" not in text


def test_both_agree_and_then_the_leader_approves() -> None:
    story = accepted()
    agree(story, IVAN)
    assert story.refuses(IVAN, e.SentForApproval) == "not_agreed"
    story.ignores(IVAN, e.ReasonAgreed, version=1)
    assert posts(story.effects) == []
    agree(story, OLGA)
    assert posts(story.effects) == [Kind.LETTERS]
    assert todos(story) == {IVAN: {Todo.SEND_LETTERS}}
    approve(story)
    assert wording(story).approved_by == LENA
    assert wording(story).without == ()
    assert Refresh(to=IVAN, kind=Kind.REASON, subject="1") in story.effects
    story.ignores(LENA, e.PiecesApproved, pieces={REASON: 1})
    assert todos(story) == {}


def test_other_words_ask_everybody_again() -> None:
    story = accepted()
    agree(story, IVAN, OLGA)
    approve(story)
    said = story.does(OLGA, e.ReasonWorded, text="We grow, and so does your team.")
    assert posts(said, IVAN) == [(Kind.REASON, "2")]
    assert Refresh(to=IVAN, kind=Kind.REASON, subject="1") in said
    assert wording(story).approved_at is None
    assert todos(story) == {IVAN: {Todo.AGREE_REASON}}
    assert story.refuses(IVAN, e.ReasonAgreed, version=1) == "other_words"
    assert story.refuses(LENA, e.PiecesApproved, pieces={REASON: 1}) == "other_words"
    story.ignores(OLGA, e.ReasonWorded, text="We grow, and so does your team.")
    assert story.refuses(OLGA, e.ReasonWorded, text="  ") == "missing"
    assert pending(story.handover) == {}
    agree(story, IVAN)
    assert is_ready(story.handover)
    assert pending(story.handover)[REASON] == 2


def test_the_leaders_words_are_agreed_by_both_too() -> None:
    story = accepted()
    story.does(LENA, e.ReasonWorded, text="New words")
    assert todos(story) == {IVAN: {Todo.AGREE_REASON}, OLGA: {Todo.AGREE_REASON}}


def test_after_two_working_days_the_leader_may_go_on_alone() -> None:
    story = accepted()
    agree(story, OLGA)
    due = due_at(story.handover, PLAYBOOK)
    assert due
    story.waits(days=1)
    assert not is_ready(story.handover)
    story.at = due - timedelta(minutes=1)
    assert posts(story.waits(minutes=1), LENA) == [Kind.LETTERS]
    approve(story)
    assert wording(story).without == (IVAN,)


def test_what_is_kept_close_is_not_proposed_to_the_customer() -> None:
    story = Story(PLAYBOOK, segment=Segment.ENTERPRISE)
    story.does(OLGA, e.Accepted)
    story.answers_everything(IVAN)
    story.does(IVAN, e.MarkedSensitive, question="TR1", sensitive=True)
    read_all(story)
    assert "TR1 line 1" not in wording(story).text
    assert "Olga" in wording(story).text


def test_the_leader_sees_the_difference_to_what_they_knew_last() -> None:
    story = accepted()
    agree(story, IVAN, OLGA)
    approve(story)
    for text in ("We grow.", "We grow, and so does your team."):
        story.does(OLGA, e.ReasonWorded, text=text)
    assert wording(story).before == "TR1 line 1"


def test_whoever_is_gone_is_not_waited_for() -> None:
    story = accepted()
    agree(story, OLGA)
    story.does(e.CLOCK, e.PersonGone, user=IVAN)
    assert Kind.LETTERS in posts(story.effects, LENA)


def test_somebody_new_agrees_anew_and_what_was_typed_stays() -> None:
    story = accepted()
    story.does(LENA, e.IncomingNamed, incoming=party(KIM))
    assert story.handover.wording is None
    story = accepted()
    story.does(IVAN, e.ReasonWorded, text="Our words")
    agree(story, OLGA)
    story.does(LENA, e.IncomingNamed, incoming=party(KIM))
    assert (wording(story).text, wording(story).agreed) == ("Our words", ())
    story.does(KIM, e.Accepted)
    assert (Kind.REASON, "3") in posts(story.effects, KIM)


def test_before_the_pack_is_accepted_there_is_nothing_to_word() -> None:
    story = Story()
    story.does(OLGA, e.Accepted)
    assert story.refuses(IVAN, e.ReasonWorded, text="x") == "no_wording"


# --- The leak check ---

PLAIN = "We grow, and so does your team."
VAULT, HINT = "Ivan was underperforming.", "Ivan resigned in May."


def refused(story: Story, by: str, text: str, **fields: object) -> LeakError:
    """Somebody types what is refused; nothing has changed."""
    before = story.handover
    with pytest.raises(LeakError) as error:
        story.does(by, e.ReasonWorded, text=text, **fields)
    assert story.handover is before
    return error.value


@pytest.mark.parametrize("by", [IVAN, OLGA, LENA])
def test_a_text_that_leaks_is_stopped_at_submit(by: str) -> None:
    story = accepted()
    for text, overridable in ((VAULT, False), (HINT, True)):
        error = refused(story, by, text)
        assert (error.code, error.field, error.overridable) == ("leak", "text", overridable)
    error = refused(story, by, "As for Contoso", others=("Contoso",))
    assert [(leak.kind, leak.words) for leak in error.leaks] == [(LeakKind.ACCOUNT, "Contoso")]


def test_a_leader_lets_it_stand_and_says_why_to_both() -> None:
    story = accepted()
    for csm in (IVAN, OLGA):
        assert refused(story, csm, HINT, despite="It is public").overridable
    assert refused(story, LENA, HINT, despite="  ").overridable
    story.does(LENA, e.ReasonWorded, text=HINT, despite=" It is public ")
    assert (wording(story).text, wording(story).despite) == (HINT, "It is public")
    story.does(LENA, e.IncomingNamed, incoming=party(KIM))
    assert wording(story).despite == "It is public"
    story.does(IVAN, e.ReasonWorded, text=PLAIN)
    assert wording(story).despite == ""
    story.does(LENA, e.ReasonWorded, text=PLAIN + "!", despite="Nothing is in it")
    assert wording(story).despite == ""


def test_nobody_lets_a_word_of_the_vault_stand_nor_says_one_in_why() -> None:
    story = accepted()
    assert not refused(story, LENA, VAULT, despite="They know").overridable
    assert not refused(story, LENA, f"{HINT} {VAULT}", despite="They know").overridable
    assert refused(story, LENA, HINT, despite=f"{VAULT} They know").field == "despite"


def test_names_that_were_looked_up_are_stored_nowhere() -> None:
    event = e.ReasonWorded(at=MONDAY, by=LENA, text=HINT, others=("Contoso",))
    assert "Contoso" not in event.model_dump_json()
    assert "Contoso" not in repr(event)


def own_words(text: str, **fields: object) -> Story:
    """Ivan would tell the customer this, and Olga accepts the pack."""
    story = Story(PLAYBOOK, segment=Segment.ENTERPRISE)
    story.does(OLGA, e.Accepted)
    while key := story.interview(IVAN).current:
        if said := {"TR1": text, "CC2": "Never mention the merger"}.get(key):
            story.says(IVAN, said)
        else:
            story.answers(IVAN)
    ids = [r.id for r in story.handover.records if r.kind in {"commitment", "issue"}]
    story.does(OLGA, e.ItemsAccepted, ids=ids)
    if keys := [document.key for document in unopened(story.handover)]:
        story.does(OLGA, e.LinksTicked, keys=keys, opens=True)
    story.does(OLGA, e.PackAccepted, **fields)
    return story


def test_own_words_that_leak_are_not_proposed() -> None:
    usual = "Olga will look after you from now on, in place of Ivan."
    own = "From May on I look after hospitals, and Olga after you."
    assert wording(own_words(own)).text == own
    for text in (VAULT, HINT, "As we never mention the merger", "You pay us 48k"):
        assert wording(own_words(text)).text == usual
    assert wording(own_words("As for Contoso", others=("Contoso",))).text == usual
