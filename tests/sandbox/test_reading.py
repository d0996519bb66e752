"""What the bot can read back: conversations, people, files; and what it may post where."""

from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox import Sandbox
from tests.sandbox.conftest import BOT_TOKEN

JSON = dict[str, Any]


def error(refusal: pytest.ExceptionInfo[SlackApiError]) -> str:
    return str(refusal.value.response["error"])


def fetch(url: str, token: str) -> tuple[int, bytes]:
    """What is at a private address for the holder of this token."""
    parts = urlsplit(url)
    connection = HTTPConnection("127.0.0.1", parts.port)
    connection.request("GET", parts.path, headers={"Authorization": f"Bearer {token}"})
    with connection.getresponse() as answer:
        found = answer.status, answer.read()
    connection.close()
    return found


def test_history_is_paged_and_newest_first(slack: Sandbox, client: WebClient) -> None:
    olga = slack.person("Olga Costa")
    for word in ("one", "two", "three"):
        olga.says(word)
    channel = olga.dm().id
    first = client.conversations_history(channel=channel, limit=2)
    assert [m["text"] for m in first["messages"]] == ["three", "two"]
    cursor = first["response_metadata"]["next_cursor"]
    second = client.conversations_history(channel=channel, limit=2, cursor=cursor)
    assert [m["text"] for m in second["messages"]] == ["one"]
    assert not second["has_more"]
    oldest = first["messages"][1]["ts"]
    later = client.conversations_history(channel=channel, oldest=oldest)
    assert [m["text"] for m in later["messages"]] == ["three"]
    with_it = client.conversations_history(channel=channel, oldest=oldest, inclusive=True)
    assert len(with_it["messages"]) == 2


def test_replies_come_with_metadata_on_request(slack: Sandbox, client: WebClient) -> None:
    channel = slack.person("Olga Costa").dm().id
    metadata = {"event_type": "row", "event_payload": {"id": "42"}}
    top = client.chat_postMessage(channel=channel, text="top", metadata=metadata)["ts"]
    client.chat_postMessage(channel=channel, text="below", thread_ts=top)
    plain = client.conversations_replies(channel=channel, ts=top)["messages"]
    assert [m["text"] for m in plain] == ["top", "below"]
    assert (plain[0]["reply_count"], "metadata" in plain[0]) == (1, False)
    full = client.conversations_replies(channel=channel, ts=top, include_all_metadata=True)
    assert full["messages"][0]["metadata"] == metadata


def test_people(slack: Sandbox, client: WebClient) -> None:
    guest = slack.person("Gus Guest", tz="Asia/Tokyo", guest=True, email="gus@example.com")
    user = client.users_info(user=guest.id)["user"]
    assert (user["is_restricted"], user["tz_offset"]) == (True, 9 * 3600)
    assert "email" not in user["profile"], "the app has no users:read.email"
    names = [member["real_name"] for member in client.users_list()["members"]]
    assert names == ["probe", "Gus Guest"]


def test_an_edit_keeps_the_blocks_it_does_not_name(slack: Sandbox, client: WebClient) -> None:
    dm = slack.person("Olga Costa").dm()
    blocks = [{"type": "header", "text": {"type": "plain_text", "text": "Heading"}}]
    ts = client.chat_postMessage(channel=dm.id, text="one", blocks=blocks)["ts"]
    client.chat_update(channel=dm.id, ts=ts, text="two")
    message = dm.messages[0]
    assert (message.text, message.fallback, message.edited) == ("Heading", "two", True)
    client.chat_update(channel=dm.id, ts=ts, text="three", blocks=[])
    assert message.text == "three"
    assert message.edit_history == ["Heading", "Heading"]


def test_only_its_own_messages_can_be_changed(slack: Sandbox, client: WebClient) -> None:
    said = slack.person("Olga Costa").says("mine")
    channel = client.conversations_list(types="im")["channels"][0]["id"]
    with pytest.raises(SlackApiError) as refusal:
        client.chat_update(channel=channel, ts=said.ts, text="yours")
    assert error(refusal) == "cant_update_message"


def test_channels_without_the_bot(slack: Sandbox, client: WebClient) -> None:
    olga = slack.person("Olga Costa")
    public = slack.channel("open", [olga], bot_in=False)
    private = slack.channel("closed", [olga], private=True, bot_in=False)
    for channel, code in ((public, "not_in_channel"), (private, "channel_not_found")):
        with pytest.raises(SlackApiError) as refusal:
            client.chat_postMessage(channel=channel.id, text="x")
        assert error(refusal) == code
    slack.assert_clean()


def test_a_post_to_a_user_lands_in_the_dm(slack: Sandbox, client: WebClient) -> None:
    olga = slack.person("Olga Costa")
    posted = client.chat_postMessage(channel=olga.id, text="hi *there*, <https://x.y|a link>")
    message = olga.dm().wait("hi there, a link")
    assert (posted["channel"], posted["ts"]) == (olga.dm().id, message.ts)
    link = client.chat_getPermalink(channel=posted["channel"], message_ts=posted["ts"])
    assert posted["channel"] in link["permalink"]


def test_the_bot_uploads_a_file(slack: Sandbox, client: WebClient) -> None:
    olga = slack.person("Olga Costa")
    slack.person("Ivan Petrov")
    dm = olga.dm()
    top = client.chat_postMessage(channel=dm.id, text="top")["ts"]
    client.files_upload_v2(
        channel=dm.id,
        thread_ts=top,
        filename="pack.md",
        content="the words",
        initial_comment="Here it is",
    )
    reply = dm.messages[0].thread[0]
    assert (reply.text, reply.files) == ("Here it is\npack.md", ["pack.md"])
    (upload,) = slack.files
    assert (upload.content, upload.visible_to) == (b"the words", frozenset({"probe", "Olga Costa"}))
    assert "the words" in slack.seen_by(olga)
    slack.assert_clean()


def test_the_bot_reads_an_uploaded_file_with_its_token(slack: Sandbox, client: WebClient) -> None:
    said = slack.person("Olga Costa").says("look", files=[("plan.pdf", b"%PDF")])
    assert said.files == ["plan.pdf"]
    history = client.conversations_history(channel=slack.person("X").dm().id)
    assert history["messages"] == []
    room = client.conversations_list(types="im")["channels"][0]["id"]
    file = client.conversations_history(channel=room)["messages"][0]["files"][0]
    assert client.files_info(file=file["id"])["file"]["size"] == 4
    assert fetch(file["url_private"], BOT_TOKEN) == (200, b"%PDF")
    slack.assert_clean()
    assert fetch(file["url_private"], "xoxb-other")[0] == 403


def test_marks_on_messages(slack: Sandbox, client: WebClient) -> None:
    dm = slack.person("Olga Costa").dm()
    ts = client.chat_postMessage(channel=dm.id, text="x")["ts"]
    client.reactions_add(channel=dm.id, timestamp=ts, name="eyes")
    client.pins_add(channel=dm.id, timestamp=ts)
    reactions = client.conversations_history(channel=dm.id)["messages"][0]["reactions"]
    assert reactions[0]["name"] == "eyes"
    client.reactions_remove(channel=dm.id, timestamp=ts, name="eyes")
    slack.assert_clean()
