"""Every button and modal, pressed by two at once on two replicas: one effect, none fails.

On PostgreSQL there are two bots on one database; on SQLite there can be one only: two threads.
"""

from collections import Counter

import pytest

from tests.forged.alarms import alarmed
from tests.forged.at_once import Walk
from tests.forged.world import world

SHORT = (1, 1, 2, 6)
"""A seed, how many handovers, and how many rounds of how many presses."""
LONG = [(seed, 6, 12, 30) for seed in range(1, 5)]


def walked(url: str, plan: tuple[int, int, int, int], replicas: int) -> Walk:
    seed, size, rounds, each = plan
    with alarmed() as alarms, world(url, seed, size, size * 3, replicas) as made:
        alarms.take()
        walk = Walk(made, alarms, seed)
        walk.go(rounds, each)
    return walk


def figures(walks: list[Walk]) -> str:
    acts = sum((walk.pressed for walk in walks), Counter[str]())
    forms = sum((walk.sent for walk in walks), Counter[str]())
    outcomes = sum((walk.outcomes for walk in walks), Counter[str]())
    return (
        f"\nseeds {[walk.seed for walk in walks]}: {acts.total()} presses of {len(acts)} buttons, "
        f"{forms.total()} submits of {len(forms)} modals; {dict(outcomes)}"
    )


@pytest.mark.timeout(240)
def test_two_press_the_same_at_once(database_url: str) -> None:
    replicas = 1 if database_url.startswith("sqlite") else 2
    walk = walked(database_url, SHORT, replicas)
    print(figures([walk]))  # noqa: T201
    assert walk.faults == []
    assert walk.outcomes["two: 1 lines"] > 0
    assert walk.outcomes["the same: 1 lines"] > 0


@pytest.mark.campaign
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("plan", LONG, ids=lambda plan: f"seed {plan[0]}")
def test_two_press_everything_at_once(database_url: str, plan: tuple[int, int, int, int]) -> None:
    replicas = 1 if database_url.startswith("sqlite") else 2
    walk = walked(database_url, plan, replicas)
    print(figures([walk]), sorted(walk.pressed), sorted(walk.sent))  # noqa: T201
    assert walk.faults == []
