"""How a book is started, as a playbook tells."""

from pydantic import Field

from flows.frozen import Frozen


class BookRules(Frozen):
    """`undo_minutes`: how long after its start a book can be taken back whole; people are told when
    they are over, with 0 at once.
    """

    undo_minutes: int = Field(default=2, ge=0, le=60)
