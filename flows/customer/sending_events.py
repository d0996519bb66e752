"""What can happen once the customer's texts are approved: people send them, customers answer."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from flows.customer.sent import Outcome, Says, Way
from flows.happened import Happened

Words = Annotated[str, Field(max_length=2000)]
Name = Annotated[str, Field(max_length=200)]


class LetterSent(Happened):
    """Somebody sent this version to the customer on a calendar day of theirs.

    `to` are records of stakeholders; `why` is a leader's reason for a mail where a call is due.
    """

    type: Literal["letter_sent"] = "letter_sent"
    key: str
    version: int
    on: date
    way: Way
    to: Annotated[tuple[str, ...], Field(max_length=100)] = ()
    why: Words = ""


class SendingTakenBack(Happened):
    """What was noted last about a text was a mistake: what the customer said, or that it was sent.

    `marks` is how much had been noted about it when somebody said so.
    """

    type: Literal["sending_taken_back"] = "sending_taken_back"
    key: str
    marks: int


class CustomerAnswered(Happened):
    """What the customer said to a text; see CustomerAnswer for the fields, and above for `marks`.

    For another date a leader may `insist` against the rules that keep distances, and says `why`.
    """

    type: Literal["customer_answered"] = "customer_answered"
    key: str
    marks: int
    says: Says
    on: date | None = None
    who: Name = ""
    milestone: str = ""
    insist: bool = False
    why: Words = ""


class OldContactDecided(Happened):
    """A leader decides about a customer who asks for whoever looked after them so far."""

    type: Literal["old_contact_decided"] = "old_contact_decided"
    key: str
    outcome: Outcome
    until: date | None = None
