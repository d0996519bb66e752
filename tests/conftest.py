"""What all tests share: databases of both kinds."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from bot.logs import _OURS
from tests.databases import Postgresql, postgresql_server, sqlite

# How long an example takes says how busy the machine is. Every run tries the same examples;
# `--hypothesis-profile explore` looks for others.
settings.register_profile("explore", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", settings.get_profile("explore"), derandomize=True)
settings.load_profile("same")

Tell = Callable[[str], None]
"""Takes a line of figures, which is printed when all tests are over."""


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Tell:
    return lambda line: record_property("figures", line)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What the tests against faults found, a line each."""
    reports = (report for found in terminalreporter.stats.values() for report in found)
    lines = [
        str(value)
        for report in reports
        if getattr(report, "when", "") == "call"
        for name, value in report.user_properties
        if name == "figures"
    ]
    if lines:
        terminalreporter.section("faults")
        for line in lines:
            terminalreporter.write_line(line)


@pytest.fixture(autouse=True)
def logs() -> Iterator[None]:
    """What a test says of logging ends with it."""
    root, ours = logging.getLogger(), [logging.getLogger(name) for name in _OURS]
    handlers, levels = root.handlers[:], [(one, one.level) for one in (root, *ours)]
    yield
    root.handlers[:] = handlers
    for one, level in levels:
        one.setLevel(level)


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
