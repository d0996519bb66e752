"""`handover serve`: from settings to a running process, and its orderly end."""

import logging
import signal
import threading
from contextlib import ExitStack
from types import FrameType

from bot.app import DRAIN_SECONDS, Bot, StartError
from bot.http_server import HttpServer
from bot.only_one import only_one
from bot.settings import Settings, SettingsError
from bot.socket_mode import SocketLine

log = logging.getLogger(__name__)


def serve(settings: Settings, *, socket: bool) -> None:
    """Serve until SIGTERM or SIGINT; what is under way then is finished first.

    Raises SettingsError, StartError, AlreadyServedError or PlaybookError before anything began.
    """
    token = settings.slack_app_token
    if socket and token is None:
        raise SettingsError("SLACK_APP_TOKEN is not set: Socket Mode needs it")
    asked_to_stop = threading.Event()

    def stop(number: int, _frame: FrameType | None) -> None:
        log.info("%s: stopping", signal.Signals(number).name)
        asked_to_stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    # Whatever was begun is ended in the opposite order: first nothing new comes in.
    with ExitStack() as begun:
        begun.enter_context(only_one(settings.database_url))
        bot = Bot(settings)
        begun.callback(bot.stop)
        server = _listen(bot, settings.port)
        bot.start()
        server.start()
        begun.callback(server.stop, DRAIN_SECONDS)
        if socket and token is not None:
            line = SocketLine(bot, token.get_secret_value())
            line.start()
            begun.callback(line.stop)
        log.info("serving on port %d%s", server.port, " and over Socket Mode" * socket)
        asked_to_stop.wait()
    log.info("stopped")


def _listen(bot: Bot, port: int) -> HttpServer:
    try:
        return HttpServer(bot.door, port)
    except OSError as error:
        raise StartError(f"PORT: {error.strerror or 'cannot listen there'}") from None
