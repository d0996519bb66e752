"""Everybody of the privacy tests, and a leader's start as they play it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.sandbox import ModalScreen, Person
from bot.times import Clock, SystemClock
from tests.wire.stage import Stage, sqlite_url, staged

ACCOUNT = "Northwind"
NOW, LATER, NEVER = "Tell now", "Tell later", "Not through the bot"


class MovedClock:
    """The real clocks, for deliveries wait by them; a test moves the wall clock ahead."""

    def __init__(self) -> None:
        self._real = SystemClock()
        self._ahead = timedelta()

    def now(self) -> datetime:
        return self._real.now() + self._ahead

    def monotonic(self) -> float:
        return self._real.monotonic()

    def pass_by(self, **time: float) -> None:
        self._ahead += timedelta(**time)


@dataclass
class Cast:
    """The stage with three more: a leader and two CSMs who have no part in Northwind."""

    stage: Stage
    kim: Person
    boris: Person
    zoe: Person

    @property
    def everybody(self) -> list[Person]:
        stage = self.stage
        return [stage.olga, stage.ivan, stage.lena, stage.ada, self.kim, self.boris, self.zoe]

    def heard(self, person: Person) -> list[str]:
        """What the bot has written to somebody of handovers, and not of being a leader."""
        others = (m.text for m in person.dm().messages if m.author != person.name)
        return [text for text in others if "to the leaders" not in text]

    def rest(self) -> None:
        """Until the bot has said everything it had to say."""
        self.stage.rest()

    def leader_form(self, confidential: str = "None") -> ModalScreen:
        """Lena fills the start form for Olga's account, as its leader."""
        stage = self.stage
        stage.lena.types(f"/handover start {ACCOUNT}")
        form = stage.fill(stage.lena.modal(), reason="Reassignment")
        form.pick_person("Outgoing CSM", stage.olga)
        form.choose("Confidential reason", confidential)
        return form

    def prepare(
        self,
        outgoing: str = NOW,
        incoming: str = NOW,
        at: datetime | None = None,
        confidential: str = "None",
    ) -> None:
        """Lena starts it and says who is told when; Olga hands over, Ivan takes over."""
        result = self.leader_form(confidential).submit()
        assert result.modal is not None, result
        for person, when in ((self.stage.olga, outgoing), (self.stage.ivan, incoming)):
            result.modal.choose(f"When: {person.name}", when)
            if when == LATER:
                assert at is not None
                result.modal.moment(f"Tell on: {person.name}", at)
        assert result.modal.submit().closed
        self.rest()


@contextmanager
def cast(folder: Path, clock: Clock | None = None, url: str = "") -> Iterator[Cast]:
    """A stage on which Lena and Boris may lead; on a new SQLite database, or the one at `url`."""
    with staged(url or sqlite_url(folder), clock) as stage:
        kim = stage.slack.person("Kim Lund", tz="Europe/Berlin")
        boris = stage.slack.person("Boris Meier", tz="Europe/Berlin")
        zoe = stage.slack.person("Zoe Stern", tz="Europe/Berlin")
        stage.ada.types("/handover settings")
        form = stage.ada.modal()
        form.pick_person("Leaders", stage.lena, boris)
        assert form.submit().closed
        play = Cast(stage, kim, boris, zoe)
        # Both hear that they are leaders.
        play.rest()
        yield play
