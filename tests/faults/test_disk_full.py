"""The disk is full for a while: nothing is acknowledged that is not kept, nothing half-written, and
all goes on by itself once there is room.

What a process may write is bounded from outside, so every file of the bot's runs full at once: the
facts, their log, and the engine's.
"""

import resource
import threading
from contextlib import closing
from pathlib import Path

import pytest

from storage import people, workspaces
from storage.engine import Database
from storage.workspaces import Workspace
from tests.conftest import Tell
from tests.crash.test_story import (
    all_is_delivered,
    answer_all,
    assert_each_message_once,
    assert_nothing_lost,
    environment_of,
    lasting_slack,
    start_handover,
)
from tests.faults.logs import unhandled
from tests.faults.stubborn import Stubborn
from tests.fleet.replica import Replica
from tests.make import NOW

DECLARED = (
    "bot.delivery.dbos_engine: the engine did not take",
    "dbos: Exception encountered in background workflow",
)
"""The engine cannot note that a job has run; it is found out, and run again for nothing."""
REFUSED = 503
CLOSE_WATCH = {"HANDOVER_TICK_SECONDS": "0.5", "HANDOVER_LEASE_SECONDS": "2"}


SMALL_BYTES = 16_384
"""Room for what is logged, and for nothing of a database."""
FULL_SECONDS = 4.0


def fill(replica: Replica) -> None:
    """This process can write nothing more, neither at the end of a file nor over what is there."""
    _allow(replica, SMALL_BYTES)


def make_room(replica: Replica) -> None:
    _allow(replica, resource.RLIM_INFINITY)


def _allow(replica: Replica, size: int) -> None:
    _, hard = resource.prlimit(replica.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(replica.pid, resource.RLIMIT_FSIZE, (size, hard))


@pytest.mark.campaign
def test_disk_is_full_for_a_while(sqlite_url: str, tmp_path: Path, tell: Tell) -> None:
    with (
        closing(Database(sqlite_url)) as database,
        lasting_slack() as slack,
    ):
        olga, ivan, lena = (slack.person(name) for name in ("Olga", "Ivan", "Lena"))
        with database.write() as connection:
            chosen = Workspace(team=slack.team_id, leaders=(lena.id,))
            workspaces.keep(connection, chosen, lena.id, NOW)
            people.keep(connection, people.Person(slack.team_id, lena.id, "Lena"), now=0)
        environment = environment_of(slack, sqlite_url) | CLOSE_WATCH
        replica, stubborn = Replica("only", environment, tmp_path), Stubborn()
        try:
            replica.wait()
            slack.connect_http(replica.url)
            start_handover(stubborn, olga, ivan)
            olga.dm().wait("Northwind · 1 of 12")
            fill(replica)
            room = threading.Timer(FULL_SECONDS, make_room, [replica])
            room.start()
            said = answer_all(stubborn, olga, 2)
            room.join()
            slack.idle()
            assert all_is_delivered(database)
        finally:
            replica.terminate()
            assert replica.ended() == 0
        assert_nothing_lost(database, slack, said)
        assert_each_message_once((olga, ivan, lena))
        slack.assert_clean()
    refused = sum(delivery.status == REFUSED for delivery in slack.deliveries)
    assert refused > 0
    assert unhandled(replica.log, DECLARED) == []
    tell(
        f"disk full for {FULL_SECONDS:.0f} s on sqlite: {refused} of {len(slack.deliveries)} "
        "deliveries refused and sent again; lost 0, doubled 0, no restart"
    )
