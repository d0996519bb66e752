"""Who is who in the workspace, held in memory so that no modal waits for a database.

The snapshot is refreshed by what Slack tells and by a tick; rights are read from the database again
where they matter, at submit.
"""

import re
from collections.abc import Callable, Iterable
from concurrent.futures import wait
from dataclasses import replace
from functools import partial

from bot.lines import Lines
from bot.payloads import storable
from bot.times import Clock
from bot.views.slack_text import Names
from flows.parts import Part
from storage import people, workspaces
from storage.engine import Database
from storage.moments import to_stored
from storage.people import NAMELESS, Person
from storage.workspaces import Workspace

MOST_LOOKUPS = 3
"""How many people never seen are fetched for one act; Slack waits three seconds for its answer."""
PATIENCE_SECONDS = 2.0
_ADDITION = re.compile(r"\s*([(\[|/–—]|\s-\s).*$", re.DOTALL)
"""What people add to their names for a while."""


class Roster:
    """People and settings of one workspace. `ask` fetches somebody from Slack, or none, on the
    threads of `lookups`; an act waits for it for `patience` seconds.
    """

    def __init__(
        self,
        team: str,
        database: Database,
        clock: Clock,
        ask: Callable[[str], Person | None],
        lookups: Lines | None = None,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self._team = team
        self._database = database
        self._clock = clock
        self._ask = ask
        self._patience = patience
        self._people: dict[str, Person] = {}
        self._workspace = Workspace(team=team)
        self._lookups = lookups or Lines("lookup")

    @property
    def workspace(self) -> Workspace:
        """The settings as of the last refresh."""
        return self._workspace

    @property
    def leaders(self) -> tuple[str, ...]:
        """The listed leaders who are still there."""
        gone = {user for user in self._workspace.leaders if self._is_gone(user)}
        return tuple(user for user in self._workspace.leaders if user not in gone)

    def is_leader(self, user: str) -> bool:
        """Whether somebody is a listed leader, as far as the snapshot knows."""
        return user in self.leaders

    def is_admin(self, user: str) -> bool:
        """Whether somebody is an admin or owner of the workspace, as far as the snapshot knows."""
        person = self._people.get(user)
        return person is not None and person.is_admin

    def parts(self, user: str) -> frozenset[Part]:
        """What somebody is to the workspace, as far as the snapshot knows: the columns of the table
        of rights that are about no handover.
        """
        found = {Part.MEMBER}
        if self.is_leader(user):
            found.add(Part.LISTED)
        if self.is_admin(user):
            found.add(Part.ADMIN)
        return frozenset() if self._is_gone(user) else frozenset(found)

    def refresh(self) -> None:
        """Read the settings, and the people known so far, from the database; who is forgotten
        there, is here too.
        """
        with self._database.read() as connection:
            workspace = workspaces.find(connection, self._team)
            known = set(self._people) | set(workspace.leaders)
            found = people.find_all(connection, self._team, known)
        self._people.update(found)
        for user in known - set(found):
            self._people.pop(user, None)
        self._workspace = workspace

    def learn(self, person: Person) -> None:
        """Store what Slack says of somebody."""
        with self._database.write() as connection:
            people.keep(connection, person, to_stored(self._clock.now()))
        self._people[person.user] = person

    def hear(self, person: Person) -> None:
        """Store what Slack says of somebody, where it is news."""
        known = self.known(person.user)
        if known is None or replace(known, channel=None, country=None) != person:
            self.learn(person)

    def meet(self, users: Iterable[str]) -> dict[str, Person]:
        """These people, by id; somebody never seen is fetched from Slack.

        Whoever cannot be fetched in time is missing from the answer, and known the next time.
        """
        wanted = set(users)
        self._recall(wanted)
        unseen = sorted(wanted - set(self._people))[:MOST_LOOKUPS]
        if unseen:
            asked = [self._lookups.ask(self._team, partial(self._look_up, user)) for user in unseen]
            answered, _late = wait(filter(None, asked), timeout=self._patience)
            for answer in answered:
                answer.result()
        # Whoever is forgotten goes between two looks.
        return {user: person for user in wanted if (person := self._people.get(user))}

    def known(self, user: str) -> Person | None:
        """Somebody from memory or the database; nobody is fetched, nothing is written."""
        self._recall({user})
        return self._people.get(user)

    def stored(self, user: str) -> Person | None:
        """Somebody as the database has them now: who was forgotten is in no memory either."""
        with self._database.read() as connection:
            found = people.find(connection, self._team, user)
        if found is None:
            self._people.pop(user, None)
        return found

    def colleagues(self) -> dict[str, Person]:
        """Everybody who was ever met and may take part, as they are stored."""
        with self._database.read() as connection:
            self._people.update(people.everybody(connection, self._team))
        known = self._people.copy()
        return {user: person for user, person in known.items() if person.is_colleague}

    def names(self, users: Iterable[str] = ()) -> Names:
        """How to name people; `users` are read ahead, everybody else only from memory."""
        self._recall(set(users))
        return lambda user: person.name if (person := self._people.get(user)) else NAMELESS

    def _look_up(self, user: str) -> None:
        if person := self._ask(user):
            self.learn(person)

    def _recall(self, users: set[str]) -> None:
        unknown = users - set(self._people)
        if unknown:
            with self._database.read() as connection:
                self._people.update(people.find_all(connection, self._team, unknown))

    def _is_gone(self, user: str) -> bool:
        person = self._people.get(user)
        return person is not None and not person.is_colleague


class SilentSlackError(Exception):
    """Who somebody is could not be found out in time; it is to be tried again."""


def stranger(team: str, user: str) -> Person:
    """Somebody whom Slack does not show us."""
    return Person(team=team, user=user, name=NAMELESS, is_stranger=True)


def is_other_name(before: str, after: str) -> bool:
    """Whether somebody is called otherwise, and does not only tell where they are: "Ana (away)"."""
    return _ADDITION.sub("", before).strip() != _ADDITION.sub("", after).strip()


def person_of(team: str, user: dict[str, object]) -> Person:
    """A person from Slack's user object (users.info, user_change)."""
    profile = user.get("profile")
    shown = profile if isinstance(profile, dict) else {}
    name = shown.get("display_name") or user.get("real_name") or shown.get("real_name")
    return Person(
        team=team,
        user=str(user["id"]),
        name=str(storable(name or user.get("name") or NAMELESS))[:200],
        tz=str(user.get("tz") or ""),
        home_team=str(user.get("team_id") or team),
        is_admin=bool(user.get("is_admin") or user.get("is_owner")),
        is_bot=bool(user.get("is_bot")) or user["id"] == "USLACKBOT",
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        is_stranger=bool(user.get("is_stranger")) or team not in _teams(user, team),
        is_gone=bool(user.get("deleted")),
    )


def _teams(user: dict[str, object], team: str) -> set[object]:
    """Where somebody belongs: in an organisation that can be several workspaces."""
    org = user.get("enterprise_user")
    return {user.get("team_id") or team, *(org.get("teams") or () if isinstance(org, dict) else ())}
