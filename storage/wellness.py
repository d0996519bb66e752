"""How the database is, in one question that any probe may ask: its schema, and what waits in it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, text

from storage.outbox import QUIET, SHUT_OUT

# In plain text: a state that is bound would keep SQLite from its partial indexes.
_LOOK = text(
    "SELECT 'pending' AS what, error AS word, count(*) AS n,"
    " min(created_at) AS written, min(not_before) AS due"
    " FROM outbox WHERE state = 'pending' GROUP BY error"
    " UNION ALL SELECT 'dead', NULL, count(*), NULL, NULL FROM outbox WHERE state = 'dead'"
    " UNION ALL SELECT 'revision', version_num, 0, NULL, NULL FROM alembic_version"
    " UNION ALL SELECT 'serves', oldest, 0, NULL, NULL FROM schema_serves"
)


@dataclass(frozen=True, slots=True)
class Wellness:
    """What a look found. Moments are stored ones, none where nothing waits.

    `written` is when the oldest message was asked for that waits for nobody's hours, `due` when
    the one that is due the longest should have been sent. `shut_out` counts what waits for a token
    that works, by Slack's word for why.
    """

    revision: str
    serves: str
    pending: int
    dead: int
    written: int | None
    due: int | None
    shut_out: Mapping[str, int]


def look(connection: Connection) -> Wellness:
    """One look, of one statement."""
    rows = connection.execute(_LOOK).all()
    word = {row.what: row.word for row in rows}
    waiting = [row for row in rows if row.what == "pending"]
    return Wellness(
        revision=word["revision"],
        serves=word["serves"],
        pending=sum(row.n for row in waiting),
        dead=sum(row.n for row in rows if row.what == "dead"),
        written=min((row.written for row in waiting if row.word != QUIET), default=None),
        due=min((row.due for row in waiting), default=None),
        shut_out={row.word: row.n for row in waiting if row.word in SHUT_OUT},
    )
