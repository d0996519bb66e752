"""What a playbook says about books: many accounts that change hands at once."""

from pydantic import Field

from flows.frozen import Frozen


class BookRules(Frozen):
    """`undo_minutes`: how long after its start a book can be taken back whole; people are told when
    they are over, with 0 at once. `hours_a_day`: how many hours a working day somebody has for it,
    until they say it themselves.
    """

    undo_minutes: int = Field(default=2, ge=0, le=60)
    hours_a_day: float = Field(default=2, gt=0, le=12)
