"""Payloads that are not quite Slack's: never a failure, never an effect that is not theirs."""

import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any, NamedTuple

import pytest

from tests.databases import sqlite
from tests.forged.alarms import alarmed
from tests.forged.corpus import Sample, corpus
from tests.forged.fuzz import Fuzz
from tests.forged.world import World, world

JSON = dict[str, Any]

SHORT, SEED = 1_500, 7
LONG, RUNS = 5_000, 20
_MEMORY = Path("/dev/shm")  # noqa: S108 - no power fails here

_DEEP: Any = "x"
for _ in range(500):
    _DEEP = [_DEEP]

KEPT: dict[str, tuple[str, JSON]] = {
    "whose delivery it is stands in a list": ("message", {"authorizations": ["T1"]}),
    "an organisation's flag is a list": ("message", {"is_enterprise_install": [True]}),
    "the event is none": ("message", {"event": None}),
    "an act without a name": ("block_actions", {"actions": [{"value": "x"}]}),
    "an act whose name is none": ("block_actions", {"actions": [{"action_id": None}]}),
    "a state that is a list": ("view_submission", {"view.state": {"values": {"text": []}}}),
    "an option that is a word": (
        "view_submission",
        {"view.state": {"values": {"text": {"v": {"selected_option": "x"}}}}},
    ),
    "a modal whose blocks are words": ("view_submission", {"view.blocks": ["x"]}),
    "a modal of nobody's": ("view_submission", {"view.callback_id": {}}),
    "a modal that carries nothing": ("view_submission", {"view.private_metadata": None}),
    "somebody with an endless id": ("block_actions", {"user": {"id": "U" * 65}}),
    "no modal": ("block_actions", {"view": None}),
    "a moment that no calendar has": ("app_uninstalled", {"event_time": 10**30}),
    "a message of no moment": ("message_action", {"message": {"ts": "1e999"}}),
    "deeper than anything is": ("block_actions", {"state": _DEEP}),
}
"""What failed once, as a change to a delivery of a type: it is malformed."""


class Run(NamedTuple):
    """What is left of a run."""

    seed: int
    statuses: Counter[int]
    events: Counter[str]
    faults: list[str]


@contextmanager
def _disk() -> Iterator[Path]:
    place = _MEMORY if os.access(_MEMORY, os.W_OK) else None
    with TemporaryDirectory(prefix="fuzz-", dir=place) as folder:
        yield Path(folder)


def fuzzed(seed: int, payloads: int, size: int = 6) -> Run:
    """One run on a workspace of its own."""
    with _disk() as folder, alarmed() as alarms:
        with world(sqlite().make(folder), seed, size, rounds=size * 3) as made:
            run = Fuzz(made, seed, corpus(), alarms)
            run.run(payloads)
            run.looks_back()
        return Run(seed, run.statuses, run.events, run.faults)


@pytest.mark.timeout(240)
def test_nothing_fails_and_nobody_does_what_is_not_theirs() -> None:
    run = fuzzed(SEED, SHORT, size=4)
    print(f"\nseed {SEED}: {dict(run.statuses)}, {sum(run.events.values())} events")  # noqa: T201
    assert run.faults == []
    # It goes in, and not only as far as the door.
    assert run.statuses[200] > SHORT / 3
    assert run.events


@pytest.mark.campaign
@pytest.mark.timeout(3600)
def test_a_hundred_thousand() -> None:
    begun = monotonic()
    sqlite()
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as processes:
        runs = list(processes.map(fuzzed, range(1, RUNS + 1), [LONG] * RUNS))
    seconds, count = monotonic() - begun, LONG * RUNS
    statuses = sum((run.statuses for run in runs), Counter[int]())
    events = sum((run.events for run in runs), Counter[str]())
    print(  # noqa: T201 - this is what it is run for
        f"\n{count} payloads, seeds 1 to {RUNS}, {seconds:.0f} s, {count / seconds:.0f} a second: "
        f"{dict(statuses)}; {sum(events.values())} events of {len(events)} kinds"
    )
    assert [fault for run in runs for fault in run.faults] == []


@pytest.fixture(scope="module")
def one() -> Iterator[World]:
    with _disk() as folder, world(sqlite().make(folder), SEED, 1, rounds=2) as made:
        yield made


@pytest.mark.parametrize("what", KEPT)
def test_what_failed_once_is_malformed(one: World, what: str) -> None:
    of_type, change = KEPT[what]
    sample = next(sample for sample in corpus() if sample.type == of_type)
    with alarmed() as alarms:
        assert one.knock(sample.kind, changed(sample, change)).status == 400
        assert alarms.take() == []


def test_a_button_in_a_block_that_is_not_ours_is_pressed_all_the_same(one: World) -> None:
    sample = next(sample for sample in corpus() if sample.name == "menu-list")
    act = {"action_id": "menu-list", "action_ts": "1.1", "block_id": '{"h":1}'}
    with alarmed() as alarms:
        payload = sample.payload | {"actions": [act]}
        assert one.knock("interactive", payload).status == 200
        assert alarms.take() == []


@pytest.mark.parametrize("name", ["draft-save", "start-more"])
def test_a_button_of_a_modal_that_is_pressed_in_none_does_nothing(one: World, name: str) -> None:
    sample = next(sample for sample in corpus() if sample.name.startswith(name))
    payload = {key: value for key, value in sample.payload.items() if key != "view"}
    with alarmed() as alarms:
        assert one.knock("interactive", payload).status == 200
        assert alarms.take() == []


def test_what_is_nested_without_end_is_malformed(one: World) -> None:
    deep = b"[" * 100_000 + b"]" * 100_000
    assert one.post(deep, "application/json").status == 400
    assert one.post(b"payload=" + deep).status == 400


def changed(sample: Sample, change: JSON) -> JSON:
    """The payload with other values at these paths."""
    payload: JSON = sample.payload | {}
    for path, value in change.items():
        inner, _, last = path.rpartition(".")
        if inner:
            payload[inner] = payload[inner] | {last: value}
        else:
            payload[last] = value
    return payload
