"""Which Slack canvas a handover has, and to whom it was opened."""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, delete, select, text

from storage.tables import canvas_readers, canvases

_FIND = select(canvases.c.canvas).where(
    canvases.c.team == bindparam("t"), canvases.c.handover == bindparam("h")
)
_KEEP = text(
    "INSERT INTO canvases (team, handover, canvas) VALUES (:t, :h, :c) ON CONFLICT DO NOTHING"
)
_FORGET = delete(canvases).where(
    canvases.c.team == bindparam("t"),
    canvases.c.handover == bindparam("h"),
    canvases.c.canvas == bindparam("c"),
)
_READERS = select(canvas_readers.c.person).where(
    canvas_readers.c.team == bindparam("t"), canvas_readers.c.canvas == bindparam("c")
)
_ADMIT = text(
    "INSERT INTO canvas_readers (team, canvas, person) VALUES (:t, :c, :p) ON CONFLICT DO NOTHING"
)
_DISMISS = delete(canvas_readers).where(
    canvas_readers.c.team == bindparam("t"),
    canvas_readers.c.canvas == bindparam("c"),
    canvas_readers.c.person.in_(bindparam("those", expanding=True)),
)


def find(connection: Connection, team: str, handover: str) -> str | None:
    """The id of a handover's canvas."""
    found: str | None = connection.execute(_FIND, {"t": team, "h": handover}).scalar()
    return found


def keep(connection: Connection, team: str, handover: str, canvas: str) -> bool:
    """Note a new canvas; False when the handover had one already, which stays its own."""
    return connection.execute(_KEEP, {"t": team, "h": handover, "c": canvas}).rowcount == 1


def forget(connection: Connection, team: str, handover: str, canvas: str) -> None:
    """Note that a canvas is gone."""
    connection.execute(_FORGET, {"t": team, "h": handover, "c": canvas})


def readers(connection: Connection, team: str, canvas: str) -> frozenset[str]:
    """Whom a canvas was opened to."""
    return frozenset(connection.execute(_READERS, {"t": team, "c": canvas}).scalars())


def admit(connection: Connection, team: str, canvas: str, person: str) -> None:
    """Note that a canvas is about to be opened to somebody."""
    connection.execute(_ADMIT, {"t": team, "c": canvas, "p": person})


def dismiss(connection: Connection, team: str, canvas: str, people: Iterable[str]) -> None:
    """Note that a canvas is closed to them again."""
    connection.execute(_DISMISS, {"t": team, "c": canvas, "those": sorted(people)})
