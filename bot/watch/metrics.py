"""What Prometheus is told. Labels name kinds of things: never a workspace, an account or a person.

Every bot has a registry of its own, so that several can live in one process.
"""

from collections.abc import Callable

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)

# Slack hangs up after three seconds.
_ACK_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)
_CALL_BUCKETS = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_TICK_BUCKETS = (0.001, 0.01, 0.1, 0.5, 1.0, 5.0, 15.0, 60.0)


class Metrics:
    """The instruments, each with its help; README.md lists them."""

    def __init__(self) -> None:
        self.registry = here = CollectorRegistry()
        ProcessCollector(registry=here)
        PlatformCollector(registry=here)
        GCCollector(registry=here)
        self.requests = Histogram(
            "handover_request_duration_seconds",
            "From a delivery of Slack's to its acknowledgement or refusal.",
            ["kind", "status"],
            buckets=_ACK_BUCKETS,
            registry=here,
        )
        self.turned_away = Counter(
            "handover_turned_away",
            "Requests refused before they were read: not signed by Slack, too old, or malformed.",
            ["status"],
            registry=here,
        )
        self.deliveries = Counter(
            "handover_deliveries",
            "Steps of delivering messages to Slack, by kind of message and outcome.",
            ["kind", "outcome"],
            registry=here,
        )
        self.slack_calls = Histogram(
            "handover_slack_call_duration_seconds",
            "Calls to Slack's Web API, by method and outcome.",
            ["method", "outcome"],
            buckets=_CALL_BUCKETS,
            registry=here,
        )
        self.ticks = Histogram(
            "handover_tick_duration_seconds",
            "How long a tick's sweep took, by tick.",
            ["tick"],
            buckets=_TICK_BUCKETS,
            registry=here,
        )
        self.failed_ticks = Counter(
            "handover_tick_failures",
            "Ticks that ended in an error, by tick.",
            ["tick"],
            registry=here,
        )
        self._tick_ages = Gauge(
            "handover_tick_age_seconds",
            "Since a tick last succeeded, by tick.",
            ["tick"],
            registry=here,
        )

    def read(self, name: str, says: str, value: Callable[[], float]) -> None:
        """A figure that is asked for when somebody looks."""
        Gauge(f"handover_{name}", says, registry=self.registry).set_function(value)

    def read_age(self, tick: str, age: Callable[[], float]) -> None:
        """The age in seconds of a tick's last success."""
        self._tick_ages.labels(tick).set_function(age)
