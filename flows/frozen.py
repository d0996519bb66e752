"""The base of every value in flows: immutable, and strict about what it is given."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """An immutable value; an unknown field is an error, not a surprise."""

    model_config = ConfigDict(frozen=True, extra="forbid")
