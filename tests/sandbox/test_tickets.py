"""Trigger ids and response URLs run out; the clock is an argument, so nobody waits."""

import time

import pytest

from bot.sandbox.app import App
from bot.sandbox.errors import SlackError
from bot.sandbox.tickets import RESPONSE_SECONDS, TRIGGER_SECONDS, Tickets
from bot.sandbox.workspace import Workspace
from tests.sandbox.conftest import MANIFEST


@pytest.fixture
def tickets() -> Tickets:
    return Tickets(Workspace(App(MANIFEST, "xoxb", "xapp", "secret")))


def test_a_trigger_lives_three_seconds(tickets: Tickets) -> None:
    trigger = tickets.trigger("U1")
    with pytest.raises(SlackError, match="expired_trigger_id"):
        tickets.redeem(trigger, time.monotonic() + TRIGGER_SECONDS + 0.1)
    assert tickets.redeem(trigger, time.monotonic() + TRIGGER_SECONDS - 0.1).user == "U1"


def test_a_response_url_lives_thirty_minutes(tickets: Tickets) -> None:
    key = tickets.response_url("U1", "D1", None).rpartition("/")[2]
    with pytest.raises(SlackError, match="expired_url"):
        tickets.respond(key, time.monotonic() + RESPONSE_SECONDS + 1)
    assert tickets.respond(key, time.monotonic()).user == "U1"
