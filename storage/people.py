"""The people of a workspace as far as handovers need them, refreshed from what Slack tells."""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select, text, update

from storage.tables import people

_BY_ID = select(people).where(people.c.team == bindparam("t"), people.c.user == bindparam("u"))
_BY_IDS = select(people).where(
    people.c.team == bindparam("t"), people.c.user.in_(bindparam("us", expanding=True))
)
_EVERYBODY = select(people).where(people.c.team == bindparam("t"))
_KEEP = text(
    """
    INSERT INTO people (team, "user", name, tz, home_team, is_admin, is_bot, is_guest,
                        is_stranger, is_gone, updated_at)
    VALUES (:team, :user, :name, :tz, :home_team, :is_admin, :is_bot, :is_guest,
            :is_stranger, :is_gone, :updated_at)
    ON CONFLICT (team, "user") DO UPDATE SET
        name = excluded.name, tz = excluded.tz, home_team = excluded.home_team,
        is_admin = excluded.is_admin, is_bot = excluded.is_bot, is_guest = excluded.is_guest,
        is_stranger = excluded.is_stranger, is_gone = excluded.is_gone,
        updated_at = excluded.updated_at
    """
)
_CHANNEL = (
    update(people)
    .where(people.c.team == bindparam("t"), people.c.user == bindparam("u"))
    .values(channel=bindparam("c"))
)

NAMELESS = "a colleague"
"""What somebody is called of whom Slack tells no name."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on Slack. A stranger belongs to another workspace (Slack Connect).

    `country` is an ISO code and stands where it is not the one of the time zone.
    """

    team: str
    user: str
    name: str
    tz: str = "UTC"
    home_team: str = ""
    is_admin: bool = False
    is_bot: bool = False
    is_guest: bool = False
    is_stranger: bool = False
    is_gone: bool = False
    channel: str | None = None
    country: str | None = None

    @property
    def is_colleague(self) -> bool:
        """Whether this person may take part: a full member who is there, and no bot."""
        return not (self.is_bot or self.is_guest or self.is_stranger or self.is_gone)

    @property
    def is_only_guest(self) -> bool:
        """Whether this person is a guest of the workspace who is there: no bot, no stranger."""
        return self.is_guest and not (self.is_bot or self.is_stranger or self.is_gone)


def find(connection: Connection, team: str, user: str) -> Person | None:
    """A person that was seen before."""
    row = connection.execute(_BY_ID, {"t": team, "u": user}).mappings().first()
    return _person(dict(row)) if row else None


def find_all(connection: Connection, team: str, users: set[str]) -> dict[str, Person]:
    """Those of these people that were seen before, by user id."""
    rows = connection.execute(_BY_IDS, {"t": team, "us": sorted(users)}).mappings()
    return {row["user"]: _person(dict(row)) for row in rows}


def everybody(connection: Connection, team: str) -> dict[str, Person]:
    """Everybody who was seen before, by user id."""
    rows = connection.execute(_EVERYBODY, {"t": team}).mappings()
    return {row["user"]: _person(dict(row)) for row in rows}


def keep(connection: Connection, person: Person, now: int) -> None:
    """Store what Slack says of a person; their DM channel and country stay as they are."""
    told = set(Person.__slots__) - {"channel", "country"}
    row = {name: getattr(person, name) for name in told}
    connection.execute(_KEEP, row | {"updated_at": now})


def keep_channel(connection: Connection, team: str, user: str, channel: str) -> None:
    """Remember where a person's DM is."""
    connection.execute(_CHANNEL, {"t": team, "u": user, "c": channel})


def _person(row: dict[str, object]) -> Person:
    return Person(**{name: row[name] for name in Person.__slots__})  # type: ignore[arg-type]
