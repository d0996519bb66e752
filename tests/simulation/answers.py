"""How people answer their questions: what is asked for, sometimes too little, sometimes nothing."""

from flows import events as e
from flows.handover import Given
from flows.knowledge.interview import fewest_records, missing_parts, roles_answered_by
from flows.playbook import Part, Question
from flows.terms import PartKind
from tests.simulation.hand import GivenUpError, Hand

_LINES = (
    "Ana Ruiz – sponsor",
    "Tom Hill – buyer",
    "Kim Lee – champion",
    "Lea Noll – head of support",
    "Sam Roy – admin",
    "Joe Park – IT",
)


def answers_some(hand: Hand) -> None:
    """Answer what stands open, some questions in a row."""
    for _ in range(hand.chance.choice((2, 4, 8, 30))):
        interview = hand.handover.interviews.get(hand.me.user)
        if interview is None or not roles_answered_by(hand.handover, hand.me.user):
            raise GivenUpError
        if interview.current is None:
            if interview.resting:
                hand.does(e.Resumed)
                continue
            if interview.menu and not interview.finished:
                hand.does(e.InterviewFinished)
            return
        _answers(hand, hand.playbook.by_id[interview.current])


def _answers(hand: Hand, question: Question) -> None:
    key = question.id
    draw = hand.chance.random()
    if draw < 0.03:
        hand.does(e.PutOff, question=key)
        return
    if draw < 0.08:
        hand.does(e.UnknownDeclared, question=key)
        return
    if prefill := hand.handover.prefilled.get(key):
        assert prefill.source
        hand.does(e.PrefillConfirmed, questions=(key,))
        return
    missing = missing_parts(question, hand.handover.answers.get(key))
    for part in missing:
        given = Given(values=(_fitting(hand, part),))
        hand.does(e.ValueGiven, question=key, part=part.key, given=given)
    if hand.handover.interviews[hand.me.user].current != key:
        return
    if question.text_needed or question.records or not missing:
        text = _words(hand, question)
        hand.does(e.AnswerGiven, question=key, said=hand.replied(text))


def _words(hand: Hand, question: Question) -> str:
    if question.records:
        fewest = fewest_records(hand.handover, question)
        lines = _LINES[: max(fewest, hand.chance.randint(1, 3))]
        return "\n".join(lines) if fewest > 1 else "\n".join(_promises(hand))
    if hand.often(0.1):
        return hand.chance.choice(("ok", "see CRM", "fine"))
    # The same words nowhere else: what is private may not turn up in what a customer reads.
    return " ".join(f"{question.id.lower()}{letter}" for letter in "abcdefghijkl") + "."


def _promises(hand: Hand) -> list[str]:
    found = ("Price stays until June", "Outage – fixed in May", "New report – promised for April")
    return list(found[: hand.chance.randint(1, 3)])


def _fitting(hand: Hand, part: Part) -> str:
    match part.kind:
        case PartKind.CHOICE:
            return hand.chance.choice(part.options).value
        case PartKind.DATE:
            return hand.days(20, 120).isoformat()
        case PartKind.NUMBER:
            return str(hand.chance.randint(1, 60))
        case PartKind.PEOPLE:
            others = [other.user for other in hand.colleagues() if other is not hand.me]
            return hand.chance.choice(others)
        case PartKind.TEXT | PartKind.LINK:
            return "https://docs.example.com/chart"
