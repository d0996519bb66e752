"""Every kind of payload has only keys that Slack's own have, and Bolt takes each of them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.sandbox import Person, Sandbox
from tests.sandbox.kit import plain

JSON = dict[str, Any]

KNOWN: dict[str, dict[str, list[str]]] = json.loads(
    Path(__file__).with_name("payload-keys.json").read_text(encoding="utf-8")
)
# In Slack's documented payloads, but not in the samples that the list was made from.
DOCUMENTED = {
    "app_id", "blocks", "cache_ts", "client_msg_id", "context_enterprise_id", "context_team_id",
    "event_ts", "files", "response_urls", "state", "team", "thread_ts",
}  # fmt: skip
BUTTON = {"type": "button", "action_id": "press", "text": plain("Press")}
BLOCKS = [{"type": "actions", "elements": [BUTTON]}]
MODAL = {
    "type": "modal",
    "callback_id": "form",
    "title": plain("Form"),
    "submit": plain("Send"),
    "notify_on_close": True,
    "blocks": BLOCKS,
}


@pytest.fixture
def deliveries(
    slack: Sandbox, bot: App, client: WebClient, olga: Person, connect: Callable[[], None]
) -> list[JSON]:
    """One of each: everything a person can do, one after the other."""

    def taken(ack: Ack) -> None:
        ack()

    def opens(ack: Ack, body: JSON, client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=MODAL)
        ack()

    bot.command("/probe")(opens)
    bot.action("press")(taken)
    bot.message_shortcut("keep")(opens)
    bot.view("form")(taken)
    bot.view_closed("form")(taken)
    for name in ("message", "file_shared", "team_join", "user_change", "app_home_opened"):
        bot.event(name)(lambda: None)
    client.views_publish(user_id=olga.id, view={"type": "home", "blocks": BLOCKS})
    connect()
    olga.opens_home().click("Press")
    client.chat_postMessage(channel=olga.id, text="x", blocks=BLOCKS)
    olga.dm().messages[0].click("Press")
    olga.types("/probe")
    olga.modal().click("Press")
    olga.modal().submit()
    olga.types("/probe")
    olga.modal().close()
    said = olga.says("look", files=[("a.txt", b"a")])
    said.shortcut("Keep it")
    olga.modal().close()
    said.edit("see")
    said.delete()
    slack.person("Ivan Petrov")
    slack.update_person(olga, tz="UTC")
    slack.idle(0.05)
    assert all(delivery.status == 200 for delivery in slack.deliveries)
    slack.assert_clean()
    return [delivery.payload for delivery in slack.deliveries]


def sample_for(payload: JSON) -> str:
    """The name that the list of keys has for a payload of this kind."""
    event = payload.get("event", {})
    kind = event.get("subtype") or event.get("type") or payload.get("type") or "slash_command"
    irregular = {
        "block_actions": "BlockAction",
        "file_share": "MessageFileShare",
        "message_action": "MessageShortcut",
    }
    return irregular.get(kind) or "".join(word.capitalize() for word in kind.split("_"))


def test_no_payload_has_keys_of_its_own(deliveries: list[JSON]) -> None:
    for payload in deliveries:
        known = KNOWN[sample_for(payload)]
        parts = {"top": payload, "envelope": payload}
        parts |= {part: payload.get(part) or {} for part in ("event", "view", "user", "team")}
        for part, keys in known.items():
            strange = set(parts.get(part, {})) - set(keys) - DOCUMENTED
            assert not strange, f"{sample_for(payload)}.{part}"


def test_every_kind_was_driven(deliveries: list[JSON]) -> None:
    driven = {sample_for(payload) for payload in deliveries}
    assert driven == set(KNOWN) - {"AppUninstalled", "TokensRevoked"}
