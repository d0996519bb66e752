"""What a report is made of: a person's handovers that a period touches, and what is late on them.

Handovers are read whole: 2,000 of them take about a second of a core (`tests/bench/report.py`),
away from everybody's clicks, which is simpler than keeping a copy of what is counted in step.
"""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import Connection, bindparam, func, or_, select

from flows.handover import Handover, Stage
from storage.journal import HANDOVER
from storage.reading import read
from storage.tables import handovers, participants, tasks

_TAKES_PART = (participants.c.team == bindparam("t")) & (participants.c.person == bindparam("p"))
_TOUCHED = (
    select(handovers.c.document)
    .join(
        participants,
        (participants.c.team == handovers.c.team) & (participants.c.handover == handovers.c.id),
    )
    .where(
        _TAKES_PART,
        or_(
            handovers.c.stage == Stage.IN_FLIGHT.value,
            handovers.c.updated_at >= bindparam("since"),
        ),
    )
    .order_by(handovers.c.account_key, handovers.c.id)
)
_LATE = (
    select(tasks.c.handover, func.count())
    .join(
        participants,
        (participants.c.team == tasks.c.team) & (participants.c.handover == tasks.c.handover),
    )
    .where(_TAKES_PART, tasks.c.aggregate == HANDOVER, tasks.c.due < bindparam("today"))
    .group_by(tasks.c.handover)
)


def touched(connection: Connection, team: str, person: str, since: int) -> Iterator[Handover]:
    """A person's handovers that are under way, or changed since a stored moment, by account.

    Who may know of which is for flows.
    """
    for row in connection.execute(_TOUCHED, {"t": team, "p": person, "since": since}):
        yield read(Handover.model_validate_json, row[0])


def late(connection: Connection, team: str, person: str, today: date) -> dict[str, int]:
    """How many tasks are late on a person's handovers, by handover; not what only leaders know."""
    known = {"t": team, "p": person, "today": today.isoformat()}
    return {row[0]: row[1] for row in connection.execute(_LATE, known)}
