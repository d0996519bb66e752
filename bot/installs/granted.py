"""One installation's token, renewed before it expires.

A refresh token works once, so of all threads and replicas one takes the right to use it, for a
while, in a transaction of its own; the others go on with the token that they have. Slack is asked
outside any transaction: no click waits for it.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.crash import crash_point
from bot.delivery.port import Refused
from bot.installs.granting import DEAD, Granting
from bot.times import Clock
from storage import installations
from storage.deadline import is_waited_for, taking_its_time
from storage.engine import Database, StorageBusyError
from storage.installations import Installation, Tokens
from storage.moments import to_stored
from storage.seal import Seal, SealError

_log = logging.getLogger(__name__)
_SECOND = 1_000_000
EARLY_SECONDS = 2 * 3600
"""How long before its end a token is renewed."""
_RIGHT_SECONDS = 90
"""How long a right to refresh counts; longer than the guard and a call to Slack may take."""
_GUARD_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Vaults:
    """Where tokens are kept, and where the next come from."""

    database: Database
    seal: Seal
    granting: Granting
    clock: Clock

    def now(self) -> int:
        return to_stored(self.clock.now())

    def read(self, owner: str) -> Installation | None:
        """An owner's installation. Raises SealError and StorageBusyError."""
        with self.database.read() as connection:
            return installations.find(connection, self.seal, owner)


@dataclass(slots=True)
class Granted:
    """A `Token`. `over(owner, token)` hears that Slack will never take this token again.

    Tokens that could not be stored yet are used all the same, and stored as soon as can be: Slack
    gives them once.
    """

    installation: Installation
    vaults: Vaults
    over: Callable[[str, str], None]
    _tokens: Tokens = field(init=False)
    _unkept: tuple[int, Tokens] | None = None
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._tokens = self.installation.tokens

    def now(self) -> str:
        """The token, renewed first if it is about to expire and nobody is at it already.

        Whoever answers a person leaves that to others while the token is good.
        """
        left = self._left()
        is_early = left < EARLY_SECONDS or self._unkept
        if left <= 0 or (is_early and not is_waited_for()):
            self.renew()
        return self._tokens.token

    def instead(self, token: str, why: str) -> str | None:
        """The token that came in the place of a refused one; what is dead for good is told."""
        self._read_again()
        if self._tokens.token == token and why == "token_expired":
            self.renew(expired=token)
        if self._tokens.token != token:
            return self._tokens.token
        if why in DEAD and self.vaults.granting.is_dead(token):
            self.over(self.installation.owner, token)
        return None

    def renew(self, *, expired: str | None = None) -> None:
        """Refresh the tokens unless somebody else does; whoever has none left waits for that.

        `expired` is the token that Slack says is, whatever the clock says.
        """
        if not self._turn.acquire(blocking=expired is not None or self._left() <= 0):
            return
        try:
            self._keep()
            # Whoever waited for the turn may find another token.
            self._renew(expired=expired == self._tokens.token)
        except (StorageBusyError, SealError):
            _log.exception("the token of %s is not renewed", self.installation.owner)
        finally:
            self._turn.release()

    def _renew(self, *, expired: bool) -> None:
        vaults, owner, known = self.vaults, self.installation.owner, self._tokens.expires_at
        if known is None or (self._left() >= EARLY_SECONDS and not expired):
            return
        since, now = vaults.clock.monotonic(), vaults.now()
        until = now + _RIGHT_SECONDS * _SECOND
        with vaults.database.write() as connection:
            mine = installations.claim_refresh(connection, vaults.seal, owner, known, now, until)
        crash_point("token.claimed")
        if mine is None:
            self._read_again()
            return
        late = vaults.clock.monotonic() - since > _GUARD_SECONDS
        if late or mine.tokens.refresh is None:
            return
        answer = vaults.granting.refresh(mine.tokens.refresh, vaults.now())
        crash_point("token.refreshed")
        if isinstance(answer, Tokens):
            self._tokens, self._unkept = answer, (known, answer)
            self._keep()
        else:
            _log.error("Slack gives %s no other token: %s", owner, answer)
            no_way_on = isinstance(answer, Refused) and answer.code == "invalid_refresh_token"
            if no_way_on and (expired or self._left() <= 0):
                self.over(owner, self._tokens.token)

    def _keep(self) -> None:
        """Store what is not stored yet. Raises StorageBusyError; whoever calls next tries it again.

        Where the bot was installed anew meanwhile, the tokens from there count.
        """
        if self._unkept is None:
            return
        vaults, owner, (known, tokens) = self.vaults, self.installation.owner, self._unkept
        with taking_its_time(), vaults.database.write() as connection:
            kept = installations.refreshed(connection, vaults.seal, owner, known, tokens)
        self._unkept = None
        if not kept:
            self._read_again()

    def _read_again(self) -> None:
        """Another replica may have renewed it, or the bot was installed anew."""
        stored = self.vaults.read(self.installation.owner)
        if stored and self._unkept is None:
            self._tokens = stored.tokens

    def _left(self) -> float:
        """Seconds until the token expires; many for one that does not."""
        expires_at = self._tokens.expires_at
        if expires_at is None:
            return float("inf")
        return (expires_at - self.vaults.now()) / _SECOND
