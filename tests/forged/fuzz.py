"""Payloads by the thousand, none of them quite Slack's: what must hold after each of them.

No failure of ours: an answer of 2xx or 4xx, and no error in the log. No effect but what the sender
may have: whatever is recorded is recorded as theirs, on a handover that they may know.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from sqlalchemy import func, select, text

from flows.handover import Handover
from flows.privacy import may_open_vault, may_take_part
from storage import journal, tables
from storage.engine import Database
from tests.audit.faults import faults
from tests.forged.aiming import actor_of, aimed, some_actor
from tests.forged.alarms import Alarms
from tests.forged.corpus import Sample
from tests.forged.mutating import garbled, mutated
from tests.forged.world import GUEST, STRANGER, Answer, World

JSON = dict[str, Any]

_BY_ITSELF = {"clock"}
_UNHEARD = '{"error": "unhandled request"}'
"""What Bolt says to what nobody listens to."""
_BESIDE = frozenset({"days_off_learned", "carried"})
"""What the bot adds by itself: somebody's holidays are known, a book's order is carried out."""
_OTHERS = (
    tables.handovers,
    tables.vaults,
    tables.books,
    tables.tasks,
    tables.outbox,
    tables.strays,
    tables.workspaces,
    tables.reminders,
)


@dataclass
class Fuzz:
    """A run: `seed` and the corpus decide everything in it."""

    world: World
    seed: int
    samples: tuple[Sample, ...]
    alarms: Alarms
    statuses: Counter[int] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)
        self._rows = {one.id: one for one in self.world.all_handovers()}
        self._last = self._newest()

    def run(self, payloads: int) -> None:
        for number in range(payloads):
            self._one(number)

    def _one(self, number: int) -> None:
        chance = self.chance
        sample = chance.choice(self.samples)
        handover = chance.choice(list(self._rows.values()))
        actor = some_actor(chance, self.world, handover)
        payload = aimed(chance, self.world, sample, handover, actor)
        draw = chance.random()
        if draw < 0.1:
            body, content_type = garbled(chance, sample.kind, payload)
            sender: object = actor
            answer = self.world.post(body, content_type)
            payload = {"garbled": body[:400].decode("utf-8", "replace"), "type": content_type}
        else:
            payload = mutated(chance, payload) if draw < 0.9 else payload
            sender = actor_of(sample.kind, payload)
            answer = self._knocks(sample, payload)
        self.world.settled()
        self._judge(f"{self.seed}/{number} {sample.sort}", payload, sender, answer)

    def _knocks(self, sample: Sample, payload: JSON) -> Answer:
        return self.world.knock(sample.kind, payload)

    def _judge(self, what: str, payload: JSON, sender: object, answer: Answer) -> None:
        self.statuses[answer.status] += 1
        problems = self.alarms.take()
        if not 200 <= answer.status < 500:
            problems.append(f"answered {answer.status}")
        if answer.status >= 400 and answer.body not in {"", _UNHEARD}:
            problems.append(f"a refusal says {answer.body[:100]}")
        problems += self._wrong_effects(what, sender)
        if problems:
            self.faults.append("\n".join([what, *problems, json.dumps(payload)[:3000]]))

    def _wrong_effects(self, what: str, sender: object) -> list[str]:
        found, changed = [], set[str]()
        for line in self._new_lines():
            self.events[line["type"]] += 1
            by, id = line["by"], line["handover"]  # noqa: A001
            if by in _BY_ITSELF:
                if line["type"] not in _BESIDE and "user_change" not in what:
                    found.append(f"{line['type']} by the clock")
            elif by != sender:
                found.append(f"{line['type']} by {by}, sent by {sender}")
            elif by in {GUEST, STRANGER}:
                found.append(f"{line['type']} by {by}")
            elif not self._may(line, self._rows.get(id)):
                found.append(f"{line['type']} on {line['aggregate']} {id} by {by}")
            if line["aggregate"] == journal.HANDOVER:
                changed.add(id)
        for id in changed:  # noqa: A001
            self._rows[id] = self.world.stored(id)
        return found

    def _may(self, line: JSON, before: Handover | None) -> bool:
        """Whether somebody may act on what stood there; what did not stand there is new."""
        if before is None:
            return True
        if line["aggregate"] == journal.VAULT and line["type"] != "decline_explained":
            return may_open_vault(before, line["by"])
        return may_take_part(before, line["by"])

    def _newest(self) -> int:
        with self.world.bot.database.read() as connection:
            return connection.execute(text("SELECT max(rowid) FROM journal")).scalar() or 0

    def _new_lines(self) -> list[JSON]:
        with self.world.bot.database.read() as connection:
            found = connection.execute(
                text('SELECT rowid, aggregate, handover, type, "by" FROM journal WHERE rowid > :r'),
                {"r": self._last},
            ).mappings()
            lines = [dict(row) for row in found]
        if lines:
            self._last = max(line["rowid"] for line in lines)
        return lines

    def looks_back(self) -> None:
        """Every journal is whole in the end, and what SQLite took, PostgreSQL would have taken."""
        assert faults(self.world.bot.database) == []
        self.faults += too_long(self.world.bot.database)


def too_long(database: Database) -> Iterator[str]:
    """Every column in which something is longer than it may be."""
    columns = (column for table in tables.metadata.sorted_tables for column in table.columns)
    with database.read() as connection:
        for column in columns:
            if most := getattr(column.type, "length", None):
                found = connection.execute(select(func.max(func.length(column)))).scalar() or 0
                if found > most:
                    yield f"{column}: {found} of {most}"


def counted(world: World) -> dict[str, int]:
    """How many rows there are of everything but receipts and people."""
    with world.bot.database.read() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in _OTHERS
        }
