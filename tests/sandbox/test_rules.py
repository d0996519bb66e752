"""Each rule is broken once: Slack's error comes back, and a violation is on record."""

import json
from copy import deepcopy
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox import NothingThere, Person, Sandbox
from bot.sandbox.sandbox import POST_BURST
from tests.sandbox.conftest import APP_TOKEN, BOT_TOKEN, MANIFEST, SECRET
from tests.sandbox.kit import plain

JSON = dict[str, Any]


def section(text: str = "words", **more: object) -> JSON:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(action: str = "go", **more: object) -> JSON:
    return {"type": "button", "action_id": action, "text": plain("Go"), **more}


def actions(*elements: JSON) -> JSON:
    return {"type": "actions", "elements": list(elements)}


def text_input(**more: object) -> JSON:
    element = {"type": "plain_text_input", "action_id": "x"}
    return {"type": "input", "label": plain("X"), "element": element, **more}


def select(value: str) -> JSON:
    options = [{"text": plain("One"), "value": value}]
    return {"type": "static_select", "action_id": "s", "options": options}


TABLE: JSON = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}

BAD_BLOCKS = {
    "unknown type": ("invalid_blocks", "schema", [{"type": "sparkle"}]),
    "no text": ("invalid_blocks", "schema", [{"type": "section"}]),
    "text too long": ("invalid_blocks", "schema", [section("x" * 3001)]),
    "header too long": ("invalid_blocks", "schema", [{"type": "header", "text": plain("x" * 151)}]),
    "button words too long": (
        "invalid_blocks", "schema", [actions(button(text=plain("x" * 76)))],
    ),
    "button value too long": ("invalid_blocks", "schema", [actions(button(value="x" * 2001))]),
    "option value too long": ("invalid_blocks", "schema", [actions(select("x" * 151))]),
    "surplus field": ("invalid_blocks", "schema", [section(colour="red")]),
    "26 buttons": ("invalid_blocks", "schema", [actions(*(button(f"a{i}") for i in range(26)))]),
    "51 blocks": ("invalid_blocks", "too_many_blocks", [section()] * 51),
    "block_id twice": ("invalid_blocks", "duplicate_block_id", [section(block_id="a")] * 2),
    "action_id twice": ("invalid_blocks", "duplicate_action_id", [actions(button(), button())]),
    "two tables": ("only_one_table_allowed", "only_one_table_allowed", [TABLE, TABLE]),
    "too much": ("msg_blocks_too_long", "msg_blocks_too_long", [section("x" * 2700)] * 5),
}  # fmt: skip


def refused(client: WebClient, method: str, **args: object) -> str:
    with pytest.raises(SlackApiError) as refusal:
        client.api_call(method, json=args)
    return str(refusal.value.response["error"])


def rules(slack: Sandbox) -> list[str]:
    return [violation.rule for violation in slack.violations]


@pytest.mark.parametrize(("code", "rule", "blocks"), BAD_BLOCKS.values(), ids=BAD_BLOCKS)
def test_bad_blocks_in_a_message(
    slack: Sandbox, client: WebClient, code: str, rule: str, blocks: list[JSON]
) -> None:
    channel = slack.person("Olga Costa").dm().id
    assert refused(client, "chat.postMessage", channel=channel, text="t", blocks=blocks) == code
    assert rules(slack) == [rule]


def modal(**more: object) -> JSON:
    return {"type": "modal", "title": plain("Title"), "blocks": [section()], **more}


FOCUSED = {"type": "plain_text_input", "action_id": "f", "focus_on_load": True}
BAD_VIEWS = {
    "title too long": ("schema", modal(title=plain("x" * 25))),
    "metadata too long": ("schema", modal(private_metadata="x" * 3001)),
    "inputs without submit": ("submit_missing", modal(blocks=[text_input()])),
    "101 blocks": ("too_many_blocks", modal(blocks=[section()] * 101)),
    "message block": ("surface", modal(blocks=[{"type": "markdown", "text": "x"}])),
    "home view": ("view_type", {"type": "home", "blocks": []}),
    "unknown field": ("schema", modal(colour="red")),
    "two in focus": (
        "focus_on_load",
        modal(submit=plain("Go"), blocks=[text_input(element=FOCUSED)] * 2),
    ),
}


