"""Kills at any moment and a Slack that fails 40 % of its calls: nothing lost, nothing twice."""

from pathlib import Path

import pytest

from tests.conftest import Tell
from tests.faults.chaos import Chaos, Plan

SHORT = (
    ("sqlite", Plan(seed=1, messages=80, seconds=3, replicas=1, kill_every=1.5)),
    ("postgresql", Plan(seed=2, messages=120, seconds=3, replicas=3, kill_every=0.8)),
)
LONG = (
    ("sqlite", Plan(seed=11, messages=600, seconds=60, replicas=1, kill_every=2.5, lanes=80)),
    ("postgresql", Plan(seed=12, messages=800, seconds=60, replicas=3, kill_every=1.5, lanes=80)),
)


def play(where: str, plan: Plan, url: str, folder: Path, tell: Tell) -> None:
    figures = Chaos(plan, url, folder).play()
    tell(figures.told(plan, where))
    assert (figures.lost, figures.doubled, figures.untrue) == (0, 0, 0)
    assert figures.kills > 0
    assert figures.faults > figures.calls * plan.faults / 2
    assert figures.errors == ""


@pytest.mark.parametrize(("where", "plan"), SHORT, ids=lambda given: str(given)[:10])
def test_chaos(
    where: str, plan: Plan, tmp_path: Path, request: pytest.FixtureRequest, tell: Tell
) -> None:
    play(where, plan, request.getfixturevalue(f"{where}_url"), tmp_path, tell)


@pytest.mark.campaign
@pytest.mark.timeout(600)
@pytest.mark.parametrize(("where", "plan"), LONG, ids=lambda given: str(given)[:10])
def test_long_chaos(
    where: str, plan: Plan, tmp_path: Path, request: pytest.FixtureRequest, tell: Tell
) -> None:
    play(where, plan, request.getfixturevalue(f"{where}_url"), tmp_path, tell)
