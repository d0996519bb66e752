"""Half a year of handovers, played by seed: what must hold at any moment holds (see `watch`).

A seed that failed once is kept here, so that it is played again from then on.
"""

import logging
import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from time import monotonic, process_time
from typing import NamedTuple

import pytest

from flows.tasks import Todo
from tests.databases import sqlite
from tests.simulation.simulation import Plan, Simulation
from tests.simulation.ways import WAYS

KEPT: tuple[Plan, ...] = ()
"""What failed once, as short as it still did."""
SHORT = Plan(seed=1, handovers=2, weeks=18)
WORLDS, EACH = 40, 25
"""The long one: so many workspaces with so many handovers each, half a year long."""
_MEMORY = Path("/dev/shm")  # noqa: S108 - a disk that forgets: no power fails here

pytestmark = pytest.mark.timeout(300)


class Played(NamedTuple):
    """What is left of a simulation, to be compared and counted."""

    seed: int
    failures: list[str]
    figures: Counter[str]
    documents: dict[str, str]
    letters: list[tuple[str, str, str]]


def play(plan: Plan, url: str) -> Played:
    """Play it, and look back on it."""
    # That the network lets the bot down is part of the play.
    logging.getLogger("bot.delivery.worker").setLevel(logging.ERROR)
    begun, simulation = process_time(), Simulation(plan, url)
    simulation.run()
    watch, figures = simulation.watch, simulation.figures
    counted = Counter(
        acts=sum(figures.events.values()),
        refused=sum(figures.refused.values()),
        messages=len(simulation.office.letters),
        agendas=watch.counts["agenda"],
        joined=watch.counts["joined"],
        digests=watch.counts["digest"],
        digest_edits=watch.counts["digest edit"],
        in_digests=watch.counts["in digests"],
        edits=simulation.office.edits,
        ticks=figures.ticks,
        restarts=figures.restarts,
        cpu_seconds=round(process_time() - begun),
    )
    counted.update(simulation.stages)
    return Played(
        plan.seed,
        [f"{plan}: {problem}" for problem in watch.problems],
        counted,
        simulation.documents,
        sorted((letter.key, letter.channel, letter.text) for letter in simulation.office.letters),
    )


def play_somewhere(plan: Plan) -> Played:
    """Play it on a database of its own; what is left of it is no more than can be told."""
    with _disk() as folder:
        return play(plan, sqlite().make(folder))._replace(documents={}, letters=[])


@contextmanager
def _disk() -> Iterator[Path]:
    place = _MEMORY if os.access(_MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="simulation-", dir=place) as folder:
        yield Path(folder)


def test_there_is_a_way_to_do_every_kind_of_task() -> None:
    assert set(WAYS) == set(Todo) - {Todo.NAME_LEADER}


def test_half_a_year_and_a_restart_at_any_moment_changes_nothing() -> None:
    """The bot is begun anew some dozen times: the same handovers, the same messages."""
    with _disk() as one, _disk() as other:
        whole = play(SHORT, sqlite().make(one))
        broken = play(replace(SHORT, restarts=12), sqlite().make(other))
    assert whole.failures == []
    assert whole.figures["messages"] > 0
    assert broken.figures["restarts"] > 0
    assert broken.failures == []
    assert broken.documents == whole.documents
    assert broken.letters == whole.letters


@pytest.mark.parametrize("plan", KEPT, ids=str)
def test_what_failed_once_does_not_fail_again(plan: Plan) -> None:
    assert play_somewhere(plan).failures == []


def test_it_is_the_same_on_postgresql(postgresql_url: str) -> None:
    plan = Plan(seed=2, handovers=1, weeks=12, restarts=3)
    there = play(plan, postgresql_url)
    with _disk() as folder:
        here = play(plan, sqlite().make(folder))
    assert there.failures == []
    assert there.documents == here.documents
    assert there.letters == here.letters


@pytest.mark.campaign
@pytest.mark.timeout(3600)
def test_a_thousand_handovers() -> None:
    begun = monotonic()
    plans = [Plan(seed, EACH, restarts=5 * (seed % 2)) for seed in range(1, WORLDS + 1)]
    sqlite()
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as processes:
        played = list(processes.map(play_somewhere, plans))
    figures = sum((one.figures for one in played), Counter[str]())
    print(  # noqa: T201 - this is what it is run for
        f"\n{WORLDS} seeds in {(monotonic() - begun) / 60:.1f} minutes: {dict(figures)}"
    )
    failures = [failure for one in played for failure in one.failures]
    assert failures == []
