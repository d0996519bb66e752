"""A small story told to several replicas at once: whoever answers, it is one bot."""

from pathlib import Path

import pytest
from sqlalchemy import text

from bot.delivery.dbos_store import SCHEMA
from tests.fleet.fleet import fleet
from tests.fleet.story import play


@pytest.mark.campaign
@pytest.mark.parametrize("socket", [False, True])
def test_three_replicas_are_one_bot_through_a_whole_interview(
    postgresql_url: str, tmp_path: Path, *, socket: bool
) -> None:
    with fleet(postgresql_url, tmp_path, socket=socket) as made:
        play(made)
        assert socket or all(made.balancer.by(replica) for replica in made.replicas)


@pytest.mark.campaign
def test_they_may_all_be_the_first(postgresql_url: str, tmp_path: Path) -> None:
    with fleet(postgresql_url, tmp_path, 0) as made:
        with made.database.write() as connection:
            connection.execute(text(f"DROP SCHEMA {SCHEMA} CASCADE"))
        made.start_replicas(3)
        made.start()
