"""The messages by which people were disturbed though they did nothing: so many a day, by number.

A number is taken before its message is posted, by the message's key. Two replicas collide on it,
and whoever comes again after a crash finds its own.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, select, text

from storage.pieces import some_of
from storage.tables import disturbances

_COLUMNS = (disturbances.c.number, disturbances.c.key, disturbances.c.at)
_OF_DAY = (
    select(*_COLUMNS)
    .where(
        disturbances.c.team == bindparam("t"),
        disturbances.c.person == bindparam("p"),
        disturbances.c.day == bindparam("d"),
    )
    .order_by(disturbances.c.number)
)
_TAKE = text(
    "INSERT INTO disturbances (team, person, day, number, key, at)"
    " VALUES (:t, :p, :d, :n, :k, :now) ON CONFLICT DO NOTHING"
)
_GIVE_BACK = delete(disturbances).where(
    disturbances.c.team == bindparam("t"), disturbances.c.key == bindparam("k")
)
_FORGET = some_of(disturbances, disturbances.c.at < bindparam("before"))


@dataclass(frozen=True, slots=True)
class Disturbance:
    """The how many-th of its day it is, the key of the message that began it, and when."""

    number: int
    key: str
    at: int


def of_day(connection: Connection, team: str, person: str, day: str) -> list[Disturbance]:
    """Those of a person's day (ISO), in their order."""
    rows = connection.execute(_OF_DAY, {"t": team, "p": person, "d": day})
    return [Disturbance(*row) for row in rows]


def take(
    connection: Connection, team: str, person: str, day: str, number: int, key: str, now: int
) -> bool:
    """Take a number for a message; False where another was faster, or it has one already."""
    row = {"t": team, "p": person, "d": day, "n": number, "k": key, "now": now}
    return connection.execute(_TAKE, row).rowcount == 1


def give_back(connection: Connection, team: str, key: str) -> None:
    """The message is not posted after all."""
    connection.execute(_GIVE_BACK, {"t": team, "k": key})


def forget(connection: Connection, before: int, most: int = 1000) -> int:
    """Forget some of the days that are over; how many numbers it were."""
    return connection.execute(_FORGET, {"before": before, "n": most}).rowcount
