"""The workspaces in which people have installed the bot: coming, being there, and leaving."""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from bot.delivery.gateway import Gateway
from bot.delivery.tokens import Token
from bot.installs.granted import EARLY_SECONDS, Granted, Vaults
from bot.payloads import Departure
from bot.settings import SettingsError
from bot.turns import Turns
from flows.happened import CLOCK
from storage import departures, install_states, installations, workspaces
from storage.engine import Database
from storage.installations import Installation, is_org
from storage.seal import SealError

_log = logging.getLogger(__name__)
_SECOND = 1_000_000


class Installs:
    """A `Homes`. `back` hears of a workspace in which all may go on, `left` of one in which nothing
    may happen any more.

    What was found is remembered until its owner leaves; another replica's memory does no harm: what
    it would send was cancelled in the database, and a token that is dead tells it so.
    """

    def __init__(
        self,
        vaults: Vaults,
        gateway: Callable[[Token], Gateway],
        back: Callable[[str], None],
        left: Callable[[str], None],
        kept: timedelta,
    ) -> None:
        self._vaults = vaults
        self._make_gateway = gateway
        self._back = back
        self._left = left
        self._kept = kept
        self._granted: dict[str, Granted] = {}
        self._turn = threading.Lock()

    def check(self) -> None:
        """Look whether tokens can be opened: one that no key opens concerns its own workspace, and
        is in the log. Raises SettingsError when none can.
        """
        with self._database.read() as connection:
            shut = installations.unopened(connection, self._vaults.seal)
            every = len(installations.owners(connection))
        words = f"HANDOVER_ENCRYPTION_KEYS: no key opens the token of {shut} installations"
        if shut and shut == every:
            raise SettingsError(words)
        if shut:
            _log.error("%s", words)

    def teams(self) -> list[str]:
        """Every workspace in which the bot is installed and has been used."""
        with self._database.read() as connection:
            return installations.live_teams(connection)

    def gateway(self, team: str, org: str | None = None, sent: int | None = None) -> Gateway | None:
        """The way to a workspace's Slack, none where the bot is not installed.

        `org` is the organisation by whose installation Slack delivers from there, at a second since
        1970, if it says so. What was sent before the bot was taken out of there brings it not back.
        """
        with self._database.read() as connection:
            owner = installations.owner_of(connection, team)
            org_is_here = org and installations.since(connection, org)
            gone = departures.since(connection, team)
        is_late = gone is not None and sent is not None and sent <= gone // _SECOND
        if owner is None and org and org_is_here and not is_late:
            with self._database.write() as connection:
                installations.note_team(connection, team, org)
                departures.come_back(connection, team, self._vaults.now())
            owner = org
        granted = self._of(owner) if owner else None
        return self._make_gateway(granted) if granted else None

    def arrive(self, one: Installation) -> None:
        """The bot is installed, or installed anew: what was stopped goes on."""
        now = self._vaults.now()
        with self._database.write() as connection:
            installations.keep(connection, self._vaults.seal, one)
            teams = installations.teams_of(connection, one.owner)
            for team in teams:
                departures.come_back(connection, team, now)
            if not is_org(one.owner):
                known = workspaces.hold(connection, one.owner)
                installer = {"installer": known.installer or one.installed_by}
                after = known.model_copy(update=installer)
                workspaces.keep(connection, after, one.installed_by, self._vaults.clock.now())
        self._forget(one.owner, ())
        for team in teams:
            self._back(team)
        _log.info("installed by %s", one.owner)

    def hear(self, departure: Departure) -> None:
        """Slack tells that the bot was taken out, or its token revoked; in any order, or late."""
        with self._database.read() as connection:
            found = installations.since(connection, departure.owner)
        if found is None:
            return
        since, bot_user = found
        # Slack tells moments in whole seconds.
        is_late = departure.at < since // _SECOND
        if is_late or (departure.bots is not None and bot_user not in departure.bots):
            return
        if departure.teams is None:
            self._leave(departure.owner, since)
        else:
            self._leave_some(departure.owner, departure.teams)

    def renew(self, got_on: Callable[[], object] = lambda: None) -> None:
        """Renew tokens before they expire, so that nobody has to wait for it.

        `got_on` is told after each: while Slack is silent, all of them take long.
        """
        before = self._vaults.now() + EARLY_SECONDS * _SECOND
        with self._database.read() as connection:
            owners = installations.aging(connection, before)
        for owner in owners:
            if granted := self._of(owner):
                granted.renew()
            got_on()

    def tidy(self) -> None:
        """Erase what workspaces left behind that took the bot out long ago."""
        now = self._vaults.now()
        before = now - int(self._kept.total_seconds()) * _SECOND
        with self._database.write() as connection:
            install_states.forget(connection, now)
            gone = departures.long_gone(connection, before)
        for team in gone:
            purge = partial(departures.purge, team=team, by=CLOCK, now=now)
            Turns(self._database, tries=1).until_none(purge)
            _log.info("erased what %s left behind", team)

    @property
    def _database(self) -> Database:
        return self._vaults.database

    def _of(self, owner: str) -> Granted | None:
        """The token of an owner who has installed the bot; none where no key opens it."""
        if known := self._granted.get(owner):
            return known
        # As many as like may be at it at once; what the first of them found counts for all.
        try:
            found = self._vaults.read(owner)
        except SealError:
            _log.error("HANDOVER_ENCRYPTION_KEYS: no key opens the token of %s", owner)
            return None
        if found is None:
            return None
        with self._turn:
            return self._granted.setdefault(owner, Granted(found, self._vaults, self._over))

    def _over(self, owner: str, token: str) -> None:
        """Slack takes a token no longer: unless there is another one, the bot was taken out."""
        stored = self._vaults.read(owner)
        if stored is None:
            # Another replica heard of it first. Another owner's installation may serve there now.
            with self._database.read() as connection:
                teams = installations.teams_of(connection, owner)
            self._forget(owner, teams)
        elif stored.tokens.token == token:
            _log.warning("the token of %s is over: as if the bot was taken out", owner)
            self._leave(owner, stored.installed_at)

    def _leave(self, owner: str, since: int) -> None:
        now, teams = self._vaults.now(), list[str]()
        with self._database.write() as connection:
            if installations.remove(connection, owner, since):
                for team in installations.teams_of(connection, owner):
                    # An organisation's installation may go on where a workspace's own ends.
                    if installations.owner_of(connection, team) is None:
                        departures.depart(connection, team, now)
                    teams.append(team)
        self._forget(owner, teams)
        if teams:
            _log.info("taken out by %s", owner)

    def _leave_some(self, org: str, teams: tuple[str, ...]) -> None:
        """An organisation took the bot out of some of its workspaces."""
        now = self._vaults.now()
        with self._database.write() as connection:
            taken = [team for team in teams if installations.drop_team(connection, team, org)]
            for team in taken:
                if installations.owner_of(connection, team) is None:
                    departures.depart(connection, team, now)
        for team in taken:
            self._left(team)
            _log.info("taken out of %s by %s", team, org)

    def _forget(self, owner: str, teams: tuple[str, ...] | list[str]) -> None:
        with self._turn:
            self._granted.pop(owner, None)
        for team in teams:
            self._left(team)
