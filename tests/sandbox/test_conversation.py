"""A small bot is played with from the screen: commands, modals, DMs, the Home tab."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from bot.sandbox import CannotSubmit, NothingThere, Sandbox
from tests.sandbox.kit import plain

JSON = dict[str, Any]
Connect = Callable[[], None]


def text_input(label: str, action: str, **more: object) -> JSON:
    element = {"type": "plain_text_input", "action_id": action}
    return {"type": "input", "block_id": action, "label": plain(label), "element": element, **more}


MODAL: JSON = {
    "type": "modal",
    "callback_id": "start",
    "title": plain("Start"),
    "submit": plain("Next"),
    "blocks": [
        text_input("Account", "account"),
        {
            "type": "input",
            "block_id": "who",
            "label": plain("Incoming"),
            "element": {"type": "users_select", "action_id": "who"},
        },
        {
            "type": "input",
            "block_id": "day",
            "optional": True,
            "label": plain("Date"),
            "element": {"type": "datepicker", "action_id": "day"},
        },
    ],
}


def question(words: str) -> list[JSON]:
    return [
        {"type": "section", "text": {"type": "mrkdwn", "text": f"*{words}*"}},
        {
            "type": "actions",
            "block_id": "answers",
            "elements": [
                {"type": "button", "action_id": "none", "text": plain("None"), "value": "n"}
            ],
        },
    ]


@pytest.fixture
def talkative(bot: App) -> App:
    @bot.command("/probe")
    def command(ack: Ack, body: JSON, client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=MODAL)
        ack("opened")

    @bot.view("start")
    def submitted(ack: Ack, body: JSON, client: WebClient) -> None:
        values = body["view"]["state"]["values"]
        if values["account"]["account"]["value"] == "bad":
            ack(response_action="errors", errors={"account": "No such account"})
            return
        ack()
        who = values["who"]["who"]["selected_user"]
        words = f"Hello <@{who}>, take {values['account']['account']['value']}"
        channel = client.conversations_open(users=[who])["channel"]["id"]
        client.chat_postMessage(channel=channel, text=words, blocks=question(words))

    @bot.action("none")
    def clicked(ack: Ack, body: JSON, client: WebClient, respond: Respond) -> None:
        ack()
        channel, ts = body["container"]["channel_id"], body["container"]["message_ts"]
        client.chat_update(channel=channel, ts=ts, text="Done", blocks=[])
        respond("Noted")

    @bot.event("message")
    def said(event: JSON, client: WebClient) -> None:
        if event.get("subtype") == "message_changed" and not event["message"].get("bot_id"):
            words, thread = f"edited: {event['message']['text']}", event["message"]["thread_ts"]
        elif event.get("thread_ts") and "subtype" not in event:
            words, thread = f"heard: {event['text']}", event["thread_ts"]
        else:
            return
        client.chat_postMessage(channel=event["channel"], text=words, thread_ts=thread)

    @bot.event("app_home_opened")
    def opened(event: JSON, client: WebClient) -> None:
        view = {"type": "home", "blocks": question("Welcome home")}
        client.views_publish(user_id=event["user"], view=view)

    return bot


def test_a_whole_conversation(slack: Sandbox, talkative: App, connect: Connect) -> None:
    olga, ivan = slack.person("Olga Costa"), slack.person("Ivan Petrov")
    connect()

    reply = olga.types("/probe start Northwind")
    assert (reply.status, reply.text) == (200, "opened")
    modal = olga.modal()
    assert (modal.title, modal.labels) == ("Start", ["Account", "Incoming", "Date"])
    with pytest.raises(CannotSubmit, match="Account"):
        modal.submit()
    modal.fill("Account", "bad")
    modal.pick_person("Incoming", ivan)
    modal.pick_date("Date", date(2026, 12, 1))
    assert (modal.value("Incoming"), modal.value("Date")) == ("Ivan Petrov", "2026-12-01")
    assert modal.submit().errors == {"Account": "No such account"}
    modal.fill("Account", "Northwind")
    assert modal.submit().closed
    assert not olga.has_modal()

    card = ivan.dm().wait("take Northwind")
    assert card.text == "Hello @Ivan Petrov, take Northwind\n[None]"
    mine = card.reply("we know it & <them>")
    ivan.dm().wait("heard: we know it & <them>")
    mine.edit("changed")
    ivan.dm().wait("edited: changed")
    assert mine.edit_history == ["we know it & <them>"]
    assert card.click("None").text == "Noted"
    assert (card.text, card.edited) == ("Done", True)
    with pytest.raises(NothingThere, match="no button"):
        card.click("None")
    assert any("take Northwind" in text for text in slack.seen_by(ivan))
    assert not any("take Northwind" in text for text in slack.seen_by(olga))
    slack.idle(0.05)
    slack.assert_clean()


def test_the_home_tab_is_published_when_it_is_opened(
    slack: Sandbox, talkative: App, connect: Connect
) -> None:
    olga = slack.person("Olga Costa")
    connect()
    home = olga.opens_home()
    assert "Welcome home" in home.text
    assert home.buttons == ["None"]
