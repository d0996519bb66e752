"""One office per workspace in which the bot is installed, made when it is first needed."""

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from bot.delivery.gateway import Gateway
from bot.office import Office
from storage.engine import StorageBusyError
from storage.reading import NewerReleaseError

log = logging.getLogger(__name__)


class Homes(Protocol):
    """Where the bot is installed."""

    def teams(self) -> Iterable[str]: ...

    def gateway(
        self, team: str, org: str | None = None, sent: int | None = None
    ) -> Gateway | None: ...


@dataclass(frozen=True, slots=True)
class OneHome:
    """The workspace whose token an operator has set."""

    team: str
    slack: Gateway

    def teams(self) -> Iterable[str]:
        return (self.team,)

    def gateway(
        self,
        team: str,
        org: str | None = None,  # noqa: ARG002
        sent: int | None = None,  # noqa: ARG002
    ) -> Gateway | None:
        return self.slack if team == self.team else None


class Offices:
    """The offices by workspace. `furnish` makes one."""

    def __init__(self, homes: Homes, furnish: Callable[[str, Gateway], Office]) -> None:
        self._homes = homes
        self._furnish = furnish
        self._open: dict[str, Office] = {}
        self._turn = threading.Lock()

    def of(self, team: str, org: str | None = None, sent: int | None = None) -> Office | None:
        """A workspace's office, none where the bot is not installed.

        `org` is the organisation by whose installation Slack delivers from there, `sent` what it
        says of when, in seconds since 1970.
        """
        return self._open.get(team) or self._make(team, org, sent)

    def count(self) -> int:
        """How many are open."""
        return len(self._open)

    def gateway(self, team: str) -> Gateway | None:
        """The way to a workspace's Slack, none where the bot is not installed."""
        office = self.of(team)
        return office.gateway if office else None

    def everywhere(
        self, do: Callable[[Office], object], got_on: Callable[[], object] = lambda: None
    ) -> None:
        """Do something in every workspace; what fails in one holds up no other.

        `got_on` is told after each in which it came to something: while Slack is silent, all of
        them take long. Raises StorageBusyError, and what failed if it failed everywhere.
        """
        failures, teams = list[Exception](), list(self._homes.teams())
        for team in teams:
            try:
                if office := self.of(team):
                    do(office)
                got_on()
            except StorageBusyError:
                raise
            except NewerReleaseError:
                log.info("%s is left to a newer release", team)
            except Exception as failure:  # noqa: BLE001 - told below
                failures.append(failure)
        if failures and len(failures) == len(teams):
            raise failures[0]
        for one in failures:
            log.error("something failed in one workspace", exc_info=one)

    def close(self, team: str) -> None:
        """The bot was taken out of a workspace."""
        with self._turn:
            self._open.pop(team, None)

    def _make(self, team: str, org: str | None, sent: int | None) -> Office | None:
        # Nobody waits for anybody who waits for the database, so several may be at it at once.
        gateway = self._homes.gateway(team, org, sent)
        if gateway is None:
            return None
        office = self._furnish(team, gateway)
        with self._turn:
            return self._open.setdefault(team, office)
