"""What the process says about itself: one line per record, as text or as JSON.

Nothing that people write and no token gets into it. The libraries under us log request bodies at
DEBUG, so they never get lower than INFO; and an exception is told by where it happened and its
type, because the text of a foreign one may hold a payload (a validation error quotes its input).
"""

import json
import logging
import re
import sys
import traceback
import warnings
from datetime import UTC, datetime
from types import TracebackType
from typing import Literal

from typing_extensions import override

from storage.cause import CAUSE

Format = Literal["console", "json"]

_OURS = ("bot", "flows", "storage", "migrations")
_QUIETER = {
    # It tells of every tick and job at INFO.
    "apscheduler": logging.WARNING,
    "dbos": logging.WARNING,
    "slack_sdk": logging.WARNING,
    # "Task queue depth" is said for every burst of clicks.
    "waitress.queue": logging.ERROR,
    "alembic": logging.WARNING,
}
_SECRETS = re.compile(r"(xox[a-z]-|xapp-|xoxe\.)[\w-]+|v0=[0-9a-f]{16,}|(?<=ticket=)[\w-]+")

_Raised = tuple[type[BaseException], BaseException, TracebackType | None]


class _Formatter(logging.Formatter):
    """Tells an exception without its text, unless it is one of our own; hides tokens.

    A line that came of a request, or of a tick, carries its id: `storage.cause`.
    """

    @override
    def formatException(self, ei: _Raised | tuple[None, None, None]) -> str:
        if ei[1] is None:
            return ""
        lines: list[str] = []
        error: BaseException | None = ei[1]
        while error is not None:
            frames = traceback.format_list(traceback.extract_tb(error.__traceback__))
            lines = [*frames, told(error) + "\n", *lines]
            error = error.__cause__
        return "".join(lines).rstrip("\n")

    @override
    def format(self, record: logging.LogRecord) -> str:
        record.request = CAUSE.get() or "-"
        return hide(super().format(record))


class _JsonFormatter(_Formatter):
    """One JSON object a line, for a collector."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "text": record.getMessage(),
        }
        if cause := CAUSE.get():
            said["request"] = cause
        said |= getattr(record, "fields", {})
        if record.exc_info:
            said["error"] = self.formatException(record.exc_info)
        return hide(json.dumps(said, ensure_ascii=False))


def set_up_logs(level: str, form: Format) -> None:
    """Log to standard error. `level` counts for our own packages; the libraries stay above INFO."""
    handler = logging.StreamHandler(sys.stderr)
    text = "%(asctime)s %(levelname)-7s %(request)-12s %(name)s: %(message)s"
    handler.setFormatter(_JsonFormatter() if form == "json" else _Formatter(text))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    wanted = logging.getLevelNamesMapping()[level]
    # Bolt copies the root's level to loggers of its own, whatever they are called.
    root.setLevel(max(wanted, logging.INFO))
    for name in _OURS:
        logging.getLogger(name).setLevel(wanted)
    for name, least in _QUIETER.items():
        logging.getLogger(name).setLevel(max(wanted, least))
    logging.captureWarnings(capture=True)
    warnings.simplefilter("default")
    # What a start that failed leaves open, the end of the process closes: no news to an operator.
    warnings.simplefilter("ignore", ResourceWarning)


def told(error: BaseException) -> str:
    """An exception by its type; with its text only where the text is ours."""
    kind = type(error)
    ours = kind.__module__.partition(".")[0] in _OURS
    return f"{kind.__qualname__}: {error}" if ours else kind.__qualname__


def hide(text: str) -> str:
    """A text without tokens and signatures."""
    return _SECRETS.sub("(hidden)", text)
