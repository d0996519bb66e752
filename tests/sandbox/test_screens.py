"""What a person sees and does outside modals: messages, whispers, channels, the live show."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox import NothingThere, Person, Sandbox
from tests.sandbox.kit import option, plain

JSON = dict[str, Any]
Connect = Callable[[], None]


def test_menus_buttons_and_whispers_on_a_message(
    slack: Sandbox, olga: Person, bot: App, client: WebClient, connect: Connect
) -> None:
    payloads: list[JSON] = []

    @bot.action("press")
    def noted(ack: Ack, body: JSON) -> None:
        ack()
        payloads.append(body)

    @bot.action("pick")
    def picked(ack: Ack, body: JSON, respond: Respond) -> None:
        ack()
        payloads.append(body)
        respond(text="Replaced", replace_original=True)

    confirm = {"title": plain("Sure?"), "text": plain("Really?")}
    later = {"type": "overflow", "action_id": "press", "options": [option("Later")]}
    elements: list[JSON] = [
        {"type": "button", "action_id": "press", "text": plain("Delete"), "confirm": confirm},
        later | {"action_id": "put off"},
        {
            "type": "static_select",
            "action_id": "pick",
            "placeholder": plain("Pick one"),
            "options": [option("Red"), option("Blue")],
        },
    ]
    bot.action("put off")(noted)
    connect()
    blocks: list[JSON] = [{"type": "actions", "block_id": "row", "elements": elements}]
    client.chat_postMessage(channel=olga.id, text="Choose", blocks=blocks)
    message = olga.dm().messages[0]
    assert message.text == "[Delete]\n[…] Later\n[Pick one]"
    message.click("Delete", confirm=False)
    assert payloads == []
    message.click("Delete", times=2)
    message.click("Later")
    message.choose("Pick one", "Blue")
    assert message.text == "Replaced"
    kinds = [payload["actions"][0]["type"] for payload in payloads]
    assert kinds == ["button", "button", "overflow", "static_select"]
    assert payloads[2]["actions"][0]["selected_option"]["value"] == "later"
    chosen = payloads[3]["state"]["values"]["row"]["pick"]["selected_option"]
    assert chosen["value"] == "blue"
    client.chat_postEphemeral(channel=olga.dm().id, user=olga.id, text="Just you")
    assert [whisper.text for whisper in slack.ephemerals(olga)] == ["Just you"]
    slack.idle(0.05)
    slack.assert_clean()


def test_what_is_not_there_is_told_with_what_is(olga: Person) -> None:
    olga.says("only this")
    with pytest.raises(NothingThere, match="only this"):
        olga.dm().wait_until(lambda: False, patience=0.01)
    with pytest.raises(NothingThere, match="/other is not a valid command"):
        olga.types("/other")


def test_a_private_word_is_seen_by_nobody_else(
    slack: Sandbox, olga: Person, ivan: Person, client: WebClient
) -> None:
    team = slack.channel("team", [olga, ivan])
    client.chat_postMessage(channel=team.id, text="for both")
    client.chat_postMessage(channel=olga.id, text="secret")
    ts = olga.dm().messages[0].ts
    client.chat_update(channel=olga.dm().id, ts=ts, text="harmless")
    assert slack.seen_by(olga) == ["for both", "secret", "harmless"]
    assert slack.seen_by(ivan) == ["for both"]
    assert ivan.reads(team).messages[0].text == "for both"


def test_everything_is_shown_live(slack: Sandbox, olga: Person, client: WebClient) -> None:
    lines: list[tuple[str, str, str, str]] = []
    slack.on_event(lambda h: lines.append((h.what, h.who, h.where, h.text)))
    olga.says("hello")
    client.chat_postMessage(channel=olga.id, text="hi")
    assert lines == [
        ("message", "Olga Costa", "DM with Olga Costa", "hello"),
        ("post", "probe", "DM with Olga Costa", "hi"),
    ]


def test_a_preview_changes_a_message_but_is_no_edit(
    slack: Sandbox, bot: App, olga: Person, connect: Connect
) -> None:
    changes: list[JSON] = []

    @bot.event("message")
    def note(event: JSON) -> None:
        changes.append(event)

    connect()
    said = olga.says("https://example.com")
    said.unfurls("Example")
    slack.idle(0.05)
    assert changes[1]["subtype"] == "message_changed"
    assert "edited" not in changes[1]["message"]
    assert not said.edited


def test_waiting_for_words_to_go_away(olga: Person) -> None:
    said = olga.says("for now")
    said.delete()
    olga.dm().wait("for now", gone=True)
    assert said.gone


def test_a_response_url_works_five_times(
    slack: Sandbox, bot: App, olga: Person, connect: Connect
) -> None:
    statuses: list[int] = []

    @bot.command("/probe")
    def command(ack: Ack, respond: Respond) -> None:
        ack()
        statuses.extend(respond(f"answer {number}").status_code for number in range(6))

    connect()
    assert olga.types("/probe").text == "answer 4"
    assert statuses == [200] * 5 + [404]
    assert [violation.rule for violation in slack.violations] == ["used_url"]
    assert [call.method for call in slack.journal].count("response_url") == 6


def test_an_install_code_buys_the_token_once(slack: Sandbox) -> None:
    client = WebClient(base_url=slack.api_url)
    names = {"client_id": slack.client_id, "client_secret": slack.client_secret}
    code = slack.install_code()
    answer = client.oauth_v2_access(code=code, **names)
    assert (answer["token_type"], answer["team"]["id"]) == ("bot", slack.team_id)
    with pytest.raises(SlackApiError, match="invalid_code"):
        client.oauth_v2_access(code=code, **names)
    slack.assert_clean()
