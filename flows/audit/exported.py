"""What an export says: one JSON document a line, so that it is written and read a piece at a time.

`export.schema.json` beside this file is the JSON Schema of a line; what is not said has
its default. Whoever changes a field raises `schema_version`: files of an older one are somewhere
already.

An export can be verified without the bot. Of a journal, each line's `digest` is the SHA-256 of its
`salt` and `payload` one after the other (no payload: it was erased); its `chain` is that of
`BEFORE|seq|at|by|type|digest`, with `|state` behind it where there is one, BEFORE being the
former line's chain or 64 zeros; and the last line's `state` is the SHA-256 of its salt and the
document, without blanks. A line whose state is its own chain made without a state was written anew
by the next line `forgotten`, whose payload has the SHA-256 of all these states before it.
"""

import json
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from flows.books.book import Book
from flows.confidential.vault import Vault
from flows.frozen import Frozen, Moment
from flows.handover import Handover


class ExportBegins(Frozen):
    """The first line. `handover` is the one that was asked for, empty for a whole workspace."""

    kind: Literal["export"] = "export"
    schema_version: Literal[1] = 1
    team: str
    handover: str
    with_vault: bool
    made_at: Moment


class ExportedLine(Frozen):
    """A line of a journal; `at` are microseconds since 1970, `payload` is JSON."""

    seq: int
    at: int
    by: str
    type: str
    salt: str
    digest: str
    state: str
    chain: str
    payload: str | None


class Exported(Frozen):
    """What is stored of something, with its journal; `version` and `chain` are where that ends.

    `abridged` says that the document leaves out what only --with-vault brings.
    """

    id: str
    version: int
    chain: str
    journal: tuple[ExportedLine, ...]
    abridged: bool = False


class ExportedHandover(Exported):
    """A handover. Files are told by name and link; their content is Slack's."""

    kind: Literal["handover"]
    document: Handover


class ExportedVault(Exported):
    """What only leaders may know of a handover."""

    kind: Literal["vault"]
    document: Vault


class ExportedBook(Exported):
    """What many handovers have in common."""

    kind: Literal["book"]
    document: Book


class ExportedWorkspace(Exported):
    """A workspace's settings, and what was done to it as a whole."""

    kind: Literal["workspace"]
    document: dict[str, Any]


class ExportedRow(Frozen):
    """Something that is stored as a row: people, playbooks, replies that found no place yet."""

    kind: Literal["row"]
    table: str
    row: dict[str, str | int | bool | None]


class ExportEnds(Frozen):
    """The last line, without which a file is not whole; how many there are before it."""

    kind: Literal["end"] = "end"
    lines: int


ExportLine = (
    ExportBegins
    | ExportedHandover
    | ExportedVault
    | ExportedBook
    | ExportedWorkspace
    | ExportedRow
    | ExportEnds
)
EXPORT_LINES: TypeAdapter[ExportLine] = TypeAdapter(
    Annotated[ExportLine, Field(discriminator="kind")]
)


def export_schema() -> str:
    """The JSON Schema of a line, as it is published."""
    schema: dict[str, Any] = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    schema |= EXPORT_LINES.json_schema(mode="validation")
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
