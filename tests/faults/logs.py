"""What a bot's log says that it must not: an exception that nobody declared."""

import re
from collections.abc import Sequence

_SAID = re.compile(r"^\S+ \S+ (?:ERROR|CRITICAL)\s+(.*)\n  File ", re.MULTILINE)


def unhandled(log: str, declared: Sequence[str] = ()) -> list[str]:
    """What was logged with where it came from. `declared` are beginnings of what may be."""
    return [said for said in _SAID.findall(log) if not said.startswith(tuple(declared))]
