"""Seeing it run: figures for Prometheus, lines for the log, spans for OpenTelemetry."""
