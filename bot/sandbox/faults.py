"""Faults on demand: what a network and a busy Slack do to a bot's requests."""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

JSON = dict[str, Any]
Where = Callable[[JSON], bool]

NETWORK = ("ratelimited", "http_500", "lost_before", "lost_after", "slow")


@dataclass
class Planted:
    """A fault waiting for its method; `kind` is one of NETWORK or an error code of Slack's."""

    method: str
    kind: str
    times: int
    where: Where | None
    seconds: float


class Faults:
    """Which fault hits this call? Planted ones first, then chance."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._planted: list[Planted] = []
        self._rate = 0.0
        self._random = random.Random(0)  # noqa: S311 - not a secret, and must repeat
        self.fired = 0

    def plant(self, fault: Planted) -> None:
        with self._lock:
            self._planted.append(fault)

    def chaos(self, rate: float, seed: int) -> None:
        """From now on every call fails with this probability; 0 ends it."""
        with self._lock:
            self._rate = rate
            self._random = random.Random(seed)  # noqa: S311 - as above

    def strike(self, method: str, args: JSON) -> Planted | None:
        with self._lock:
            fault = self._matching(method, args) or self._by_chance(method)
            self.fired += fault is not None
            return fault

    def _matching(self, method: str, args: JSON) -> Planted | None:
        for fault in self._planted:
            if fault.method in (method, "*") and (fault.where is None or fault.where(args)):
                fault.times -= 1
                if fault.times <= 0:
                    self._planted.remove(fault)
                return fault
        return None

    def _by_chance(self, method: str) -> Planted | None:
        if self._random.random() >= self._rate:
            return None
        kind = self._random.choice(NETWORK[:-1])
        return Planted(method, kind, 1, None, 0.0)
