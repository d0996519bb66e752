"""Socket Mode: the bot dials out to Slack, for where no address can be opened to the world.

The listeners are the very same as over HTTP. An envelope is acknowledged when its listener has
committed; what Bolt answers with another status than 200 is never acknowledged, so Slack sends an
event again, and its receipt tells the repeat from the first.

slack_sdk's built-in client reconnects by itself when Slack asks for it, but a line can die without
a word. A watchdog takes every message and pong as a sign of life; when there was none for a while
it dials anew, and when that does not help for GIVE_UP_SECONDS the process ends, for whoever
supervises it to start it anew.
"""

import logging
import threading
from typing import Protocol

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.errors import SlackApiError

from bot.crash import give_up
from bot.health import Check
from bot.times import Clock

log = logging.getLogger(__name__)
# Its own words about reconnecting are told by ours; what remains are failures.
_client_log = logging.getLogger("bot.socket_mode.client")
_client_log.setLevel(logging.ERROR)

PING_SECONDS = 5.0
GIVE_UP_SECONDS = 300.0
_LOOK_SECONDS = 1.0
_MOST_PATIENCE = 30


class Served(Protocol):
    """What a line needs of a bot."""

    app: App
    clock: Clock
    checks: dict[str, Check]


class SocketError(Exception):
    """Slack gives no socket; the text is one clear line."""


class SocketLine:
    """The bot's line to Slack: `start` it, `stop` it. Its health stands in `/readyz`."""

    def __init__(self, bot: Served, app_token: str, ping_seconds: float = PING_SECONDS) -> None:
        self._clock = bot.clock
        self._deaf_seconds = 4 * ping_seconds
        self._handler = SocketModeHandler(
            bot.app,
            app_token,
            logger=_client_log,
            web_client=bot.app.client,
            ping_interval=ping_seconds,
        )
        self._client = self._handler.client
        # Given no proxy it would look for one in the environment, for 127.0.0.1 too.
        self._client.proxy = bot.app.client.proxy
        self._client.on_message_listeners.append(self._heard)
        self._last_life = self._clock.monotonic()
        self._last_pong: object = None
        self._stopping = threading.Event()
        self._watchdog = threading.Thread(target=self._watch, name="socket-watchdog", daemon=True)
        bot.checks["socket"] = self.check

    def start(self) -> None:
        """Dial. Raises SocketError when Slack refuses; a line that breaks later is dialled anew."""
        try:
            self._client.connect()
        except (SlackApiError, OSError) as error:
            self._client.close()
            code = error.response.get("error") if isinstance(error, SlackApiError) else error
            raise SocketError(f"Slack gives no socket for SLACK_APP_TOKEN: {code}") from None
        self._last_life = self._clock.monotonic()
        self._watchdog.start()

    def stop(self) -> None:
        """Take no more envelopes, acknowledge those under way, and hang up."""
        self._stopping.set()
        self._watchdog.join()
        # In this order: an ack needs the line that the closing cuts.
        self._client.closed = True
        self._client.auto_reconnect_enabled = False
        self._client.message_workers.shutdown(wait=True)
        self._client.close()

    def check(self) -> str:
        """Empty when the line lives, else for how long nothing was heard."""
        silent = self._silent()
        if self._client.is_connected() and silent <= self._deaf_seconds:
            return ""
        return f"nothing heard for {silent:.0f} s"

    def _heard(self, _message: str) -> None:
        self._last_life = self._clock.monotonic()

    def _silent(self) -> float:
        """Seconds since the last sign of life, by the clock that never jumps."""
        session = self._client.current_session
        pong = (session.session_id, session.last_ping_pong_time) if session else None
        if pong != self._last_pong and pong and pong[1]:
            self._last_pong, self._last_life = pong, self._clock.monotonic()
        return self._clock.monotonic() - self._last_life

    def _watch(self) -> None:
        tries, wait = 0, 0
        while not self._stopping.wait(_LOOK_SECONDS):
            if not self.check():
                tries = wait = 0
            elif self._silent() > GIVE_UP_SECONDS:
                give_up(f"Slack's socket: {self.check()}")
                return
            elif wait > 0:
                wait -= 1
            else:
                tries += 1
                wait = min(2**tries, _MOST_PATIENCE)
                log.warning("Slack's socket: %s; dialling anew", self.check())
                threading.Thread(target=self._redial, name="socket-redial", daemon=True).start()

    def _redial(self) -> None:
        """In a thread of its own: a call that hangs must not blind the watchdog."""
        try:
            self._client.connect_to_new_endpoint(force=self._client.is_connected())
        except Exception as error:  # noqa: BLE001 - whatever it is, it is tried again
            log.warning("dialling failed: %s", type(error).__name__)
