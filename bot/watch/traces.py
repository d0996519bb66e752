"""Traces, if an operator wants them: spans for a request, a transaction, a delivery, a Slack call.

What a span says is of the same few words as the labels of the figures. Without a place to send them
to there are none, and OpenTelemetry need not be installed.
"""

from contextlib import AbstractContextManager, nullcontext
from typing import Protocol


class TracesError(Exception):
    """Traces are wanted and cannot be had; the text is one clear line."""


class Span(Protocol):
    """Something that takes its time."""

    def note(self, **said: str | int) -> None:
        """Say something of it, in words of ours."""
        ...


class Traces(Protocol):
    """Where spans go."""

    def span(self, name: str, **said: str | int) -> AbstractContextManager[Span]:
        """Whatever happens in here is one span, part of the one around it."""
        ...

    def close(self) -> None:
        """Send what is left, and end."""
        ...


class _Nowhere:
    """A span that nobody hears of."""

    def note(self, **said: str | int) -> None:
        pass


class _NoTraces:
    def __init__(self) -> None:
        self._span = nullcontext(_Nowhere())

    def span(self, name: str, **said: str | int) -> AbstractContextManager[Span]:  # noqa: ARG002 - as the protocol says
        return self._span

    def close(self) -> None:
        pass


NO_TRACES: Traces = _NoTraces()


def open_traces(endpoint: str | None) -> Traces:
    """Traces to a collector's address (OTLP over HTTP), none without one. Raises TracesError."""
    if not endpoint:
        return NO_TRACES
    try:
        # An extra that most do not install.
        from bot.watch.otel import OtelTraces, exporter_to  # noqa: PLC0415
    except ImportError:
        words = "traces need the extra: `pip install '.[telemetry]'`"
        raise TracesError(f"OTEL_EXPORTER_OTLP_ENDPOINT: {words}") from None
    return OtelTraces(exporter_to(endpoint))
