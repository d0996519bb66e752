"""What only leaders may know, as an aggregate of its own.

Every handover has a vault, also when there is nothing in it, and nothing that happens here touches
the handover's own numbers: otherwise each leader-only act would show as a gap in one of them.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import Field, TypeAdapter

from flows.confidential.listening import (
    Call,
    Left,
    Listening,
    heard,
    keeper,
    planned_call,
    still_open,
)
from flows.confidential.listening_events import ListeningEvent, WordGiven
from flows.confidential.word import Spoken, given, word_for
from flows.effects import Effect, Kind, Post, Refresh
from flows.errors import FlowError
from flows.events import FormAnswer, Happened
from flows.frozen import Frozen, Moment
from flows.handover import FORM, Answer, Handover, Said, Stage
from flows.knowledge.interview import missing_parts
from flows.knowledge.ledger import checked_given
from flows.parts import parts
from flows.playbook import Playbook, Question
from flows.privacy import may_open_vault, told_user
from flows.tasks import Task, Todo, first_dates
from flows.terms import Confidential, Role, Word
from flows.who_may import Do, granted

_LISTENER, _LISTENS_ON = "listener", "listens_on"
"""The parts of the question who hears the customer out, and when (UP2)."""
_UNHEARD = Listening()


class Explained(Frozen):
    """Why somebody declined; for the leader alone."""

    by: str
    at: Moment
    text: str


class Vault(Frozen):
    """The leader-only side of one handover; `checked_at` is when Leader's checks were done.

    `listening` is what the customer said, `spoken` what the incoming CSM was told.
    """

    handover: str
    team: str
    confidential: Confidential | None = None
    answers: dict[str, Answer] = {}
    declines: tuple[Explained, ...] = ()
    note: str = ""
    checked_at: Moment | None = None
    listening: Listening = Field(default_factory=lambda: _UNHEARD)
    spoken: Spoken | None = None
    seq: int = 0


class VaultOpened(Happened):
    """The vault came with its handover."""

    type: Literal["vault_opened"] = "vault_opened"
    handover: str
    team: str
    confidential: Confidential | None = None


class ConfidentialChosen(Happened):
    """The confidential reason of a draft was chosen anew."""

    type: Literal["confidential_chosen"] = "confidential_chosen"
    confidential: Confidential | None


class DeclineExplained(Happened):
    """The incoming CSM said why not."""

    type: Literal["decline_explained"] = "decline_explained"
    text: str = Field(min_length=1)


class ChecksFilled(Happened):
    """The leader answered in the modal; `answers` are by question id."""

    type: Literal["checks_filled"] = "checks_filled"
    answers: dict[str, FormAnswer] = {}
    note: str = ""


VaultEvent = (
    VaultOpened | ConfidentialChosen | DeclineExplained | ChecksFilled | ListeningEvent | WordGiven
)
VAULT_EVENTS: TypeAdapter[VaultEvent] = TypeAdapter(
    Annotated[VaultEvent, Field(discriminator="type")]
)


VAULT_RIGHTS: Mapping[type[Happened], Do] = {
    VaultOpened: Do.START,
    ConfidentialChosen: Do.PREPARE,
    DeclineExplained: Do.ACCEPT,
    ChecksFilled: Do.VAULT,
    **dict.fromkeys(get_args(ListeningEvent), Do.VAULT),
    WordGiven: Do.VAULT,
}
"""The row of each event in the table of rights."""


class VaultStep(Frozen):
    """What an event led to."""

    vault: Vault
    effects: tuple[Effect, ...] = ()


def open_vault(event: VaultOpened, handover: Handover, playbook: Playbook) -> VaultStep:
    """The vault of a new handover. Only a leader's word makes it confidential, not a CSM's."""
    _check_confidential(handover, event.by, event.confidential)
    vault = Vault(handover=event.handover, team=event.team, confidential=event.confidential, seq=1)
    return VaultStep(vault=vault, effects=vault_posts(vault, handover, playbook))


def vault_posts(vault: Vault, handover: Handover, playbook: Playbook) -> tuple[Effect, ...]:
    """The leader hears that there is a question, never in a message what it is.

    Only where there is one: Leader's checks stand on every handover's notice, task list and Home,
    alike whatever they hold, and a message of its own is for when somebody is waited for. Nobody
    but the leader gets it, so its being there or not tells nobody else anything.
    """
    # Nothing in a message could say more than the button on the notice does when all is done.
    asked = leader_questions(vault, playbook) and not vault.checked_at
    if not (handover.started_at and asked and may_open_vault(handover, handover.leader)):
        return ()
    return (Post(to=handover.leader, kind=Kind.CHECKS),)


def advance_vault(
    vault: Vault, handover: Handover, event: VaultEvent, playbook: Playbook
) -> VaultStep:
    """What the event makes of the vault. Raises FlowError; rights are read from the handover."""
    if isinstance(event, VaultOpened):
        raise FlowError("already_started")
    if not _may(handover, event):
        raise FlowError("not_yours")
    change: dict[str, object]
    match event:
        case ConfidentialChosen():
            if handover.stage is not Stage.DRAFT:
                raise FlowError("already_started")
            _check_confidential(handover, event.by, event.confidential)
            change = {"confidential": event.confidential}
        case DeclineExplained():
            explained = Explained(by=event.by, at=event.at, text=event.text)
            change = {"declines": (*vault.declines, explained)}
        case _:
            change = _by_leader(vault, handover, event, playbook)
    after = vault.model_copy(update=change | {"seq": vault.seq + 1})
    return VaultStep(vault=after, effects=tuple(_effects(vault, after, handover)))


def _may(handover: Handover, event: VaultEvent) -> bool:
    do = VAULT_RIGHTS.get(type(event))
    if do is Do.VAULT:
        return may_open_vault(handover, event.by)
    return do is not None and granted(do, parts(handover, event.by))


def _by_leader(
    vault: Vault,
    handover: Handover,
    event: ChecksFilled | ListeningEvent | WordGiven,
    playbook: Playbook,
) -> dict[str, object]:
    """What changes by an act of somebody who may open the vault."""
    match event:
        case ChecksFilled():
            return _filled(vault, handover, event, playbook)
        case WordGiven():
            return {"spoken": given(handover, vault.confidential, event)}
        case _:
            return {"listening": heard(vault.listening, handover, event)}


def _effects(before: Vault, after: Vault, handover: Handover) -> Iterator[Effect]:
    """The leader's messages follow; a word to the incoming CSM is announced, never quoted."""
    yield Refresh(to=handover.leader, kind=Kind.CHECKS)
    yield Refresh(to=handover.leader, kind=Kind.NOTICE)
    told = told_user(handover, Role.INCOMING)
    if told and word_for(after.spoken, handover, told) not in (
        Word.NOTHING,
        word_for(before.spoken, handover, told),
    ):
        yield Post(to=told, kind=Kind.WORD)


