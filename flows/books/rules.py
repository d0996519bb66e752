"""What a playbook says about books: many accounts that change hands at once."""

from collections.abc import Mapping

from pydantic import Field

from flows.frozen import Frozen
from flows.terms import Segment


class BookRules(Frozen):
    """`undo_minutes`: how long after its start a book can be taken back whole; people are told when
    they are over, with 0 at once. `hours_a_day`: how many hours a working day somebody has for it,
    until they say it themselves.

    `hours` is what an account asks of whoever takes it over until the switch, by segment. Somebody
    has too much who would have more than `overload` times what most have, and an account whose
    renewal is within `renewal_days` is warned about; so is one that gets another CSM for the
    `changes`-th time within `changes_months` (N9).
    """

    undo_minutes: int = Field(default=2, ge=0, le=60)
    hours_a_day: float = Field(default=2, gt=0, le=12)
    hours: Mapping[Segment, float] = {
        Segment.SMB: 3,
        Segment.MID_MARKET: 8,
        Segment.ENTERPRISE: 20,
    }
    overload: float = Field(default=1.3, gt=1)
    renewal_days: int = Field(default=60, ge=0)
    changes: int = Field(default=3, ge=2)
    changes_months: int = Field(default=24, ge=1)
