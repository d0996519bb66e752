"""Socket Mode: the bot dials out to Slack, for where no address can be opened to the world.

The listeners are the very same as over HTTP. An envelope is acknowledged when its listener has
committed; what Bolt answers with another status than 200 is never acknowledged, so Slack sends an
event again, and its receipt tells the repeat from the first. What is malformed is left as well.

slack_sdk's built-in client can reconnect by itself, but while it does, nobody reads the new line
for up to three seconds, and in a race it reads the old one for ever. So here a connection never
reconnects: a new one is dialled first, and the old one retires when it stands. A watchdog looks for
signs of life (messages, pongs, pings that go out) and dials anew when they end; when that does not
help for GIVE_UP_SECONDS the process ends, for whoever supervises it to start it anew.
"""

import logging
import threading
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Protocol

from slack_bolt import App, BoltRequest
from slack_bolt.adapter.socket_mode.internals import build_headers, send_response
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientNotConnectedError
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from typing_extensions import override

from bot.afterwards import Afterwards
from bot.crash import give_up
from bot.health import Check, Finding
from bot.times import Clock
from bot.watch.watch import Watch
from bot.wire.shapes import check_envelope
from bot.wire.web import ANSWER_SECONDS, MALFORMED
from storage.deadline import answering

log = logging.getLogger(__name__)
# What it says of the line, the watchdog says better; what remains is that a listener failed.
_client_log = logging.getLogger("bot.socket_mode.client")
_client_log.setLevel(logging.ERROR)
_client_log.addFilter(lambda record: record.getMessage().startswith("Failed to run"))

PING_SECONDS = 3.0
"""A cut line is noticed within two pings, a silent one within four."""
GIVE_UP_SECONDS = 300.0
_LOOK_SECONDS = 1.0
_MOST_PATIENCE = 30.0
_GRACE_SECONDS = 2.0

Json = dict[str, Any]


class Served(Protocol):
    """What a line needs of a bot."""

    app: App
    afterwards: Afterwards
    clock: Clock
    watch: Watch
    checks: dict[str, Check]


class SocketError(Exception):
    """Slack gives no socket; the text is one clear line."""


class _Connection(SocketModeClient):
    """One connection, which is used up when Slack asks for a new one or it breaks."""

    def __init__(
        self,
        token: str,
        client: WebClient,
        ping_seconds: float,
        wish: Callable[[], None],
        leave: Callable[[Exception], None],
    ) -> None:
        super().__init__(
            token,
            logger=_client_log,
            web_client=client,
            auto_reconnect_enabled=False,
            ping_interval=ping_seconds,
        )
        # Given no proxy it would look for one in the environment, for 127.0.0.1 too.
        self.proxy = client.proxy
        self._wish, self._leave = wish, leave

    @override
    def connect_to_new_endpoint(self, force: bool = False) -> None:
        """Called when Slack says that it will hang up."""
        self._wish()

    @override
    def process_message(self) -> None:
        try:
            super().process_message()  # type: ignore[no-untyped-call]
        except MALFORMED as error:
            # Not even JSON: the thread that reads must outlive it.
            self._leave(error)

    def fault(self) -> str:
        """Empty when the connection stands, else what is wrong with it."""
        session = self.current_session
        if session is None or not session.is_active():
            return "no line"
        return "the line was cut" if session.consecutive_check_state_error_count else ""

    def last_pong(self) -> object:
        """Something that differs after every pong."""
        session = self.current_session
        return (session.session_id, session.last_ping_pong_time) if session else None

    def retire(self) -> None:
        """Take no more envelopes, acknowledge those under way, and hang up."""
        self.closed = True
        # In this order: an ack needs the line that the closing cuts.
        self.message_workers.shutdown(wait=True)
        try:
            self.close()
        except AttributeError:
            # Its reading thread hung up in the same moment.
            self.close()


class _Handler:
    """Hands envelopes to Bolt, as `Door` does what comes over HTTP."""

    def __init__(
        self, app: App, afterwards: Afterwards, leave: Callable[[Exception], None]
    ) -> None:
        self._app, self._afterwards, self._leave = app, afterwards, leave

    def handle(self, client: BaseSocketModeClient, message: Json, _raw: str | None) -> None:
        """Answer one envelope; a greeting is none."""
        if "envelope_id" not in message:
            return
        with self._afterwards.answering() as answer:
            try:
                self._answer(client, message)
            finally:
                self._afterwards.written(answer)

    def _answer(self, client: BaseSocketModeClient, message: Json) -> None:
        try:
            check_envelope(message)
            envelope = SocketModeRequest(
                message["type"],
                message["envelope_id"],
                message["payload"],
                retry_attempt=message.get("retry_attempt"),
                retry_reason=message.get("retry_reason"),
            )
            headers = build_headers(envelope)
            found = BoltRequest(mode="socket_mode", body=envelope.payload, headers=headers)
        except MALFORMED as error:
            self._leave(error)
            return
        with answering(ANSWER_SECONDS):
            response = self._app.dispatch(found)
        try:
            send_response(client, envelope, response, 0.0)
        except (SlackClientNotConnectedError, OSError) as error:
            log.warning("no line to acknowledge on, so it comes again: %s", type(error).__name__)