def leader_questions(vault: Vault, playbook: Playbook) -> list[Question]:
    """What the leader is asked because of the confidential reason; nothing without one."""
    if vault.confidential is None:
        return []
    return [q for q in playbook.questions if q.confidential is vault.confidential]


def listening_call(vault: Vault, handover: Handover, playbook: Playbook) -> Call | None:
    """The call in which the customer is heard out; none until the leader said who holds it when."""
    parts = {
        key: part.values
        for question in leader_questions(vault, playbook)
        if (answer := vault.answers.get(question.id))
        for key, part in answer.given.items()
    }
    if not (_LISTENER in parts and _LISTENS_ON in parts):
        return None
    on = date.fromisoformat(parts[_LISTENS_ON][0])
    return planned_call(handover, playbook, parts[_LISTENER], on)


def unheard(vault: Vault, handover: Handover, playbook: Playbook) -> tuple[Left, ...]:
    """What is left of the listening loop before the handover can be completed; see `still_open`."""
    call = listening_call(vault, handover, playbook)
    return still_open(vault.listening, handover, call)


def vault_tasks(vault: Vault, handover: Handover, playbook: Playbook) -> tuple[Task, ...]:
    """Leader's checks, by the first day on which something in them is due to each who may look.

    On every handover they wait for the leader until they are done. Where the leader's place has
    passed to one of the CSMs and nobody else may look, there is nobody whose task they could be.
    """
    first: dict[str, date] = {}
    for who, due in _dues(vault, handover, playbook):
        if may_open_vault(handover, who):
            first[who] = min(due, first.get(who, due))
    todo = Todo.LEADERS_CHECKS
    return tuple(
        Task(key=f"{todo.value}:{who}", owner=who, todo=todo, due=due) for who, due in first.items()
    )


def _dues(vault: Vault, handover: Handover, playbook: Playbook) -> Iterator[tuple[str, date]]:
    """Who is to see to something in the vault by when; what it is stands in the modal alone."""
    if not handover.started_at:
        return
    if not vault.checked_at:
        yield handover.leader, first_dates(handover, playbook)["pack"]
    call = listening_call(vault, handover, playbook)
    if call and not vault.listening.held:
        yield handover.leader, call.due
    for point in vault.listening.points:
        who = keeper(handover, point)
        if who and not point.told:
            yield who, point.due


def _check_confidential(handover: Handover, by: str, chosen: Confidential | None) -> None:
    if chosen and not may_open_vault(handover, by):
        raise FlowError("not_yours", field="confidential")


def _filled(
    vault: Vault, handover: Handover, event: ChecksFilled, playbook: Playbook
) -> dict[str, object]:
    answers = dict(vault.answers)
    asked = leader_questions(vault, playbook)
    for question in asked:
        filled = event.answers.get(question.id, FormAnswer())
        if filled.text.strip() or filled.given:
            _check_listener(handover, question, filled)
            answers[question.id] = _answer(question, filled, event, answers.get(question.id))
    complete = all(_is_complete(question, answers.get(question.id)) for question in asked)
    return {
        "answers": answers,
        "note": event.note or vault.note,
        "checked_at": event.at if complete else None,
    }


def _check_listener(handover: Handover, question: Question, filled: FormAnswer) -> None:
    """Whoever the customer may be unhappy with does not hear them out (G24)."""
    listens = filled.given.get(_LISTENER)
    if listens and handover.outgoing.user in listens.values:
        raise FlowError("outgoing_listens", field=f"{question.id}.{_LISTENER}")


def _answer(
    question: Question, filled: FormAnswer, event: ChecksFilled, before: Answer | None
) -> Answer:
    """What the modal says takes the place of what stood there; what it leaves out stays."""
    answer = before or Answer(by=event.by, at=event.at)
    parts = {part.key: part for part in question.parts}
    if unknown := next((key for key in filled.given if key not in parts), None):
        raise FlowError("no_such_part", field=unknown)
    given = {key: checked_given(parts[key], value) for key, value in filled.given.items()}
    said = (Said(source=FORM, text=filled.text, links=filled.links),) if filled.text.strip() else ()
    return Answer(by=event.by, at=event.at, said=said or answer.said, given=answer.given | given)


def _is_complete(question: Question, answer: Answer | None) -> bool:
    if answer is None or missing_parts(question, answer):
        return False
    return bool(answer.said) or not question.text_needed
