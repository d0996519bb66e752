"""Answers by button on one and on two processes that share a PostgreSQL database.

`python -m tests.bench.replicas URL FIRST` is one of them: it makes the deliveries for EACH
handovers from the FIRST on before it is told to begin, so that nothing but answering is measured.
Each is kept busy by THREADS threads in it; the database has the same two cores.
"""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from tests.bench.clicks import bot_on, call, sandbox, still, workload
from tests.bench.figures import Figure
from tests.bench.material import Environ, Workload, answering, coming, fill, half_answered
from tests.databases import Postgresql, postgresql_server
from tests.wire.stage import SECRET

THREADS, EACH = 4, 40
_GOAL = 1.5
_READY = "ready"


def figures(_folder: Path) -> Iterator[Figure]:
    """How many times as many two answer as one does; each round on handovers of its own."""
    with postgresql_server("bench") as server:
        databases = Postgresql(server)
        with databases.make() as url:
            with sandbox() as slack, bot_on(url, slack) as bot:
                work = workload(bot)
                fill(bot.database, Workload(work.team, work.playbook, 3 * EACH))
            one = _rate(url, [0])
            two = _rate(url, [EACH, 2 * EACH])
        databases.close()
    yield Figure(
        "two replicas against one, PostgreSQL on the same two cores",
        f"≥ {_GOAL}",
        f"{two / one:.2f}",
        two / one >= _GOAL,
        {"one clicks/s": round(one), "two clicks/s": round(two), "threads each": THREADS},
    )


def _rate(url: str, firsts: Sequence[int]) -> float:
    """Answers a second by as many processes at once as there are `firsts`."""
    run = (sys.executable, "-m", "tests.bench.replicas", url)
    with ExitStack() as stack:
        replicas = [
            stack.enter_context(
                subprocess.Popen(
                    (*run, str(first)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
                )
            )
            for first in firsts
        ]
        _hear(replicas)
        for replica in replicas:
            assert replica.stdin
            replica.stdin.write("begin\n")
            replica.stdin.flush()
        return sum(float(told) for told in _hear(replicas))


def _hear(replicas: Sequence["subprocess.Popen[str]"]) -> list[str]:
    """The next line of each."""
    lines = [replica.stdout.readline() for replica in replicas if replica.stdout]
    assert all(lines), "a replica ended"
    return lines


def main(url: str, first: int) -> None:
    """Answer when told to, and tell how many a second that was."""
    with sandbox() as slack, bot_on(url, slack) as bot:
        work = workload(bot)
        handover = half_answered(work, 0)
        asked = list(coming(handover))
        rows = [
            list(answering(handover.model_copy(update={"id": f"H{n:04}"}), asked, SECRET, n * 100))
            for n in range(first, first + EACH)
        ]
        still()

        def work_off(row: Sequence[Environ]) -> int:
            for delivery in row:
                call(bot.door, delivery)
            return len(row)

        sys.stdout.write(f"{_READY}\n")
        sys.stdout.flush()
        sys.stdin.readline()
        with ThreadPoolExecutor(THREADS) as pool:
            began = time.perf_counter()
            done = sum(pool.map(work_off, rows))
            rate = done / (time.perf_counter() - began)
        sys.stdout.write(f"{rate}\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
