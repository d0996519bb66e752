"""What digests tell of handovers: a narrow line each, made again from what changed.

A line is begun when its handover starts, and goes with it. It is made off the ack's path: its
`version` is the handover's that it was made of, 0 before the first time, so whatever has changed
since is found by comparing the two. `listed` lines may stand in channels; `alarm` is for leaders.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, bindparam, delete, insert, select, text, update

from flows.handover import Handover, Stage
from flows.reports.digest import CALM, Alarm, Line, Told
from storage.reading import read
from storage.tables import digest_lines, digest_readers, handovers

_BEGIN = text(
    "INSERT INTO digest_lines (team, handover, version, listed, line, alarm)"
    " VALUES (:t, :h, 0, false, '', '') ON CONFLICT DO NOTHING"
)
_CHANGED = (
    select(digest_lines.c.handover, handovers.c.version)
    .join(
        handovers,
        (handovers.c.team == digest_lines.c.team) & (handovers.c.id == digest_lines.c.handover),
    )
    .where(
        digest_lines.c.team == bindparam("t"),
        digest_lines.c.handover > bindparam("after"),
        digest_lines.c.version < handovers.c.version,
    )
    .order_by(digest_lines.c.handover)
    .limit(bindparam("n"))
)
_THIS = (digest_lines.c.team == bindparam("t"), digest_lines.c.handover == bindparam("h"))
_KEEP = (
    update(digest_lines)
    .where(*_THIS, digest_lines.c.version < bindparam("v"))
    .values(
        version=bindparam("v"),
        listed=bindparam("is_listed"),
        line=bindparam("new_line"),
        alarm=bindparam("new_alarm"),
    )
)
_END = delete(digest_lines).where(*_THIS, digest_lines.c.version < bindparam("v"))
_FORGET_READERS = delete(digest_readers).where(
    digest_readers.c.team == bindparam("t"), digest_readers.c.handover == bindparam("h")
)
_ADD_READERS = insert(digest_readers)
_LISTED = select(digest_lines.c.line).where(
    digest_lines.c.team == bindparam("t"), digest_lines.c.listed
)
_OF_READER = (
    select(digest_lines.c.line, digest_lines.c.alarm, digest_readers.c.leads)
    .join(
        digest_readers,
        (digest_readers.c.team == digest_lines.c.team)
        & (digest_readers.c.handover == digest_lines.c.handover),
    )
    .where(digest_readers.c.team == bindparam("t"), digest_readers.c.person == bindparam("p"))
)
_LEADING = (
    select(digest_readers.c.person)
    .where(digest_readers.c.team == bindparam("t"), digest_readers.c.leads)
    .distinct()
)


@dataclass(frozen=True, slots=True)
class Made:
    """What a handover in its `version` has to tell, and to whom. Without a line it is nothing: for
    good where it `ended`, else until the handover changes.
    """

    handover: str
    version: int
    line: Line | None = None
    alarm: Alarm = CALM
    listed: bool = False
    readers: Mapping[str, bool] = field(default_factory=dict)
    ended: bool = False


def begin(connection: Connection, before: Handover | None, after: Handover) -> None:
    """Have digests tell of a handover that has just been started; of an example they never do."""
    starts = before is None or before.stage is not Stage.IN_FLIGHT
    if starts and after.stage is Stage.IN_FLIGHT and not after.example:
        connection.execute(_BEGIN, {"t": after.team, "h": after.id})


def changed(
    connection: Connection, team: str, after: str = "", most: int = 100
) -> list[tuple[str, int]]:
    """The handovers whose lines are older than they are, by id, with the version of each; a piece
    at a time.
    """
    rows = connection.execute(_CHANGED, {"t": team, "after": after, "n": most})
    return [(row.handover, row.version) for row in rows]


def keep(connection: Connection, team: str, made: Made) -> None:
    """Put a line in the place of an older one; one that is newer stays as it is."""
    this = {"t": team, "h": made.handover, "v": made.version}
    if made.ended:
        connection.execute(_END, this)
        return
    values = this | {
        "is_listed": made.listed,
        "new_line": made.line.model_dump_json(exclude_defaults=True) if made.line else "",
        "new_alarm": made.alarm.model_dump_json(exclude_defaults=True),
    }
    if connection.execute(_KEEP, values).rowcount != 1:
        return
    connection.execute(_FORGET_READERS, this)
    rows = [
        {"team": team, "person": person, "handover": made.handover, "leads": leads}
        for person, leads in made.readers.items()
    ]
    if rows:
        connection.execute(_ADD_READERS, rows)


def listed(connection: Connection, team: str) -> list[Told]:
    """What channels may be told."""
    found = connection.execute(_LISTED, {"t": team}).scalars()
    return [Told(read(Line.model_validate_json, line)) for line in found]


def of_reader(connection: Connection, team: str, person: str) -> list[Told]:
    """What somebody may have in a digest of their own; alarms only of what they lead."""
    rows = connection.execute(_OF_READER, {"t": team, "p": person})
    return [_told(*row) for row in rows]


def led_by(connection: Connection, team: str, person: str) -> list[Told]:
    """What somebody leads, or backs up."""
    rows = connection.execute(_OF_READER, {"t": team, "p": person})
    return [_told(line, alarm, leads=True) for line, alarm, leads in rows if leads]


def leaders(connection: Connection, team: str) -> list[str]:
    """Everybody who leads one, or backs one up."""
    return list(connection.execute(_LEADING, {"t": team}).scalars())


def _told(line: str, alarm: str, leads: bool) -> Told:  # noqa: FBT001 - a row's columns
    beside = read(Alarm.model_validate_json, alarm) if leads else CALM
    return Told(read(Line.model_validate_json, line), beside)
