"""A worker with all it needs, and the shortest of engines: jobs in order, time as it is needed."""

import ssl
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from sqlalchemy import select

from bot.delivery.gateway import Gateway
from bot.delivery.pace import Patience
from bot.delivery.port import Canvas, FileToSend, Json, Loss, Rendered, Row
from bot.delivery.tokens import OneToken
from bot.delivery.worker import Parts, Worker
from flows.effects import Kind, Post
from flows.handover import Handover
from storage import handovers, outbox
from storage.engine import Database
from storage.journal import Line
from storage.moments import to_stored
from storage.outbox import Job
from storage.reading import NewerReleaseError
from storage.tables import outbox as outbox_table
from storage.tables import posts as posts_table
from tests.clocks import HandClock
from tests.delivery.slack import World
from tests.make import default_playbook, make_handover, make_started

CONTEXT = ssl.create_default_context()
SECRET = b"only for tests"
PATIENCE = Patience(timeout=1, margin=60, guard=5, glance=2)


@dataclass(frozen=True)
class Words:
    """A message that has only a text."""

    text: str
    blocks: list[Json] = field(default_factory=list)


class Playwright:
    """Renders every message as its kind and subject; `gone` are those that are no longer true.

    What `damaged` ones are made from cannot be read, of `newer` ones by a newer release alone.
    """

    def __init__(self) -> None:
        self.version = 1
        self.gone: set[str] = set()
        self.damaged: set[str] = set()
        self.newer: set[str] = set()
        self.top_level = {"card", "accept", "notice", "ask", "which"}
        self.before: list[object] = []

    def __call__(self, row: Row) -> Rendered | None:
        while self.before:
            self.before.pop()()  # type: ignore[operator]
        text = self.words_for(row)
        if text in self.gone:
            return None
        if text in self.damaged:
            Handover.model_validate_json("{")
        if text in self.newer:
            raise NewerReleaseError(text)
        file = FileToSend("brief.md", b"# Brief") if row.kind == Kind.BRIEF_FILE else None
        thread = row.kind not in self.top_level
        canvas = _canvas(row) if row.kind == Kind.BRIEF_CANVAS else None
        return Rendered(Words(text), self.version, thread, file=file, canvas=canvas)

    def words_for(self, row: Row) -> str:
        """What the message reads."""
        return f"{row.kind} {row.subject}".strip()


def _canvas(row: Row) -> Canvas:
    """A document that only whoever asked last may read."""
    none = Rendered(Words("no canvas"), 1, thread=False)
    readers, words = frozenset({row.person}), str(row.kind)
    return Canvas("Brief", "# Brief", readers, lambda _address: Words(words), lambda: none)


class Bench:
    """One replica's delivery, a step at a time."""

    def __init__(
        self, url: str, base_url: str, world: World, clock: HandClock | None = None
    ) -> None:
        self.url, self.base_url, self.world = url, base_url, world
        self.database = Database(url)
        self.clock = clock or HandClock()
        self.words = Playwright()
        self.losses: list[Loss] = []
        self.woken = 0
        self.gateway = Gateway(OneToken("xoxb-1"), base_url, SECRET, CONTEXT, timeout=1)
        self.parts = Parts(
            database=self.database,
            clock=self.clock,
            render=self.words,
            slack_of=lambda _team: self.gateway,
            replica="r1",
            patience=PATIENCE,
            on_loss=self._lost,
            changed=self._changed,
        )
        self.worker = Worker(self.parts)
        self._seq = 0

    def other(self, replica: str) -> Worker:
        """The same, run by another replica."""
        return Worker(replace(self.parts, replica=replica))

    def start_handover(self) -> None:
        """Store a handover, so that messages have a version to be about."""
        started = make_started()
        with self.database.write() as connection:
            handovers.add(connection, make_handover(), default_playbook(), Line(started, "salt"))

    def ask(
        self,
        *kinds: Kind,
        to: str = "U1",
        subject: str = "",
        handover: str = "H1",
        by: str | None = None,
    ) -> list[Job]:
        """Write outbox rows as a transaction of the desk would; what `by` caused is quiet."""
        self._seq += 1
        wanted = [Post(to=to, kind=kind, subject=subject) for kind in kinds]
        now = to_stored(self.clock.now())
        with self.database.write() as connection:
            return outbox.add(connection, "T1", handover, str(self._seq), wanted, now, by)

    def drain(self, jobs: Iterable[Job], most: int = 100) -> int:
        """Run jobs and what they lead to, letting time pass for those that wait; how many ran."""
        waiting, ran = list(jobs), 0
        while waiting:
            waiting.sort(key=lambda job: (job.not_before, job.id))
            job = waiting.pop(0)
            late = job.not_before - to_stored(self.clock.now())
            self.clock.advance(max(late, 0) / 1_000_000)
            waiting += self.worker.deliver(job.id, job.attempt)
            ran += 1
            assert ran < most, "deliveries go round in circles"
        return ran

    def rows(self) -> list[Json]:
        """The outbox as it is."""
        with self.database.read() as connection:
            found = connection.execute(select(outbox_table).order_by(outbox_table.c.id)).mappings()
            return [dict(row) for row in found]

    def states(self) -> list[str]:
        return [row["state"] for row in self.rows()]

    def posts(self) -> list[Json]:
        """What is noted to stand in Slack."""
        with self.database.read() as connection:
            found = connection.execute(select(posts_table).order_by(posts_table.c.ts)).mappings()
            return [dict(row) for row in found]

    def close(self) -> None:
        self.database.close()

    def _lost(self, _connection: object, loss: Loss) -> Iterable[Job]:
        self.losses.append(loss)
        return ()

    def _changed(self) -> None:
        self.woken += 1
