"""Faults on demand, as a bot's client meets them."""

from http.client import RemoteDisconnected

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox import Conversation, Sandbox


@pytest.fixture
def dm(slack: Sandbox) -> Conversation:
    return slack.person("Olga Costa").dm()


def post(client: WebClient, dm: Conversation, text: str = "x") -> None:
    client.chat_postMessage(channel=dm.id, text=text)


def test_rate_limited_says_when_to_try_again(
    slack: Sandbox, client: WebClient, dm: Conversation
) -> None:
    slack.fault("chat.postMessage", "ratelimited", seconds=7)
    with pytest.raises(SlackApiError) as refusal:
        post(client, dm)
    assert refusal.value.response.status_code == 429
    assert refusal.value.response.headers["Retry-After"] == "7"
    post(client, dm)
    slack.assert_clean()


def test_slack_is_down_for_a_while(slack: Sandbox, client: WebClient, dm: Conversation) -> None:
    slack.fault("chat.postMessage", "http_500", times=2)
    for _ in range(2):
        with pytest.raises(SlackApiError):
            post(client, dm)
    post(client, dm)
    assert len(dm.messages) == 1


@pytest.mark.parametrize(("kind", "arrived"), [("lost_before", 0), ("lost_after", 1)])
def test_a_lost_connection_hides_whether_it_was_handled(
    slack: Sandbox, client: WebClient, dm: Conversation, kind: str, arrived: int
) -> None:
    slack.fault("chat.postMessage", kind)
    with pytest.raises((RemoteDisconnected, ConnectionError)):
        post(client, dm)
    assert len(dm.messages) == arrived


def test_slow_is_handled_but_late(slack: Sandbox, client: WebClient, dm: Conversation) -> None:
    slack.fault("chat.postMessage", "slow", seconds=0.1)
    post(client, dm)
    assert len(dm.messages) == 1


def test_an_error_code_for_the_calls_that_fit(
    slack: Sandbox, client: WebClient, dm: Conversation
) -> None:
    slack.fault("chat.postMessage", "is_archived", where=lambda args: args["text"] == "bad")
    post(client, dm, "good")
    with pytest.raises(SlackApiError, match="is_archived"):
        post(client, dm, "bad")
    slack.assert_clean()
    assert [call.answer["ok"] for call in slack.journal] == [True, False]
    assert "token" not in slack.journal[0].args


def test_chaos_repeats_with_its_seed(slack: Sandbox, client: WebClient) -> None:
    def play() -> list[str]:
        slack.chaos(0.5, seed=3)
        outcomes = []
        for _ in range(12):
            try:
                client.auth_test()
                outcomes.append("ok")
            except (SlackApiError, RemoteDisconnected, ConnectionError) as failure:
                outcomes.append(type(failure).__name__)
        return outcomes

    first = play()
    assert 0 < first.count("ok") < 12
    assert play() == first
