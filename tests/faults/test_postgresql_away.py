"""PostgreSQL is stopped without warning, or stands still, while people answer and are answered.

Every click is acknowledged and stored, or refused while it stands still; every message comes once.
Whoever clicks is told that it did not work and presses again; a reply Slack sends again by itself.
"""

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from time import monotonic
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from bot.sandbox import Person, Rejected
from bot.sandbox.transport import ACK_SECONDS
from storage import people, workspaces
from storage.engine import Database
from storage.workspaces import Workspace
from tests.conftest import Tell
from tests.crash.test_story import (
    all_is_delivered,
    answer_all,
    assert_each_message_once,
    assert_nothing_lost,
    lasting_slack,
    start_handover,
)
from tests.faults.own_postgresql import OwnServer, own_postgresql
from tests.faults.stubborn import Stubborn
from tests.make import NOW
from tests.wire.stage import House, settings_for

AT_ONCE = 24
"""How many click while it stands still, and how many probes come: more than the bot has threads."""
FROZEN_SECONDS, STOPPED_SECONDS = 3.3, 1.0
LONG_SECONDS = 7.0
"""Whoever answers before so much is over has not waited, on a busy machine too."""
DECLARED = ("the engine did not take", "Exception encountered in background workflow")
"""What is logged with where it came from although it is no bug: the engine's own trouble."""


@dataclass
class Weather:
    """What the server goes through while the story goes on."""

    server: OwnServer
    clicker: Person
    probed: str
    fine: float
    frozen: float
    rounds: int
    stops: int = 0
    freezes: int = 0
    probes: list[float] = field(default_factory=list)

    @contextmanager
    def blowing(self) -> Iterator[None]:
        with ThreadPoolExecutor(1) as one:
            blown = one.submit(self._blow)
            yield
            blown.result()

    def _blow(self) -> None:
        for _ in range(self.rounds):
            threading.Event().wait(self.fine)
            self.server.freeze()
            self.freezes += 1
            with ThreadPoolExecutor(2 * AT_ONCE) as many:
                for _ in range(AT_ONCE):
                    many.submit(self._probe)
                    many.submit(self._click)
                threading.Event().wait(self.frozen)
                self.server.thaw()
            threading.Event().wait(self.fine)
            self.server.stop()
            self.stops += 1
            threading.Event().wait(STOPPED_SECONDS)
            self.server.start()

    def _probe(self) -> None:
        since = monotonic()
        with suppress(HTTPError), urlopen(self.probed):  # noqa: S310
            pass
        self.probes.append(monotonic() - since)

    def _click(self) -> None:
        with suppress(Rejected):
            self.clicker.types("/handover list")


def play(server: OwnServer, rounds: int, fine: float, frozen: float, tell: Tell) -> float:
    """A handover is started, and one that has several rounds to go through is also answered; how
    many seconds the slowest answer took.
    """
    with lasting_slack() as slack:
        olga, ivan, lena = (slack.person(name) for name in ("Olga", "Ivan", "Lena"))
        with closing(Database(server.url)) as before, before.write() as connection:
            chosen = Workspace(team=slack.team_id, leaders=(lena.id,))
            workspaces.keep(connection, chosen, lena.id, NOW)
            people.keep(connection, people.Person(slack.team_id, lena.id, "Lena"), now=0)
        house = House(slack, settings_for(slack, server.url, HANDOVER_TICK_SECONDS=2))
        database, stubborn = house.bot.database, Stubborn()
        probed = house.url.replace("/slack/events", "/readyz")
        weather = Weather(server, lena, probed, fine, frozen, rounds)
        try:
            with weather.blowing():
                start_handover(stubborn, olga, ivan)
                said = answer_all(stubborn, olga) if rounds > 1 else []
            ivan.dm().wait("Will you take Northwind over")
            lena.dm().wait("Handover: Northwind")
            if said:
                ivan.dm().wait("The knowledge pack for Northwind is ready")
            slack.idle()
            assert all_is_delivered(database)
            assert_nothing_lost(database, slack, said)
            assert_each_message_once((olga, ivan, lena))
        finally:
            house.end()
        slowest = max(delivery.seconds for delivery in slack.deliveries)
        tell(
            f"PostgreSQL away: stopped {weather.stops}, frozen {weather.freezes} times; "
            f"{len(slack.deliveries)} deliveries, {stubborn.refused} clicks refused and repeated, "
            f"slowest answer {slowest:.1f} s; lost 0, doubled 0"
        )
        slack.assert_clean()
        return max(slowest, *weather.probes)


def test_postgresql_away(caplog: pytest.LogCaptureFixture, tell: Tell) -> None:
    with own_postgresql() as server:
        assert play(server, 1, 0.2, LONG_SECONDS, tell) < LONG_SECONDS
    assert unhandled(caplog) == []


@pytest.mark.campaign
@pytest.mark.timeout(400)
def test_postgresql_away_again_and_again(caplog: pytest.LogCaptureFixture, tell: Tell) -> None:
    with own_postgresql() as server:
        assert play(server, 6, 1.5, FROZEN_SECONDS, tell) < ACK_SECONDS
    assert unhandled(caplog) == []


def unhandled(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What was logged with where it came from."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.exc_info
        and record.levelno >= logging.ERROR
        and not record.getMessage().startswith(DECLARED)
    ]
