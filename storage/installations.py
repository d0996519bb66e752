"""Where the bot is installed, by whose leave, and the tokens that Slack gave for it, sealed.

An installation belongs to an owner: a workspace, or an organisation for any of its workspaces. What
is stored of it exists while it is installed, and no longer.
"""

import json
from dataclasses import dataclass, field

from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select, text, update

from storage.seal import Seal, SealError
from storage.tables import installations, org_teams

_FIND = select(installations).where(installations.c.owner == bindparam("o"))
_HERE = installations.c.owner == bindparam("o")
_ORG_OF = select(org_teams.c.owner).where(org_teams.c.team == bindparam("t"))
_OWNER = (
    select(installations.c.owner)
    .where(or_(installations.c.owner == bindparam("t"), installations.c.owner.in_(_ORG_OF)))
    # A workspace's own comes first.
    .order_by(installations.c.owner.desc())
    .limit(1)
)
_TEAMS = select(org_teams.c.team).where(org_teams.c.owner == bindparam("o"))
_DROP_TEAM = delete(org_teams).where(
    org_teams.c.team == bindparam("t"), org_teams.c.owner == bindparam("o")
)
_NOTE_TEAM = text(
    "INSERT INTO org_teams (team, owner) VALUES (:team, :owner)"
    " ON CONFLICT (team) DO UPDATE SET owner = excluded.owner"
)
_OWNERS = select(installations.c.owner).order_by(installations.c.owner)
_LIVE_ORG_TEAMS = select(org_teams.c.team).where(
    org_teams.c.owner.in_(select(installations.c.owner))
)
_ALL_SEALED = select(installations.c.sealed)
_COUNT_OTHERWISE = (
    select(func.count())
    .select_from(installations)
    .where(installations.c.sealed_with != bindparam("by"))
)
_AGING = select(installations.c.owner).where(installations.c.expires_at <= bindparam("before"))
_CLAIM = (
    update(installations)
    .where(
        _HERE,
        installations.c.expires_at == bindparam("known"),
        installations.c.refreshing_until <= bindparam("now"),
    )
    .values(refreshing_until=bindparam("until"))
)
_REPLACED = (_HERE, installations.c.expires_at == bindparam("known"))
_OTHERWISE_SEALED = (
    select(installations.c.owner, installations.c.sealed)
    .where(
        installations.c.sealed_with != bindparam("by"), installations.c.owner > bindparam("after")
    )
    .order_by(installations.c.owner)
    .limit(bindparam("n"))
)
_RESEAL = (
    update(installations)
    .where(_HERE, installations.c.sealed == bindparam("before"))
    .values(sealed=bindparam("after"), sealed_with=bindparam("by"))
)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What calls Slack, and what is exchanged for the next; `expires_at` is a stored moment."""

    token: str = field(repr=False)
    refresh: str | None = field(default=None, repr=False)
    expires_at: int | None = None


@dataclass(frozen=True, slots=True)
class Installation:
    """The bot in one workspace or organisation; `installed_at` is a stored moment."""

    owner: str
    name: str
    app: str
    bot_user: str
    scopes: str
    installed_by: str
    installed_at: int
    tokens: Tokens

    @property
    def is_org(self) -> bool:
        """Whether it is an organisation's, for any of its workspaces."""
        return is_org(self.owner)


def is_org(owner: str) -> bool:
    """Whether an owner is an organisation: Slack's ids of those begin with E."""
    return owner.startswith("E")


def keep(connection: Connection, seal: Seal, one: Installation) -> None:
    """Store an installation in the place of what its owner had before."""
    connection.execute(delete(installations).where(_HERE), {"o": one.owner})
    row = {
        "owner": one.owner,
        "name": one.name[:200],
        "app": one.app,
        "bot_user": one.bot_user,
        "scopes": one.scopes,
        "installed_by": one.installed_by,
        "installed_at": one.installed_at,
        "refreshing_until": 0,
    }
    connection.execute(insert(installations).values(row | _sealed(seal, one.owner, one.tokens)))


def find(connection: Connection, seal: Seal, owner: str) -> Installation | None:
    """An owner's installation. Raises SealError."""
    row = connection.execute(_FIND, {"o": owner}).mappings().first()
    if row is None:
        return None
    opened = json.loads(seal.open(row["sealed"]))
    if opened["owner"] != owner:
        raise SealError
    return Installation(
        owner=owner,
        name=row["name"],
        app=row["app"],
        bot_user=row["bot_user"],
        scopes=row["scopes"],
        installed_by=row["installed_by"],
        installed_at=row["installed_at"],
        tokens=Tokens(opened["token"], opened["refresh"], row["expires_at"]),
    )


