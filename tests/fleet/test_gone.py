"""A replica dies, hangs or is replaced in the middle of its work: the others go on with it."""

import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from storage.tables import outbox
from tests.fleet.fleet import LEASE_SECONDS, Fleet, fleet
from tests.fleet.replica import Replica
from tests.fleet.story import answer, at_work

MOST_SECONDS = 4 * LEASE_SECONDS
"""One that was blind for a moment, as on a busy machine, begins to listen for a lease anew."""


def wait_taken_over(fleet: Fleet, gone: Replica) -> float:
    """Until nothing is left with a replica that is gone; how many seconds that took."""
    began = time.monotonic()
    query = select(outbox.c.id).where(
        outbox.c.state == "pending", outbox.c.claimed_by.startswith(f"{gone.name}-")
    )
    while time.monotonic() - began < 10 * LEASE_SECONDS:
        with fleet.database.read() as connection:
            if connection.execute(query).first() is None:
                break
        threading.Event().wait(0.02)
    return time.monotonic() - began


def test_what_a_killed_replica_was_doing_is_taken_over_within_a_few_leases(
    postgresql_url: str, tmp_path: Path
) -> None:
    with fleet(postgresql_url, tmp_path) as made:
        threading.Event().wait(LEASE_SECONDS)
        # The message has landed, and its answer is still on its way when its sender dies.
        made.slack.fault("chat.postMessage", "slow", seconds=0.9, times=3)
        result = made.form().submit()
        assert result.modal
        assert result.modal.submit().closed
        dead = at_work(made)
        dead.kill()
        assert wait_taken_over(made, dead) <= MOST_SECONDS
        made.forget(dead)
        made.olga.dm().wait("Knowledge pack: Northwind")
        made.ivan.dm().wait("Will you take Northwind over").click("Accept handover")
        said = [answer(made.olga, number) for number in (1, 2)]
        (handover,) = made.stored()
        kept = [piece.text for given in handover.answers.values() for piece in given.said]
        assert sorted(kept) == said
        assert all(made.balancer.by(replica) for replica in made.replicas)


@pytest.mark.campaign
def test_a_frozen_replica_is_taken_over_and_says_nothing_twice_when_it_goes_on(
    postgresql_url: str, tmp_path: Path
) -> None:
    with fleet(postgresql_url, tmp_path) as made:
        threading.Event().wait(LEASE_SECONDS)
        made.slack.fault("chat.postMessage", "slow", seconds=0.9, times=3)
        result = made.form().submit()
        assert result.modal
        assert result.modal.submit().closed
        frozen = at_work(made)
        frozen.freeze()
        made.balancer.take_out(frozen)
        assert wait_taken_over(made, frozen) <= MOST_SECONDS
        made.olga.dm().wait("Knowledge pack: Northwind")
        frozen.thaw()
        made.balancer.add(frozen)
        answer(made.olga, 1)
