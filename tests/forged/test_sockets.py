"""What comes over a socket and is not quite Slack's: it is left, with one line in the log."""

import json
import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.forged.alarms import alarmed
from tests.forged.corpus import corpus
from tests.forged.mutating import mutated
from tests.forged.test_fuzz import KEPT, changed
from tests.wire.stage import Stage, sqlite_url, staged

JSON = dict[str, Any]

SEED, MUTATED = 11, 200
SECRET = "Ana is to be let go"


def envelope(number: int, payload: object, kind: str = "interactive", **more: object) -> str:
    known = {"envelope_id": f"forged-{number}", "type": kind, "payload": payload}
    return json.dumps(known | {"accepts_response_payload": True} | more)


def malformed() -> Iterator[str]:
    """What failed over HTTP once, and what is no envelope; each holds a secret."""
    number = 0
    for of_type, change in KEPT.values():
        sample = next(sample for sample in corpus() if sample.type == of_type)
        payload = changed(sample, change) | {"secret": SECRET}
        yield envelope(number := number + 1, payload, sample.kind)
    payload = next(iter(corpus())).payload
    for senseless in ([SECRET], SECRET, None, 1):
        yield envelope(number := number + 1, senseless)
    yield envelope(number := number + 1, payload, retry_attempt=SECRET)
    yield envelope(number := number + 1, payload, retry_reason={SECRET: 1})
    yield json.dumps({"envelope_id": f"forged-{number + 1}", "secret": SECRET})
    yield f'{{"envelope_id": "{SECRET}'
    yield '{"a":' * 100_000 + "1" + "}" * 100_000


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """One socket, which answers in the end whatever came before; by then all that came is done."""
    with alarmed() as alarms:
        # Nobody loses patience with the line: what is said on it is said once only.
        with staged(sqlite_url(tmp_path), socket=True, ping_seconds=60) as made:
            yield made
            asks = next(sample for sample in corpus() if sample.name == "help")
            made.slack.blurt(envelope(0, asks.payload, asks.kind))
            until(lambda: made.slack.acked("forged-0"))
        assert alarms.take() == []


def until(found: Callable[[], bool]) -> None:
    wait = threading.Event().wait
    assert any(found() or wait(0.01) for _ in range(3000))


def test_what_is_malformed_is_left(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    def left() -> list[str]:
        return [text for text in list(caplog.messages) if text.startswith("malformed ")]

    frames = list(malformed())
    with caplog.at_level(logging.DEBUG, "bot"):
        for frame in frames:
            stage.slack.blurt(frame)
        until(lambda: len(left()) == len(frames))
    assert SECRET not in caplog.text
    assert not any(stage.slack.acked(f"forged-{number + 1}") for number in range(len(frames)))


def test_nothing_that_comes_fails(stage: Stage) -> None:
    chance = Random(SEED)
    for number in range(MUTATED):
        sample = chance.choice(corpus())
        # From where the bot is not: this is about the line, and not about what people do.
        payload = json.loads(json.dumps(sample.payload).replace("T0SANDBOX01", "T0ELSEWHERE"))
        stage.slack.blurt(envelope(number + 1, mutated(chance, payload), sample.kind))
    until(lambda: any(stage.slack.acked(f"forged-{number + 1}") for number in range(MUTATED)))