@pytest.mark.parametrize(("rule", "view"), BAD_VIEWS.values(), ids=BAD_VIEWS)
def test_bad_modals(slack: Sandbox, client: WebClient, rule: str, view: JSON) -> None:
    assert refused(client, "views.open", trigger_id="1.2", view=view) == "invalid_arguments"
    assert rules(slack) == [rule]


BAD_CALLS = {
    "method": ("chat.shout", {}, "unknown_method", "unknown_method"),
    "required": ("chat.postMessage", {"text": "x"}, "invalid_arguments", "missing_argument"),
    "unknown": (
        "chat.postMessage", {"channel": "D1", "colour": 1}, "invalid_arguments", "unknown_argument",
    ),
    "type": ("chat.update", {"channel": "D1", "ts": 1.5}, "invalid_arguments", "argument_type"),
    "scope": ("users.lookupByEmail", {"email": "a@b.c"}, "missing_scope", "missing_scope"),
    "json": ("users.info", {"user": "U1"}, "invalid_post_type", "invalid_post_type"),
    "no text": ("chat.postMessage", {"channel": "D1"}, "no_text", "no_text"),
    "channel": (
        "chat.postMessage", {"channel": "D1", "text": "x"}, "channel_not_found",
        "channel_not_found",
    ),
    "trigger": (
        "views.open", {"trigger_id": "1.2", "view": modal()}, "invalid_trigger_id",
        "invalid_trigger_id",
    ),
    "json text": (
        "files.completeUploadExternal", {"files": "{"}, "invalid_arguments", "json_text",
    ),
    "metadata": (
        "chat.postMessage", {"channel": "D1", "text": "x", "metadata": {"event_type": "x"}},
        "invalid_metadata_format", "schema",
    ),
    "two texts": (
        "chat.postMessage", {"channel": "D1", "text": "x", "markdown_text": "y"},
        "markdown_text_conflict", "markdown_text_conflict",
    ),
    "too large": (
        "views.publish",
        {"user_id": "U1", "view": {"type": "home", "blocks": [section("x" * 3000)] * 90}},
        "view_too_large", "view_too_large",
    ),
    "view": ("views.update", {"view_id": "V1", "view": modal()}, "not_found", "not_found"),
    "admin": ("admin.users.list", {"team_id": "T1"}, "not_allowed_token_type",
              "not_allowed_token_type"),
}  # fmt: skip


@pytest.mark.parametrize(("method", "args", "code", "rule"), BAD_CALLS.values(), ids=BAD_CALLS)
def test_bad_calls(
    slack: Sandbox, client: WebClient, method: str, args: JSON, code: str, rule: str
) -> None:
    assert refused(client, method, **args) == code
    assert rules(slack) == [rule]
    with pytest.raises(AssertionError, match=rule):
        slack.assert_clean()


@pytest.mark.parametrize(
    ("token", "method", "code"),
    [
        ("", "auth.test", "not_authed"),
        ("xoxb-other", "auth.test", "invalid_auth"),
        (BOT_TOKEN, "apps.connections.open", "not_allowed_token_type"),
        (APP_TOKEN, "auth.test", "not_allowed_token_type"),
    ],
)
def test_tokens(slack: Sandbox, token: str, method: str, code: str) -> None:
    client = WebClient(token=token, base_url=slack.api_url, retry_handlers=[])
    assert refused(client, method) == code


def test_scopes_depend_on_the_kind_of_conversation(slack: Sandbox, client: WebClient) -> None:
    olga = slack.person("Olga Costa")
    secret = slack.channel("secret", [olga], private=True)
    assert refused(client, "conversations.history", channel=secret.id) == "missing_scope"
    assert client.conversations_history(channel=olga.dm().id)["messages"] == []


def test_an_edit_is_shorter_than_a_post(slack: Sandbox, client: WebClient) -> None:
    channel = slack.person("Olga Costa").dm().id
    ts = client.chat_postMessage(channel=channel, text="x" * 5000)["ts"]
    assert refused(client, "chat.update", channel=channel, ts=ts, text="x" * 4001) == "msg_too_long"


