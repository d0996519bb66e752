"""One replica: `handover serve` in a process of its own, forked from one that has imported it."""

import os
from collections.abc import Mapping
from pathlib import Path

from bot.logs import set_up_logs
from bot.serving import serve
from bot.settings import Settings


def run(environment: Mapping[str, str], log: Path, *, socket: bool) -> None:
    """Serve until SIGTERM; what is logged goes into a file."""
    os.dup2(os.open(log, os.O_CREAT | os.O_WRONLY | os.O_APPEND), 2)
    settings = Settings.model_validate(environment)
    set_up_logs(settings.log_level, settings.log_format)
    serve(settings, socket=socket)
