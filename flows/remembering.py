"""What follows from a value that never changes need not be worked out twice."""

from collections.abc import Callable
from functools import wraps
from typing import Generic, TypeVar, TypeVarTuple, Unpack

from flows.frozen import Frozen

_MOST = 256


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


class Latest(Generic[T]):
    """The latest result for each of a few names: the same again while it is made of the same."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[object, T]] = {}

    def of(self, name: str, made_of: object, make: Callable[[], T]) -> T:
        """What is known, if it was made of equal things; else what is made now."""
        known = self._known.get(name)
        if known is None or known[0] != made_of:
            if len(self._known) >= _MOST:
                self._known.clear()
            known = self._known[name] = (made_of, make())
        return known[1]
