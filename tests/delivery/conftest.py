"""A stand-in for Slack, and a bench to deliver to it from."""

from collections.abc import Iterator

import pytest

from tests.delivery.bench import Bench
from tests.delivery.slack import World, serve


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def slack_url(world: World) -> Iterator[str]:
    with serve(world) as url:
        yield url


@pytest.fixture
def bench(database_url: str, slack_url: str, world: World) -> Iterator[Bench]:
    made = Bench(database_url, slack_url, world)
    yield made
    made.close()
