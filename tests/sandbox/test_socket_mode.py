"""Socket Mode: once with Bolt's own client, and message by message with a bare one."""

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt import Ack, App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from typing_extensions import override
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.sync.connection import Connection

from bot.sandbox import Rejected, Reply, Sandbox
from tests.sandbox.conftest import APP_TOKEN

JSON = dict[str, Any]


def test_bolt_is_driven_over_its_socket(slack: Sandbox, bot: App) -> None:
    @bot.command("/probe")
    def command(ack: Ack) -> None:
        ack("hi there")

    @bot.event("message")
    def said(event: JSON, client: WebClient) -> None:
        client.chat_postMessage(channel=event["channel"], text=f"heard {event['text']}")

    olga = slack.person("Olga Costa")
    app_client = WebClient(token=APP_TOKEN, base_url=slack.api_url)
    handler: Any = SocketModeHandler(bot, APP_TOKEN, web_client=app_client)
    handler.connect()
    try:
        slack.wait_connected()
        assert olga.types("/probe").text == "hi there"
        olga.says("something")
        olga.dm().wait("heard something")
        slack.idle(0.05)
        slack.assert_clean()
    finally:
        handler.close()


def dial(slack: Sandbox) -> Connection:
    client = WebClient(token=APP_TOKEN, base_url=slack.api_url)
    return connect(client.apps_connections_open(app_token=APP_TOKEN)["url"])


def read(line: Connection) -> JSON:
    message: JSON = json.loads(line.recv(timeout=30))
    return message


@pytest.fixture
def line(slack: Sandbox) -> Iterator[Connection]:
    with dial(slack) as connection:
        assert read(connection)["type"] == "hello"
        yield connection


class Typing(threading.Thread):
    """`/probe` typed by somebody while the test answers as the bot."""

    def __init__(self, slack: Sandbox) -> None:
        super().__init__(daemon=True)
        self.person = slack.person("Olga Costa")
        self.outcome: Reply | Rejected | None = None
        self.start()

    @override
    def run(self) -> None:
        try:
            self.outcome = self.person.types("/probe")
        except Rejected as rejection:
            self.outcome = rejection


def test_an_ack_carries_the_answer(slack: Sandbox, line: Connection) -> None:
    typing = Typing(slack)
    while (envelope := read(line))["type"] != "slash_commands":
        line.send(json.dumps({"envelope_id": envelope["envelope_id"]}))
    assert envelope["accepts_response_payload"]
    assert envelope["payload"]["command"] == "/probe"
    line.send(json.dumps({"envelope_id": envelope["envelope_id"], "payload": {"text": "yes"}}))
    typing.join(30)
    assert isinstance(typing.outcome, Reply)
    assert typing.outcome.text == "yes"


def test_an_event_whose_line_is_cut_comes_again_on_another(
    slack: Sandbox, line: Connection
) -> None:
    slack.person("Olga Costa")
    first = read(line)
    assert (first["payload"]["event"]["type"], first["retry_attempt"]) == ("team_join", 0)
    slack.drop_sockets()
    with pytest.raises(ConnectionClosed):
        line.recv(timeout=30)
    with dial(slack) as again:
        assert read(again)["type"] == "hello"
        second = read(again)
        assert second["payload"] == first["payload"]
        assert second["retry_attempt"] >= 1
        assert second["retry_reason"] == "connection_failed"
        again.send(json.dumps({"envelope_id": second["envelope_id"]}))
        slack.idle(0.05)


def test_a_refresh_is_announced_before_the_line_is_closed(slack: Sandbox, line: Connection) -> None:
    slack.disconnect("refresh_requested")
    assert read(line) == {"type": "disconnect", "reason": "refresh_requested", "debug_info": {}}
    with pytest.raises(ConnectionClosed):
        line.recv(timeout=30)


def test_envelopes_take_turns_on_several_connections(slack: Sandbox, line: Connection) -> None:
    with dial(slack) as other:
        assert read(other)["num_connections"] == 2
        slack.wait_connected(2)
        slack.person("Olga Costa")
        slack.person("Ivan Petrov")
        for connection in (line, other):
            connection.send(json.dumps({"envelope_id": read(connection)["envelope_id"]}))
        slack.idle(0.05)


def test_a_ticket_is_good_for_one_connection(slack: Sandbox, line: Connection) -> None:
    url = f"ws://127.0.0.1:{line.remote_address[1]}/link/?ticket=ticket-1"
    with connect(url) as uninvited, pytest.raises(ConnectionClosed, match="no valid ticket"):
        uninvited.recv(timeout=30)


def test_without_a_connection_nothing_is_delivered(slack: Sandbox) -> None:
    with pytest.raises(Rejected, match="dispatch_failed"):
        slack.person("Olga Costa").types("/probe")
