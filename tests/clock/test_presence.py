"""Whom Slack says not to disturb, and until when."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.delivery.port import Ambiguous, Limited, Refused, Told, Trouble
from bot.nudges.presence import Presence, away_by_status
from bot.roster import Roster, SilentSlackError
from storage.engine import Database
from storage.people import Person
from tests.clocks import HandClock
from tests.make import NOW, OLGA

HOUR = timedelta(hours=1)


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())


@pytest.mark.parametrize(
    ("text", "emoji"),
    [
        ("Vacationing", ""),
        ("", ":palm_tree:"),
        ("Out sick", ":face_with_thermometer:"),
        ("OOO until Monday", ""),
        ("Back soon, on parental leave", ""),
        ("Im Urlaub", ""),
        ("en congés", ""),
    ],
)
def test_a_status_says_away(text: str, emoji: str) -> None:
    profile = {"status_text": text, "status_emoji": emoji, "status_expiration": 0}
    until = away_by_status(profile, NOW)
    assert until
    assert until.date() > NOW.date() or until.hour >= 17
    back = NOW + 72 * HOUR
    assert away_by_status(profile | {"status_expiration": seconds(back)}, NOW) == back
    assert away_by_status(profile | {"status_expiration": seconds(NOW - HOUR)}, NOW) is None


@pytest.mark.parametrize(
    ("text", "emoji"),
    [
        ("", ""),
        ("In a meeting", ":spiral_calendar_pad:"),
        ("Working remotely", ":house_with_garden:"),
        ("Commuting", ":bus:"),
        ("I'll call you back", ""),
        ("Giveaway!", ":tada:"),
    ],
)
def test_most_statuses_are_no_absence(text: str, emoji: str) -> None:
    profile = {"status_text": text, "status_emoji": emoji, "status_expiration": 0}
    assert away_by_status(profile, NOW) is None


class Slack:
    """What Slack tells of Olga; how often it was asked."""

    def __init__(self) -> None:
        self.dnd: Told | Trouble = Told({"dnd_enabled": False})
        self.user: dict[str, Any] = {"id": OLGA, "name": "Olga", "tz": "Europe/Lisbon"}
        self.asked = 0

    def users_info(self, user: str) -> Told | Trouble:
        self.asked += 1
        return Told({"user": self.user})

    def dnd_info(self, user: str, team: str) -> Told | Trouble:
        return self.dnd

    def quiet(self, begin: datetime, end: datetime, *, enabled: bool = True) -> None:
        edges = {"next_dnd_start_ts": seconds(begin), "next_dnd_end_ts": seconds(end)}
        self.dnd = Told({"dnd_enabled": enabled} | edges)


@pytest.fixture
def slack() -> Slack:
    return Slack()


@pytest.fixture
def clock() -> HandClock:
    return HandClock(NOW)


@pytest.fixture
def roster(sqlite_url: str, clock: HandClock) -> Iterator[Roster]:
    database = Database(sqlite_url)
    found = Roster("T1", database, clock, lambda _user: None)
    found.learn(Person(team="T1", user=OLGA, name="Olga", tz="Asia/Tokyo"))
    yield found
    database.close()


@pytest.fixture
def presence(slack: Slack, roster: Roster, clock: HandClock) -> Presence:
    return Presence("T1", slack, roster, clock)


def test_do_not_disturb_counts_while_it_runs(presence: Presence, slack: Slack) -> None:
    for begin, end, enabled, until in (
        (NOW - HOUR, NOW + HOUR, True, NOW + HOUR),
        (NOW + HOUR, NOW + 2 * HOUR, True, None),
        (NOW - HOUR, NOW + HOUR, False, None),
        (NOW - 2 * HOUR, NOW, True, None),
    ):
        slack.quiet(begin, end, enabled=enabled)
        presence.forget(OLGA)
        assert presence.away_until(OLGA) == until


def test_the_longer_absence_counts(presence: Presence, slack: Slack) -> None:
    slack.quiet(NOW - HOUR, NOW + HOUR)
    slack.user |= {"profile": {"status_text": "OOO", "status_expiration": seconds(NOW + 9 * HOUR)}}
    assert presence.away_until(OLGA) == NOW + 9 * HOUR


def test_slack_is_not_asked_again_for_some_minutes(
    presence: Presence, slack: Slack, clock: HandClock
) -> None:
    for passed, asked in ((0, 1), (200, 1), (200, 2)):
        clock.advance(passed)
        assert presence.away_until(OLGA) is None
        assert slack.asked == asked


def test_an_absence_that_is_over_is_not_remembered(
    presence: Presence, slack: Slack, clock: HandClock
) -> None:
    slack.quiet(NOW - HOUR, NOW + HOUR / 60)
    assert presence.away_until(OLGA)
    clock.advance(61)
    assert presence.away_until(OLGA) is None


def test_what_slack_tells_on_the_way_is_learned(presence: Presence, roster: Roster) -> None:
    presence.away_until(OLGA)
    known = roster.known(OLGA)
    assert known
    assert known.tz == "Europe/Lisbon"


def test_a_workspace_that_refuses_to_tell_is_no_absence(presence: Presence, slack: Slack) -> None:
    slack.dnd = Refused("missing_scope")
    assert presence.away_until(OLGA) is None


@pytest.mark.parametrize("trouble", [Limited(5.0), Ambiguous("timeout")])
def test_silence_is_told_as_such(presence: Presence, slack: Slack, trouble: Trouble) -> None:
    slack.dnd = trouble
    with pytest.raises(SilentSlackError):
        presence.away_until(OLGA)
    slack.dnd = Told({})
    assert presence.away_until(OLGA) is None


def test_moments_are_read_in_utc(presence: Presence, slack: Slack) -> None:
    slack.quiet(NOW - HOUR, NOW + HOUR)
    until = presence.away_until(OLGA)
    assert until
    assert until.tzinfo is UTC
