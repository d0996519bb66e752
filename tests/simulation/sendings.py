"""How people send texts to the customer, and note what came of them."""

from datetime import timedelta

from flows import events as e
from flows.customer.sent import Outcome, Says, Way
from flows.customer.to_send import needs_call
from flows.schedule.timeline import make_plan
from flows.texts.composing import letter_specs
from flows.texts.letter_specs import Letter
from flows.texts.pieces import approved_text, has_own, pending
from tests.simulation.hand import GivenUpError, Hand


def send_text(hand: Hand, subject: str) -> None:
    handover = hand.handover
    text = approved_text(handover, subject)
    spec = next((s for s in letter_specs(handover, hand.playbook) if s.key == subject), None)
    if text is None or spec is None:
        raise GivenUpError
    way = Way.CALL if needs_call(handover, spec.letter) else Way.MAIL
    hand.does(e.LetterSent, key=subject, version=text.number, on=hand.today, way=way)


def note_answer(hand: Hand, subject: str) -> None:
    """What the customer said: mostly that it is fine."""
    handover = hand.handover
    draw, fields = hand.chance.random(), dict[str, object]()
    says = Says.FINE
    if draw < 0.15:
        says = Says.NO_REPLY
    elif draw < 0.2:
        says = Says.ASKS_FOR
    elif draw < 0.23:
        says, fields = Says.TALK, {"on": hand.days(2, 5)}
    elif draw < 0.26:
        introduction = make_plan(handover, hand.playbook).find("introduction")
        if introduction and not introduction.done:
            day = introduction.day + timedelta(days=7)
            says, fields = Says.ANOTHER_DATE, {"on": day, "milestone": "introduction"}
    if says is Says.FINE:
        fields = {"who": "Ana Ruiz", "on": hand.today}
    marks = handover.sending.marks(subject)
    hand.does(e.CustomerAnswered, key=subject, marks=marks, says=says, **fields)


def decide_contact(hand: Hand, subject: str) -> None:
    outcome = hand.chance.choice((Outcome.HELPER, Outcome.GO_ON, Outcome.GO_ON, Outcome.KEEP))
    until = hand.days(5, 15) if outcome in {Outcome.KEEP, Outcome.HELPER} else None
    hand.does(e.OldContactDecided, key=subject, outcome=outcome, until=until)


def talk(hand: Hand, _subject: str) -> None:
    specs = letter_specs(hand.handover, hand.playbook)
    key = next((spec.key for spec in specs if spec.letter is Letter.TALK), None)
    if key is None:
        raise GivenUpError
    if approved_text(hand.handover, key) is None and (waiting := pending(hand.handover)):
        own = has_own(hand.handover, hand.me.user, waiting)
        hand.does(e.PiecesApproved, pieces=waiting, why="I hold it." if own else "")
    send_text(hand, key)
