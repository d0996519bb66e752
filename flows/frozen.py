"""The base of every value in flows: immutable, and strict about what it is given."""

from collections.abc import Callable
from functools import wraps
from typing import Annotated, TypeVar, TypeVarTuple, Unpack

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class Frozen(BaseModel):
    """An immutable value; an unknown field is an error, not a surprise.

    What was wrong is named by its field and never quoted: errors end up in logs.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Remembering(Frozen):
    """A frozen value with room for what was worked out from it; a copy of it has its own."""

    __slots__ = ("_known",)


V = TypeVar("V", bound=Remembering)
Ts = TypeVarTuple("Ts")
T = TypeVar("T")


def remembered(compute: Callable[[V, Unpack[Ts]], T]) -> Callable[[V, Unpack[Ts]], T]:
    """Work out only once for each value what always follows from it and from the other arguments.

    Those have to be hashable, and nobody may change what comes back: everybody gets the same.
    """

    @wraps(compute)
    def recalled(value: V, *args: *Ts) -> T:
        known: dict[object, T] | None = getattr(value, "_known", None)
        if known is None:
            known = {}
            object.__setattr__(value, "_known", known)
        key = (compute, *args)
        try:
            return known[key]
        except KeyError:
            found = known[key] = compute(value, *args)
            return found

    return recalled


Moment = AwareDatetime
"""A point in time that knows its zone; a naive one is refused where it enters."""

ShortText = Annotated[str, Field(min_length=1, max_length=200)]
"""A name or a title: what fits into one line of a message."""
