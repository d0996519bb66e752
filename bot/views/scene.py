"""What a message is built from: everything that is true at the moment, for one reader."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.ids import Ref
from bot.views import people
from bot.views.slack_text import Names, Surface, render
from flows.confidential.vault import Vault
from flows.frozen import Moment
from flows.handover import Acceptance, Handover, Interview
from flows.knowledge.interview import Progress, progress, roles_answered_by
from flows.playbook import Playbook

_LINES = 40


@dataclass(frozen=True)
class Scene:
    """One handover as `viewer` sees it now.

    `others` counts the other handovers that a user is a CSM of; `earlier` is an earlier one of the
    same account that the viewer knows of and could use here. What is `joined` stands in one message
    with others, whose thread is nobody's.
    `in_book` is which account of how many this is, where the viewer hands over a book of them.
    """

    handover: Handover
    playbook: Playbook
    vault: Vault
    viewer: str
    names: Names
    now: Moment
    others: Mapping[str, int]
    earlier: Handover | None = None
    joined: bool = False
    in_book: tuple[int, int] | None = None

    @property
    def account(self) -> str:
        """The account's name, escaped."""
        return people.account(self.handover, self.names)

    @property
    def interview(self) -> Interview:
        """Where the reader stands in their questions."""
        return self.handover.interviews.get(self.viewer, Interview())

    @property
    def incoming(self) -> str:
        """The incoming CSM's name, or words for nobody."""
        return people.incoming(self.handover, self.names)

    @property
    def successor(self) -> str:
        """Whoever will work with what is written: nobody by name once they have declined."""
        if self.handover.acceptance is Acceptance.DECLINED:
            return people.NOBODY_YET
        return self.incoming

    @property
    def outgoing(self) -> str:
        """The outgoing CSM's name."""
        return people.party(self.handover.outgoing, self.names)

    @property
    def lead(self) -> str:
        """The lead line."""
        return people.lead_line(self.handover, self.names)

    @property
    def progress(self) -> Progress:
        """How far everything is that is asked of the reader."""
        parts = [
            progress(self.handover, self.playbook, role)
            for role in roles_answered_by(self.handover, self.viewer)
        ]
        return Progress(
            answered=sum(part.answered for part in parts),
            required=sum(part.required for part in parts),
            minutes_left=sum(part.minutes_left for part in parts),
        )

    def name(self, user: str) -> str:
        """A user's name, escaped; the reader is "you"."""
        return "you" if user == self.viewer else people.person(user, self.names)

    def typed(self, text: str, limit: int | None = None) -> str:
        """What somebody typed, fit for a mrkdwn text."""
        return render(text, Surface.MRKDWN, self.names, limit)

    def plain(self, text: str, limit: int | None = None) -> str:
        """What somebody typed, fit for a plain_text."""
        return render(text, Surface.PLAIN, self.names, limit)

    def ref(self, *, n: tuple[str, ...] = (), **about: str) -> Ref:
        """A reference to this handover, and what else it is about."""
        return Ref(h=self.handover.id, n=n, **about)


def quoted(text: str) -> str:
    """An escaped text as a quotation, without its empty lines; never nothing at all."""
    lines = [line for line in text.split("\n") if line.strip()]
    more = ["> …"] if len(lines) > _LINES else []
    return "\n".join([*(f"> {line}" for line in lines[:_LINES]), *more]) or "> …"
