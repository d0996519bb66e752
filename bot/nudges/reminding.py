"""The sweep that reminds people, and what they say about being reminded.

Time is data: each reminder has a moment at which it is looked at. A look either orders the one
agenda of a person's day or sets the next moment. So a sweep that is late, or comes twice, here or
on two replicas, tells nothing twice and loses nothing.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol

from sqlalchemy import Connection

from bot.calendars import days_off
from bot.desk import Committed, Receipt
from bot.playbooks import Playbooks
from bot.roster import Roster, SilentSlackError
from bot.times import Clock, in_zone
from flows.effects import Kind, Refresh
from flows.errors import FlowError
from flows.nudges.reminders import (
    Hours,
    Look,
    Reminder,
    Wishes,
    check_wishes,
    look,
    snoozed,
    whom_to_remind,
)
from flows.nudges.rhythm import Rhythm
from flows.schedule.calendars import Absence
from storage import absences, digests, handovers, outbox, posts, receipts, reminders, wishes
from storage.engine import Database, StorageBusyError
from storage.moments import to_stored
from storage.people import Person
from storage.reading import NewerReleaseError
from storage.reminders import Again, Kept, Wanted

log = logging.getLogger(__name__)

_AT_ONCE = 50
"""How many people share a transaction: few enough for a click to slip in between."""
_PATIENCE_SECONDS = 10.0
"""How long a sweep may take; the next one goes on where it ended."""
_AFTER_FAILURE = timedelta(minutes=10)
_AFTER_SILENCE = timedelta(minutes=1)
_AFTER_LEAVING = timedelta(days=1)
_HOLIDAYS_FROM = timedelta(days=60)


class Away(Protocol):
    """Until when somebody is away, none where they are there. Raises SilentSlackError."""

    def away_until(self, user: str) -> datetime | None: ...

    def forget(self, user: str) -> None: ...


class Reminding:
    """Reminds the people of one workspace; `committed` hears of every commit and must not wait."""

    def __init__(
        self,
        database: Database,
        playbooks: Playbooks,
        clock: Clock,
        roster: Roster,
        presence: Away,
        team: str,
        committed: Committed,
    ) -> None:
        self._database = database
        self._playbooks = playbooks
        self._clock = clock
        self._roster = roster
        self._presence = presence
        self._team = team
        self._committed = committed

    def sweep(self) -> None:
        """Take up new tasks, then look at everybody whose moment has come.

        One that fails is told in the log and holds up no other. Raises StorageBusyError.
        """
        until = self._clock.monotonic() + _PATIENCE_SECONDS
        self._take_up(until)
        seen: set[str] = set()
        while found := [person for person in self._due() if person not in seen][:_AT_ONCE]:
            seen.update(found)
            if not self._look_at(found, until):
                return
        self._begin_week(until)

    def landed(self, connection: Connection, person: str, day: str) -> None:
        """A person's agenda of a day (ISO) stands in Slack."""
        reminders.landed(connection, self._team, person, day)

    def snooze(
        self, receipt: Receipt, person: str, handover: str, key: str, days: int
    ) -> date | None:
        """Put one of a person's own tasks off; the day until which it is, none if it was before.

        Raises FlowError `not_found`, `not_a_choice`, `snoozed_enough`.
        """
        local = self._local(person)
        now, today = to_stored(local), local.date()
        with self._database.read() as connection:
            wanted = wishes.find(connection, self._team, person)
            away = absences.ahead(connection, self._team, [person], today)
        hours = self._hours(person, wanted, away.get(person, ()))
        with self._database.write() as connection:
            if not receipts.take(connection, receipt.team, receipt.key, now):
                return None
            kept = reminders.find(connection, self._team, person, handover, key)
            if kept is None:
                raise FlowError("not_found")
            until = snoozed(kept.reminder, days, today, hours)
            if kept.told_on:
                stale = Refresh(to=person, kind=Kind.AGENDA, subject=kept.told_on)
                outbox.mark_stale(connection, self._team, "", [stale], now)
            reminders.snooze(connection, self._team, person, kept.reminder, until)
        self._committed((), marked=True)
        return until

    def pressed(self, channel: str, ts: str) -> None:
        """Somebody acted in an agenda, be it an old one: it shows what is left in it."""
        with self._database.write() as connection:
            posts.mark_at(connection, self._team, channel, ts, to_stored(self._clock.now()))
        self._committed((), marked=True)

    def wishes_of(self, person: str) -> Wishes:
        """How somebody wants to be reminded."""
        with self._database.read() as connection:
            return wishes.find(connection, self._team, person)

    def wish(self, person: str, wanted: Wishes) -> None:
        """Remind somebody as they want from now on. Raises FlowError as `check_wishes` does."""
        check_wishes(wanted, self._local(person).date())
        with self._database.write() as connection:
            wishes.keep(connection, self._team, person, wanted)
            reminders.look_again(connection, self._team, person)

    def changed(self, person: str, *, moved: bool) -> None:
        """Slack tells of another profile; whoever has `moved` to another zone is looked at anew."""
        self._presence.forget(person)
        if moved:
            with self._database.write() as connection:
                reminders.look_again(connection, self._team, person)

    def _take_up(self, until: float) -> None:
        """Remind people of the tasks that have come up since the last sweep."""
        last = ""
        while found := self._with_new_tasks(last):
            for handover in found:
                if self._clock.monotonic() > until:
                    return
                try:
                    self._take_up_of(handover)
                except StorageBusyError:
                    raise
                except NewerReleaseError:
                    log.info("%s is left to a newer release", handover)
                except Exception:
                    log.exception("nobody is reminded of what is new on %s", handover)
            last = found[-1]

    def _with_new_tasks(self, after: str) -> list[str]:
        with self._database.read() as connection:
            return reminders.with_new_tasks(connection, self._team, after)

    def _take_up_of(self, handover: str) -> None:
        with self._database.write() as connection:
            stored = handovers.load(connection, self._team, handover, lock=True)
            if stored is None:
                return
            wanted = [
                Wanted(task, person, about, self._local(person).date())
                for task in reminders.new_tasks(connection, self._team, handover)
                for person, about in whom_to_remind(stored.value, task.owner, task.todo).items()
            ]
            reminders.add(connection, self._team, handover, wanted)

    def _begin_week(self, until: float) -> None:
        """Have leaders sent an agenda in any week, were nothing due: it opens with the week (C5).

        Only after everybody was looked at: what is due today stands in the same message.
        """
        with self._database.read() as connection:
            found = digests.leaders(connection, self._team)
        self._roster.names(found)
        there = {p: self._local(p) for p in found if not self._is_gone(p)}
        with self._database.read() as connection:
            weeks = {person: _week_so_far(local.date()) for person, local in there.items()}
            begun = reminders.have_agenda(connection, self._team, weeks) if weeks else set()
            rest = [person for person in there if person not in begun]
            wanted = wishes.find_all(connection, self._team, rest)
            today = min((local.date() for local in there.values()), default=date.max)
            away = absences.ahead(connection, self._team, rest, today)
        agendas: dict[tuple[str, date], list[Again]] = {}
        for person in rest:
            if self._clock.monotonic() > until:
                break
            hours = self._hours(person, wanted.get(person, Wishes()), away.get(person, ()))
            try:
                if hours.fits(there[person]) and not self._presence.away_until(person):
                    agendas[person, there[person].date()] = []
            except SilentSlackError:
                log.warning("Slack does not say who may be disturbed: a week begins later")
                break
        if agendas:
            with self._database.write() as connection:
                now = to_stored(self._clock.now())
                jobs = reminders.tell(connection, self._team, agendas, now)
            self._committed(jobs, marked=False)

    def _is_gone(self, person: str) -> bool:
        who = self._roster.known(person)
        return who is not None and who.is_gone

    def _look_at(self, persons: list[str], until: float) -> bool:
        """Order people's agendas, or set the moments of the next look; whether to go on."""
        self._roster.names(persons)
        today = {person: self._local(person).date() for person in persons}
        now = to_stored(self._clock.now())
        with self._database.read() as connection:
            wanted = wishes.find_all(connection, self._team, persons)
            away = absences.ahead(connection, self._team, persons, min(today.values()))
            told = reminders.are_told(connection, self._team, today)
            found = reminders.to_look_at(connection, self._team, persons, now)
        kept = {person: [one for one in found if one.person == person] for person in persons}
        seen, goes_on = list[_Seen](), True
        for person in persons:
            try:
                hours = self._hours(person, wanted.get(person, Wishes()), away.get(person, ()))
                seen.append(self._seen(person, kept[person], hours, told=person in told))
            except SilentSlackError:
                log.warning("Slack does not say who may be disturbed: reminders wait")
                self._put_off(person, _AFTER_SILENCE)
                goes_on = False
            except StorageBusyError:
                raise
            except Exception:
                log.exception("a reminder of %s came to nothing", person)
                self._put_off(person, _AFTER_FAILURE)
            if not goes_on or self._clock.monotonic() > until:
                goes_on = False
                break
        self._write(seen)
        return goes_on

    def _seen(self, person: str, kept: list[Kept], hours: Hours, *, told: bool) -> "_Seen":
        """What there is to tell somebody now, and what later."""
        who, local = self._roster.known(person), self._local(person)
        values = [one.reminder for one in kept]
        if who and who.is_gone:
            moment = local + _AFTER_LEAVING
            return _Seen(person, local, kept, Look((), tuple((one, moment) for one in values)))
        found = look(values, hours, local, _tomorrow(local) if told else local)
        if not found.now:
            return _Seen(person, local, kept, found)
        away = self._presence.away_until(person)
        if _zone(self._roster.known(person)) != _zone(who):
            # They have moved: the next sweep looks once more, by the clock of where they are now.
            return _Seen(person, local, kept, Look((), ()))
        if away:
            return _Seen(
                person, local, kept, look(values, hours, local, away.astimezone(local.tzinfo))
            )
        # Should the agenda come to nothing, they are looked at again tomorrow.
        otherwise = look(found.now, hours, local, _tomorrow(local)).later
        return _Seen(person, local, kept, found, otherwise)

    def _write(self, seen: list["_Seen"]) -> None:
        agendas = {
            (one.person, one.local.date()): one.again(one.otherwise)
            for one in seen
            if one.found.now
        }
        rest = [again for one in seen for again in one.again(one.found.later)]
        with self._database.write() as connection:
            now = to_stored(self._clock.now())
            jobs = reminders.tell(connection, self._team, agendas, now)
            reminders.later(connection, self._team, rest)
        self._committed(jobs, marked=False)

    def _due(self) -> list[str]:
        with self._database.read() as connection:
            return reminders.due(connection, self._team, to_stored(self._clock.now()))

    def _put_off(self, person: str, time_: timedelta) -> None:
        now = self._clock.now()
        with self._database.write() as connection:
            moments = to_stored(now), to_stored(now + time_)
            reminders.put_off(connection, self._team, person, *moments)

    def _hours(self, person: str, wanted: Wishes, away: Iterable[Absence]) -> Hours:
        rhythm, today = self._playbooks.current.reminders, self._local(person).date()
        return hours_of(self._roster.known(person), wanted, away, rhythm, today)

    def _local(self, person: str) -> datetime:
        """The time where somebody is."""
        return in_zone(self._clock.now(), _zone(self._roster.known(person)))


