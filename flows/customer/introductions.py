"""How stakeholders get to know whoever comes, and what of it has been done (G17, G30, N5)."""

from datetime import date
from enum import StrEnum

from pydantic import Field

from flows.frozen import Frozen, Moment
from flows.terms import Segment


class Channel(StrEnum):
    """How somebody of the customer's is reached."""

    CALL = "call"
    MAIL = "mail"
    MEETING = "meeting"


class Step(StrEnum):
    """What each stakeholder gets, in this order: nobody is introduced out of the blue (A14)."""

    HEADS_UP = "heads_up"
    INTRODUCED = "introduced"
    REASSURED = "reassured"


class StepTick(Frozen):
    """A step that was taken: by which user, on which calendar day of theirs, and how."""

    by: str
    on: date
    channel: Channel


class ByMail(Frozen):
    """A leader's word that mail is enough to introduce somebody who would be called (A18)."""

    by: str
    at: Moment
    why: str


class Introduction(Frozen):
    """What was decided and done for one stakeholder.

    Without a `channel` the segment's usual one counts. `place` tells who comes first, 0 where
    nobody said. `email` is as typed.
    """

    channel: Channel | None = None
    place: int = Field(default=0, ge=0)
    email: str = ""
    by_mail: ByMail | None = None
    ticks: dict[Step, StepTick] = {}


class Coverage(Frozen):
    """The introductions of a handover, by the stakeholder's record."""

    people: dict[str, Introduction] = {}


UNCOVERED = Coverage()
"""One value for all who have said nothing yet."""


class CoverageRules(Frozen):
    """How stakeholders are introduced, as a playbook tells.

    `key` are the parts that make a stakeholder a key one, the first ones come first; `sponsors`
    those whose silence a leader hears of, `sponsor_days` working days after the planned
    introduction. Segments in `no_mail` introduce key stakeholders by more than a mail.
    """

    key: tuple[str, ...] = ("sponsor", "champion", "day_to_day")
    sponsors: tuple[str, ...] = ("sponsor",)
    sponsor_days: int = Field(default=2, ge=0)
    channels: dict[Segment, Channel] = {
        Segment.SMB: Channel.MAIL,
        Segment.MID_MARKET: Channel.CALL,
        Segment.ENTERPRISE: Channel.CALL,
    }
    no_mail: tuple[Segment, ...] = (Segment.MID_MARKET, Segment.ENTERPRISE)