def since(connection: Connection, owner: str) -> tuple[int, str] | None:
    """When an owner installed the bot, as a stored moment, and the bot's user there."""
    row = connection.execute(_FIND, {"o": owner}).mappings().first()
    return (row["installed_at"], row["bot_user"]) if row else None


def owner_of(connection: Connection, team: str) -> str | None:
    """By whose installation the bot is in a workspace; none where it is in none."""
    return connection.execute(_OWNER, {"t": team}).scalar()


def note_team(connection: Connection, team: str, org: str) -> None:
    """Remember that a workspace belongs to an organisation that has installed the bot."""
    connection.execute(_NOTE_TEAM, {"team": team, "owner": org})


def drop_team(connection: Connection, team: str, org: str) -> bool:
    """Forget that a workspace has the bot by an organisation's installation; whether it had."""
    return connection.execute(_DROP_TEAM, {"t": team, "o": org}).rowcount == 1


def teams_of(connection: Connection, owner: str) -> list[str]:
    """The workspaces that an owner's installation is for, as far as the bot has been used there."""
    return list(connection.execute(_TEAMS, {"o": owner}).scalars()) if is_org(owner) else [owner]


def live_teams(connection: Connection) -> list[str]:
    """Every workspace in which the bot is installed and has been used."""
    own = [owner for owner in owners(connection) if not is_org(owner)]
    return sorted({*own, *connection.execute(_LIVE_ORG_TEAMS).scalars()})


def unopened(connection: Connection, seal: Seal) -> int:
    """How many installations have tokens that no key opens."""
    return sum(not _opens(seal, row[0]) for row in connection.execute(_ALL_SEALED))


def sealed_otherwise(connection: Connection, seal: Seal) -> int:
    """How many installations are sealed with another key than the newest."""
    return int(connection.execute(_COUNT_OTHERWISE, {"by": seal.name}).scalar_one())


def owners(connection: Connection) -> list[str]:
    """Whoever has installed the bot."""
    return list(connection.execute(_OWNERS).scalars())


def aging(connection: Connection, before: int) -> list[str]:
    """The owners whose tokens expire before a stored moment."""
    return list(connection.execute(_AGING, {"before": before}).scalars())


def claim_refresh(
    connection: Connection, seal: Seal, owner: str, known: int, now: int, until: int
) -> Installation | None:
    """Take the one right to refresh the tokens that expire at `known`, up to a stored moment.

    None when somebody else has it, or has refreshed them: a refresh token works once. Raises
    SealError.
    """
    key = {"o": owner, "known": known, "now": now, "until": until}
    if connection.execute(_CLAIM, key).rowcount != 1:
        return None
    return find(connection, seal, owner)


def refreshed(connection: Connection, seal: Seal, owner: str, known: int, tokens: Tokens) -> bool:
    """Store the tokens that came for those that expire at `known`, however late; False if others
    are stored by now. There are no second ones: a refresh token works once.
    """
    values = _sealed(seal, owner, tokens) | {"refreshing_until": 0}
    statement = update(installations).where(*_REPLACED).values(values)
    return connection.execute(statement, {"o": owner, "known": known}).rowcount == 1


def remove(connection: Connection, owner: str, since: int) -> bool:
    """Forget an installation and its tokens, if it is still the one that began at `since`."""
    statement = delete(installations).where(_HERE, installations.c.installed_at == bindparam("s"))
    return connection.execute(statement, {"o": owner, "s": since}).rowcount == 1


def reseal(
    connection: Connection, seal: Seal, after: str, most: int = 100
) -> tuple[int, str | None]:
    """Seal with the newest key what up to `most` owners have who come after one; how many it were,
    and the owner to go on from, none at the end.

    What is refreshed meanwhile is left as it is, and what no key opens.
    """
    key = {"by": seal.name, "after": after, "n": most}
    rows = connection.execute(_OTHERWISE_SEALED, key).all()
    done = sum(_resealed(connection, seal, owner, sealed) for owner, sealed in rows)
    return done, rows[-1][0] if rows else None


def _resealed(connection: Connection, seal: Seal, owner: str, sealed: str) -> int:
    try:
        after = seal.close(seal.open(sealed))
    except SealError:
        return 0
    key = {"o": owner, "before": sealed, "after": after, "by": seal.name}
    return connection.execute(_RESEAL, key).rowcount


def _opens(seal: Seal, sealed: str) -> bool:
    try:
        seal.open(sealed)
    except SealError:
        return False
    return True


def _sealed(seal: Seal, owner: str, tokens: Tokens) -> dict[str, str | int | None]:
    """The columns of tokens; sealed for their owner, so that no row can take another's."""
    opened = {"owner": owner, "token": tokens.token, "refresh": tokens.refresh}
    return {
        "sealed": seal.close(json.dumps(opened)),
        "sealed_with": seal.name,
        "expires_at": tokens.expires_at,
    }
