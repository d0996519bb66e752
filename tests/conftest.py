"""What all tests share: databases of both kinds."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import Postgresql, postgresql_server, sqlite


@pytest.fixture(scope="session")
def postgresql(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Postgresql]:
    worker = getattr(request.config, "workerinput", {})
    run = worker.get("testrunuid") or tmp_path_factory.getbasetemp().name
    with postgresql_server(str(run)) as url:
        server = Postgresql(url)
        yield server
        server.close()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return sqlite().make(tmp_path)


@pytest.fixture
def postgresql_url(postgresql: Postgresql) -> Iterator[str]:
    with postgresql.make() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Each test that asks for it runs on both databases."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url
