"""The playbook of new handovers, and those that older ones were started with."""

from functools import lru_cache
from importlib import resources
from pathlib import Path

from sqlalchemy import Connection

from flows.errors import PlaybookError
from flows.handover import Handover
from flows.playbook import Playbook, fingerprint, read_playbook
from storage import playbooks
from storage.reading import NewerReleaseError

_read = lru_cache(maxsize=32)(read_playbook)


class Playbooks:
    """Reads each playbook once; `current` is what new handovers get."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.current = _read(text)
        self.name = fingerprint(text)
        self._known = {self.name: self.current}

    def keep(self, connection: Connection, team: str) -> None:
        """Store the current playbook, so that its handovers keep it for ever."""
        playbooks.keep(connection, team, self.name, self._text)

    def of(self, connection: Connection, handover: Handover) -> Playbook:
        """The playbook of a handover. Raises NewerReleaseError."""
        known = self._known.get(handover.playbook)
        if known is None:
            text = playbooks.find(connection, handover.team, handover.playbook)
            if text is None:
                raise LookupError(f"playbook {handover.playbook} is not stored")
            # It is called by what it says, so it is the same for ever.
            known = self._known[handover.playbook] = _stored(text)
        return known


def _stored(text: str) -> Playbook:
    """A playbook that was good when it was stored: if not here, it is a newer release's."""
    try:
        return _read(text)
    except PlaybookError:
        raise NewerReleaseError("playbook") from None


def playbook_text(file: Path | None) -> str:
    """The text of a team's own playbook, or of the default one. Raises PlaybookError."""
    if file is not None:
        try:
            return file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            raise PlaybookError(["not UTF-8 text"]) from None
        except OSError as error:
            raise PlaybookError([error.strerror or "it cannot be read"]) from None
    return resources.files("flows").joinpath("playbook.toml").read_text(encoding="utf-8")
