"""A bare Bolt app behind a WSGI server, and a pocket Slack it is connected to."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient
from typing_extensions import override

from bot.sandbox import Person, Sandbox

JSON = dict[str, Any]

MANIFEST: JSON = {
    "display_information": {"name": "Probe"},
    "features": {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": "probe", "always_online": True},
        "slash_commands": [{"command": "/probe", "description": "Try it"}],
        "shortcuts": [
            {
                "name": "Keep it",
                "type": "message",
                "callback_id": "keep",
                "description": "Keeps it",
            }
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                "channels:history",
                "channels:read",
                "chat:write",
                "commands",
                "files:read",
                "files:write",
                "im:history",
                "im:read",
                "im:write",
                "pins:write",
                "reactions:write",
                "users:read",
            ]
        }
    },
    "settings": {
        "event_subscriptions": {
            "bot_events": [
                "app_home_opened",
                "app_uninstalled",
                "file_shared",
                "message.im",
                "team_join",
                "tokens_revoked",
                "user_change",
            ]
        },
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}
BOT_TOKEN = "xoxb-1-probe"
APP_TOKEN = "xapp-1-probe"
SECRET = "shhh"


@pytest.fixture
def ack_seconds() -> float:
    """Enough for nothing to be late because the machine is busy."""
    return 20.0


@pytest.fixture
def slack(ack_seconds: float) -> Iterator[Sandbox]:
    with Sandbox(
        manifest=MANIFEST,
        bot_token=BOT_TOKEN,
        app_token=APP_TOKEN,
        signing_secret=SECRET,
        ack_seconds=ack_seconds,
    ) as sandbox:
        yield sandbox


@pytest.fixture
def olga(slack: Sandbox) -> Person:
    return slack.person("Olga Costa")


@pytest.fixture
def ivan(slack: Sandbox) -> Person:
    return slack.person("Ivan Petrov")


@pytest.fixture
def client(slack: Sandbox) -> WebClient:
    return WebClient(token=BOT_TOKEN, base_url=slack.api_url, retry_handlers=[])


class _Server(ThreadingMixIn, WSGIServer):
    """Waits for requests under way when it closes, which waitress does not."""


class _Quiet(WSGIRequestHandler):
    @override
    def log_message(self, format: str, *args: object) -> None:
        """The sandbox keeps a journal."""


@contextmanager
def serving(app: App) -> Iterator[str]:
    """The app behind a threaded WSGI server; gives its address."""
    server = make_server("127.0.0.1", 0, SlackRequestHandler(app), _Server, _Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def bot(slack: Sandbox, client: WebClient) -> App:
    """A Bolt app without listeners; add them, then `connect()`."""
    return App(
        client=client,
        signing_secret=SECRET,
        process_before_response=True,
        token_verification_enabled=False,
    )


@pytest.fixture
def connect(slack: Sandbox, bot: App) -> Iterator[Callable[[], None]]:
    with serving(bot) as url:
        yield lambda: slack.connect_http(url)
