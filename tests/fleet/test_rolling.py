"""A release takes over from the one before it, replica by replica, while people go on working."""

from collections.abc import Callable
from pathlib import Path

from bot.sandbox import Message, Person
from tests.faults.logs import unhandled
from tests.fleet import releases
from tests.fleet.fleet import Fleet, fleet
from tests.fleet.story import none_of
from tests.wire.stage import question

REFUSED = 503
UPDATING = "I am being updated just now"


def press(fleet: Fleet, person: Person, message: Message, label: str) -> None:
    """Press a button, again for as long as the bot says that it is being updated."""

    def updating() -> int:
        return sum(UPDATING in said.text for said in fleet.slack.ephemerals(person))

    before = -1
    while updating() != before:
        before = updating()
        message.click(label)
        person.dm().wait_until(lambda: label not in message.buttons or updating() > before)  # noqa: B023


def insist(act: Callable[[], object]) -> None:
    """Do what answers at once, again while it says that the bot is being updated."""
    while UPDATING in str(act()):
        pass


def answer(fleet: Fleet, number: int) -> str:
    said = f"What I know of number {number}, in enough words."
    asked = question(fleet.olga, f"{number} of 12")
    asked.reply(said)
    fleet.until(lambda: said in asked.text)
    if label := none_of(asked):
        press(fleet, fleet.olga, asked, label)
    fleet.until(lambda: "Answered ✓" in asked.text)
    return said


def test_the_release_before_and_the_coming_one_work_side_by_side(
    postgresql_url: str, tmp_path: Path
) -> None:
    before, coming = releases.previous(tmp_path), releases.coming(tmp_path)
    with fleet(postgresql_url, tmp_path, 0) as made:
        made.read = releases.as_of_today
        releases.migrate_to_the_coming(made.database)
        (old,) = made.start_replicas(1, before)
        made.start()
        made.start_replicas(1, coming)
        press(made, made.ivan, made.ivan.dm().wait("take Northwind over"), "Accept handover")
        said = [answer(made, 1)]
        while not any(one.status == REFUSED for one in made.balancer.by(old)):
            said.append(answer(made, len(said) + 1))
        insist(lambda: made.olga.types("/handover show Northwind"))
        made.replace(old, coming)
        said.append(answer(made, len(said) + 1))
        made.rest()
        assert unhandled(old.log) == []
        (handover,) = made.stored()
        kept = [piece.text for given in handover.answers.values() for piece in given.said]
        assert sorted(kept) == sorted(said)
