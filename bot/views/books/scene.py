"""What a message about a book is built from: what is true now, for one reader."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.ids import Ref
from bot.views import people
from bot.views.rows import Owed, Row
from bot.views.slack_text import Names, Surface
from flows.books.book import Book
from flows.books.rules import BookRules
from flows.books.sitting import Account
from flows.frozen import Moment
from flows.handover import Handover
from flows.playbook import Playbook


class OwedBy(Owed, Protocol):
    """A task with the Slack id of whoever has to do it."""

    @property
    def owner(self) -> str: ...


@dataclass(frozen=True)
class BookScene:
    """A book as `viewer` sees it: `rows` are those of its handovers that they may know of, each as
    they may read it, by account. `playbooks` are by name; `now` is where the viewer is. `gone_on`
    tells of a message that a newer one of its kind has taken the place of. `others` counts the
    handovers under way outside this book of which the viewer is a CSM, `passed_on` are the accounts
    that they declined and that somebody else was asked to take over since. `owed` is what the
    viewer has to do on them and, where they lead, what anybody has.
    """

    book: Book
    rows: tuple[Row, ...]
    playbooks: Mapping[str, Playbook]
    viewer: str
    names: Names
    now: Moment
    gone_on: bool = False
    others: int = 0
    passed_on: tuple[str, ...] = ()
    owed: tuple[OwedBy, ...] = ()

    @property
    def handovers(self) -> tuple[Handover, ...]:
        """The accounts alone."""
        return tuple(row.handover for row in self.rows)

    @property
    def accounts(self) -> list[Account]:
        """The accounts, each with its playbook."""
        return [Account(row.handover, row.playbook) for row in self.rows]

    @property
    def hours_a_day(self) -> float:
        """How many hours a working day the outgoing CSM has for the handover."""
        usual = (row.playbook.books for row in self.rows)
        return self.book.hours_a_day or next(usual, BookRules()).hours_a_day

    @property
    def outgoing(self) -> str:
        """Who hands the accounts over, by name."""
        who = self.book.outgoing
        return people.party(who, self.names) if who else ""

    @property
    def plain_outgoing(self) -> str:
        """The same, fit for a heading."""
        who = self.book.outgoing
        return people.party(who, self.names, Surface.PLAIN) if who else ""

    def ref(self, *, n: tuple[str, ...] = (), **about: str) -> Ref:
        """A reference to this book, and what else it is about."""
        return Ref(h=self.book.id, n=n, **about)
