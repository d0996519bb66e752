"""How leaders see to what stands in the vault alone."""

from datetime import timedelta

from flows.confidential.listening import State, keeper, state_of
from flows.confidential.listening_events import (
    CallHeld,
    PointClosed,
    PointRaised,
    PointTold,
    WordGiven,
)
from flows.confidential.vault import ChecksFilled, leader_questions, listening_call
from flows.events import FormAnswer
from flows.handover import Given
from flows.knowledge.interview import missing_parts
from flows.playbook import Part
from flows.terms import PartKind, Word
from tests.simulation.hand import Hand


def leaders_checks(hand: Hand, _subject: str) -> None:
    """Fill the checks; hold the listening call; see to its points, and tell the customer."""
    vault, handover = hand.vault, hand.handover
    if not vault.checked_at and handover.leader == hand.me.user:
        hand.does_in_vault(ChecksFilled, answers=_filled(hand))
    call = listening_call(hand.vault, handover, hand.playbook)
    if call and not hand.vault.listening.held and call.on <= hand.today:
        hand.does_in_vault(CallHeld, on=hand.today)
        due = hand.today + timedelta(days=7)
        raised = {"id": hand.new_id(), "said": "Replies are slow.", "owner": hand.me.user}
        hand.does_in_vault(PointRaised, **raised, due=due)
        return
    for point in hand.vault.listening.points:
        if point.told or keeper(handover, point) != hand.me.user:
            continue
        if state_of(handover, point) is State.OPEN:
            hand.does_in_vault(PointClosed, id=point.id)
        hand.does_in_vault(PointTold, id=point.id, on=hand.today)


def gives_word(hand: Hand) -> None:
    """Tell the incoming CSM some of why the account moves."""
    incoming = hand.handover.incoming
    if incoming and incoming.user:
        word = hand.chance.choice(list(Word))
        hand.does_in_vault(WordGiven, to=incoming.user, word=word)


def _filled(hand: Hand) -> dict[str, FormAnswer]:
    vault = hand.vault
    return {
        question.id: FormAnswer(
            text="They were told kindly.",
            given={
                part.key: _given(hand, part)
                for part in missing_parts(question, vault.answers.get(question.id))
            },
        )
        for question in leader_questions(vault, hand.playbook)
    }


def _given(hand: Hand, part: Part) -> Given:
    match part.kind:
        case PartKind.CHOICE:
            return Given(values=(part.options[0].value,))
        case PartKind.DATE:
            return Given(values=(hand.days(3, 10).isoformat(),))
        case PartKind.NUMBER:
            return Given(values=("3",))
        case PartKind.PEOPLE:
            return Given(values=(hand.me.user,))
        case PartKind.TEXT | PartKind.LINK:
            return Given(values=("https://docs.example.com/facts",))
