"""A few threads for all workspaces together, for what is asked of Slack beside the deliveries.

Each workspace waits in a line of its own and has no more than its share of the threads, so one
whose Slack is slow holds up itself alone; what comes where too much waits already is left out. What
is in one lane is done one after the other.
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
"""Of one workspace, besides what is under way."""


@dataclass(frozen=True, slots=True)
class _Wish:
    do: Do
    lane: str
    done: Future[None] = field(default_factory=Future)


@dataclass(slots=True)
class _Line:
    """One workspace's: how many threads are at it, in which lanes, and what waits for them."""

    busy: int = 0
    lanes: set[str] = field(default_factory=set)
    waiting: deque[_Wish] = field(default_factory=deque)


class Lines:
    """Does what is wanted in each workspace, in its turn; threads are called by `name`."""

    def __init__(self, name: str, threads: int = THREADS) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._turn = threading.Lock()
        self._lines: dict[str, _Line] = {}
        self._ended = False

    def ask(self, team: str, do: Do, lane: str = "") -> Future[None] | None:
        """Have something done; none where so much waits that nobody will see what comes of it,
        or where all has come to its end.
        """
        with self._turn:
            line = self._lines.setdefault(team, _Line())
            if self._ended or len(line.waiting) >= MOST_WAITING:
                return None
            wish = _Wish(do, lane)
            line.waiting.append(wish)
            if line.busy < SHARE:
                self._pool.submit(self._work_off, team, line)
                line.busy += 1
            return wish.done

    def stop(self) -> None:
        """What is under way comes to its end; what waits is left out."""
        with self._turn:
            self._ended = True
            for line in self._lines.values():
                line.waiting.clear()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _work_off(self, team: str, line: _Line) -> None:
        wish = self._next(team, line)
        while wish:
            try:
                wish.do()
            except BaseException as error:  # noqa: BLE001 - whoever waits for it is told
                wish.done.set_exception(error)
            else:
                wish.done.set_result(None)
            wish = self._next(team, line, wish.lane)

    def _next(self, team: str, line: _Line, left: str = "") -> _Wish | None:
        """The first whose lane is free, `left` among them; none where this thread is not needed."""
        with self._turn:
            line.lanes.discard(left)
            for wish in line.waiting:
                if wish.lane not in line.lanes:
                    line.waiting.remove(wish)
                    if wish.lane:
                        line.lanes.add(wish.lane)
                    return wish
            line.busy -= 1
            if not line.busy:
                self._lines.pop(team, None)
            return None
