"""The base of every value in flows: immutable, and strict about what it is given."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from typing_extensions import override


class Frozen(BaseModel):  # noqa: PLW1641 - pydantic hashes what is frozen
    """An immutable value; an unknown field is an error, not a surprise.

    What was wrong is named by its field and never quoted: errors end up in logs.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    @override
    def __eq__(self, other: object) -> bool:
        # What an event leaves alone is the very same object, and most is compared with that.
        return self is other or super().__eq__(other)


Moment = AwareDatetime
"""A point in time that knows its zone; a naive one is refused where it enters."""

ShortText = Annotated[str, Field(min_length=1, max_length=200)]
"""A name or a title: what fits into one line of a message."""