class SocketLine:
    """The bot's line to Slack: `start` it, `stop` it. Its health stands in `/readyz`."""

    def __init__(
        self,
        bot: Served,
        app_token: str,
        *,
        ping_seconds: float = PING_SECONDS,
        die: Callable[[str], None] = give_up,
    ) -> None:
        self._app, self._afterwards, self._clock = bot.app, bot.afterwards, bot.clock
        self._turned_away = bot.watch.turned_away
        self._token, self._die = app_token, die
        self._ping_seconds = ping_seconds
        self._connection: _Connection | None = None
        self._last_life = self._clock.monotonic()
        self._last_pong: object = None
        self._stopping, self._wished = threading.Event(), threading.Event()
        self._watchdog = threading.Thread(target=self._watch, name="socket-watchdog", daemon=True)
        bot.checks["socket"] = self.check

    def start(self) -> None:
        """Dial. Raises SocketError when there is no line to be had."""
        try:
            self._dial()
        except (SlackApiError, OSError) as error:
            code = error.response.get("error") if isinstance(error, SlackApiError) else error
            raise SocketError(f"Slack gives no socket for SLACK_APP_TOKEN: {code}") from None
        self._watchdog.start()

    def stop(self) -> None:
        """Acknowledge what is under way and hang up."""
        self._stopping.set()
        self._wished.set()
        self._watchdog.join()
        if self._connection:
            self._connection.retire()

    def check(self) -> Finding:
        """What there is to say of the line. Without it this process hears nobody."""
        fault = self._fault()
        figures = {"seconds_since_life": round(self._silent(), 1)}
        return Finding("wrong" if fault else "ok", fault, figures)

    def _fault(self) -> str:
        """Empty when the line lives, else what is wrong with it."""
        fault, silent = self._connection.fault() if self._connection else "no line", self._silent()
        if fault or silent <= 4 * self._ping_seconds:
            return fault
        return f"nothing heard for {silent:.0f} s"

    def _dial(self) -> None:
        """A new connection in the old one's place. Raises SlackApiError or OSError."""
        wish, leave = self._wished.set, self._leave
        new = _Connection(self._token, self._app.client, self._ping_seconds, wish, leave)
        new.on_message_listeners.append(self._heard)
        new.message_listeners.append(_Handler(self._app, self._afterwards, leave).handle)
        try:
            new.connect()
            if new.fault():
                raise ConnectionError("the line did not hold")
        except (SlackApiError, OSError):
            new.retire()
            raise
        old, self._connection = self._connection, new
        self._heard("")
        if old:
            threading.Thread(target=self._retire, args=(old,), name="socket-retire").start()

    def _retire(self, old: _Connection) -> None:
        """Slack may go on using an old line for a moment; a dead one does no harm in it."""
        self._stopping.wait(_GRACE_SECONDS)
        old.retire()

    def _leave(self, error: Exception) -> None:
        """What is malformed is not acknowledged, as over HTTP it is refused."""
        log.warning("malformed envelope: %s", type(error).__name__)
        self._turned_away(HTTPStatus.BAD_REQUEST.value)

    def _heard(self, _message: str) -> None:
        self._last_life = self._clock.monotonic()

    def _silent(self) -> float:
        """Seconds since the last sign of life, by the clock that never jumps."""
        pong = self._connection.last_pong() if self._connection else None
        if pong != self._last_pong:
            self._last_pong, self._last_life = pong, self._clock.monotonic()
        return self._clock.monotonic() - self._last_life

    def _watch(self) -> None:
        tries, try_at = 0, 0.0
        while not self._stopping.is_set():
            wished = self._wished.wait(min(self._ping_seconds, _LOOK_SECONDS))
            if self._stopping.is_set():
                return
            now, fault = self._clock.monotonic(), self._fault()
            if not fault and not wished:
                tries = 0
            elif self._silent() > GIVE_UP_SECONDS:
                self._die(f"Slack's socket: {fault}")
                return
            elif tries == 0 or now >= try_at:
                self._wished.clear()
                tries += 1
                try_at = now + min(2.0**tries, _MOST_PATIENCE)
                self._redial(fault)
            else:
                # What is wished for stays so, and would be heard again at once.
                self._stopping.wait(min(try_at - now, _LOOK_SECONDS))

    def _redial(self, fault: str) -> None:
        if fault:
            log.warning("Slack's socket: %s; dialling anew", fault)
        try:
            self._dial()
        except (SlackApiError, OSError) as error:
            log.warning("dialling failed: %s", type(error).__name__)
