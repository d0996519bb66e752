"""A shortcut in the menu of a message: what the app gets, and what it may do with it."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from bot.sandbox import Person, Sandbox
from bot.sandbox.errors import NothingThere
from tests.sandbox.kit import plain

JSON = dict[str, Any]
MODAL = {"type": "modal", "title": plain("Keep"), "blocks": [{"type": "divider"}]}


@pytest.fixture
def payloads(bot: App, connect: Callable[[], None]) -> list[JSON]:
    """What the app is told; it only takes note."""
    found: list[JSON] = []

    def noted(ack: Ack, body: JSON) -> None:
        found.append(body)
        ack()

    bot.message_shortcut("keep")(noted)
    connect()
    return found


def test_it_says_which_message_of_whom_was_meant(
    slack: Sandbox, olga: Person, ivan: Person, payloads: list[JSON]
) -> None:
    channel = slack.channel("plans", [olga, ivan], private=True, bot_in=False)
    root = olga.reads(channel).says("Hello <everybody>")
    reply = root.reply("And this")
    message = ivan.reads(channel).find("And this")
    assert message is not None
    message.shortcut("Keep it")
    (payload,) = payloads
    assert payload["callback_id"] == "keep"
    assert payload["user"] == {"id": ivan.id, "name": "ivan.petrov"}
    assert payload["channel"] == {"id": channel.id, "name": "plans"}
    assert payload["message_ts"] == payload["message"]["ts"] == reply.ts
    assert payload["message"]["thread_ts"] == root.ts
    assert payload["message"]["user"] == olga.id


def test_its_trigger_opens_one_modal_for_whoever_chose_it(
    olga: Person, client: WebClient, payloads: list[JSON]
) -> None:
    olga.says("x").shortcut("Keep it")
    trigger = payloads[0]["trigger_id"]
    client.views_open(trigger_id=trigger, view=MODAL)
    assert olga.modal().title == "Keep"
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        client.views_open(trigger_id=trigger, view=MODAL)


def test_its_response_url_whispers_and_cannot_change_the_message(
    slack: Sandbox, olga: Person, payloads: list[JSON]
) -> None:
    said = olga.says("x")
    said.shortcut("Keep it")
    url = WebhookClient(payloads[0]["response_url"])
    assert url.send_dict({"text": "Kept", "replace_original": False}).status_code == 200
    assert slack.ephemerals(olga)[-1].text == "Kept"
    assert url.send_dict({"text": "Changed", "replace_original": True}).status_code != 200
    assert said.text == "x"


def test_only_what_the_manifest_names_on_what_everybody_sees(
    slack: Sandbox, olga: Person, payloads: list[JSON]
) -> None:
    said = olga.says("x")
    with pytest.raises(NothingThere):
        said.shortcut("Burn it")
    said.shortcut("Keep it")
    WebhookClient(payloads[0]["response_url"]).send_dict({"text": "Kept"})
    with pytest.raises(NothingThere):
        slack.ephemerals(olga)[-1].shortcut("Keep it")
    said.delete()
    with pytest.raises(NothingThere):
        said.shortcut("Keep it")
    slack.assert_clean()
