"""A copy of what is stored of one handover or of a workspace, line by line, and its verification.

Tokens are in no line: installations have no workspace, and what is exported is listed here.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Table, and_, bindparam, select

from storage.auditing import ROWS, Fault, Seen, hold_still, must_have_lines
from storage.chains import Chain, Head
from storage.engine import Database
from storage.journal import BOOK, HANDOVER, VAULT, WORKSPACE
from storage.tables import (
    canvases,
    corrections,
    journal,
    messages,
    people,
    playbooks,
    strays,
    wishes,
)

EXPORTED = (people, playbooks, strays, corrections, messages, canvases, wishes)
"""What is a row of its own. All other tables follow from documents, tell how far messages are, or
hold secrets.
"""
_LINE = ("seq", "at", "by", "type", "salt", "digest", "state", "chain", "payload")
_AT_ONCE = 20


def export(
    database: Database, begins: dict[str, Any], *, handover: str, with_vault: bool
) -> Iterator[str]:
    """The lines of an export; `begins` is the first, with the `team`. `handover` is empty for all.

    Raises LookupError where there is no such handover.
    """
    team, count = str(begins["team"]), 1
    yield _json(begins)
    kinds = [WORKSPACE, HANDOVER, VAULT, BOOK] if not handover else [HANDOVER, VAULT]
    said: list[str] = []
    for kind in kinds:
        if kind != VAULT or with_vault:
            for line in _aggregates(database, team, kind, handover, with_vault=with_vault):
                count += 1
                if handover:
                    said.append(line)
                yield line
    if handover and not said:
        raise LookupError(handover)
    for table in EXPORTED:
        for line in _rows(database, team, table, handover, "".join(said)):
            count += 1
            yield line
    yield _json({"kind": "end", "lines": count})


def verify(lines: Iterable[str], seen: Seen) -> Iterator[Fault]:
    """Every fault of an export's journals; that it was cut off is one too."""
    number, ends, team = 0, False, ""
    for number, text in enumerate(lines, start=1):
        line = json.loads(text)
        kind = line["kind"]
        if kind == "export":
            team = line["team"]
        ends = kind == "end" and line["lines"] == number - 1
        if kind in ROWS:
            seen.journals[kind] += 1
            yield from _faults(team, line, seen)
    if not ends:
        yield Fault(team, "export", "", number, "the file is not whole")


def _faults(team: str, line: dict[str, Any], seen: Seen) -> Iterator[Fault]:
    chain, wrong = Chain(), list[tuple[int, str]]()
    for each in line["journal"]:
        wrong += chain.read(each)
    document = None if line.get("abridged") else _json(line["document"])
    if must_have_lines(line["kind"], line["version"]):
        wrong += chain.end(Head(line["version"], line["chain"], document))
    seen.lines += chain.lines
    seen.erased += chain.erased
    for where, what in wrong:
        yield Fault(team, line["kind"], line["id"], where, what)


def _aggregates(
    database: Database, team: str, kind: str, handover: str, *, with_vault: bool
) -> Iterator[str]:
    table, key = ROWS[kind]
    one = [key == handover] if handover else []
    some = (
        select(key, table.c.version, table.c.chain, table.c.document)
        .where(table.c.team == team, key > bindparam("after"), *one)
        .order_by(key)
        .limit(_AT_ONCE)
    )
    after: str | None = ""
    while after is not None:
        with database.read() as connection:
            hold_still(connection)
            found = connection.execute(some, {"after": after}).all()
            made = [_line(connection, team, kind, row, with_vault=with_vault) for row in found]
        yield from made
        after = found[-1][0] if len(found) == _AT_ONCE else None


def _line(connection: Connection, team: str, kind: str, row: Any, *, with_vault: bool) -> str:  # noqa: ANN401 - a row
    name, version, chain, document = row
    here = and_(journal.c.team == team, journal.c.aggregate == kind, journal.c.handover == name)
    told = select(*(journal.c[column] for column in _LINE)).where(here).order_by(journal.c.seq)
    lines = [dict(line) for line in connection.execute(told).mappings()]
    head: dict[str, Any] = {"kind": kind, "id": name, "version": version, "chain": chain}
    if kind == BOOK and not with_vault:
        for line in lines:
            if line["payload"] and _open(line["payload"]) != line["payload"]:
                line["payload"] = None
        head["abridged"] = _open(document) != document
        document = _open(document)
    # As it is stored, to the letter: its last line says what it is.
    return f'{_json(head)[:-1]},"document":{document},"journal":{_json(lines)}}}'


def _open(text: str) -> str:
    """A book without the confidential reason that it may hold for its vaults."""
    return _json(_without_reason(json.loads(text)))


def _without_reason(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    if isinstance(value, list):
        return [_without_reason(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: None if key == "confidential" else _without_reason(each) for key, each in value.items()
    }


def _rows(database: Database, team: str, table: Table, handover: str, said: str) -> Iterator[str]:
    keys = [column for column in table.primary_key.columns if column.name != "team"]
    wanted = select(table).where(table.c.team == team)
    if handover and "handover" in table.c:
        wanted = wanted.where(table.c.handover == handover)
    with database.read() as connection:
        found = connection.execute(wanted.order_by(*keys), execution_options={"yield_per": 500})
        for row in found.mappings():
            # Of one handover, whoever and whatever it names.
            if not handover or "handover" in table.c or f'"{row[keys[0].name]}"' in said:
                yield _json({"kind": "row", "table": table.name, "row": dict(row)})


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
