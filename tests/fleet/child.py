"""One replica: `handover serve` in a process of its own, forked from one that has imported it."""

import logging
import os
from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path

from typing_extensions import override

from bot.logs import set_up_logs
from bot.serving import serve
from bot.settings import Settings


class _Port(logging.Handler):
    """Tells the parent on which port the replica serves, once it does."""

    def __init__(self, ready: Connection) -> None:
        super().__init__()
        self._ready = ready

    @override
    def emit(self, record: logging.LogRecord) -> None:
        if record.msg.startswith("serving on port") and isinstance(record.args, tuple):
            self._ready.send(record.args[0])


def run(environment: Mapping[str, str], log: Path, ready: Connection, *, socket: bool) -> None:
    """Serve until SIGTERM; what is logged goes into a file."""
    os.dup2(os.open(log, os.O_CREAT | os.O_WRONLY | os.O_APPEND), 2)
    settings = Settings.model_validate(environment)
    set_up_logs(settings.log_level, settings.log_format)
    logging.getLogger("bot.serving").addHandler(_Port(ready))
    serve(settings, socket=socket)
