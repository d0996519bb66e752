"""`handover serve`: from settings to a running process, and its orderly end."""

import logging
import os
import signal
import threading
import time
from contextlib import ExitStack
from types import FrameType

from bot.app import Bot, StartError
from bot.only_one import only_one
from bot.settings import Settings, SettingsError
from bot.wire.http_server import HttpServer
from bot.wire.socket_mode import SocketLine

log = logging.getLogger(__name__)

DRAIN_SECONDS = 20.0
"""How long what is under way may take to finish, all in all."""
STOP_SECONDS = 26.0
"""When whatever hangs all the same is left to others; supervisors wait for 30 s."""
_FAREWELL_SECONDS = 2.0


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
    ends_at = 0.0

    def left() -> float:
        return max(ends_at - time.monotonic(), 0.0)

    # Whatever was begun is ended in the opposite order: first nothing new comes in.
    with ExitStack() as begun:
        begun.enter_context(only_one(settings.database_url))
        bot = Bot(settings)
        begun.callback(lambda: bot.stop(left()))
        server = _listen(bot, settings.port)
        bot.start()
        server.start()
        begun.callback(lambda: server.stop(left()))
        if socket and token is not None:
            line = SocketLine(bot, token.get_secret_value())
            line.start()
            begun.callback(line.stop)
        log.info("serving on port %d%s", server.port, " and over Socket Mode" * socket)
        asked_to_stop.wait()
        ends_at = time.monotonic() + DRAIN_SECONDS
        late = threading.Timer(STOP_SECONDS, _leave, [bot])
        late.daemon = True
        late.start()
    log.info("stopped")


def _leave(bot: Bot) -> None:
    """End the process although something in it does not: a call that hangs, a frozen database.

    It is as after a crash, but others are told, if that can be done at once.
    """
    log.warning("not all has ended in %.0f s: the rest is left to others", STOP_SECONDS)
    farewell = threading.Thread(target=bot.delivery.leave, daemon=True)
    farewell.start()
    farewell.join(_FAREWELL_SECONDS)
    os._exit(0)


def _listen(bot: Bot, port: int) -> HttpServer:
    try:
        return HttpServer(bot.door, port)
    except OSError as error:
        raise StartError(f"PORT: {error.strerror or 'cannot listen there'}") from None
