"""What reaches a person and what the tables hold of it, made comparable between two stages.

Two runs differ in ids, in moments and in hashes of them; everything else has to be the same.
"""

import json
import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Table, select

from bot.sandbox import Person
from bot.sandbox.reading import readable
from storage import tables
from tests.privacy.cast import Cast
from tests.wire.stage import TOKEN

_BLURRED = (
    (re.compile(r"\d{10}\.\d{6}"), "<ts>"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*Z"), "<moment>"),
    (re.compile(r"\b1[6-9]\d{14}\b"), "<moment>"),
    (re.compile(r"\b\d\d:\d\d\b"), "<time>"),
    (re.compile(r"(?<![0-9A-Za-z])([A-Za-z]{1,2}|client-|4-)0\d{9}\b"), r"<\1>"),
    (re.compile(r"\b[0-9a-f]{20}\b"), "<id>"),
    (re.compile(r"\b[0-9a-f]{32,64}\b"), "<hash>"),
    (re.compile(r"\b(order|leaders)-[0-9a-f]{16}\b"), r"\1-<hash>"),
    (re.compile(r"127\.0\.0\.1:\d+"), "<host>"),
)


def blurred(cast: Cast, text: str) -> str:
    """A text without what differs by chance; people keep their names."""
    for person in cast.everybody:
        text = text.replace(person.id, f"<{person.name}>")
    for pattern, words in _BLURRED:
        text = pattern.sub(words, text)
    return text


def screens(cast: Cast, person: Person) -> list[str]:
    """Everything that this person could read so far, in the order in which they saw it."""
    return [blurred(cast, text) for text in cast.stage.slack.seen_by(person)]


def payloads(cast: Cast, person: Person) -> list[str]:
    """Everything that went to this person's client, as it was sent and each kind in its order:
    blocks with their ids and button values, metadata, private_metadata, and the answers to acts.
    """
    stage = cast.stage
    reached = {person.id, person.dm().id}
    found: list[tuple[float, str]] = []
    for delivery in stage.slack.deliveries:
        actor = delivery.payload.get("user_id") or delivery.payload.get("user", {}).get("id")
        if actor == person.id:
            reached.add(delivery.payload["trigger_id"])
            found.append((delivery.at, f"answer {delivery.status} {delivery.body}"))
    for call in stage.slack.journal:
        if call.method == "conversations.open" or not reached & _addressees(call.args):
            continue
        reached |= {view["id"] for view in [call.answer.get("view")] if view}
        plain = {name: value for name, value in call.args.items() if name != "trigger_id"}
        found.append((call.at, f"{call.method} {json.dumps(plain, sort_keys=True)}"))
    lines = [blurred(cast, text.replace(TOKEN, "<token>")) for _at, text in sorted(found)]
    edits = {line for line in lines if _lane(line)[1]}
    return sorted([*edits, *(line for line in lines if line not in edits)], key=_lane)


def _lane(line: str) -> tuple[str, str]:
    """What is sent in one order: posts, replies, answers and Home each by themselves, for one that
    has to be tried again is overtaken. Which of two messages is edited first is chance, and so is
    an edit that says again what stands, for a change while that was being noted.
    """
    method = line.partition(" ")[0]
    where = "thread" if method == "chat.postMessage" and '"thread_ts"' in line else ""
    return method + where, line if method == "chat.update" else ""


def _addressees(args: dict[str, Any]) -> set[str]:
    names = ("channel", "channel_id", "user", "user_id", "trigger_id", "view_id")
    return {str(args[name]) for name in names if name in args}


def rows(cast: Cast, table: Table, *without: str) -> list[str]:
    """What a table holds, but for columns that differ by chance."""
    shown = [column for column in table.c if column.name not in without]
    with cast.stage.bot.database.read() as connection:
        found = connection.execute(select(*shown).order_by(*table.primary_key)).all()
    return [blurred(cast, json.dumps([str(value) for value in row])) for row in found]


def stored(cast: Cast, people: Iterable[Person]) -> dict[str, list[str]]:
    """What is stored where these people can come to know of it."""
    names = {f"<{person.name}>" for person in people}

    def theirs(lines: list[str]) -> list[str]:
        return [line for line in lines if any(name in line for name in names)]

    return {
        "handovers": rows(cast, tables.handovers, "chain", "updated_at"),
        "participants": sorted(rows(cast, tables.participants)),
        "tasks": sorted(theirs(rows(cast, tables.tasks, "is_new"))),
        "outbox": theirs(rows(cast, tables.outbox, "id", "claimed_by", "cause")),
        "posts": sorted(theirs(rows(cast, tables.posts, "shown"))),
    }


def everything(cast: Cast) -> str:
    """All messages there ever were, with their versions, names of files and their bytes: what a
    search or an export of the workspace could find. Modals are not in it.
    """
    workspace: Any = cast.stage.slack._world.workspace
    pieces: list[str] = []
    with workspace.changed:
        for post in [*(p for room in workspace.rooms.values() for p in room.posts)]:
            if post.by_bot:
                pieces += [json.dumps([post.text, post.blocks, post.metadata])]
                pieces += [json.dumps([old.text, old.blocks]) for old in post.history]
        pieces += [json.dumps([post.text, post.blocks]) for post in workspace.ephemerals]
        pieces += [json.dumps(view.payload) for view in workspace.homes.values()]
    for file in cast.stage.slack.files:
        pieces += [file.name, file.title, readable(file.content)]
    return "\n".join(pieces)