def test_blocks_without_words_for_a_screen_reader_are_on_record(
    slack: Sandbox, client: WebClient
) -> None:
    channel = slack.person("Olga Costa").dm().id
    with pytest.warns(UserWarning, match="text"):
        client.chat_postMessage(channel=channel, blocks=[section()])
    assert rules(slack) == ["text_missing"]


def test_broken_json_is_refused(slack: Sandbox) -> None:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {BOT_TOKEN}"}
    connection = HTTPConnection("127.0.0.1", urlsplit(slack.api_url).port)
    connection.request("POST", "/api/auth.test", b"{", headers)
    with connection.getresponse() as answer:
        assert json.loads(answer.read())["error"] == "invalid_json"
    connection.close()


def test_what_others_did_meanwhile_is_no_violation(slack: Sandbox, client: WebClient) -> None:
    olga = slack.person("Olga Costa")
    said = olga.says("hello")
    said.delete()
    reply = {"channel": olga.dm().id, "text": "x", "thread_ts": said.ts}
    assert refused(client, "chat.postMessage", **reply) == "message_not_found"
    slack.update_person(olga, deleted=True)
    assert refused(client, "conversations.open", users=olga.id) == "user_disabled"
    slack.assert_clean()


def test_posts_come_in_short_bursts() -> None:
    with Sandbox(
        manifest=MANIFEST,
        bot_token=BOT_TOKEN,
        app_token=APP_TOKEN,
        signing_secret=SECRET,
        speed=1,
        # An hour, so that nothing of it passes meanwhile.
        post_burst=(POST_BURST[0], 3600.0),
    ) as slack:
        client = WebClient(token=BOT_TOKEN, base_url=slack.api_url, retry_handlers=[])
        channel = slack.person("Olga Costa").dm().id
        for _ in range(5):
            client.chat_postMessage(channel=channel, text="x")
        with pytest.raises(SlackApiError) as refusal:
            client.chat_postMessage(channel=channel, text="x")
        assert 3500 < int(refusal.value.response.headers["Retry-After"]) <= 3600
        assert len(slack.throttled) == 1
        slack.assert_clean()


def test_a_manifest_that_slack_would_refuse_is_refused() -> None:
    manifest = deepcopy(MANIFEST)
    manifest["display_information"]["name"] = "x" * 36
    with pytest.raises(ValueError, match="display_information/name"):
        Sandbox(manifest=manifest, bot_token="b", app_token="a", signing_secret="s")


def test_an_external_id_is_there_once(slack: Sandbox, client: WebClient, olga: Person) -> None:
    home = {"type": "home", "blocks": [], "external_id": "mine"}
    client.views_publish(user_id=olga.id, view=home)
    view = modal(external_id="mine")
    assert refused(client, "views.open", trigger_id="1.2", view=view) == "duplicate_external_id"


def test_a_reply_has_no_replies(slack: Sandbox, client: WebClient, olga: Person) -> None:
    reply = olga.says("top").reply("below")
    args = {"channel": olga.dm().id, "text": "x", "thread_ts": reply.ts}
    assert refused(client, "chat.postMessage", **args) == "cannot_reply_to_message"


def test_tabs_that_the_manifest_turns_off() -> None:
    manifest = deepcopy(MANIFEST)
    manifest["features"]["app_home"] |= {"home_tab_enabled": False, "messages_tab_enabled": False}
    with Sandbox(
        manifest=manifest, bot_token=BOT_TOKEN, app_token=APP_TOKEN, signing_secret=SECRET
    ) as slack:
        client = WebClient(token=BOT_TOKEN, base_url=slack.api_url, retry_handlers=[])
        olga = slack.person("Olga Costa")
        home = {"type": "home", "blocks": []}
        assert refused(client, "views.publish", user_id=olga.id, view=home) == "not_enabled"
        args = {"channel": olga.id, "text": "x"}
        assert refused(client, "chat.postMessage", **args) == "messages_tab_disabled"
        with pytest.raises(NothingThere, match="Messages tab"):
            olga.says("hello?")