def hours_of(
    person: Person | None, wanted: Wishes, away: Iterable[Absence], rhythm: Rhythm, today: date
) -> Hours:
    """When somebody can be reminded: not on the holidays of where they are, nor while `away`."""
    off = days_off(person, today - _HOLIDAYS_FROM)
    return Hours(off.and_away(away), wanted, rhythm)


Later = Iterable[tuple[Reminder, datetime | None]]
"""Reminders, with the moment to look at each again."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """One person's reminders as a look found them; `otherwise` is when those that are told now are
    looked at again.
    """

    person: str
    local: datetime
    kept: list[Kept]
    found: Look
    otherwise: Later = ()

    def again(self, later: Later) -> list[Again]:
        """Reminders to be looked at later, as they are stored."""
        known = {(one.reminder.handover, one.reminder.key): one for one in self.kept}
        return [
            Again(known[one.handover, one.key], one, to_stored(moment) if moment else None)
            for one, moment in later
        ]


def _week_so_far(today: date) -> list[date]:
    return [today - timedelta(days=back) for back in range(today.weekday() + 1)]


def _zone(person: Person | None) -> str:
    return person.tz if person else ""


def _tomorrow(local: datetime) -> datetime:
    return datetime.combine(local.date() + timedelta(days=1), time.min, local.tzinfo)
