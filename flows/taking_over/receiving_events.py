"""What can happen while the incoming CSM takes the pack over, item by item."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from flows.handover import Essential, Party, Topic
from flows.happened import ForCustomer, Happened

Words = Annotated[str, Field(min_length=1)]


class ItemsAccepted(Happened):
    """The incoming CSM takes these promises and issues over."""

    type: Literal["items_accepted"] = "items_accepted"
    ids: tuple[str, ...] = Field(min_length=1)


class ItemProposed(Happened):
    """The incoming CSM would take it with other words or another date: the fields that change."""

    type: Literal["item_proposed"] = "item_proposed"
    id: str
    proposal: dict[str, str]
    why: str = ""


class ProposalSettled(Happened):
    """The outgoing CSM confirms a proposal, or says why it cannot be."""

    type: Literal["proposal_settled"] = "proposal_settled"
    id: str
    agreed: bool
    why: str = ""


class ItemDeclined(Happened):
    """The incoming CSM cannot take it; the leader decides."""

    type: Literal["item_declined"] = "item_declined"
    id: str
    why: Words


class ItemOutcome(StrEnum):
    """What a leader can decide about a declined item."""

    KEEP = "keep"
    HAND_ON = "hand_on"
    CHANGE = "change"
    WITHDRAW = "withdraw"


class ItemSettled(Happened):
    """The leader decided: `until` belongs to KEEP, `keeper` to HAND_ON, `changes` to CHANGE."""

    type: Literal["item_settled"] = "item_settled"
    id: str
    outcome: ItemOutcome
    until: date | None = None
    keeper: Party | None = None
    changes: dict[str, str] = {}


class ItemDone(Happened):
    """What was promised was done, or the customer knows that it will not be."""

    type: Literal["item_done"] = "item_done"
    id: str


class ItemReopened(Happened):
    """What was done or decided is open again. `done` tells which of the two is meant, so that the
    second of two clicks does not take back the other as well; older lines do not tell.
    """

    type: Literal["item_reopened"] = "item_reopened"
    id: str
    done: bool | None = None


class PageTurned(Happened):
    """The incoming CSM reads this page of the pack, counted from 1."""

    type: Literal["page_turned"] = "page_turned"
    page: int = Field(ge=1)


class LinksTicked(Happened):
    """These documents open for the incoming CSM, or do not."""

    type: Literal["links_ticked"] = "links_ticked"
    keys: tuple[str, ...] = Field(min_length=1)
    opens: bool


class LinkWaived(Happened):
    """The leader goes on without a document that does not open."""

    type: Literal["link_waived"] = "link_waived"
    key: str


class EssentialsTicked(Happened):
    """Which of the five (G14) the incoming CSM has found in the pack: all that are ticked now."""

    type: Literal["essentials_ticked"] = "essentials_ticked"
    found: tuple[Essential, ...]


class PackAccepted(ForCustomer):
    """The incoming CSM can stand on the pack; a reason for the customer is proposed."""

    type: Literal["pack_accepted"] = "pack_accepted"


class PackReturned(Happened):
    """The incoming CSM asks about these answers before accepting; they open again."""

    type: Literal["pack_returned"] = "pack_returned"
    questions: tuple[str, ...] = Field(min_length=1)
    text: Words


class TaughtBack(Happened):
    """The incoming CSM answered the teach-back, by topic."""

    type: Literal["taught_back"] = "taught_back"
    answers: dict[Topic, Words] = Field(min_length=1)


class TaughtMarked(Happened):
    """Somebody who knows marks an answer right, or adds what is missing."""

    type: Literal["taught_marked"] = "taught_marked"
    topic: Topic
    added: str = ""


class TaughtSeen(Happened):
    """The incoming CSM has read what was added."""

    type: Literal["taught_seen"] = "taught_seen"
