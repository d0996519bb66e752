"""A replica that is told to stop: what came is finished, and others go on at once."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.engine import make_url

from storage.tables import replicas
from tests.databases import engine_of
from tests.fleet.fleet import Fleet, fleet
from tests.fleet.replica import Replica
from tests.fleet.story import answer, at_work, finish
from tests.wire.stage import question

MOST_SECONDS = 30.0
LONG_LEASE = "300"


def stopped(replica: Replica) -> float:
    """Ask it to stop; how many seconds it takes to end, with exit code 0."""
    began = time.monotonic()
    replica.terminate()
    assert replica.ended() == 0, replica.log
    return time.monotonic() - began


def seen(fleet: Fleet) -> dict[str, int]:
    """When each replica was seen last; 0 for one that has said that it leaves."""
    with fleet.database.read() as connection:
        return {row.id: row.seen_at for row in connection.execute(select(replicas))}


@pytest.mark.campaign
def test_what_a_replica_leaves_is_taken_over_at_once(postgresql_url: str, tmp_path: Path) -> None:
    with fleet(postgresql_url, tmp_path, 2, HANDOVER_LEASE_SECONDS=LONG_LEASE) as made:
        made.start()
        old, stays = made.replicas
        said, asked = "What I know of number 1, in enough words.", question(made.olga, "1 of 12")
        asked.reply(said)
        assert stopped(old) < MOST_SECONDS / 3
        assert old.log.rstrip().endswith("stopped")
        made.forget(old)
        (new,) = made.start_replicas(1)
        assert set(seen(made)) == {stays.name, new.name}
        finish(made.olga, 1, asked, said)


@pytest.mark.campaign
@pytest.mark.parametrize("socket", [False, True])
def test_it_ends_in_time_while_slack_does_not_answer(
    postgresql_url: str, tmp_path: Path, *, socket: bool
) -> None:
    with fleet(postgresql_url, tmp_path, 1, socket=socket, HANDOVER_SLACK_TIMEOUT="30") as made:
        made.slack.fault("chat.postMessage", "slow", seconds=40, times=1)
        result = made.form().submit()
        assert result.modal
        assert result.modal.submit().closed
        (old,) = made.replicas
        at_work(made)
        assert stopped(old) <= MOST_SECONDS
        assert seen(made) == {old.name: 0}
        made.forget(old)
        made.start_replicas(1)
        made.olga.dm().wait("Knowledge pack: Northwind")


@contextmanager
def away(url: str) -> Iterator[None]:
    """The database takes no connections, and has cut those that there were."""
    name = make_url(url).database
    admin = engine_of(url.replace(f"/{name}", "/postgres"))
    alter = "ALTER DATABASE {} WITH ALLOW_CONNECTIONS {}"
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(alter.format(name, "false")))
        of_it = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
        connection.execute(text(of_it), {"name": name})
        yield
        connection.execute(text(alter.format(name, "true")))
    admin.dispose()


@contextmanager
def frozen(url: str) -> Iterator[None]:
    """The database hears everything and says nothing."""
    name = make_url(url).database
    admin = engine_of(url.replace(f"/{name}", "/postgres"))
    with admin.connect() as connection:
        of_it = text("SELECT pid FROM pg_stat_activity WHERE datname = :name")
        found = list(connection.execute(of_it, {"name": name}).scalars())
    for pid in found:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in found:
            os.kill(pid, signal.SIGCONT)
        admin.dispose()


@pytest.mark.campaign
@pytest.mark.parametrize("trouble", [away, frozen])
def test_it_ends_in_time_while_the_database_is_gone(
    postgresql_url: str, tmp_path: Path, trouble: object
) -> None:
    with fleet(postgresql_url, tmp_path, 1) as made:
        (old,) = made.replicas
        made.start()
        made.rest()
        made.database.close()
        with trouble(postgresql_url):  # type: ignore[operator]
            threading.Event().wait(1.0)
            assert stopped(old) <= MOST_SECONDS
        made.forget(old)
        made.start_replicas(1)
        answer(made.olga, 1)
