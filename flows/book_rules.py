"""What a playbook says about books: many accounts that are handed over in one sitting."""

from pydantic import Field

from flows.frozen import Frozen


class BookRules(Frozen):
    """How many hours a working day somebody has for a handover, until they say it themselves."""

    hours_a_day: float = Field(default=2, gt=0, le=12)
