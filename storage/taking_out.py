"""Taking one person out of the rows beside the documents, some at a time.

What is theirs alone goes; what is also about others is written anew without them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    String,
    Table,
    Text,
    and_,
    delete,
    insert,
    select,
    tuple_,
    update,
)

from flows.audit.forgetting import Forgetting
from flows.events import EVENTS
from flows.handover import Said, Unsorted
from flows.reports.digest import Alarm, Line
from storage.auditing import ROWS
from storage.naming import says
from storage.tables import (
    absences,
    book_people,
    canvas_readers,
    corrections,
    digest_lines,
    digest_readers,
    disturbances,
    forgettings,
    journal,
    messages,
    metadata,
    outbox,
    participants,
    people,
    playbooks,
    posts,
    reminders,
    strays,
    wishes,
)

PERSONAL = {
    table: table.c.person
    for table in (
        *(absences, book_people, canvas_readers, corrections, digest_readers, disturbances),
        *(messages, outbox, participants, posts, reminders, strays, wishes),
    )
}
"""What is somebody's own, and goes with them; messages to them have nobody to be read by."""

_WHOLE = {table for table, _ in ROWS.values()} | {journal}
_LEFT_ALONE = {people, forgettings, playbooks}
"""Other people of the same name, and what no person writes."""
_COLUMNS = {
    table: [c for c in table.columns if isinstance(c.type, String) and c.name != "team"]
    for table in metadata.sorted_tables
    if "team" in table.c and table not in _WHOLE | _LEFT_ALONE
}
_READ: Mapping[ColumnElement[str], Callable[[str], object]] = {
    corrections.c.event: EVENTS.validate_json,
    strays.c.said: Said.model_validate_json,
    messages.c.piece: Unsorted.model_validate_json,
    digest_lines.c.line: Line.model_validate_json,
    digest_lines.c.alarm: Alarm.model_validate_json,
}
SHARED = [table for table, columns in _COLUMNS.items() if columns]
_AT_ONCE = 2000
_TOGETHER = 200
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """Those in which somebody stands, among some of a table; `looked_at` is how many these are,
    `last` the last one's key, none where there are no more.
    """

    table: Table
    found: list[dict[str, Any]]
    looked_at: int
    last: Key | None


def rows_with(
    connection: Connection, team: str, table: Table, after: Key | None, who: Forgetting
) -> Rows:
    """In which rows of a table somebody stands, some at a time, in the order of its key."""
    keys = [column for column in table.primary_key.columns if column.name != "team"]
    here = [table.c.team == team, *([_order(keys) > _values(after)] if after else [])]
    some = select(*(keys or [table.c.team])).where(*here).order_by(*keys).limit(_AT_ONCE)
    passed = [tuple(row) for row in connection.execute(some)]
    if not passed:
        return Rows(table, [], 0, None)
    last = passed[-1] if len(passed) == _AT_ONCE else None
    up_to = [_order(keys) <= _values(last)] if last else []
    texts = [c for c in _COLUMNS[table] if isinstance(c.type, Text)]
    marks = [c for c in _COLUMNS[table] if not isinstance(c.type, Text)]
    named = select(table).where(*here, *up_to, says(marks, texts, who))
    rows = [dict(row) for row in connection.execute(named).mappings()]
    found = [row for row in rows if _cleaned(table, row, who) != row]
    return Rows(table, found, len(passed), last)


def together(rows: Rows) -> Iterable[Rows]:
    """As many at a time as a transaction is to take."""
    for start in range(0, len(rows.found), _TOGETHER):
        yield Rows(rows.table, rows.found[start : start + _TOGETHER], 0, None)


def take_out(connection: Connection, rows: Rows, who: Forgetting) -> int:
    """Take somebody out of some rows; how many are others, or gone.

    Whatever the bot changed meanwhile is left as it is now, and found again the next time.
    """
    table, count = rows.table, 0
    personal = PERSONAL.get(table)
    own = [row for row in rows.found if personal is not None and row[personal.name] == who.person]
    if own and personal is not None:
        keys = list(table.primary_key.columns)
        named = [tuple(row[c.name] for c in keys) for row in own]
        theirs = _order(keys).in_(named if len(keys) > 1 else [one for (one,) in named])
        gone = delete(table).where(theirs, personal == who.person)
        count += connection.execute(gone).rowcount
    for row in rows.found:
        if personal is None or row[personal.name] != who.person:
            count += _written_anew(connection, table, row, who)
    return count


def _written_anew(
    connection: Connection, table: Table, row: dict[str, Any], who: Forgetting
) -> int:
    keys, after = [column.name for column in table.primary_key.columns], _cleaned(table, row, who)
    changed = {name: after[name] for name in row if after[name] != row[name]}
    if changed.keys().isdisjoint(keys):
        as_seen = _has(table, row, [*keys, *changed])
        return connection.execute(update(table).where(as_seen).values(**changed)).rowcount
    if not connection.execute(delete(table).where(_has(table, row, row))).rowcount:
        return 0
    # What hangs on a task is found out again for the new one.
    if connection.execute(select(table).where(_has(table, after, keys))).first() is None:
        connection.execute(insert(table).values(**after))
    return 1


def _order(keys: list[Any]) -> ColumnElement[Any]:
    only: ColumnElement[Any] = keys[0]
    return only if len(keys) == 1 else tuple_(*keys)


def _values(values: Key) -> Any:  # noqa: ANN401 - one value, or a row of them
    return values[0] if len(values) == 1 else tuple_(*values)


def _has(table: Table, row: Mapping[str, Any], names: Iterable[str]) -> ColumnElement[bool]:
    columns = (table.c[name] for name in names)
    return and_(
        # No index of PostgreSQL's serves where there may be nothing.
        *(
            c == row[c.name] if c.primary_key else c.is_not_distinct_from(row[c.name])
            for c in columns
        )
    )


def _cleaned(table: Table, row: dict[str, Any], who: Forgetting) -> dict[str, Any]:
    """Names stand in what people say; elsewhere the same word says what a message or a task is."""
    only_id = Forgetting(person=who.person, alias=who.alias)
    after = dict(row)
    for column in _COLUMNS[table]:
        if told := row[column.name]:
            words = who if isinstance(column.type, Text) else only_id
            parse = _READ.get(column)
            after[column.name] = words.document(told, parse) if parse else words.stored(told)
    return after
