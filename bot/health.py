"""Whether the process is well: what `/healthz`, `/readyz` and `/metrics` say."""

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from bot.web import Page

Check = Callable[[], str]
"""Empty when all is well, else what is wrong, in a few words."""


FOR_INFORMATION = frozenset({"dead letters", "token"})
"""Shown on /readyz, but no reason to take deliveries from a process that works."""


def pages(
    checks: Mapping[str, Check], gauges: Mapping[str, Callable[[], float]]
) -> dict[str, Page]:
    """The operator's pages. A check that raises counts as failed."""
    registry = CollectorRegistry()
    for name, read in gauges.items():
        Gauge(f"handover_{name}", name.replace("_", " "), registry=registry).set_function(read)

    def alive() -> tuple[HTTPStatus, str, str]:
        return HTTPStatus.OK, "text/plain; charset=utf-8", "ok\n"

    def ready() -> tuple[HTTPStatus, str, str]:
        found = {name: _asked(check) for name, check in checks.items()}
        well = not any(fault for name, fault in found.items() if name not in FOR_INFORMATION)
        status = HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE
        said = {name: fault or "ok" for name, fault in found.items()}
        return status, "application/json", json.dumps(said, indent=1) + "\n"

    def metrics() -> tuple[HTTPStatus, str, str]:
        return HTTPStatus.OK, "text/plain; version=0.0.4", generate_latest(registry).decode()

    return {"/healthz": alive, "/readyz": ready, "/metrics": metrics}


def _asked(check: Check) -> str:
    try:
        return check()
    except Exception as error:  # noqa: BLE001 - whatever it is, this is not ready
        return type(error).__name__
