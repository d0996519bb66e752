"""Whether somebody may be disturbed, as Slack knows: do not disturb, and a status that says away.

Asked just before a person is reminded, off the ack's path, and remembered for some minutes.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from bot.delivery.port import Refused, Told, Trouble
from bot.roster import Roster, SilentSlackError, person_of
from bot.times import Clock

_KEPT_SECONDS = 300.0
_MOST_KEPT = 5000
_WHILE = timedelta(hours=12)
"""A status that does not say how long is looked at again on the next day."""

_AWAY_EMOJI = frozenset(
    {
        ":baby:",
        ":beach_with_umbrella:",
        ":desert_island:",
        ":face_with_thermometer:",
        ":hospital:",
        ":mask:",
        ":palm_tree:",
        ":sneezing_face:",
    }
)
_AWAY_WORDS = re.compile(
    r"\b(vacation\w*|holidays?|out of (the )?office|ooo|pto|sick\w*|ill|away"
    r"|day off|time off|(on|parental|maternity|paternity|annual|sick) leave|off (today|work)"
    r"|urlaub|krank|abwesend|elternzeit|vacances|absente?|cong[eé]s?|malade"
    r"|vacaciones|f[eé]rias|ausente|doente|enferm[ao])\b",
    re.IGNORECASE,
)


class Slack(Protocol):
    """What is asked of Slack."""

    def users_info(self, user: str) -> Told | Trouble: ...

    def dnd_info(self, user: str, team: str) -> Told | Trouble: ...


class Presence:
    """Tells until when people are away; what it reads of them on the way is learned."""

    def __init__(self, team: str, slack: Slack, roster: Roster, clock: Clock) -> None:
        self._team = team
        self._slack = slack
        self._roster = roster
        self._clock = clock
        self._known: dict[str, tuple[float, datetime | None]] = {}

    def away_until(self, user: str) -> datetime | None:
        """The moment at which somebody is worth another look, none where they are there.

        Raises SilentSlackError where Slack does not say.
        """
        now, tick = self._clock.now(), self._clock.monotonic()
        asked, until = self._known.get(user, (0.0, None))
        if user in self._known and tick - asked < _KEPT_SECONDS and (not until or until > now):
            return until
        until = max(
            filter(None, (self._disturbed(user, now), self._status(user, now))), default=None
        )
        if len(self._known) >= _MOST_KEPT:
            self._known.clear()
        self._known[user] = (tick, until)
        return until

    def forget(self, user: str) -> None:
        """Something about them changed."""
        self._known.pop(user, None)

    def _disturbed(self, user: str, now: datetime) -> datetime | None:
        """The end of the time in which they want no notifications, if that is now."""
        told = _data(self._slack.dnd_info(user, self._team))
        begin, end = (_moment(told.get(f"next_dnd_{edge}_ts")) for edge in ("start", "end"))
        if told.get("dnd_enabled") and begin and end and begin <= now < end:
            return end
        return None

    def _status(self, user: str, now: datetime) -> datetime | None:
        told = _data(self._slack.users_info(user)).get("user")
        if not told:
            return None
        # An event that told of a change may have been missed.
        self._roster.hear(person_of(self._team, told))
        return away_by_status(told.get("profile") or {}, now)


def away_by_status(profile: Mapping[str, Any], now: datetime) -> datetime | None:
    """Until when a status says that somebody is away; till tomorrow where it does not."""
    words = str(profile.get("status_text") or "")
    emoji = str(profile.get("status_emoji") or "")
    if not (emoji in _AWAY_EMOJI or _AWAY_WORDS.search(words)):
        return None
    until = _moment(profile.get("status_expiration"))
    if until is None:
        return now + _WHILE
    return until if until > now else None


def _data(answer: Told | Trouble) -> Mapping[str, Any]:
    """What Slack told; nothing where it refuses, such as for want of a scope."""
    match answer:
        case Told(data):
            return data
        case Refused():
            return {}
        case _:
            raise SilentSlackError


def _moment(seconds: object) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) and seconds else None
