"""When people are told what they did not cause: in their own hours, joined, and a few times a day.

Asked right before a message is posted, off everybody's path. What does not go now goes another time
as a message of its own or as a part of one: nothing is lost by being quiet.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.calendars import days_off
from bot.delivery.port import Joins, Own, Row, Turn, Waits
from bot.delivery.port import Message as Words
from bot.nudges.reminding import Away
from bot.playbooks import Playbooks
from bot.roster import Roster, SilentSlackError
from bot.times import Clock, in_zone
from bot.views.blocks import Message
from bot.views.joined import joined
from flows.nudges.reminders import Hours, Wishes
from storage import absences, disturbances
from storage.engine import Database
from storage.moments import to_stored

_SOON = timedelta(seconds=2)
_AFTER_SILENCE = timedelta(minutes=1)
_HOLIDAYS_FROM = timedelta(days=60)
_MINUTE = 60_000_000


@dataclass(frozen=True, slots=True)
class Quiet:
    """Says how a quiet message comes to its reader."""

    database: Database
    playbooks: Playbooks
    clock: Clock
    roster: Roster
    presence: Away

    def turn(self, row: Row, key: str, *, in_words: bool) -> Turn:
        """A message of its own, a part of one that came a short while ago, or later.

        A file goes along with the words that it belongs to, and is not counted.
        """
        known = self.roster.meet({row.person}).get(row.person)
        local = in_zone(self.clock.now(), known.tz if known else "")
        hours = self._hours(row, local)
        there = self._there_from(row.person, local, hours)
        if there > local:
            return Waits(to_stored(there))
        tomorrow = datetime.combine(local.date() + timedelta(days=1), time.min, local.tzinfo)
        after = to_stored(hours.first(tomorrow, urgent=True))
        return self._counted(row, key, local, after) if in_words else Own()

    def _counted(self, row: Row, key: str, local: datetime, after: int) -> Turn:
        rhythm = self.playbooks.current.reminders
        now, day = to_stored(local), local.date().isoformat()
        with self.database.write() as connection:
            told = disturbances.of_day(connection, row.team, row.person, day)
            if any(one.key == key for one in told):
                return Own()
            if told and now - told[-1].at < rhythm.joins * _MINUTE:
                return Joins(told[-1].key)
            if len(told) >= rhythm.most:
                return Waits(after)
            number = len(told) + 1
            if disturbances.take(connection, row.team, row.person, day, number, key, now):
                return Own()
        return Waits(to_stored(local + _SOON))

    def _there_from(self, person: str, local: datetime, hours: Hours) -> datetime:
        """The first moment from now on at which somebody is at work and may be disturbed."""
        opens = hours.first(local, urgent=True)
        if opens > local:
            return opens
        try:
            away = self.presence.away_until(person)
        except SilentSlackError:
            return local + _AFTER_SILENCE
        return hours.first(away.astimezone(local.tzinfo), urgent=True) if away else local

    def _hours(self, row: Row, local: datetime) -> Hours:
        """Their working days and hours. Who asked for fewer reminders is still waited for."""
        today = local.date()
        with self.database.read() as connection:
            away = absences.ahead(connection, row.team, [row.person], today)
        off = days_off(self.roster.known(row.person), today - _HOLIDAYS_FROM)
        rhythm = self.playbooks.current.reminders
        return Hours(off.and_away(away.get(row.person, ())), Wishes(), rhythm)


def one_of(messages: Sequence[Words]) -> Message:
    """Several messages as one."""
    return joined([Message(one.text, [*one.blocks]) for one in messages])
