"""How fast the bot may speak: what Slack bears, and what a person bears."""

from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `limit` in any `period` seconds."""

    limit: int
    period: float


def read_rate(setting: str) -> Rate | None:
    """HANDOVER_POST_RATE: "5/5" is five messages in five seconds, "0" as many as there are.

    Raises ValueError.
    """
    limit, _, period = setting.partition("/")
    return Rate(int(limit), float(period)) if int(limit) else None


@dataclass(frozen=True, slots=True)
class Patience:
    """How long an attempt may matter. Seconds.

    A post starts within `guard` of its stamp or not at all; `timeout` bounds each of its reads and
    writes; what Slack was sent may still land within `margin` after that.
    """

    timeout: float = 10.0
    margin: float = 60.0
    guard: float = 5.0
    glance: float = 2.0

    @property
    def quiet(self) -> float:
        """From a stamp until its post has landed if it ever will."""
        return self.guard + 2 * self.timeout + self.margin


class Window:
    """Counts what happened in the last seconds, to keep it within a rate; by a monotonic clock."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._taken: deque[float] = deque()

    def wait(self, now: float, among: int = 1) -> float:
        """Seconds until there is room for one more; 0 for at once. So many share the rate."""
        limit = max(self._rate.limit // among, 1)
        while self._taken and self._taken[0] <= now - self._rate.period:
            self._taken.popleft()
        if len(self._taken) < limit:
            return 0.0
        return self._taken[-limit] + self._rate.period - now

    def take(self, now: float) -> None:
        """Count one."""
        self._taken.append(now)
