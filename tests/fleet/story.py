"""What is played on a fleet: a start, an acceptance, and answers."""

from bot.sandbox import Message, Person
from tests.fleet.fleet import Fleet
from tests.wire.stage import question

QUESTIONS = 12
NONES = ("None", "None of these")


def none_of(message: Message) -> str | None:
    """What None is called here, where it can be pressed."""
    return next((label for label in message.buttons if label in NONES), None)


def answer(person: Person, number: int) -> str:
    """Reply to a question of the interview, and say None where it wants records; what was said."""
    said = f"What I know of number {number}, in enough words."
    dm, asked = person.dm(), question(person, f"{number} of {QUESTIONS}")
    asked.reply(said)
    dm.wait_until(lambda: said in asked.text, f"{said!r} to be shown")
    if label := none_of(asked):
        asked.click(label)
    dm.wait_until(lambda: "Answered ✓" in asked.text, f"number {number} to be answered")
    return said


def play(fleet: Fleet, questions: int = QUESTIONS) -> None:
    """Start, accept, answer so many questions; each act goes to another replica."""
    fleet.start()
    fleet.ivan.dm().wait("Will you take Northwind over").click("Accept handover")
    said = [answer(fleet.olga, number) for number in range(1, questions + 1)]
    fleet.rest()
    (handover,) = fleet.stored()
    kept = [piece.text for given in handover.answers.values() for piece in given.said]
    assert sorted(kept) == sorted(said)
