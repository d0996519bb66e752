"""What the parts of one bot tell of their work, and to whom it goes: figures, spans, and the cause.

A cause is the short id of a delivery from Slack, or of a tick. Every line of the log that comes of
it carries it, on every thread, up to the post of a message that it led to; see `storage.cause`.
"""

import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from time import perf_counter
from typing import TypeVar

from bot.delivery.port import Absent, Ambiguous, Landed, Limited, Refused, Told
from bot.watch.metrics import Metrics
from bot.watch.traces import NO_TRACES, Span, Traces
from storage.cause import caused_by
from storage.outbox import SHUT_OUT

_log = logging.getLogger("bot.requests")

POSTED, EDITED, JOINED = "posted", "edited", "joined"
RETRIED, WAITED, DROPPED, DEAD = "retried", "waited", "dropped", "dead"
"""What can come of a step of a delivery."""

Answer = Told | Landed | Absent | Limited | Refused | Ambiguous
A = TypeVar("A", bound=Answer)


@dataclass(slots=True)
class Request:
    """A delivery of Slack's under way: its kind, our name for what is done, what came of it."""

    kind: str
    name: str
    outcome: str = ""
    status: int = 500


_UNDER_WAY: ContextVar[Request | None] = ContextVar("request", default=None)
_OUTCOMES = {200: "done", 400: "malformed", 404: "not ours", 503: "not now"}


def note_refusal(code: str) -> None:
    """What is under way was refused, and its author told so."""
    if request := _UNDER_WAY.get():
        request.outcome = f"refused: {code}"


def new_cause() -> str:
    """A name for something that came from outside, or was due."""
    return secrets.token_hex(6)


@dataclass(frozen=True, slots=True)
class Watch:
    """Where it all goes, for one bot."""

    metrics: Metrics = field(default_factory=Metrics)
    traces: Traces = NO_TRACES
    new_cause: Callable[[], str] = new_cause

    @contextmanager
    def request(self, kind: str, name: str) -> Iterator[Request]:
        """A delivery of Slack's, told in one line of the log; whoever handles it sets `status`."""
        one, began = Request(kind, name), perf_counter()
        with caused_by(self.new_cause()), self.traces.span("request", kind=kind, action=name):
            token = _UNDER_WAY.set(one)
            try:
                yield one
            finally:
                _UNDER_WAY.reset(token)
                seconds = perf_counter() - began
                self.metrics.requests.labels(kind, one.status).observe(seconds)
                if _log.isEnabledFor(logging.INFO):
                    _tell(one, seconds)

    def turned_away(self, status: int) -> None:
        """Something came that was refused before it was read."""
        self.metrics.turned_away.labels(status).inc()

    def delivered(self, kind: str, outcome: str) -> None:
        """A step of a message's delivery."""
        self.metrics.deliveries.labels(kind, outcome).inc()

    def delivery(self, kind: str, step: str) -> AbstractContextManager[Span]:
        """An attempt to post a message, or to edit one."""
        return self.traces.span("delivery", kind=kind, step=step)

    def transaction(self) -> AbstractContextManager[Span]:
        """A transaction that writes."""
        return self.traces.span("transaction")

    def asked(self, method: str, ask: Callable[[], A]) -> A:
        """What Slack answers a call. Our own words for it, never Slack's, become a label."""
        began = perf_counter()
        with self.traces.span("slack", method=method) as span:
            answer = ask()
            said = _said(answer)
            span.note(outcome=said)
        self.metrics.slack_calls.labels(method, said).observe(perf_counter() - began)
        return answer

    @contextmanager
    def tick(self, name: str) -> Iterator[Callable[[], None]]:
        """One run of a tick; what is given is to be called if nothing came of it."""
        began = perf_counter()
        with caused_by(self.new_cause()), self.traces.span("tick", tick=name):
            yield self.metrics.failed_ticks.labels(name).inc
        self.metrics.ticks.labels(name).observe(perf_counter() - began)


def _said(answer: Answer) -> str:
    match answer:
        case Limited(_, why):
            return "token" if why in SHUT_OUT else "limited"
        case Refused():
            return "refused"
        case Ambiguous():
            return "unclear"
        case _:
            return "ok"


def _tell(one: Request, seconds: float) -> None:
    outcome = one.outcome or _OUTCOMES.get(one.status, "failed")
    fields = {
        "kind": one.kind,
        "action": one.name,
        "outcome": outcome,
        "status": one.status,
        "ms": round(seconds * 1000, 1),
    }
    words = f"{one.kind} {one.name}".rstrip()
    _log.info("%s: %s, %.1f ms", words, outcome, seconds * 1000, extra={"fields": fields})
