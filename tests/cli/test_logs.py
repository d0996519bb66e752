"""The log holds no token and nothing that people write, whatever fails."""

import json
import logging
from collections.abc import Iterator

import pytest
from pydantic import BaseModel

from bot.logs import _OURS, _QUIETER, set_up_logs
from flows.errors import FlowError

WRITTEN = "Their CFO dislikes us"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in (*_OURS, *_QUIETER)}
    yield
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)


class _Payload(BaseModel):
    number: int


def fail(log: logging.Logger) -> None:
    try:
        _Payload.model_validate({"number": WRITTEN})
    except ValueError as error:
        ours = FlowError("not_found")
        ours.__cause__ = error
        log.exception("a listener failed", exc_info=ours)


@pytest.mark.parametrize("form", ["console", "json"])
def test_an_exception_is_told_without_what_people_wrote(
    capsys: pytest.CaptureFixture[str], form: str
) -> None:
    set_up_logs("DEBUG", "json" if form == "json" else "console")
    fail(logging.getLogger("bot.listeners"))
    logged = capsys.readouterr().err
    assert WRITTEN not in logged
    assert "FlowError: not_found" in logged
    assert "ValidationError" in logged
    assert "test_logs.py" in logged


def test_tokens_and_signatures_are_hidden(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("INFO", "json")
    for secret in ("xoxb-1-abc", "xapp-1-A-b", "v0=" + "0a" * 32, "ticket=abc-1"):
        logging.getLogger("bot").info("got %s here", secret)
    lines = [json.loads(line)["text"] for line in capsys.readouterr().err.splitlines()]
    assert lines[:3] == ["got (hidden) here"] * 3
    assert lines[3] == "got ticket=(hidden) here"


def test_libraries_never_get_as_low_as_bodies(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("DEBUG", "console")
    for name in ("slack_sdk.web", "slack_bolt.App", "apscheduler", "dbos", "sqlalchemy.engine"):
        logging.getLogger(name).debug(WRITTEN)
    logging.getLogger("bot.desk").debug("ours")
    logged = capsys.readouterr().err
    assert "ours" in logged
    assert WRITTEN not in logged
