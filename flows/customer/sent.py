"""What people sent to the customer and said so, and what the customer answered (G32, N18).

A person sends; nothing here ever does. The answers to a text stand with the sending that they
followed, so what was noted last is the last answer of the last sending.
"""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

from flows.frozen import Frozen, Moment
from flows.texts.letter_specs import Letter, Occasion


class Way(StrEnum):
    """How a text reached the customer; a channel is one in Slack that is shared with them."""

    MAIL = "mail"
    CALL = "call"
    MEETING = "meeting"
    CHANNEL = "channel"


class Says(StrEnum):
    """What a customer says to it; ASKS_FOR is for whoever looked after them so far."""

    FINE = "fine"
    ANOTHER_DATE = "another_date"
    ASKS_FOR = "asks_for"
    TALK = "talk"
    NO_REPLY = "no_reply"


class Outcome(StrEnum):
    """What the leader decides about a customer who asks for whoever looked after them so far: they
    stay until a day, stay as a named helper, stay for good, or go as planned.
    """

    KEEP = "keep"
    HELPER = "helper"
    CANCEL = "cancel"
    GO_ON = "go_on"


class Decided(Frozen):
    """A leader's word on it; `until` is a calendar day."""

    outcome: Outcome
    by: str
    at: Moment
    until: date | None = None


class CustomerAnswer(Frozen):
    """What somebody noted that the customer said.

    `on` is the day on which they agreed, the one they want instead, or by which a leader talks to
    them; `who` is who of them agreed, `milestone` what is to have another day.
    """

    says: Says
    by: str
    at: Moment
    on: date | None = None
    who: str = ""
    milestone: str = ""
    decided: Decided | None = None


class Sent(Frozen):
    """One text that somebody sent: which version, on which calendar day of theirs, how, and to
    which stakeholders by record; to nobody by name where nobody was named.

    `why` is a leader's reason for a mail where a call was due (A18). `asked` tells that the sender
    was asked what came of it.
    """

    key: str
    letter: Letter
    version: int
    by: str
    at: Moment
    on: date
    way: Way
    to: tuple[str, ...] = ()
    why: str = ""
    asked: bool = False
    answers: tuple[CustomerAnswer, ...] = ()

    @property
    def answer(self) -> CustomerAnswer | None:
        """What was noted last."""
        return self.answers[-1] if self.answers else None

    @property
    def unanswered(self) -> int:
        """How often in a row it was noted that no reply came."""
        others = [n for n, answer in enumerate(self.answers) if answer.says is not Says.NO_REPLY]
        return len(self.answers) - (others[-1] + 1 if others else 0)


class Changed(Frozen):
    """Another CSM was named after the heads-up; `why` the customer need not read of it, if so."""

    by: str
    at: Moment
    why: str = ""


class Sending(Frozen):
    """Every sending in the order in which it was marked, and whether the CSM changed since."""

    sent: tuple[Sent, ...] = ()
    changed: Changed | None = None

    def of(self, letter: Letter) -> tuple[Sent, ...]:
        """The sendings of one text; of one that has an occasion, those since the newest."""
        since = self._since(letter)
        return tuple(s for s in self.sent if s.letter is letter and not (since and s.at < since))

    def newest(self, letter: Letter) -> Sent | None:
        """The last sending of a text."""
        return next(reversed(self.of(letter)), None)

    def by_key(self, key: str) -> Sent | None:
        """The last sending of a text, by the key of its template."""
        return next((sent for sent in reversed(self.sent) if sent.key == key), None)

    def marks(self, key: str) -> int:
        """How much has been noted about a text: that it was sent, and what came of it."""
        return sum(1 + len(sent.answers) for sent in self.sent if sent.key == key)

    @property
    def last(self) -> tuple[Sent, ...]:
        """The last sending of each text that was ever sent."""
        return tuple({sent.key: sent for sent in self.sent}.values())

    @property
    def asks_for(self) -> CustomerAnswer | None:
        """The customer's wish for whoever looked after them so far, as long as it stands."""
        return self._standing(Says.ASKS_FOR)

    @property
    def talk(self) -> CustomerAnswer | None:
        """The customer's wish to talk to a leader, as long as it stands."""
        return self._standing(Says.TALK)

    @property
    def occasions(self) -> frozenset[Occasion]:
        """What there is a text of its own for."""
        return frozenset(self._occasions())

    def _occasions(self) -> Iterator[Occasion]:
        if self.changed and not self.changed.why:
            yield Occasion.CHANGE
        if self.asks_for and self.asks_for.decided:
            yield Occasion(self.asks_for.decided.outcome)
        if self.talk:
            yield Occasion.TALK

    def _standing(self, says: Says) -> CustomerAnswer | None:
        last = [sent.answer for sent in self.sent if sent.answer and sent.answer.says is says]
        return max(last, key=lambda answer: answer.at, default=None)

    def _since(self, letter: Letter) -> Moment | None:
        match letter:
            case Letter.REPLY if self.asks_for:
                return self.asks_for.at
            case Letter.TALK if self.talk:
                return self.talk.at
            case _:
                return None


UNSENT = Sending()
"""One value for all who have sent nothing yet."""
