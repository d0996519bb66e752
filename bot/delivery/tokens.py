"""What a workspace's calls are made with: a token that never changes, or one that is renewed."""

from dataclasses import dataclass, field
from typing import Protocol


class Token(Protocol):
    """A workspace's token."""

    def now(self) -> str:
        """The token to call with."""
        ...

    def instead(self, token: str, why: str) -> str | None:
        """Another one to call with once more, after Slack refused this one in the words `why`."""
        ...


@dataclass(frozen=True, slots=True)
class OneToken:
    """The token that an operator has set: there is no other."""

    token: str = field(repr=False)

    def now(self) -> str:
        return self.token

    def instead(self, token: str, why: str) -> str | None:  # noqa: ARG002 - as the protocol says
        return None
