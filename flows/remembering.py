"""What follows from a value that never changes need not be worked out twice.

Nor for a copy of it that differs only in fields which a result does not hang on, nor of those
entries of a mapping that the copy has in common with it.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from operator import is_
from typing import Any, Generic, NamedTuple, Self, TypeVar, TypeVarTuple, Unpack

from flows.frozen import Frozen

_MOST = 256

Fields = frozenset[str]
_NONE: Fields = frozenset()
Room = dict[Fields, dict[Callable[..., Any], dict[tuple[object, ...], Any]]]


class Found(NamedTuple):
    """What was found for each entry of a mapping, and beside what."""

    beside: tuple[object, ...]
    entries: Mapping[str, object]
    results: Mapping[str, Any]


class Remembering(Frozen):
    """A frozen value with room for what was worked out from it.

    A copy has its own room, but for results that are unmoved by the fields in which it differs.
    What was found for each entry it shares with all others: it tells by itself what it is true of.
    """

    __slots__ = ("_found", "_known")

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """As pydantic's; the copy goes on with what is true of it too."""
        copy = super().model_copy(update=update, deep=deep)
        names = update.keys() if update else ()
        # At once: the value is shared, and another thread may be adding to it.
        known = list(_room(self).items())
        still_true = {but: found for but, found in known if but.issuperset(names)}
        object.__setattr__(copy, "_known", still_true)
        object.__setattr__(copy, "_found", _lately(self))
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


def entry_by_entry(
    field: str, *beside: str
) -> Callable[[Callable[[V, str, Unpack[Ts]], T]], Callable[[V, Unpack[Ts]], Mapping[str, T]]]:
    """As `remembered`, for what is worked out of each entry of a mapping, `field`, and of nothing
    else but the fields `beside`. What is known of the very same entry, beside the very same things,
    is not worked out again.
    """

    def remembering(
        compute: Callable[[V, str, Unpack[Ts]], T],
    ) -> Callable[[V, Unpack[Ts]], Mapping[str, T]]:
        @wraps(compute)
        def recalled(value: V, *args: *Ts) -> Mapping[str, T]:
            entries: Mapping[str, object] = getattr(value, field)
            around = (*args, *[getattr(value, name) for name in beside])
            lately = _lately(value)
            known = lately.get(compute)
            if known is None or not all(map(is_, known.beside, around)):
                known = Found(around, {}, {})
            was, then = known.entries.get, known.results
            results = {
                key: then[key] if was(key) is entry else compute(value, key, *args)
                for key, entry in entries.items()
            }
            lately[compute] = Found(around, entries, results)
            return results

        return recalled

    return remembering


def _lately(value: Remembering) -> dict[Callable[..., Any], Found]:
    """What was found for the entries of a value, or of those that it is a copy of."""
    try:
        found: dict[Callable[..., Any], Found] = value._found  # type: ignore[attr-defined]  # noqa: SLF001
    except AttributeError:
        found = {}
        object.__setattr__(value, "_found", found)
    return found


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
