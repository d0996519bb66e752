"""The bot as a process of its own, to be killed: HTTP on a free port until somebody ends it."""

from collections.abc import Mapping
from multiprocessing.connection import Connection
from typing import Any

from bot.app import Bot
from bot.settings import Settings
from bot.wire.web import serve_http


def run(environment: Mapping[str, str], ready: Connection) -> None:
    """Serve for good; `ready` is told at which port, once deliveries can come."""
    bot = Bot(Settings.model_validate(environment))
    server: Any = serve_http(bot.door, 0, "127.0.0.1")
    bot.start()
    ready.send(server.effective_port)
    server.run()
