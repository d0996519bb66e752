"""What is played on a fleet: a start, an acceptance, and answers."""

import threading

from sqlalchemy import select

from bot.sandbox import Message, Person
from storage.tables import outbox
from tests.fleet.fleet import Fleet
from tests.fleet.replica import Replica
from tests.wire.stage import question

QUESTIONS = 12
NONES = ("None", "None of these")


def none_of(message: Message) -> str | None:
    """What None is called here, where it can be pressed."""
    return next((label for label in message.buttons if label in NONES), None)


def answer(person: Person, number: int) -> str:
    """Reply to a question of the interview, and say None where it wants more; what was said."""
    said = f"What I know of number {number}, in enough words."
    asked = question(person, f"{number} of {QUESTIONS}")
    asked.reply(said)
    finish(person, number, asked, said)
    return said


def finish(person: Person, number: int, asked: Message, said: str) -> None:
    """Wait until a reply is shown, and say None where more is wanted."""
    dm = person.dm()
    dm.wait_until(lambda: said in asked.text, f"{said!r} to be shown")
    if label := none_of(asked):
        asked.click(label)
    dm.wait_until(lambda: "Answered ✓" in asked.text, f"number {number} to be answered")


def play(fleet: Fleet, questions: int = QUESTIONS) -> None:
    """Start, accept, answer so many questions; each act goes to another replica."""
    fleet.start()
    fleet.ivan.dm().wait("Will you take Northwind over").click("Accept handover")
    said = [answer(fleet.olga, number) for number in range(1, questions + 1)]
    fleet.rest()
    (handover,) = fleet.stored()
    kept = [piece.text for given in handover.answers.values() for piece in given.said]
    assert sorted(kept) == sorted(said)


def at_work(fleet: Fleet) -> Replica:
    """The replica that is just delivering something, once one is."""
    query = select(outbox.c.claimed_by).where(outbox.c.state == "pending", outbox.c.stamped_at > 0)
    for _ in range(12_000):
        with fleet.database.read() as connection:
            if name := connection.execute(query).scalar():
                return next(one for one in fleet.replicas if name.startswith(f"{one.name}-"))
        threading.Event().wait(0.005)
    raise AssertionError("nobody delivers anything")
