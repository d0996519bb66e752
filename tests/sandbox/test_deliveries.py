"""How things reach the bot: signed, retried, twice, out of order, or too late."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from slack_bolt import Ack, App, BoltRequest

from bot.sandbox import Rejected, Sandbox

JSON = dict[str, Any]
Connect = Callable[[], None]


@pytest.fixture
def heard(bot: App) -> list[JSON]:
    """Every message event that Bolt has parsed and let through."""
    events: list[JSON] = []

    @bot.event("message")
    def message(event: JSON) -> None:
        events.append(event)

    return events


def test_the_url_is_verified(slack: Sandbox, bot: App, connect: Connect) -> None:
    connect()
    assert "sandbox-challenge" in slack.verify_url().body


def test_message_events_have_the_keys_of_slacks(
    slack: Sandbox, heard: list[JSON], connect: Connect
) -> None:
    olga = slack.person("Olga Costa")
    connect()
    said = olga.says("see https://example.com & tell @Olga Costa")
    said.reply("in the thread")
    said.edit("better")
    said.delete()
    slack.idle(0.05)
    new, reply, changed, deleted = heard
    assert new["text"] == f"see <https://example.com> &amp; tell <@{olga.id}>"
    assert new["channel_type"] == "im"
    assert {"client_msg_id", "ts", "event_ts", "user", "blocks", "team"} <= set(new)
    assert (reply["thread_ts"], reply["parent_user_id"]) == (new["ts"], olga.id)
    assert changed["subtype"] == "message_changed"
    assert changed["message"]["edited"]["user"] == olga.id
    assert changed["previous_message"]["text"] == new["text"]
    assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", new["ts"])


def test_an_event_without_a_2xx_comes_again_with_its_number_and_reason(
    slack: Sandbox, bot: App, connect: Connect
) -> None:
    attempts: list[tuple[Any, Any]] = []

    @bot.event("message")
    def message(request: BoltRequest) -> None:
        headers = request.headers
        number, reason = (headers.get(f"x-slack-retry-{part}") for part in ("num", "reason"))
        attempts.append((number, reason))
        if number is None:
            raise RuntimeError("not this time")

    olga = slack.person("Olga Costa")
    connect()
    olga.says("hello")
    slack.idle(0.05)
    assert attempts == [(None, None), (["1"], ["http_error"])]
    assert [delivery.status for delivery in slack.deliveries] == [500, 200]


def test_duplicates_are_the_same_to_the_byte(
    slack: Sandbox, bot: App, heard: list[JSON], connect: Connect
) -> None:
    @bot.command("/probe")
    def command(ack: Ack) -> None:
        ack("once")

    olga = slack.person("Olga Costa")
    connect()
    slack.duplicate_deliveries = True
    olga.says("hello")
    assert olga.types("/probe").text == "once"
    slack.idle(0.05)
    assert len(heard) == 2
    payloads = [delivery.payload for delivery in slack.deliveries]
    assert len(payloads) == 4
    assert all(payloads.count(payload) == 2 for payload in payloads)


def test_events_can_overtake_each_other(
    slack: Sandbox, heard: list[JSON], connect: Connect
) -> None:
    olga = slack.person("Olga Costa")
    connect()
    slack.reorder = True
    for word in ("one", "two", "three"):
        olga.says(word)
    slack.idle(0.2)
    assert [event["text"] for event in heard] == ["three", "two", "one"]


@pytest.mark.parametrize("ack_seconds", [0.5])
def test_an_ack_may_come_too_late(slack: Sandbox, bot: App, connect: Connect) -> None:
    asleep = threading.Event()

    @bot.command("/probe")
    def command(ack: Ack) -> None:
        asleep.wait(60)
        ack()

    olga = slack.person("Olga Costa")
    connect()
    with pytest.raises(Rejected) as rejection:
        olga.types("/probe")
    asleep.set()
    assert rejection.value.code == "operation_timeout"
    assert [violation.rule for violation in slack.violations] == ["late_ack"]


def test_a_click_that_fails_is_not_delivered_again(
    slack: Sandbox, bot: App, connect: Connect
) -> None:
    olga = slack.person("Olga Costa")
    connect()
    with pytest.raises(Rejected, match="dispatch_failed: HTTP 404"):
        olga.types("/probe")
    slack.idle(0.05)
    assert len(slack.deliveries) == 1


def test_events_of_people_and_of_the_app(slack: Sandbox, bot: App, connect: Connect) -> None:
    seen: list[str] = []

    def note(event: JSON) -> None:
        seen.append(event["type"])

    for name in ("team_join", "user_change", "tokens_revoked", "app_uninstalled"):
        bot.event(name)(note)
    connect()
    olga = slack.person("Olga Costa")
    slack.update_person(olga, deleted=True)
    slack.idle(0.05)  # Bolt has asked auth.test once; after the uninstall it would be refused
    slack.uninstall()
    slack.idle(0.05)
    assert seen == ["team_join", "user_change", "tokens_revoked", "app_uninstalled"]
    change = slack.deliveries[1].payload["event"]["user"]
    assert (change["id"], change["deleted"]) == (olga.id, True)


def test_what_the_manifest_does_not_subscribe_to_stays_away(
    slack: Sandbox, heard: list[JSON], connect: Connect
) -> None:
    olga = slack.person("Olga Costa")
    channel = slack.channel("team", [olga])
    connect()
    channel.says("not for bots")
    slack.idle(0.05)
    assert slack.deliveries == []
