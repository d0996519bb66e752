"""Traces by OpenTelemetry, for whoever has installed the extra `telemetry`.

The id of a trace is made of the cause: so the post of a message belongs to the same trace as the
click that led to it, however much later and on whichever replica, and a line of the log leads to
its trace.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import Status, StatusCode
from typing_extensions import override

from bot.watch.traces import Span
from storage.cause import CAUSE

_TRACE_BYTES = 16


def exporter_to(endpoint: str) -> SpanExporter:
    """Sends spans to a collector; its headers come from OTEL_EXPORTER_OTLP_HEADERS."""
    return OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")


class OtelTraces:
    """`Traces` that are sent in batches by a thread of their own."""

    def __init__(self, exporter: SpanExporter) -> None:
        named = Resource.create({SERVICE_NAME: "handover"})
        self._provider = TracerProvider(resource=named, id_generator=_Causes())
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("handover")

    @contextmanager
    def span(self, name: str, **said: str | int) -> Iterator[Span]:
        # By itself it would note an exception with its text, which may be somebody's words.
        with self._tracer.start_as_current_span(
            name, record_exception=False, set_status_on_exception=False
        ) as span:
            noted = _Noted(span)
            noted.note(request=CAUSE.get(), **said)
            try:
                yield noted
            except Exception as error:
                span.set_status(Status(StatusCode.ERROR, type(error).__name__))
                raise

    def close(self) -> None:
        self._provider.shutdown()


class _Noted:
    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def note(self, **said: str | int) -> None:
        for name, value in said.items():
            self._span.set_attribute(f"handover.{name}", value)


class _Causes(RandomIdGenerator):
    @override
    def generate_trace_id(self) -> int:
        cause = CAUSE.get()
        if not cause:
            return super().generate_trace_id()
        return int.from_bytes(hashlib.sha256(cause.encode()).digest()[:_TRACE_BYTES])
