"""What Slack and the network do becomes a value: done, not done, or unsure."""

import socket
from contextlib import closing

import pytest

from bot.delivery.gateway import Gateway
from bot.delivery.port import Ambiguous, FileToSend, Landed, Limited, Refused, Told
from bot.delivery.tokens import OneToken
from tests.delivery import slack
from tests.delivery.bench import CONTEXT, SECRET, Words
from tests.delivery.slack import World

HELLO = Words("hello")
POST = "chat.postMessage"


@pytest.fixture
def gateway(slack_url: str) -> Gateway:
    return Gateway(OneToken("xoxb-1"), slack_url, SECRET, CONTEXT, timeout=1)


@pytest.fixture
def closed_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port: int = server.getsockname()[1]
    return port


@pytest.mark.parametrize("fault", [slack.DROP, slack.BROKEN_BEFORE, "internal_error"])
def test_lost_answer_is_unsure_and_not_tried_again(
    gateway: Gateway, world: World, fault: str
) -> None:
    world.fail(POST, fault)
    assert isinstance(gateway.post("D1", HELLO, None, "k"), Ambiguous)
    assert world.calls == [POST]


def test_limit_says_how_long(gateway: Gateway, world: World) -> None:
    world.fail(POST, slack.LIMITED)
    assert gateway.post("D1", HELLO, None, "k") == Limited(2.0)


def test_refusal_says_why(gateway: Gateway, world: World) -> None:
    world.fail(POST, "is_archived")
    assert gateway.post("D1", HELLO, None, "k") == Refused("is_archived")


def test_what_never_left_is_surely_undone(closed_port: int) -> None:
    gateway = Gateway(OneToken("xoxb-1"), f"http://127.0.0.1:{closed_port}/api/", SECRET, CONTEXT)
    assert isinstance(gateway.post("D1", HELLO, None, "k"), Limited)


def test_silence_is_unsure() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/api/"
        gateway = Gateway(OneToken("xoxb-1"), url, SECRET, CONTEXT, timeout=1)
        assert isinstance(gateway.post("D1", HELLO, None, "k"), Ambiguous)


def test_key_is_found_only_where_it_was_posted(gateway: Gateway, world: World) -> None:
    root = gateway.post("D1", HELLO, None, "root")
    assert isinstance(root, Landed)
    reply = gateway.post("D1", HELLO, root.ts, "reply")
    assert gateway.find_by_key("D1", None, 0, "root") == root
    assert gateway.find_by_key("D1", root.ts, 0, "reply") == reply
    for channel, thread, oldest, key in (
        ("D1", None, 0.0, "reply"),
        ("D2", None, 0.0, "root"),
        ("D1", None, 1.9e9, "root"),
        ("D1", None, 0.0, "other"),
    ):
        assert not isinstance(gateway.find_by_key(channel, thread, oldest, key), Landed)


def test_other_secret_finds_nothing(gateway: Gateway, slack_url: str) -> None:
    gateway.post("D1", HELLO, None, "k")
    other = Gateway(OneToken("xoxb-1"), slack_url, b"other", CONTEXT)
    assert not isinstance(other.find_by_key("D1", None, 0, "k"), Landed)


def test_file_comes_in_three_steps(gateway: Gateway, world: World) -> None:
    uploaded = gateway.upload(FileToSend("brief.md", b"# Brief"))
    assert isinstance(uploaded, Told)
    file_id = uploaded.data["file_id"]
    assert not isinstance(gateway.find_shared(file_id), Landed)
    assert gateway.share("D1", "1.0", file_id, "Brief") == Landed(file_id)
    assert gateway.find_shared(file_id) == Landed(file_id)


def test_views_users_and_whispers_reach_their_methods(gateway: Gateway, world: World) -> None:
    assert isinstance(gateway.users_info("U1"), Told)
    assert isinstance(gateway.views_publish("U1", {"type": "home", "blocks": []}), Told)
    assert isinstance(gateway.tell("D1", "U1", "words"), Told)
    assert world.calls == ["users.info", "views.publish", "chat.postEphemeral"]
