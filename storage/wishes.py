"""How people want to be reminded."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection, bindparam, select, text

from flows.nudges.reminders import Frequency, Wishes
from storage.tables import wishes

_FIND_ALL = select(wishes.c.person, wishes.c.frequency, wishes.c.stopped_until).where(
    wishes.c.team == bindparam("t"), wishes.c.person.in_(bindparam("ps", expanding=True))
)
_KEEP = text(
    "INSERT INTO wishes (team, person, frequency, stopped_until)"
    " VALUES (:team, :person, :frequency, :stopped_until)"
    " ON CONFLICT (team, person) DO UPDATE SET"
    " frequency = excluded.frequency, stopped_until = excluded.stopped_until"
)


def find(connection: Connection, team: str, person: str) -> Wishes:
    """What somebody asked for; the usual where they never did."""
    return find_all(connection, team, (person,)).get(person, Wishes())


def find_all(connection: Connection, team: str, persons: Collection[str]) -> dict[str, Wishes]:
    """What those of some people asked for who ever did, by person."""
    rows = connection.execute(_FIND_ALL, {"t": team, "ps": list(persons)})
    return {
        person: Wishes(
            frequency=Frequency(frequency),
            stopped_until=date.fromisoformat(stop) if stop else None,
        )
        for person, frequency, stop in rows
    }


def keep(connection: Connection, team: str, person: str, wanted: Wishes) -> None:
    """Store what somebody asks for."""
    stop = wanted.stopped_until
    row = {
        "team": team,
        "person": person,
        "frequency": wanted.frequency.value,
        "stopped_until": stop.isoformat() if stop else None,
    }
    connection.execute(_KEEP, row)
