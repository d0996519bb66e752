"""What is seen to around the last day of whoever leaves, and what is written for it (AT2, G2)."""

from enum import StrEnum
from string import Formatter

from pydantic import Field, field_validator

from flows.frozen import Frozen, Moment


class KitItem(StrEnum):
    """One thing to be done; the order is that of the message."""

    MEETINGS = "meetings"
    INBOXES = "inboxes"
    AUTO_REPLY = "auto_reply"
    GOODBYE = "goodbye"
    CRM = "crm"
    PAY = "pay"
    AUDIT = "audit"


KIT_FACTS = frozenset({"account", "outgoing", "contact", "last_day"})
"""What a text of the kit may name: `contact` is who is there for the customer afterwards."""


class KitTexts(Frozen):
    """What an auto-reply and a goodbye say, with blanks for `KIT_FACTS`.

    `audit` is how many working days after the last one somebody looks at what recurs.
    """

    auto_reply: str = Field(default="", max_length=1000)
    goodbye: str = Field(default="", max_length=1000)
    audit: int = Field(default=5, ge=1, le=30)

    @field_validator("auto_reply", "goodbye")
    @classmethod
    def _only_facts(cls, text: str) -> str:
        named = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
        if unknown := sorted(named - KIT_FACTS):
            raise ValueError(f"{unknown[0]!r} is no fact that a customer may be told")
        return text


class Ticked(Frozen):
    """Who said, and when, that something is done."""

    by: str
    at: Moment


class Kit(Frozen):
    """When the kit was handed out, and what of it is done."""

    at: Moment | None = None
    done: dict[KitItem, Ticked] = {}


NO_KIT = Kit()
"""One value for all whose last day is not near."""
