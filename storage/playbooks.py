"""Playbooks by the hash of their text: a handover keeps the one that it was started with."""

from sqlalchemy import Connection, bindparam, select, text

from storage.tables import playbooks

_KEEP = text(
    "INSERT INTO playbooks (team, hash, content) VALUES (:team, :hash, :content)"
    " ON CONFLICT DO NOTHING"
)
_FIND = select(playbooks.c.content).where(
    playbooks.c.team == bindparam("t"), playbooks.c.hash == bindparam("h")
)


def keep(connection: Connection, team: str, name: str, content: str) -> None:
    """Store a playbook's text under its hash."""
    connection.execute(_KEEP, {"team": team, "hash": name, "content": content})


def find(connection: Connection, team: str, name: str) -> str | None:
    """The text of a stored playbook."""
    return connection.execute(_FIND, {"t": team, "h": name}).scalar()
