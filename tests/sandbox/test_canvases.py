"""Canvases: made for nobody, opened to who was sent them, three levels of headings, one change."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox import Person, Sandbox
from tests.sandbox.conftest import APP_TOKEN, BOT_TOKEN, MANIFEST, SECRET

JSON = dict[str, Any]


@pytest.fixture
def slack() -> Iterator[Sandbox]:
    """An app that may write canvases."""
    manifest = deepcopy(MANIFEST)
    manifest["oauth_config"]["scopes"]["bot"] += ["canvases:write"]
    with Sandbox(
        manifest=manifest, bot_token=BOT_TOKEN, app_token=APP_TOKEN, signing_secret=SECRET
    ) as sandbox:
        yield sandbox


def content(markdown: str = "# Hello") -> JSON:
    return {"type": "markdown", "markdown": markdown}


def made(client: WebClient) -> str:
    answer = client.api_call(
        "canvases.create", json={"title": "Ours", "document_content": content()}
    )
    return str(answer["canvas_id"])


def call(client: WebClient, method: str, **args: object) -> str:
    """The error of a call; empty when it went well."""
    try:
        client.api_call(method, json=args)
    except SlackApiError as refusal:
        return str(refusal.response["error"])
    return ""


def test_only_who_was_sent_it_can_be_let_in(
    slack: Sandbox, client: WebClient, olga: Person, ivan: Person
) -> None:
    canvas = made(client)
    access = {"canvas_id": canvas, "access_level": "read"}
    let_in, shut_out = "canvases.access.set", "canvases.access.delete"
    assert call(client, let_in, **access, user_ids=[olga.id]) == "failed_to_update_user_ids"
    client.chat_postMessage(channel=olga.dm().id, text=f"https://x.slack.com/docs/{canvas}")
    assert call(client, let_in, **access, user_ids=[olga.id]) == ""
    assert call(client, let_in, **access, user_ids=[ivan.id]) == "failed_to_update_user_ids"
    assert slack.seen_by(olga)[-1] == "Ours\n# Hello"
    change = {"operation": "replace", "document_content": content("# Anew")}
    assert call(client, "canvases.edit", canvas_id=canvas, changes=[change]) == ""
    assert slack.seen_by(olga)[-1] == "Ours\n# Anew"
    assert not [text for text in slack.seen_by(ivan) if "Ours" in text]
    assert call(client, shut_out, canvas_id=canvas, user_ids=[olga.id]) == ""
    assert slack.files[0].visible_to == {slack.files[0].owner}


def test_what_slack_would_refuse(slack: Sandbox, client: WebClient, olga: Person) -> None:
    canvas, create, edit = made(client), "canvases.create", "canvases.edit"
    replace = {"operation": "replace", "document_content": content()}
    access = {"canvas_id": canvas, "access_level": "read"}
    both = access | {"user_ids": [olga.id], "channel_ids": ["C1"]}
    tries: list[tuple[str, JSON, str]] = [
        (create, {"document_content": {"type": "html"}}, "invalid_arguments"),
        (create, {"document_content": content("#### deep")}, "canvas_creation_failed"),
        (create, {"document_content": content("x" * 1_048_577)}, "canvas_too_large"),
        (edit, {"canvas_id": canvas, "changes": [replace, replace]}, "invalid_arguments"),
        (edit, {"canvas_id": canvas, "changes": [{"operation": "x"}]}, "invalid_arguments"),
        (
            edit,
            {"canvas_id": canvas, "changes": [replace | {"section_id": "s"}]},
            "canvas_editing_failed",
        ),
        (edit, {"canvas_id": "F0", "changes": [replace]}, "canvas_not_found"),
        ("canvases.access.set", both, "invalid_parameters"),
        ("canvases.access.set", access | {"channel_ids": ["C1"]}, "channel_not_found"),
        ("canvases.access.set", both | {"access_level": "owner"}, "restricted_action"),
    ]
    assert [call(client, method, **args) for method, args, _ in tries] == [e for *_, e in tries]
    slack.violations.clear()


def test_without_the_scope_there_is_none() -> None:
    with Sandbox(
        manifest=MANIFEST, bot_token=BOT_TOKEN, app_token=APP_TOKEN, signing_secret=SECRET
    ) as other:
        client = WebClient(token=BOT_TOKEN, base_url=other.api_url, retry_handlers=[])
        assert call(client, "canvases.create") == "missing_scope"
