"""What is stored as JSON, read back: here alone a newer release's is told from what is broken.

While one release takes over from another, both write the same rows. Models forbid what they do not
know, so what the newer one has added is refused here and never dropped by writing it again.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from pydantic import ValidationError

T = TypeVar("T")

_UNKNOWN = frozenset({"extra_forbidden", "enum", "literal_error", "union_tag_invalid"})
"""How pydantic calls a field or a value that it has never heard of."""


class NewerReleaseError(Exception):
    """A newer release wrote this, and this one cannot read it: left to whoever can, unchanged."""


def read(parse: Callable[[str], T], text: str) -> T:
    """A stored value. Raises NewerReleaseError, and ValidationError where it is broken."""
    try:
        return parse(text)
    except ValidationError as error:
        if is_newer(error):
            raise NewerReleaseError(error.title) from None
        raise


def readable(parse: Callable[[str], T], texts: Iterable[str]) -> Iterator[T]:
    """Those that can be read, for a list that is shown and decides nothing."""
    for text in texts:
        try:
            yield read(parse, text)
        except NewerReleaseError:
            continue


def is_newer(error: ValidationError) -> bool:
    """Whether something is unknown rather than wrong."""
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    return any(fault["type"] in _UNKNOWN for fault in faults)
