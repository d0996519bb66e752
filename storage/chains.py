"""Whether a journal is what was written: one line after the other, with nothing kept of them.

A line is as it was written when its link follows from it. One that was written anew because a
person was forgotten keeps the link it had, says in its `state` what it would be chained to now, and
is vouched for by a line `forgotten` after it, over all lines at once: so nothing that was ever
chained is chained anew, and a line that was changed without such a word is found.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flows.audit.acts import FORGOTTEN, Forgotten
from storage.journal import FIRST_LINK, digest_of, link_of


@dataclass(frozen=True, slots=True)
class Head:
    """Where an aggregate's row says that its journal ends, and its document; none if abridged."""

    version: int
    chain: str
    document: str | None


class Chain:
    """The journal of one aggregate, while it is read. `lines` is how many were, `erased` how many
    of them have lost their payload.
    """

    def __init__(self) -> None:
        self.lines = self.erased = 0
        self.forgotten: list[str] = []
        self._link = FIRST_LINK
        self._last: Mapping[str, Any] = {}
        self._anew = hashlib.sha256()
        self._rewritten = self._vouched = 0

    def read(self, line: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
        """Take the next line; what is wrong with it, by its number."""
        seq, number = line["seq"], self._last.get("seq", 0) + 1
        self.lines += 1
        if seq != number:
            missing = str(number) if seq == number + 1 else f"{number} to {seq - 1}"
            yield number, f"missing: {missing}"
        payload = line["payload"]
        self.erased += payload is None
        is_whole = payload is None or digest_of(line["salt"], payload) == line["digest"]
        if not is_whole:
            yield seq, "its payload is not what was written"
        header = (line["at"], line["by"], line["type"], line["digest"])
        bare = link_of(self._link, seq, *header, "")
        if link_of(self._link, seq, *header, line["state"]) == line["chain"]:
            if is_whole:
                self._vouch(line)
        elif bare == line["state"]:
            self._rewritten = seq
        else:
            yield seq, "it does not follow from the line before it"
        self._anew.update(bare.encode())
        self._link, self._last = line["chain"], line

    def end(self, head: Head) -> Iterator[tuple[int, str]]:
        """What is wrong with the whole, once its last line was read."""
        last = self._last.get("seq", 0)
        if last < head.version:
            yield last + 1, f"cut off: there were {head.version} lines"
        elif last > head.version:
            yield head.version + 1, f"put on: there were {head.version} lines"
        elif self._link != head.chain:
            yield last, "it is not the line that was written last"
        elif head.document is not None and not self._led_to(head.document):
            yield last, "what is stored is not what it led to"
        if self._rewritten > self._vouched:
            yield self._rewritten, "written anew, and no forgetting vouches for it"

    def _vouch(self, line: Mapping[str, Any]) -> None:
        """A forgetting speaks for the lines before it, as they are now."""
        if line["type"] != FORGOTTEN or line["payload"] is None:
            return
        said = Forgotten.model_validate_json(line["payload"])
        self.forgotten.append(said.alias)
        if said.lines == self._anew.hexdigest():
            self._vouched = line["seq"] - 1

    def _led_to(self, document: str) -> bool:
        """The release before said nothing of what a line led to."""
        state = self._last.get("state")
        return not state or digest_of(self._last["salt"], document) == state
