"""What an operator's probes are told: `/healthz`, `/readyz` and `/metrics`."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Literal

from prometheus_client import CollectorRegistry, generate_latest

from bot.wire.web import Page

Grade = Literal["ok", "look", "wrong"]
"""What is `wrong` is a reason to send no deliveries here; `look` is for somebody to look at."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found, in a few words where all is not well, with the figures to it.

    Nothing in it names a workspace, an account or a person.
    """

    grade: Grade = "ok"
    says: str = ""
    figures: Mapping[str, object] = field(default_factory=dict)


Check = Callable[[], Finding]
"""Raises whatever it likes: then something is wrong."""


def pages(checks: Mapping[str, Check], registry: CollectorRegistry) -> dict[str, Page]:
    """The operator's pages."""

    def alive() -> tuple[HTTPStatus, str, str]:
        return HTTPStatus.OK, "text/plain; charset=utf-8", "ok\n"

    def ready() -> tuple[HTTPStatus, str, str]:
        found = {name: _asked(check) for name, check in checks.items()}
        well = all(one.grade != "wrong" for one in found.values())
        status = HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE
        said = {
            name: {"grade": one.grade, "says": one.says, **one.figures}
            for name, one in found.items()
        }
        text = json.dumps({"ready": well, "checks": said}, indent=1)
        return status, "application/json", text + "\n"

    def metrics() -> tuple[HTTPStatus, str, str]:
        return HTTPStatus.OK, "text/plain; version=0.0.4", generate_latest(registry).decode()

    return {"/healthz": alive, "/readyz": ready, "/metrics": metrics}


def _asked(check: Check) -> Finding:
    try:
        return check()
    except Exception as error:  # noqa: BLE001 - whatever it is, this is not ready
        return Finding("wrong", type(error).__name__)
