"""How somebody acts on a handover: by the events that listeners make of clicks, at the desk."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from bot.app import Bot
from bot.desk import Receipt
from flows import events as e
from flows.confidential.vault import Vault, VaultEvent
from flows.handover import FORM, Handover, Party, Said
from flows.happened import Happened
from flows.playbook import Playbook
from storage import handovers
from tests.simulation.company import TEAM, Member


class GivenUpError(Exception):
    """What was seen is not there any more, or this person leaves it to others for now."""


@dataclass
class Hand:
    """One person at one handover, now."""

    bot: Bot
    me: Member
    id: str
    colleagues: Callable[[], list[Member]]
    new_id: Callable[[], str]

    @property
    def chance(self) -> Random:
        return self.me.chance

    @property
    def now(self) -> datetime:
        return self.bot.clock.now()

    @property
    def today(self) -> date:
        return self.me.local(self.now).date()

    @property
    def handover(self) -> Handover:
        """As it is stored now. Raises GivenUpError."""
        with self.bot.database.read() as connection:
            stored = handovers.load(connection, TEAM, self.id)
        if stored is None:
            raise GivenUpError
        return stored.value

    @property
    def vault(self) -> Vault:
        with self.bot.database.read() as connection:
            stored = handovers.load_vault(connection, TEAM, self.id)
        if stored is None:
            raise GivenUpError
        return stored.value

    @property
    def playbook(self) -> Playbook:
        return self.bot.desk.playbooks.current

    def often(self, share: float) -> bool:
        """Whether it happens this time."""
        return self.chance.random() < share

    def days(self, fewest: int, most: int) -> date:
        """A day from today on, never on a weekend."""
        day = self.today + timedelta(days=self.chance.randint(fewest, most))
        return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)

    def does(
        self, kind: type[Happened], beside: VaultEvent | None = None, /, **fields: object
    ) -> None:
        """Record that this person did this. Raises FlowError."""
        made = kind.model_validate({"at": self.now, "by": self.me.user} | fields)
        event = e.EVENTS.validate_python(made)
        self.bot.desk.record(Receipt(TEAM, self.new_id()), self.id, event, beside)

    def does_in_vault(self, kind: Callable[..., VaultEvent], **fields: object) -> None:
        """Record what only leaders may know. Raises FlowError."""
        event = kind(at=self.now, by=self.me.user, **fields)
        self.bot.desk.record_in_vault(Receipt(TEAM, self.new_id()), self.id, event)

    def said(self, text: str) -> Said:
        """What this person types in a form."""
        return Said(source=FORM, text=text)

    def replied(self, text: str) -> Said:
        """A message of theirs in the thread."""
        self.me.said += 1
        return Said(source=f"{self.now.timestamp():.0f}.{self.me.said:06d}", text=text)

    def somebody(self, *, leader: bool = False) -> Party:
        """Somebody who has no part in the handover yet. Raises GivenUpError."""
        handover = self.handover
        taken = {handover.outgoing.user, handover.incoming and handover.incoming.user}
        free = [
            other
            for other in self.colleagues()
            if other.leads is leader and not handover.roles(other.user) and other.user not in taken
        ]
        if not free:
            raise GivenUpError
        return self.chance.choice(free).party
