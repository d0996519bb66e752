"""What only leaders may know stays with them, and shows nowhere else."""

from datetime import date, timedelta

import pytest

from flows import events as e
from flows.advance import advance
from flows.confidential.vault import (
    VAULT_EVENTS,
    ChecksFilled,
    ConfidentialChosen,
    DeclineExplained,
    Vault,
    VaultEvent,
    VaultOpened,
    VaultStep,
    advance_vault,
    open_vault,
    vault_posts,
    vault_tasks,
)
from flows.effects import Kind, Post, Refresh
from flows.errors import FlowError
from flows.handover import Given
from flows.knowledge.interview import progress
from flows.privacy import may_know, may_open_vault
from flows.taking_over.brief import make_brief
from flows.tasks import Todo, open_tasks
from flows.terms import Confidential, Role
from tests.flows.make import BORIS, IVAN, KIM, LENA, MONDAY, OLGA, PLAYBOOK, ZOE, Story, party

WHY = Confidential.UNDERPERFORMING
LISTENS = {
    "listener": Given(values=(KIM,)),
    "listens_on": Given(values=("2026-12-01",)),
}
CHECKS = {
    "UP1": e.FormAnswer(text="Two reviews cancelled in May."),
    "UP2": e.FormAnswer(given=LISTENS),
    "UP3": e.FormAnswer(text="Promises"),
}


def opened(story: Story, by: str = LENA, why: Confidential | None = WHY) -> VaultStep:
    event = VaultOpened(at=MONDAY, by=by, handover="H1", team="T1", confidential=why)
    return open_vault(event, story.handover, PLAYBOOK)


def after(vault: Vault, story: Story, event: VaultEvent) -> VaultStep:
    return advance_vault(vault, story.handover, event, PLAYBOOK)


def filled(by: str = LENA, **fields: object) -> ChecksFilled:
    return ChecksFilled.model_validate({"at": MONDAY, "by": by, "answers": CHECKS} | fields)


def test_the_vault_opens_for_leader_backup_and_creator_never_for_its_csms() -> None:
    story = Story(by=KIM)
    allowed = [u for u in (IVAN, OLGA, LENA, BORIS, KIM, ZOE) if may_open_vault(story.handover, u)]
    assert allowed == [LENA, BORIS, KIM]
    assert not may_open_vault(Story(by=IVAN).handover, IVAN)
    assert not may_open_vault(Story(by=OLGA).handover, OLGA)
    handed = Story()
    handed.does(e.CLOCK, e.PersonGone, user=BORIS)
    handed.does(e.CLOCK, e.PersonGone, user=LENA)
    assert handed.handover.leader == IVAN
    assert not may_open_vault(handed.handover, IVAN)


def test_a_csm_makes_nothing_confidential() -> None:
    with pytest.raises(FlowError) as refused:
        opened(Story(), by=IVAN)
    assert (refused.value.code, refused.value.field) == ("not_yours", "confidential")
    assert opened(Story(), by=IVAN, why=None).vault.confidential is None


def test_the_leader_hears_that_there_is_a_question_and_only_then() -> None:
    assert opened(Story(by=LENA)).effects == (Post(to=LENA, kind=Kind.CHECKS),)
    assert opened(Story(by=LENA), why=None).effects == ()
    assert opened(Story(by=LENA), why=Confidential.CUSTOMER_ASKED).effects == ()
    draft = Story(by=LENA, draft=True)
    vault = opened(draft).vault
    assert vault_posts(vault, draft.handover, PLAYBOOK) == ()
    draft.does(LENA, e.Opened)
    assert vault_posts(vault, draft.handover, PLAYBOOK) == (Post(to=LENA, kind=Kind.CHECKS),)
    # A leader's place that passed to one of the CSMs passed the leader's question on as well.
    draft = Story(draft=True, backup=None)
    draft.does(e.CLOCK, e.PersonGone, user=LENA)
    draft.does(IVAN, e.Opened)
    assert vault_posts(vault, draft.handover, PLAYBOOK) == ()


