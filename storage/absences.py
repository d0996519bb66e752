"""When people said they are away, beside the handovers on which they said so."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection, bindparam, delete, insert, select

from flows.handover import Handover
from flows.schedule.calendars import Absence
from storage import reminders
from storage.tables import absences

_FORGET = delete(absences).where(
    absences.c.team == bindparam("t"), absences.c.handover == bindparam("h")
)
_INSERT = insert(absences)
_AHEAD = select(absences.c.person, absences.c.first, absences.c.last).where(
    absences.c.team == bindparam("t"),
    absences.c.person.in_(bindparam("ps", expanding=True)),
    absences.c.last >= bindparam("d"),
)


def sync(connection: Connection, before: Handover, after: Handover) -> None:
    """Bring what people told on a handover in step; they are reminded accordingly from now on.

    On an example nobody is really away.
    """
    told, former = after.schedule.away, before.schedule.away
    if after.example or told is former or told == former:
        return
    connection.execute(_FORGET, {"t": after.team, "h": after.id})
    rows = [
        {
            "team": after.team,
            "handover": after.id,
            "person": user,
            "first": absence.first.isoformat(),
            "last": absence.last.isoformat(),
        }
        for user, each in told.items()
        for absence in each
    ]
    if rows:
        connection.execute(_INSERT, rows)
    for user in sorted({*told, *former}):
        if told.get(user) != former.get(user):
            reminders.look_again(connection, after.team, user)


def ahead(
    connection: Connection, team: str, persons: Collection[str], today: date
) -> dict[str, list[Absence]]:
    """The absences of some people that are not over by a day, on whichever handover they told."""
    key = {"t": team, "ps": list(persons), "d": today.isoformat()}
    found: dict[str, list[Absence]] = defaultdict(list)
    for person, first, last in connection.execute(_AHEAD, key):
        absence = Absence(first=date.fromisoformat(first), last=date.fromisoformat(last))
        found[person].append(absence)
    return found
