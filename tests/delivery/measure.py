"""Figures of delivery: `python -m tests.delivery.measure [DATABASE_URL]`. Not a test.

From the commit of a question to its landing in Slack, and what an idle process costs.
"""

import random
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

from bot.delivery.dbos_engine import DbosEngine
from bot.delivery.worker import Worker
from bot.times import SystemClock
from flows.effects import Kind
from migrations.upgrade import upgrade
from tests.clocks import HandClock
from tests.delivery.bench import Bench
from tests.delivery.slack import World, serve

ROUNDS = 40
IDLE_SECONDS = 15


def measure(url: str) -> None:
    """Print latency and idle cost."""
    world = World()
    with serve(world) as slack_url:
        bench = Bench(url, slack_url, world, HandClock(SystemClock().now()))
        engine = DbosEngine(url, "one", None, SystemClock(), Worker(bench.parts).deliver)
        engine.start()
        engine.enqueue(bench.ask(Kind.CARD))
        wait_for(world, 1)
        took = []
        for number in range(ROUNDS):
            threading.Event().wait(random.uniform(0.3, 0.8))  # noqa: S311 - not a secret
            began = time.perf_counter()
            engine.enqueue(bench.ask(Kind.QUESTION, subject=str(number)))
            wait_for(world, number + 2)
            took.append((time.perf_counter() - began) * 1000)
        took.sort()
        print(f"landed after: p50 {statistics.median(took):.0f} ms, p95 {took[-2]:.0f} ms")  # noqa: T201
        cpu, began = time.process_time(), time.perf_counter()
        threading.Event().wait(IDLE_SECONDS)
        share = (time.process_time() - cpu) / (time.perf_counter() - began)
        print(f"idle: {share:.1%} of a core")  # noqa: T201
        engine.stop(5)
        bench.close()


def wait_for(world: World, count: int) -> None:
    with world.changed:
        assert world.changed.wait_for(lambda: len(world.posts) >= count, 30)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure(sys.argv[1])
    else:
        with tempfile.TemporaryDirectory() as folder:
            file = f"sqlite:///{Path(folder) / 'handover.db'}"
            upgrade(file)
            measure(file)