def test_a_reason_for_declining_is_told_to_the_vault_alone() -> None:
    story = Story()
    why = DeclineExplained(at=MONDAY, by=OLGA, text="I have twelve open ones.")
    step = after(opened(story).vault, story, why)
    assert [explained.text for explained in step.vault.declines] == ["I have twelve open ones."]
    assert step.vault.seq == 2
    assert {effect.to for effect in step.effects} == {LENA}
    for stranger in (IVAN, LENA, ZOE):
        with pytest.raises(FlowError, match="not_yours"):
            after(step.vault, story, why.model_copy(update={"by": stranger}))


def test_whoever_is_untold_or_replaced_explains_nothing() -> None:
    untold = Story(by=LENA, tellings={})
    why = DeclineExplained(at=MONDAY, by=OLGA, text="No.")
    with pytest.raises(FlowError, match="not_yours"):
        after(opened(untold).vault, untold, why)
    story = Story()
    story.does(LENA, e.IncomingNamed, incoming=party(KIM))
    with pytest.raises(FlowError, match="not_yours"):
        after(opened(story).vault, story, why)


def test_checks_are_done_when_every_question_is_answered() -> None:
    story = Story(by=LENA)
    vault = opened(story).vault
    assert [t.todo for t in vault_tasks(vault, story.handover, PLAYBOOK)] == [Todo.LEADERS_CHECKS]
    # A part that is missing, or a field left empty, counted as an answer.
    some = CHECKS | {
        "UP2": e.FormAnswer(given={"listener": LISTENS["listener"]}),
        "UP3": e.FormAnswer(text=" "),
    }
    vault = after(vault, story, filled(answers=some, note="Call them")).vault
    assert vault.checked_at is None
    assert set(vault.answers) == {"UP1", "UP2"}
    rest = {"UP2": e.FormAnswer(given={"listens_on": LISTENS["listens_on"]}), "UP3": CHECKS["UP3"]}
    step = after(vault, story, filled(BORIS, answers=rest))
    assert step.vault.checked_at == MONDAY
    assert step.vault.note == "Call them"
    assert set(step.vault.answers["UP2"].given) == set(LISTENS)
    # What is left of them is when the customer is heard out.
    assert [t.due for t in vault_tasks(step.vault, story.handover, PLAYBOOK)] == [date(2026, 12, 1)]
    assert step.effects == (
        Refresh(to=LENA, kind=Kind.CHECKS),
        Refresh(to=LENA, kind=Kind.NOTICE),
    )


def test_without_a_question_the_checks_are_a_note_or_nothing() -> None:
    story = Story(by=LENA)
    step = after(opened(story, why=None).vault, story, filled(answers=CHECKS))
    assert step.vault.answers == {}
    assert step.vault.checked_at == MONDAY


def test_choices_of_the_checks_need_no_text_but_text_questions_do() -> None:
    story = Story(by=LENA)
    vault = opened(story).vault
    vault = after(vault, story, filled(answers={"UP2": CHECKS["UP2"]})).vault
    assert vault.checked_at is None
    assert after(vault, story, filled()).vault.checked_at


@pytest.mark.parametrize("by", [IVAN, OLGA, KIM, ZOE])
def test_nobody_else_fills_the_checks(by: str) -> None:
    story = Story()
    with pytest.raises(FlowError, match="not_yours"):
        after(opened(story).vault, story, filled(by))


def test_a_vault_refuses_what_does_not_fit() -> None:
    story = Story(by=LENA)
    vault = opened(story).vault
    again = VaultOpened(at=MONDAY, by=LENA, handover="H1", team="T1")
    with pytest.raises(FlowError, match="already_started"):
        after(vault, story, again)
    # An unknown part was a KeyError.
    wrong = {"UP2": e.FormAnswer(given={"nobody": Given(values=("x",))})}
    with pytest.raises(FlowError, match="no_such_part"):
        after(vault, story, filled(answers=wrong))


