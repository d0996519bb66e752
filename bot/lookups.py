"""The threads that ask Slack who somebody is: a few, for all workspaces together.

No workspace has more than its share of them, so one whose Slack is slow holds up itself alone; what
it asks beyond that waits for its own, and is left out where too much waits already.
"""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

Do = Callable[[], object]

THREADS = 24
SHARE = 3
MOST_WAITING = 100


@dataclass(slots=True)
class _Line:
    """What one workspace asks: how many threads are at it, and what waits for them."""

    busy: int = 0
    waiting: deque[tuple[Do, Future[None]]] = field(default_factory=deque)


class Lookups:
    """Does what is asked for each workspace, in its turn."""

    def __init__(self, threads: int = THREADS) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="lookup")
        self._turn = threading.Lock()
        self._lines: dict[str, _Line] = {}

    def ask(self, team: str, do: Do) -> Future[None] | None:
        """Have something looked up; none where so much waits that nobody will see the answer."""
        with self._turn:
            line = self._lines.setdefault(team, _Line())
            if len(line.waiting) >= MOST_WAITING:
                return None
            asked: Future[None] = Future()
            line.waiting.append((do, asked))
            if line.busy < SHARE:
                self._pool.submit(self._work_off, team, line)
                line.busy += 1
            return asked

    def stop(self) -> None:
        """What is under way comes to its end; what waits is left out."""
        with self._turn:
            for line in self._lines.values():
                line.waiting.clear()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _work_off(self, team: str, line: _Line) -> None:
        while found := self._next(team, line):
            do, asked = found
            try:
                do()
            except BaseException as error:  # noqa: BLE001 - whoever waits for it is told
                asked.set_exception(error)
            else:
                asked.set_result(None)

    def _next(self, team: str, line: _Line) -> tuple[Do, Future[None]] | None:
        with self._turn:
            if line.waiting:
                return line.waiting.popleft()
            line.busy -= 1
            if not line.busy:
                self._lines.pop(team, None)
            return None
