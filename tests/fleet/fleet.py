"""A fleet: several replicas of `handover serve` on one PostgreSQL database, and a sandbox Slack.

Leaving it asserts that nothing waits to be said, that no rule of Slack's was broken, that nothing
is there twice, that every journal tells the handover that is stored, and that no replica logged a
traceback.
"""

import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from sqlalchemy import select

from bot.manifest import manifest
from bot.sandbox import Sandbox
from flows.advance import replay
from flows.handover import Handover
from storage import journal, people, posts, tables, undelivered, workspaces
from storage.engine import Database
from storage.workspaces import Workspace
from tests.audit.faults import faults
from tests.databases import POLL_SECONDS
from tests.faults.logs import unhandled
from tests.fleet.balancer import Balancer
from tests.fleet.replica import PATIENCE, Replica
from tests.make import NOW, default_playbook
from tests.wire.stage import ACK_SECONDS, APP_TOKEN, SECRET, TOKEN, Cast, people_of

LEASE_SECONDS = 4.0


def environment_of(slack: Sandbox, url: str, **changes: str) -> dict[str, str]:
    """What every replica is told of the world."""
    return {
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": url,
        "HANDOVER_POST_RATE": "0",
        "HANDOVER_QUIET": "off",
        "HANDOVER_POST_MARGIN": "0.2",
        "HANDOVER_POLL_SECONDS": str(POLL_SECONDS),
        "HANDOVER_SLACK_TIMEOUT": "1",
        # One that is missed ten times ends the process, and machines that run tests are busy.
        "HANDOVER_TICK_SECONDS": "2",
        "HANDOVER_LEASE_SECONDS": str(LEASE_SECONDS),
    } | changes


@dataclass
class Fleet(Cast):
    """Several replicas behind a balancer, or each with a socket of its own; and who plays."""

    database: Database
    environment: dict[str, str]
    folder: Path
    socket: bool
    balancer: Balancer
    replicas: list[Replica] = field(default_factory=list)
    read: Callable[[str], Handover] = Handover.model_validate_json
    _begun: int = 0

    def start_replicas(self, count: int, tree: Path | None = None, **changes: str) -> list[Replica]:
        """So many more, all at once, of the code in a `tree`; `changes` are settings of theirs."""
        names = [f"replica-{self._begun + number}" for number in range(1, count + 1)]
        self._begun += count
        known = self.environment | changes

        begin = partial(Replica, socket=self.socket, tree=tree)
        found = [begin(name, known, self.folder) for name in names]
        self.replicas += found
        for replica in found:
            replica.wait()
            if not self.socket:
                self.balancer.add(replica)
        return found

    def replace(self, replica: Replica, tree: Path | None = None, **changes: str) -> Replica:
        """Start a new one first, then have the old one end in good order; the new one."""
        (new,) = self.start_replicas(1, tree, **changes)
        replica.terminate()
        assert replica.ended() == 0, replica.log
        self.forget(replica)
        return new

    def forget(self, replica: Replica) -> None:
        """Deliver nothing more to a replica that is gone."""
        self.balancer.take_out(replica)
        self.replicas.remove(replica)

    def rest(self, patience: float = PATIENCE) -> None:
        """Until everything is said that has to be said now."""
        look_again = threading.Event()
        for _ in range(int(patience / 0.05)):
            self.slack.idle(POLL_SECONDS)
            if not self.has_to_say():
                return
            look_again.wait(0.05)
        raise AssertionError("something still waits to be said")

    def has_to_say(self) -> bool:
        with self.database.read() as connection:
            due = (undelivered.oldest_undelivered(connection), posts.next_edit(connection))
        return any(moment is not None for moment in due)

    def stored(self) -> list[Handover]:
        """Every handover that is stored."""
        with self.database.read() as connection:
            documents = connection.execute(select(tables.handovers.c.document)).scalars().all()
        return [self.read(document) for document in documents]

    def assert_well(self) -> None:
        """What has to be so at the end of every story."""
        assert faults(self.database) == []
        with self.database.read() as connection:
            assert undelivered.dead_letters(connection, self.slack.team_id) == []
            for handover in self.stored():
                where = (self.slack.team_id, handover.id)
                events = journal.events_of(connection, *where)
                assert replay(events, default_playbook()) == handover
        everybody = (self.olga, self.ivan, self.lena, self.ada)
        said = [m for p in everybody for m in p.dm().every_message if m.author == "Handover"]
        marks = Counter(str(message.metadata) for message in said if message.metadata)
        assert [mark for mark, count in marks.items() if count > 1] == []
        for replica in self.replicas:
            assert unhandled(replica.log) == []

    def end(self) -> None:
        """End whoever is left, in good order where that is possible."""
        for replica in self.replicas:
            if replica.lives:
                replica.thaw()
                replica.terminate()
        codes = {replica.name: replica.ended() for replica in self.replicas}
        assert set(codes.values()) <= {0, -signal.SIGKILL}, codes


@contextmanager
def fleet(
    url: str, folder: Path, count: int = 3, *, socket: bool = False, **changes: str
) -> Iterator[Fleet]:
    """So many replicas on a migrated PostgreSQL database; Lena leads, and everybody is known;
    `changes` are settings.
    """
    with Sandbox(
        manifest=manifest(socket=socket),
        bot_token=TOKEN,
        app_token=APP_TOKEN,
        signing_secret=SECRET,
        post_burst=(1000, 1.0),
        patience=PATIENCE / 2,
        ack_seconds=ACK_SECONDS,
    ) as slack:
        database, cast = Database(url), people_of(slack)
        with database.write() as connection:
            chosen = Workspace(team=slack.team_id, leaders=(cast["lena"].id,))
            workspaces.keep(connection, chosen, cast["lena"].id, NOW)
            for person in (cast["olga"], cast["ivan"], cast["lena"]):
                known = people.Person(slack.team_id, person.id, person.name, person.user.tz)
                people.keep(connection, known, now=0)
        balancer = Balancer(SECRET, ACK_SECONDS)
        made = Fleet(
            slack,
            **cast,
            database=database,
            environment=environment_of(slack, url, **changes),
            folder=folder,
            socket=socket,
            balancer=balancer,
        )
        try:
            if not socket:
                slack.connect(balancer)
            made.start_replicas(count)
            if socket:
                slack.wait_connected(count)
            yield made
            made.rest()
            made.assert_well()
        finally:
            made.end()
            database.close()
        slack.assert_clean()