def test_a_draft_has_no_checks_yet() -> None:
    story = Story(by=LENA, draft=True)
    assert vault_tasks(opened(story).vault, story.handover, PLAYBOOK) == ()


def test_a_vault_survives_its_journal_and_its_document() -> None:
    story = Story(by=LENA)
    vault = after(opened(story).vault, story, filled(note="n")).vault
    assert Vault.model_validate_json(vault.model_dump_json()) == vault
    event = filled()
    assert VAULT_EVENTS.validate_json(event.model_dump_json()) == event


def seen_by(story: Story, vault: Vault, viewer: str) -> object:
    """Everything that flows says to somebody about a handover that they may know of."""
    handover = story.handover
    return (
        open_tasks(handover, PLAYBOOK, viewer),
        vault_tasks(vault, handover, PLAYBOOK),
        [progress(handover, PLAYBOOK, role) for role in (Role.OUTGOING, Role.INCOMING)],
        make_brief(handover, PLAYBOOK, viewer, story.at) if len(handover.answers) > 4 else None,
        handover.seq,
    )


def plays(confidential: Confidential | None) -> list[object]:
    """A whole handover, as everybody but its leaders gets to see it."""
    story = Story(by=LENA)
    step = opened(story, why=confidential)
    vault = step.vault
    seen: list[object] = []
    acts = (
        lambda: story.does(OLGA, e.Declined),
        lambda: story.does(LENA, e.IncomingNamed, incoming=party(KIM)),
        lambda: story.does(KIM, e.Accepted),
        lambda: story.answers_everything(IVAN),
        lambda: story.answers_everything(KIM),
        lambda: story.waits(days=5),
    )
    for act in acts:
        act()
        for viewer in (IVAN, OLGA, KIM, ZOE):
            told = [effect for effect in (*step.effects, *story.effects) if effect.to == viewer]
            known = may_know(story.handover, viewer)
            seen.append((viewer, told, seen_by(story, vault, viewer) if known else None))
        step = after(vault, story, filled(at=story.at + timedelta(minutes=1)))
    return seen


@pytest.mark.parametrize("confidential", Confidential)
def test_two_handovers_alike_but_for_the_confidential_reason_look_alike(
    confidential: Confidential,
) -> None:
    assert plays(confidential) == plays(None)


def test_nothing_of_the_vault_touches_the_handover() -> None:
    story = Story(by=LENA)
    before = story.handover
    after(opened(story).vault, story, filled())
    assert story.handover is before
    with pytest.raises(FlowError):
        advance(before, e.Opened(at=MONDAY, by=LENA), PLAYBOOK)


# --- The confidential reason of a draft


def chosen(why: Confidential | None, by: str = KIM) -> ConfidentialChosen:
    return ConfidentialChosen(at=MONDAY, by=by, confidential=why)


def test_the_confidential_reason_of_a_draft_is_chosen_anew_by_its_creator_alone() -> None:
    story = Story(by=KIM, draft=True)
    vault = opened(story, by=KIM).vault
    step = after(vault, story, chosen(Confidential.UNANNOUNCED))
    assert step.vault.confidential is Confidential.UNANNOUNCED
    assert after(vault, story, chosen(None)).vault.confidential is None
    for by in (LENA, BORIS, IVAN, OLGA, ZOE):
        for why in (WHY, None):
            with pytest.raises(FlowError, match="not_yours"):
                after(vault, story, chosen(why, by))


def test_a_draft_of_ones_own_account_is_not_made_confidential() -> None:
    story = Story(by=IVAN, draft=True)
    vault = opened(story, by=IVAN, why=None).vault
    with pytest.raises(FlowError, match="not_yours"):
        after(vault, story, chosen(WHY, IVAN))
    assert after(vault, story, chosen(None, IVAN)).vault.confidential is None


def test_the_reason_stands_once_it_is_started() -> None:
    story = Story(by=KIM)
    with pytest.raises(FlowError, match="already_started"):
        after(opened(story, by=KIM).vault, story, chosen(None))
