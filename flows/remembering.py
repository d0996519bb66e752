"""What follows from a value that never changes need not be worked out twice.

Nor for a copy of it that differs only in fields which a result does not hang on.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Generic, Self, TypeVar, TypeVarTuple, Unpack

from flows.frozen import Frozen

_MOST = 256

Fields = frozenset[str]
_NONE: Fields = frozenset()
Room = dict[Fields, dict[Callable[..., Any], dict[tuple[object, ...], Any]]]


class Remembering(Frozen):
    """A frozen value with room for what was worked out from it.

    A copy has its own room, but for results that are unmoved by the fields in which it differs.
    """

    __slots__ = ("_known",)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """As pydantic's; the copy goes on with what is true of it too."""
        copy = super().model_copy(update=update, deep=deep)
        names = update.keys() if update else ()
        # At once: the value is shared, and another thread may be adding to it.
        known = list(_room(self).items())
        still_true = {but: found for but, found in known if but.issuperset(names)}
        object.__setattr__(copy, "_known", still_true)
        return copy


V = TypeVar("V", bound=Remembering)
Ts = TypeVarTuple("Ts")
T = TypeVar("T")


def _room(value: Remembering) -> Room:
    """What is known of a value: by what it does not hang on, by what worked it out from which."""
    try:
        room: Room = value._known  # type: ignore[attr-defined]  # noqa: SLF001
    except AttributeError:
        room = {}
        object.__setattr__(value, "_known", room)
    return room


def unmoved_by(
    fields: Fields,
) -> Callable[[Callable[[V, Unpack[Ts]], T]], Callable[[V, Unpack[Ts]], T]]:
    """As `remembered`, for what does not hang on these fields: copies that differ in nothing else
    share it.
    """

    def remembering(compute: Callable[[V, Unpack[Ts]], T]) -> Callable[[V, Unpack[Ts]], T]:
        @wraps(compute)
        def recalled(value: V, *args: *Ts) -> T:
            try:
                return value._known[fields][compute][args]  # type: ignore[attr-defined,no-any-return]  # noqa: SLF001
            except (AttributeError, KeyError):
                pass
            found = compute(value, *args)
            _room(value).setdefault(fields, {}).setdefault(compute, {})[args] = found
            return found

        return recalled

    return remembering


def remembered(compute: Callable[[V, Unpack[Ts]], T]) -> Callable[[V, Unpack[Ts]], T]:
    """Work out only once for each value what always follows from it and from the other arguments.

    Those have to be hashable, and nobody may change what comes back: everybody gets the same.
    """
    return unmoved_by(_NONE)(compute)


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
