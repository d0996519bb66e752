"""Whether a channel is among colleagues: every page of its members, asked of Slack anew."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.delivery.port import Ambiguous, Limited, Refused, Told, Trouble
from bot.reports.channels import ARCHIVED, GUESTS, LARGE, NOT_IN, SCOPE, SHARED, Channels
from bot.roster import Roster
from storage.engine import Database
from tests.clocks import HandClock
from tests.databases import sqlite

TEAM, CHANNEL = "T1", "C1"


class Slack:
    """Answers as it is told to; `asked` are the users that were asked about."""

    def __init__(self, members: int = 3, **facts: object) -> None:
        self.facts: dict[str, object] = {"id": CHANNEL, "is_member": True} | facts
        self.members = [f"U{number}" for number in range(members)]
        self.users: dict[str, dict[str, Any]] = {}
        self.asked: list[str] = []
        self.trouble: Trouble | None = None
        self.on_ask: list[Trouble] = []

    def channel_info(self, channel: str) -> Told | Trouble:
        return self.trouble or Told({"channel": self.facts})

    def channel_members(self, channel: str, cursor: str = "") -> Told | Trouble:
        start = int(cursor or 0)
        more = str(start + 200) if start + 200 < len(self.members) else ""
        page = self.members[start : start + 200]
        return Told({"members": page, "response_metadata": {"next_cursor": more}})

    def users_info(self, user: str) -> Told | Trouble:
        self.asked.append(user)
        if self.on_ask:
            return self.on_ask.pop()
        return Told(
            {"user": {"id": user, "team_id": TEAM, "name": user} | self.users.get(user, {})}
        )


class Looking:
    """One look after the other at what Slack says, with a roster of its own."""

    def __init__(self, folder: Path) -> None:
        self.clock = HandClock()
        self.database = Database(sqlite().make(folder))
        self.roster = Roster(TEAM, self.database, self.clock, lambda _user: None)

    def at(self, slack: Slack) -> Channels:
        return Channels(TEAM, slack, self.roster, self.clock)


@pytest.fixture
def looking(tmp_path: Path) -> Looking:
    return Looking(tmp_path)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"is_ext_shared": True}, SHARED),
        ({"is_pending_ext_shared": True}, SHARED),
        ({"is_org_shared": True}, SHARED),
        ({"is_shared": True}, SHARED),
        ({"pending_shared": ["T2"]}, SHARED),
        ({"shared_team_ids": [TEAM, "T2"]}, SHARED),
        ({"is_archived": True}, ARCHIVED),
        ({"is_member": False}, NOT_IN),
        ({"is_im": True}, NOT_IN),
        ({"is_mpim": True}, NOT_IN),
    ],
)
def test_a_closed_channel_is_told_by_what_slack_says_of_it(
    looking: Looking, facts: dict[str, object], why: str
) -> None:
    slack = Slack(**facts)  # type: ignore[arg-type]
    assert looking.at(slack).look(CHANNEL) == Refused(why)
    assert slack.asked == []


def test_among_colleagues_and_bots_all_is_well(looking: Looking) -> None:
    slack = Slack(members=450, shared_team_ids=[TEAM], pending_shared=[])
    slack.users["U3"] = {"is_bot": True}
    slack.users["U4"] = {"deleted": True}
    assert looking.at(slack).look(CHANNEL) == Told(slack.facts)
    assert sorted(slack.asked) == sorted(slack.members)


@pytest.mark.parametrize(
    "fact", [{"is_restricted": True}, {"is_ultra_restricted": True}, {"team_id": "T2"}]
)
def test_one_guest_on_the_last_page_is_enough(looking: Looking, fact: dict[str, Any]) -> None:
    slack = Slack(members=401)
    slack.users["U400"] = fact
    assert looking.at(slack).look(CHANNEL) == Refused(GUESTS)


def test_whoever_slack_does_not_show_is_a_stranger(looking: Looking) -> None:
    slack = Slack()
    slack.on_ask = [Refused("user_not_visible")]
    assert looking.at(slack).look(CHANNEL) == Refused(GUESTS)


def test_who_became_a_guest_is_noticed_after_an_hour_though_no_event_came(
    looking: Looking,
) -> None:
    slack = Slack()
    channels = looking.at(slack)
    assert channels.look(CHANNEL) == Told(slack.facts)
    slack.users["U1"] = {"is_restricted": True}
    looking.clock.advance(3000)
    assert channels.look(CHANNEL) == Told(slack.facts)
    looking.clock.advance(601)
    assert channels.look(CHANNEL) == Refused(GUESTS)


def test_what_another_replica_heard_of_somebody_counts_at_once(looking: Looking) -> None:
    slack = Slack()
    channels = looking.at(slack)
    assert channels.look(CHANNEL) == Told(slack.facts)
    other = Roster(TEAM, looking.database, looking.clock, lambda _user: None)
    guest = other.known("U1")
    assert guest
    other.learn(replace(guest, is_guest=True))
    assert channels.look(CHANNEL) == Refused(GUESTS)


def test_where_slack_is_silent_it_is_not_known_and_goes_on_from_there(looking: Looking) -> None:
    slack = Slack(members=20)
    channels = looking.at(slack)
    slack.on_ask = [Limited(30.0)]
    assert channels.look(CHANNEL) == Limited(30.0)
    assert channels.look(CHANNEL) == Told(slack.facts)
    assert set(slack.asked) == set(slack.members)
    slack.trouble = Ambiguous("timeout")
    assert channels.look(CHANNEL) == Ambiguous("timeout")


def test_somebody_who_waits_is_told_that_it_takes_longer(looking: Looking) -> None:
    slack = Slack(members=20)
    channels = looking.at(slack)
    assert isinstance(channels.look(CHANNEL, patience=0.0), Ambiguous)
    assert channels.look(CHANNEL, patience=9.0) == Told(slack.facts)


def test_too_many_people_and_too_few_rights_are_told_apart(looking: Looking) -> None:
    assert looking.at(Slack(members=1001)).look(CHANNEL) == Refused(LARGE)
    slack = Slack()
    slack.trouble = Refused("missing_scope")
    assert looking.at(slack).look(CHANNEL) == Refused(SCOPE)
    slack.trouble = Refused("channel_not_found")
    assert looking.at(slack).look(CHANNEL) == Refused(NOT_IN)
