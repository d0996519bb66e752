"""What a message about a book is built from: what is true now, for one reader."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.ids import Ref
from bot.views import people
from bot.views.rows import Row
from bot.views.slack_text import Names, Surface
from flows.books import Book
from flows.frozen import Moment
from flows.handover import Handover
from flows.playbook import Playbook


@dataclass(frozen=True)
class BookScene:
    """A book as `viewer` sees it: `rows` are those of its handovers that they may know of, each as
    they may read it, by account. `playbooks` are by name; `now` is where the viewer is.
    """

    book: Book
    rows: tuple[Row, ...]
    playbooks: Mapping[str, Playbook]
    viewer: str
    names: Names
    now: Moment

    @property
    def handovers(self) -> tuple[Handover, ...]:
        """The accounts alone."""
        return tuple(row.handover for row in self.rows)

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
